//! `/tenants` of the auth API.

use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

#[test]
fn a_tenant_is_made_changed_and_seen_by_confd_at_once() {
    let server = Server::start();
    let body = json!({"name": "Branch Office", "domain_names": ["b.example.com", "a.example.com"],
        "address": {"city": "Lyon"}});
    let made = server.admin("POST", "/tenants", body).expect(200);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "uuid",
            "parent_uuid",
            "name",
            "slug",
            "contact",
            "phone",
            "default_authentication_method",
            "domain_names",
            "address"
        ]
    );
    assert_eq!((&made["parent_uuid"], &made["slug"]), (&json!(MASTER), &json!("BranchOffi")));
    assert_eq!((&made["address"]["city"], &made["address"]["zip_code"]), (&json!("Lyon"), &json!(null)));
    let uuid = made["uuid"].as_str().unwrap();
    let below = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", uuid)];
    let context = server.send("POST", "/contexts", Some("{\"label\": \"B\"}".to_owned()), &below).expect(201);
    assert!(context["name"].as_str().unwrap().starts_with("ctx-BranchOffi-internal-"));
    assert_eq!(server.get(&format!("/tenants/{uuid}")).expect(200)["sip_templates_generated"], true);
    let path = format!("/tenants/{uuid}");
    let changed = server.admin("PUT", &path, json!({"name": "B"})).expect(200);
    assert_eq!((&changed["name"], &changed["slug"]), (&json!("B"), &made["slug"]));
    assert_eq!((&changed["domain_names"], &changed["address"]["city"]), (&json!([]), &json!(null)));
    let list = server.admin("GET", "/tenants", json!({})).expect(200);
    assert_eq!((&list["total"], &list["items"][0]["name"]), (&json!(2), &json!("B")));
    let master = server.admin("GET", &format!("/tenants/{MASTER}"), json!({})).expect(200);
    assert_eq!((&master["parent_uuid"], &master["slug"]), (&json!(MASTER), &json!("master")));
    assert_eq!(server.admin("GET", &format!("{path}/domains"), json!({})).expect(200)["total"], 0);
}

#[test]
fn what_is_taken_or_wrong_of_a_tenant_is_told() {
    let server = Server::start();
    let uuid = "22222222-2222-4222-8222-222222222222";
    let body = json!({"uuid": uuid, "slug": "one", "domain_names": ["a.example.com"]});
    server.admin("POST", "/tenants", body).expect(200);
    let post = |body: Value, status: u16| server.admin("POST", "/tenants", body).expect(status);
    let slug = post(json!({"slug": "one"}), 409);
    assert_eq!(slug["details"]["slug"]["message"], "The slug \"one\" is already used");
    assert_eq!(post(json!({"uuid": uuid}), 409)["error_id"], "tenant-identity-conflict");
    assert_eq!(post(json!({"uuid": MASTER}), 403)["resource"], "tenants");
    let domain = post(json!({"domain_names": ["a.example.com"]}), 409);
    let text = "Domain name : \"['a.example.com']\" is already in use, no duplicates allowed";
    assert_eq!(domain["details"]["domain_names"]["message"], text);
    assert_eq!(post(json!({"contact": uuid}), 404)["error_id"], "unknown-user");
    assert_eq!(post(json!({"slug": "a b"}), 400)["details"]["slug"]["constraint_id"], "regex");
    assert_eq!(post(json!({"domain_names": ["localhost"]}), 400)["error_id"], "invalid-data");
    assert_eq!(post(json!({"name": ""}), 400)["details"]["name"]["constraint_id"], "length");
}

#[test]
fn a_deleted_tenant_leaves_nothing_behind() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let desk = server.add_tenant("desk", Some(&branch));
    let context = server.send_in(
        &desk,
        "POST",
        "/contexts",
        Some(json!({"label": "D",
        "user_ranges": [{"start": "1000", "end": "1999"}]})),
    );
    let context = context.expect(201)["name"].clone();
    let person = json!({"firstname": "Anna", "auth": {"username": "anna", "password": "secret"},
        "lines": [{"context": context, "endpoint_sip": {}, "extensions": [{"exten": "1001"}]}],
        "voicemail": {"number": "1001", "context": context},
        "forwards": {"busy": {"enabled": true, "destination": "1"}}});
    server.send_in(&desk, "POST", "/users", Some(person)).expect(201);
    let token = server.token_of("anna", "secret");
    let path = format!("/tenants/{}", branch.uuid);
    let parent = server.admin("DELETE", &path, json!({})).expect(400);
    assert!(parent["message"].as_str().unwrap().contains("it has at least one child"), "{parent}");
    let own = server.auth("DELETE", &path, None, &[("X-Auth-Token", &branch.token)]).expect(403);
    assert_eq!(own["error_id"], "deleting-own-tenant-forbidden");
    server.admin("DELETE", &format!("/tenants/{}", desk.uuid), json!({})).expect(204);
    assert_eq!(server.auth("HEAD", &format!("/token/{token}"), None, &[]).status, 404);
    assert_eq!(server.send("GET", "/users", None, &[("X-Auth-Token", &desk.token)]).status, 401);
    assert_eq!(server.get("/users?recurse=true").expect(200)["total"], 0);
    assert_eq!(server.get("/extensions?recurse=true&exten=1001").expect(200)["total"], 0);
    assert_eq!(server.get(&format!("/tenants/{}", desk.uuid)).status, 404);
    assert_eq!(server.admin("GET", &format!("/tenants/{}", desk.uuid), json!({})).status, 404);
    server.admin("DELETE", &path, json!({})).expect(204);
    let database = server.database();
    let dangling = database.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!dangling);
}
