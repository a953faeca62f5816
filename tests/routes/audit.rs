//! `/cordboard/audit`: who changed what, before and after.

use crate::harness::{Server, program, settings};
use serde_json::{Value, json};

fn entries(server: &Server, query: &str) -> Vec<Value> {
    server.get(&format!("/cordboard/audit{query}")).expect(200)["items"].as_array().unwrap().clone()
}

#[test]
fn a_change_is_remembered_with_what_was_before_and_after() {
    let server = Server::start();
    let user = server.post("/users", json!({"firstname": "Ada"})).expect(201);
    let path = format!("/users/{}", user["uuid"].as_str().unwrap());
    server.put(&path, json!({"firstname": "Bea"})).expect(204);
    server.put(&format!("{path}/forwards/busy"), json!({"enabled": true, "destination": "12"})).expect(204);
    server.delete(&path).expect(204);
    let all = entries(&server, "");
    let seen: Vec<_> =
        all.iter().map(|one| (one["method"].as_str().unwrap(), one["path"].as_str().unwrap())).collect();
    let forward = format!("{path}/forwards/busy");
    assert_eq!(seen, [("DELETE", &*path), ("PUT", &*forward), ("PUT", &*path), ("POST", "/users")]);
    let names = |one: &Value| (one["before"]["firstname"].clone(), one["after"]["firstname"].clone());
    assert_eq!(names(&all[3]), (Value::Null, json!("Ada")));
    assert_eq!(names(&all[2]), (json!("Ada"), json!("Bea")));
    assert_eq!(all[1]["before"], json!({"enabled": false, "destination": null}));
    assert_eq!(all[1]["after"], json!({"enabled": true, "destination": "12"}));
    assert_eq!(names(&all[0]), (json!("Bea"), Value::Null));
    for one in &all {
        assert_eq!(
            (&one["source"], &one["address"], &one["account_uuid"]),
            (&json!("api"), &json!("127.0.0.1"), &Value::Null)
        );
    }
    let page = server.get("/cordboard/audit?method=PUT&limit=1&search=busy").expect(200);
    assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(1), 1));
}

#[test]
fn what_changed_nothing_and_what_was_refused_leave_no_entry() {
    let server = Server::start();
    let user = server.post("/users", json!({"firstname": "Ada"})).expect(201);
    let path = format!("/users/{}", user["uuid"].as_str().unwrap());
    server.put(&path, json!({"firstname": "Ada"})).expect(204);
    server.put(&path, json!({"firstname": 5})).expect_status(400);
    server.delete("/users/999999").expect_status(404);
    assert_eq!(entries(&server, "").len(), 1);
}

#[test]
fn no_secret_is_remembered() {
    let server = Server::start();
    let body = json!({"firstname": "Ada", "lines": [{"context": "default", "extensions": [{"exten": "1001"}],
        "endpoint_sip": {"auth_section_options": [["username", "ada"], ["password", "hush-sip"]]}}],
        "voicemail": {"number": "1001", "context": "default", "name": "Ada", "password": "4711"},
        "auth": {"username": "ada", "password": "hush-login"}});
    let user = server.post("/users", body).expect(201);
    let sip = user["lines"][0]["endpoint_sip"]["uuid"].as_str().unwrap();
    let options = json!({"auth_section_options": [["username", "ada"], ["password", "hush-again"]]});
    server.put(&format!("/endpoints/sip/{sip}"), options).expect(204);
    let text = server.get("/cordboard/audit").text;
    for secret in ["hush-sip", "hush-login", "hush-again", "4711"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(text.contains("[\"password\",\"***\"]") || text.contains("[\"password\", \"***\"]"), "{text}");
}

#[test]
fn a_tenant_sees_its_own_changes_alone() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    server.post("/users", json!({"firstname": "Ada"})).expect(201);
    assert_eq!(server.send_in(&tenant, "GET", "/cordboard/audit", None).expect(200)["total"], 0);
    server.send_in(&tenant, "POST", "/users", Some(json!({"firstname": "Bea"}))).expect(201);
    assert_eq!(server.send_in(&tenant, "GET", "/cordboard/audit", None).expect(200)["total"], 1);
    assert_eq!(server.get("/cordboard/audit").expect(200)["total"], 2);
}

#[test]
fn the_days_are_a_whole_number() {
    let storage = tempfile::tempdir().unwrap();
    let mut check = program(storage.path(), "check");
    settings(&mut check, storage.path());
    let output = check.env("CORDBOARD__AUDIT__KEEP_DAYS", "soon").output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("a whole number is expected"), "{output:?}");
}
