//! `/policies` and `/groups`: who may do what.

use super::{reason, user};
use crate::harness::{MASTER, Reply, Server, TOKEN};
use serde_json::{Value, json};

fn slugs(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap()).collect()
}

/// Gives an account a policy and logs it in.
fn with_policy(server: &Server, name: &str, policy: &str) -> String {
    let account = user(server, name);
    let path = format!("/users/{}/policies/{policy}", account["uuid"].as_str().unwrap());
    server.admin("PUT", &path, json!({})).expect(204);
    server.token_of(name, "secret")
}

#[test]
fn every_installation_has_its_policies() {
    let server = Server::start();
    let list = server.admin("GET", "/policies", json!({})).expect(200);
    assert_eq!(list.as_object().unwrap().keys().collect::<Vec<_>>(), ["total", "items"]);
    assert_eq!(
        slugs(&list),
        [
            "cordboard_monitor",
            "cordboard_own_switches",
            "wazo_default_admin_policy",
            "wazo_default_master_user_policy",
            "wazo_default_user_policy"
        ]
    );
    let user = server.admin("GET", "/policies/wazo_default_user_policy", json!({})).expect(200);
    assert_eq!((user["acl"].as_array().unwrap().len(), &user["read_only"]), (60, &json!(true)));
    let uuid = user["uuid"].as_str().unwrap();
    let text = format!("Forbidden policy deletion: \"{uuid}\"");
    reason(server.admin("DELETE", &format!("/policies/{uuid}"), json!({})), 403, &text);
    reason(server.admin("PUT", &format!("/policies/{uuid}"), json!({"name": "x"})), 403, &text);
}

#[test]
fn a_policy_is_made_changed_and_deleted() {
    let server = Server::start();
    let acl = ["confd.users.read", "confd.users.read"];
    let made = server.admin("POST", "/policies", json!({"name": "Front Desk", "acl": acl})).expect(200);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "tenant_uuid", "name", "slug", "description", "acl", "read_only", "shared"]);
    assert_eq!((&made["slug"], &made["acl"]), (&json!("FrontDesk"), &json!(["confd.users.read"])));
    assert_eq!(made["tenant_uuid"], MASTER);
    let path = format!("/policies/{}", made["uuid"].as_str().unwrap());
    let text = "Policy \"front desk\" already exists";
    reason(server.admin("POST", "/policies", json!({"name": "front desk"})), 409, text);
    reason(server.admin("POST", "/policies", json!({})), 400, "Invalid value supplied for field: name");
    let access = format!("{path}/acl/calld.%23");
    server.admin("PUT", &access, json!({})).expect(204);
    reason(server.admin("PUT", &access, json!({})), 409, "Policy already associated to calld.#");
    let seen = server.admin("GET", "/policies/FrontDesk", json!({})).expect(200);
    assert_eq!(seen["acl"], json!(["confd.users.read", "calld.#"]));
    server.admin("DELETE", &access, json!({})).expect(204);
    let changed = server.admin("PUT", &path, json!({"name": "Desk"})).expect(200);
    assert_eq!((&changed["acl"], &changed["slug"]), (&json!([]), &json!("FrontDesk")));
    server.admin("DELETE", &path, json!({})).expect(204);
    let text = format!("No such policy {{'uuid': '{}'}}", made["uuid"].as_str().unwrap());
    reason(server.admin("GET", &path, json!({})), 404, &text);
    reason(server.admin("GET", "/policies/x", json!({})), 404, "No such policy {'slug': 'x'}");
}

#[test]
fn administrator_monitor_and_master_may_what_their_policies_say() {
    let server = Server::start();
    let admin = with_policy(&server, "admin", "wazo_default_admin_policy");
    let monitor = with_policy(&server, "monitor", "cordboard_monitor");
    let send = |token: &str, method: &str, path: &str| {
        server.send(method, path, Some("{}".to_owned()), &[("X-Auth-Token", token)]).status
    };
    assert_eq!((send(&admin, "GET", "/users"), send(&admin, "POST", "/users")), (200, 400));
    assert_eq!((send(&monitor, "GET", "/users"), send(&monitor, "POST", "/users")), (200, 401));
    assert_eq!(send(&monitor, "DELETE", "/users/1"), 401);
    assert_eq!(send(&monitor, "GET", "/timezones"), 200);
    let auth = |token: &str, method: &str, path: &str, body: Value| -> Reply {
        server.auth(method, path, Some(body), &[("X-Auth-Token", token)])
    };
    auth(&monitor, "GET", "/users", json!({})).expect(200);
    assert_eq!(auth(&monitor, "POST", "/users", json!({})).status, 401);
    auth(&admin, "POST", "/policies", json!({"name": "a", "acl": ["confd.users.read"]})).expect(200);
    let more = auth(&admin, "POST", "/policies", json!({"name": "b", "acl": ["#"]})).expect(401);
    assert_eq!(more["details"], json!({"invalid_token": admin, "required_access": "#"}));
    let own = server.admin("GET", "/users?username=monitor", json!({})).expect(200);
    let path = format!("/users/{}/policies/", own["items"][0]["uuid"].as_str().unwrap());
    let master = format!("{path}wazo_default_master_user_policy");
    assert_eq!(auth(&admin, "PUT", &master, json!({})).status, 401, "nobody gives more than they have");
    server.admin("PUT", &master, json!({})).expect(204);
    assert_eq!(auth(&admin, "DELETE", &master, json!({})).status, 401);
    let data = server.log_in("admin", "secret", json!({})).expect(200)["data"].clone();
    assert_eq!(data["metadata"]["admin"], true);
    assert_eq!(slugs(&server.admin("GET", &path[..path.len() - 1], json!({})).expect(200)).len(), 2);
}

#[test]
fn rights_are_those_of_the_login_until_the_next() {
    let server = Server::start();
    let anna = user(&server, "anna");
    let before = server.token_of("anna", "secret");
    let path = format!("/users/{}/policies/cordboard_monitor", anna["uuid"].as_str().unwrap());
    server.admin("PUT", &path, json!({})).expect(204);
    let list = |token: &str| server.send("GET", "/users", None, &[("X-Auth-Token", token)]).status;
    assert_eq!((list(&before), list(&server.token_of("anna", "secret"))), (401, 200));
    server.admin("DELETE", &path, json!({})).expect(204);
    assert_eq!(list(&server.token_of("anna", "secret")), 401);
}

#[test]
fn a_group_gives_its_members_its_policies() {
    let server = Server::start();
    let anna = user(&server, "anna");
    let uuid = anna["uuid"].as_str().unwrap();
    let groups = server.admin("GET", "/groups", json!({})).expect(200);
    let everybody = format!("wazo-all-users-tenant-{MASTER}");
    assert_eq!(slugs(&groups), [everybody.as_str(), "wazo_default_admin_group"]);
    let of_anna = server.admin("GET", &format!("/users/{uuid}/groups"), json!({})).expect(200);
    assert_eq!(slugs(&of_anna), [everybody.as_str()]);
    let all = format!("/groups/{}", of_anna["items"][0]["uuid"].as_str().unwrap());
    let fixed = server.admin("DELETE", &format!("{all}/users/{uuid}"), json!({})).expect(403);
    assert_eq!(fixed["error_id"], "forbidden-group");
    let made = server.admin("POST", "/groups", json!({"name": "Desk"})).expect(200);
    let path = format!("/groups/{}", made["uuid"].as_str().unwrap());
    server.admin("PUT", &format!("{path}/users/{uuid}"), json!({})).expect(204);
    server.admin("PUT", &format!("{path}/policies/cordboard_monitor"), json!({})).expect(204);
    let token = server.token_of("anna", "secret");
    assert_eq!(server.send("GET", "/users", None, &[("X-Auth-Token", &token)]).status, 200);
    assert_eq!(server.admin("GET", &format!("{path}/users"), json!({})).expect(200)["total"], 1);
    let policies = server.admin("GET", &format!("{path}/policies"), json!({})).expect(200);
    assert_eq!(slugs(&policies), ["cordboard_monitor"]);
    reason(server.admin("POST", "/groups", json!({"name": "Desk"})), 409, "Group \"Desk\" already exists");
    server.admin("DELETE", &path, json!({})).expect(204);
    assert_eq!(server.admin("GET", &path, json!({})).expect(404)["error_id"], "unknown-group");
    let token = server.token_of("anna", "secret");
    assert_eq!(server.send("GET", "/users", None, &[("X-Auth-Token", &token)]).status, 401);
}

#[test]
fn policies_of_another_tenant_are_not_seen() {
    let server = Server::start();
    let (branch, other) = (server.add_tenant("branch", None), server.add_tenant("other", None));
    let within = |token: &str, method: &str, path: &str, body: Value| {
        server.auth(method, path, Some(body), &[("X-Auth-Token", token)])
    };
    let made = within(&branch.token, "POST", "/policies", json!({"name": "Own"})).expect(200);
    let path = format!("/policies/{}", made["uuid"].as_str().unwrap());
    assert_eq!(within(&other.token, "GET", &path, json!({})).status, 404);
    assert_eq!(within(&other.token, "GET", "/policies/Own", json!({})).status, 404);
    let seen = within(&other.token, "GET", "/policies/cordboard_monitor", json!({})).expect(200);
    assert_eq!((&seen["tenant_uuid"], &seen["read_only"]), (&json!(other.uuid), &json!(true)));
    let shared = json!({"name": "Shared", "shared": true});
    server.auth("POST", "/policies", Some(shared), &[("X-Auth-Token", TOKEN)]).expect(200);
    let seen = within(&branch.token, "GET", "/policies/Shared", json!({})).expect(200);
    assert_eq!((&seen["read_only"], &seen["shared"]), (&json!(true), &json!(false)));
}
