//! `/agents`, `/agents/skills`, `/queues/skillrules` and what hangs on them.

mod live;
mod queues;
mod skills;
mod users;

use crate::harness::Server;
use serde_json::{Value, json};

pub fn agent(server: &Server, number: &str) -> Value {
    server.post("/agents", json!({"number": number})).expect(201)
}

pub fn queue(server: &Server, name: &str) -> Value {
    server.post("/queues", json!({"name": name})).expect(201)
}

pub fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn an_agent_needs_a_number() {
    let server = Server::start();
    let reply = server.post("/agents", json!({"number": "1001"}));
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let made = reply.expect(201);
    let order = [
        "id",
        "tenant_uuid",
        "number",
        "firstname",
        "lastname",
        "password",
        "language",
        "preprocess_subroutine",
        "description",
        "links",
        "queues",
        "skills",
        "users",
    ];
    assert_eq!(keys(&made), order);
    assert_eq!((&made["firstname"], &made["password"]), (&Value::Null, &Value::Null));
    assert_eq!((&made["queues"], &made["skills"], &made["users"]), (&json!([]), &json!([]), &json!([])));
    assert_eq!(server.get(&format!("/agents/{}", made["id"])).expect(200), made);
    let post = |body: Value| server.post("/agents", body);
    post(json!({})).refused(400, &["Input Error - number: ['Missing data for required field.']"]);
    post(json!({"number": "10a"}))
        .refused(400, &["Input Error - number: ['String does not match expected pattern.']"]);
    post(json!({"number": "1".repeat(41)}))
        .refused(400, &["Input Error - number: ['String does not match expected pattern.']"]);
    post(json!({"number": "1001"}))
        .refused(400, &["Resource Error - Agent already exists ('number': '1001')"]);
    post(json!({"number": "7", "firstname": "a".repeat(129), "lastname": 1, "password": "p".repeat(129),
        "language": "l".repeat(21), "preprocess_subroutine": "s".repeat(80), "description": 5}))
    .refused(
        400,
        &[
            "Input Error - firstname: ['Longer than maximum length 128.']",
            "Input Error - lastname: ['Not a valid string.']",
            "Input Error - password: ['Longer than maximum length 128.']",
            "Input Error - language: ['Longer than maximum length 20.']",
            "Input Error - preprocess_subroutine: ['Longer than maximum length 79.']",
            "Input Error - description: ['Not a valid string.']",
        ],
    );
}

#[test]
fn an_agent_is_changed_in_parts_but_not_the_number() {
    let server = Server::start();
    let made = agent(&server, "*7#");
    let path = format!("/agents/{}", made["id"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), made);
    let body = json!({"number": "8", "firstname": "Ada", "lastname": "L", "password": "12", "language": "fr_FR",
        "preprocess_subroutine": "before", "description": "two\nlines"});
    server.put(&path, body.clone()).expect(204);
    let shown = server.get(&path).expect(200);
    for name in ["firstname", "lastname", "password", "language", "preprocess_subroutine", "description"] {
        assert_eq!(shown[name], body[name], "{name}");
    }
    assert_eq!(shown["number"], "*7#");
    server.put(&path, json!({"firstname": null})).expect(204);
    assert_eq!(server.get(&path).expect(200)["firstname"], Value::Null);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Agent was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn agents_are_listed_filtered_and_searched() {
    let server = Server::start();
    for (number, name) in [("2", "Ada"), ("1", "Bob"), ("3", "Cyd")] {
        server.post("/agents", json!({"number": number, "firstname": name})).expect(201);
    }
    let names = |query: &str| -> Vec<String> {
        let page = server.get(&format!("/agents{query}")).expect(200);
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["firstname"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(""), ["Ada", "Bob", "Cyd"]);
    assert_eq!(names("?order=number"), ["Bob", "Ada", "Cyd"]);
    assert_eq!(names("?number=3"), ["Cyd"]);
    assert_eq!(names("?search=bo"), ["Bob"]);
    assert_eq!(names("?order=firstname&direction=desc&limit=1"), ["Cyd"]);
    server
        .get("/agents?order=password")
        .refused(400, &["Input Error - order: column 'password' was not found"]);
}

#[test]
fn agents_are_of_their_tenant() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let own = agent(&server, "1001");
    // The number is free in another tenant.
    let theirs = server.send_in(&branch, "POST", "/agents", Some(json!({"number": "1001"}))).expect(201);
    assert_eq!(theirs["tenant_uuid"], json!(branch.uuid));
    let path = format!("/agents/{}", own["id"]);
    for method in ["GET", "PUT", "DELETE"] {
        server.send_in(&branch, method, &path, Some(json!({}))).expect(404);
    }
    assert_eq!(server.get("/agents").expect(200)["total"], 1);
    assert_eq!(server.get("/agents?recurse=true").expect(200)["total"], 2);
}

#[test]
fn a_key_that_names_an_agent_goes_with_them() {
    let server = Server::start();
    let agent = agent(&server, "1001");
    let user = server.post("/users", json!({"firstname": "Ada"})).expect(201)["id"].clone();
    let key = json!({"destination": {"type": "agent", "agent_id": agent["id"], "action": "toggle"}});
    server.put(&format!("/users/{user}/funckeys/1"), key).expect(204);
    let dialled = server.get(&format!("/cordboard/users/{user}/funckeys")).expect(200);
    let number = format!("*735{user}***230***3{}", agent["id"]);
    assert_eq!(
        (&dialled["items"][0]["number"], &dialled["items"][0]["type"]),
        (&json!(number), &json!("blf"))
    );
    let unknown = json!({"destination": {"type": "agent", "agent_id": 999, "action": "login"}});
    server
        .put(&format!("/users/{user}/funckeys/2"), unknown)
        .refused(400, &["Input Error - field 'agent_id': Agent was not found ('agent_id': 999)"]);
    server.delete(&format!("/agents/{}", agent["id"])).expect(204);
    assert_eq!(server.get(&format!("/users/{user}/funckeys")).expect(200)["keys"], json!({}));
}
