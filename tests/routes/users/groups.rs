//! `/users/{user}/groups`, and `groups` in `POST /users` and a recursive PUT.

use super::create;
use crate::harness::Server;
use serde_json::{Value, json};

fn group(server: &Server, label: &str) -> Value {
    server.post("/groups", json!({"label": label})).expect(201)
}

fn with_line(server: &Server, name: &str) -> i64 {
    let line = json!({"context": "default", "endpoint_sip": {"name": name}});
    create(server, json!({"firstname": name, "lines": [line]})).0
}

fn of(server: &Server, user: i64) -> Vec<Value> {
    let user = server.get(&format!("/users/{user}")).expect(200);
    user["groups"].as_array().unwrap().iter().map(|group| group["id"].clone()).collect()
}

#[test]
fn the_groups_of_a_user_are_replaced() {
    let server = Server::start();
    let ada = with_line(&server, "ada");
    let path = format!("/users/{ada}/groups");
    let (sales, help) = (group(&server, "Sales"), group(&server, "Help"));
    server.put(&path, json!({"groups": [{"uuid": sales["uuid"]}, {"id": help["id"]}]})).expect(204);
    assert_eq!(of(&server, ada), [sales["id"].clone(), help["id"].clone()]);
    let members = &server.get(&format!("/groups/{}", sales["id"])).expect(200)["members"]["users"];
    assert_eq!((&members[0]["firstname"], &members[0]["priority"]), (&json!("ada"), &json!(0)));
    // A member keeps their place.
    let uuid = server.get(&format!("/users/{ada}")).expect(200)["uuid"].clone();
    let users = json!({"users": [{"uuid": uuid, "priority": 7}]});
    server.put(&format!("/groups/{}/members/users", help["id"]), users).expect(204);
    server.put(&path, json!({"groups": [{"id": help["id"]}]})).expect(204);
    assert_eq!(of(&server, ada), [help["id"].clone()]);
    let members = &server.get(&format!("/groups/{}", help["id"])).expect(200)["members"]["users"];
    assert_eq!(members[0]["priority"], 7);
    server.put(&path, json!({"groups": []})).expect(204);
    assert_eq!(of(&server, ada), Vec::<Value>::new());
}

#[test]
fn a_group_of_a_user_must_be_known_and_named_once() {
    let server = Server::start();
    let ada = with_line(&server, "ada");
    let sales = group(&server, "Sales");
    let path = format!("/users/{ada}/groups");
    let refused = |body: Value, text: &str| server.put(&path, body).refused(400, &[text]);
    refused(json!({}), "Input Error - groups: ['Missing data for required field.']");
    refused(
        json!({"groups": [{}]}),
        "Input Error - groups: {0: {'_schema': ['One identifier(id or uuid) must be provided']}}",
    );
    refused(
        json!({"groups": [{"uuid": "zz"}]}),
        "Input Error - groups: {0: {'uuid': ['Not a valid UUID.']}}",
    );
    refused(
        json!({"groups": [{"id": 999}]}),
        "Input Error - field 'groups': Group was not found ('id': 999)",
    );
    let uuid = "99999999-9999-4999-8999-999999999999";
    refused(
        json!({"groups": [{"uuid": uuid}]}),
        &format!("Input Error - field 'groups': Group was not found ('uuid': UUID('{uuid}'))"),
    );
    refused(
        json!({"groups": [{"id": sales["id"]}, {"uuid": sales["uuid"]}]}),
        "Resource Error - Operation not permitted. Cannot associate same group more than once",
    );
    // The body is looked at before the user is.
    server
        .put("/users/999999/groups", json!({}))
        .refused(400, &["Input Error - groups: ['Missing data for required field.']"]);
    server
        .put("/users/999999/groups", json!({"groups": []}))
        .refused(404, &["Resource Not Found - User was not found ('id': 999999)"]);
    let (zoe, zoe_uuid) = create(&server, json!({"firstname": "Zoe"}));
    let path = format!("/users/{zoe}/groups");
    let text = format!("Resource Error - User must be associated with a Line ('user_uuid': '{zoe_uuid}')");
    server.put(&path, json!({"groups": [{"id": sales["id"]}]})).refused(400, &[&text]);
    server.put(&path, json!({"groups": []})).expect(204);
}

#[test]
fn who_loses_their_last_line_leaves_their_groups() {
    let server = Server::start();
    let ada = with_line(&server, "ada");
    let sales = group(&server, "Sales");
    server.put(&format!("/users/{ada}/groups"), json!({"groups": [{"id": sales["id"]}]})).expect(204);
    let line = server.get(&format!("/users/{ada}")).expect(200)["lines"][0]["id"].clone();
    server.delete(&format!("/users/{ada}/lines/{line}")).expect(204);
    assert_eq!(of(&server, ada), Vec::<Value>::new());
    assert_eq!(server.get(&format!("/groups/{}", sales["id"])).expect(200)["members"]["users"], json!([]));
}

#[test]
fn a_user_is_made_in_groups() {
    let server = Server::start();
    let sales = group(&server, "Sales");
    let groups = json!([{"uuid": sales["uuid"]}]);
    let lines = json!([{"context": "default", "endpoint_sip": {}}]);
    let made =
        server.post("/users", json!({"firstname": "Ada", "lines": lines, "groups": groups})).expect(201);
    assert_eq!(made["groups"], groups);
    assert_eq!(of(&server, made["id"].as_i64().unwrap()), [sales["id"].clone()]);
    let refused = |body: Value, texts: &[&str]| server.post("/users", body).refused(400, texts);
    refused(
        json!({"firstname": "B", "groups": [{"id": sales["id"]}]}),
        &["Input Error - groups: {0: {'uuid': ['Missing data for required field.']}}"],
    );
    refused(
        json!({"firstname": "B", "lines": lines, "groups": [{"uuid": "zz"}]}),
        &["Input Error - field 'groups': Group was not found ('uuid': 'zz') (at groups[0])"],
    );
    refused(json!({"firstname": "B", "groups": null}), &["Input Error - groups: ['Field may not be null.']"]);
    let alone = server.post("/users", json!({"firstname": "B", "groups": groups}));
    let text = alone.expect(400)[0].as_str().unwrap().to_owned();
    assert!(
        text.starts_with("Resource Error - User must be associated with a Line ('user_uuid': "),
        "{text}"
    );
    let bad = json!([{"context": "nope", "endpoint_sip": {}}]);
    let texts = server.post("/users", json!({"firstname": "B", "lines": bad, "groups": groups})).expect(400);
    assert_eq!(texts.as_array().unwrap().len(), 1, "{texts}");
    assert_eq!(server.get("/users").expect(200)["total"], 1);
}

#[test]
fn a_recursive_put_sets_the_groups() {
    let server = Server::start();
    let ada = with_line(&server, "ada");
    let (sales, help) = (group(&server, "Sales"), group(&server, "Help"));
    server.put(&format!("/users/{ada}/groups"), json!({"groups": [{"id": sales["id"]}]})).expect(204);
    let path = format!("/users/{ada}?recursive=true");
    let lines = server.get(&format!("/users/{ada}")).expect(200)["lines"].clone();
    let lines = json!([{"id": lines[0]["id"], "context": "default"}]);
    let body = json!({"firstname": "ada", "lines": lines, "groups": [{"uuid": help["uuid"]}]});
    server.put(&path, body).expect(204);
    assert_eq!(of(&server, ada), [help["id"].clone()]);
    server.put(&path, json!({"firstname": "ada", "lines": lines})).expect(204);
    assert_eq!(of(&server, ada), Vec::<Value>::new());
    server.delete(&path).expect(204);
}
