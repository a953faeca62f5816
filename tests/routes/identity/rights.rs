//! What a token allows, on the routes of confd.

use super::user;
use crate::harness::Server;
use serde_json::json;

#[test]
fn an_ordinary_user_reads_and_switches_their_own_and_nothing_else() {
    let server = Server::start();
    let (anna, ben) = (user(&server, "anna"), user(&server, "ben"));
    let token = server.token_of("anna", "secret");
    let send = |method: &str, path: &str, body: &str| {
        server.send(method, path, Some(body.to_owned()), &[("X-Auth-Token", token.as_str())])
    };
    let (own, other) = (anna["uuid"].as_str().unwrap(), ben["uuid"].as_str().unwrap());
    send("GET", "/infos", "").expect(200);
    send("GET", &format!("/users/{own}"), "").expect(200);
    send("GET", &format!("/users/{}", own.to_uppercase()), "").expect(200);
    let forward = "{\"enabled\": true, \"destination\": \"123\"}";
    send("PUT", &format!("/users/{own}/forwards/busy"), forward).expect(204);
    send("PUT", &format!("/users/{own}/services/dnd"), "{\"enabled\": true}").expect(204);
    send("PUT", &format!("/users/{own}/funckeys"), "{}").expect(204);
    let id = anna["id"].as_i64().unwrap();
    for (method, path, access) in [
        ("GET", "/users".to_owned(), "confd.users.read".to_owned()),
        ("GET", format!("/users/{id}"), format!("confd.users.{id}.read")),
        ("GET", format!("/users/00{id}"), format!("confd.users.{id}.read")),
        ("GET", format!("/users/{other}"), format!("confd.users.{other}.read")),
        ("PUT", format!("/users/{other}/forwards/busy"), format!("confd.users.{other}.forwards.busy.update")),
        ("DELETE", format!("/users/{own}"), format!("confd.users.{own}.delete")),
        ("PUT", format!("/users/{own}/fallbacks"), format!("confd.users.{own}.fallbacks.update")),
        ("POST", "/users".to_owned(), "confd.users.create".to_owned()),
    ] {
        send(method, &path, "{}").refused(401, &[&format!("('{token}', '{access}', None)")]);
    }
    let header = [("X-Auth-Token", token.as_str()), ("Wazo-Tenant", "x")];
    server
        .send("GET", "/users", None, &header)
        .refused(401, &[&format!("('{token}', 'confd.users.read', 'x')")]);
    let text = format!("('{token}', 'confd.infos.read', 'x')");
    server.send("GET", "/infos", None, &header).refused(401, &[&text]);
    assert_eq!(server.get("/users").expect(200)["total"], json!(2));
}

#[test]
fn people_change_of_themselves_what_changes_no_right() {
    let server = Server::start();
    let anna = user(&server, "anna");
    let own = format!("/users/{}", anna["uuid"].as_str().unwrap());
    let token = server.token_of("anna", "secret");
    let put = |path: &str, body: serde_json::Value| {
        server.send("PUT", path, Some(body.to_string()), &[("X-Auth-Token", token.as_str())])
    };
    let contact =
        json!({"firstname": "Ann", "lastname": "Lee", "email": "a@b.cc", "mobile_phone_number": "123"});
    put(&own, contact).expect(204);
    let mut shown = server.get(&own).expect(200);
    shown["lastname"] = json!("Lane");
    shown.as_object_mut().unwrap().remove("call_record_enabled");
    put(&own, shown).expect(204);
    assert_eq!(server.get(&own).expect(200)["lastname"], "Lane");
    for body in [
        json!({"caller_id": "\"Boss\" <1>"}),
        json!({"call_permission_password": "1"}),
        json!({"simultaneous_calls": 20}),
        json!({"outgoing_caller_id": "anonymous"}),
        json!({"enabled": false}),
    ] {
        assert_eq!(put(&own, body.clone()).status, 401, "{body}");
    }
    assert_eq!(put(&format!("{own}?recursive=true"), json!({"firstname": "A"})).status, 401);
}

#[test]
fn a_right_to_read_tenants_is_needed_to_see_those_below() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    server.send_in(&branch, "POST", "/users", Some(json!({"firstname": "B"}))).expect(201);
    let acl = json!(["confd.#"]);
    server.admin("POST", "/policies", json!({"name": "desk", "acl": acl})).expect(200);
    let anna = user(&server, "anna");
    let path = format!("/users/{}/policies/desk", anna["uuid"].as_str().unwrap());
    server.admin("PUT", &path, json!({})).expect(204);
    let token = server.token_of("anna", "secret");
    let list = server.send("GET", "/users?recurse=true", None, &[("X-Auth-Token", token.as_str())]);
    assert_eq!(list.expect(200)["total"], 1);
    assert_eq!(server.get("/users?recurse=true").expect(200)["total"], 2);
}
