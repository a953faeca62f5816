//! `/users/{user}/lines`: main lines and main users.

use super::create;
use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

/// A line with an endpoint and perhaps a number.
fn line(server: &Server, exten: Option<&str>) -> i64 {
    let extensions: Vec<_> = exten.iter().map(|exten| json!({"exten": exten})).collect();
    let body = json!({"context": "default", "endpoint_sip": {}, "extensions": extensions});
    server.post("/lines", body).expect(201)["id"].as_i64().unwrap()
}

fn user(server: &Server, name: &str) -> i64 {
    create(server, json!({"firstname": name})).0
}

fn lines(server: &Server, user: i64) -> Vec<i64> {
    let user = server.get(&format!("/users/{user}")).expect(200);
    user["lines"].as_array().unwrap().iter().map(|line| line["id"].as_i64().unwrap()).collect()
}

fn users(server: &Server, line: i64) -> Vec<Value> {
    let line = server.get(&format!("/lines/{line}")).expect(200);
    line["users"].as_array().unwrap().iter().map(|user| user["firstname"].clone()).collect()
}

#[test]
fn a_line_is_given_and_taken_again_and_again() {
    let server = Server::start();
    let (a, first, second) = (user(&server, "A"), line(&server, Some("1001")), line(&server, None));
    for line in [second, first, second] {
        server.associate(&format!("/users/{a}/lines/{line}")).expect(204);
    }
    assert_eq!(lines(&server, a), [second, first]);
    assert_eq!(server.get(&format!("/lines/{first}")).expect(200)["caller_id_name"], "A");
    for _ in 0..2 {
        server.delete(&format!("/users/{a}/lines/{second}")).expect(204);
    }
    assert_eq!(lines(&server, a), [first]);
}

#[test]
fn who_loses_the_main_line_goes_on_with_the_lowest() {
    let server = Server::start();
    let a = user(&server, "A");
    let [low, middle, high] =
        [line(&server, Some("1001")), line(&server, Some("1002")), line(&server, Some("1003"))];
    let body = json!({"lines": [{"id": high}, {"id": middle}, {"id": low}]});
    server.put(&format!("/users/{a}/lines"), body).expect(204);
    server.delete(&format!("/users/{a}/lines/{high}")).expect(204);
    assert_eq!(lines(&server, a)[0], low);
    assert_eq!(server.get("/users?view=directory").expect(200)["items"][0]["exten"], "1001");
    server.delete(&format!("/lines/{low}")).expect(204);
    assert_eq!(server.get("/users?view=directory").expect(200)["items"][0]["exten"], "1002");
}

#[test]
fn the_first_user_of_a_line_is_its_main_user() {
    let server = Server::start();
    let (a, b, shared) = (user(&server, "A"), user(&server, "B"), line(&server, Some("1001")));
    for user in [a, b] {
        server.associate(&format!("/users/{user}/lines/{shared}")).expect(204);
    }
    assert_eq!(users(&server, shared), ["A", "B"]);
    assert_eq!(server.get(&format!("/lines/{shared}")).expect(200)["caller_id_name"], "A");
    let text =
        format!("Resource Error - There are secondary users associated to the line ('line_id': {shared})");
    server.delete(&format!("/users/{a}/lines/{shared}")).refused(400, &[&text]);
    server.put(&format!("/users/{a}/lines"), json!({"lines": []})).refused(400, &[&text]);
    let list = server.get("/users").expect(200);
    assert_eq!(list["items"][0]["lines"], list["items"][1]["lines"]);
    assert_eq!(list["items"][0]["lines"][0]["protocol"], "sip");
    server.delete(&format!("/users/{a}")).expect(204);
    assert_eq!(users(&server, shared), ["B"]);
    assert_eq!(server.get(&format!("/lines/{shared}")).expect(200)["caller_id_name"], "B");
    server.delete(&format!("/users/{b}/lines/{shared}")).expect(204);
    assert_eq!(users(&server, shared), Vec::<Value>::new());
}

#[test]
fn what_cannot_be_given_is_refused() {
    let server = Server::start();
    let (a, b) = (user(&server, "A"), user(&server, "B"));
    let bare = server.post("/lines", json!({"context": "default"})).expect(201)["id"].clone();
    let text = format!("Resource Error - Line must be associated with a Endpoint ('line_id': {bare})");
    server.associate(&format!("/users/{a}/lines/{bare}")).refused(400, &[&text]);
    server
        .associate(&format!("/users/{a}/lines/999"))
        .refused(404, &["Resource Not Found - Line was not found ('id': 999)"]);
    server
        .associate(&format!("/users/999/lines/{bare}"))
        .refused(404, &["Resource Not Found - User was not found ('id': 999)"]);
    let (first, second) = (line(&server, Some("1001")), line(&server, None));
    server.associate(&format!("/users/{a}/lines/{first}")).expect(204);
    let extension = server.get("/extensions").expect(200)["items"][0]["id"].clone();
    server.associate(&format!("/lines/{second}/extensions/{extension}")).expect(204);
    let text = format!(
        "Resource Error - Line is associated with a Extension ('line_id': {first}, 'extension_id': {extension})"
    );
    server.associate(&format!("/users/{b}/lines/{second}")).refused(400, &[&text]);
    server.associate(&format!("/users/{a}/lines/{second}")).expect(204);
}

#[test]
fn a_line_of_another_tenant_is_refused() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let user = server.send_in(&branch, "POST", "/users", Some(json!({"firstname": "B"}))).expect(201);
    let line = line(&server, None);
    let path = format!("/users/{}/lines/{line}", user["id"]);
    let text = format!(
        "Resource Error - different tenants ('user_tenant_uuid': '{}', 'line_tenant_uuid': '{MASTER}')",
        branch.uuid
    );
    server.associate(&path).refused(400, &[&text]);
    let text = format!("Resource Not Found - Line was not found ('id': {line})");
    server.send_in(&branch, "PUT", &path, None).refused(404, &[&text]);
    let text = format!("Input Error - field 'lines': Line was not found ('id': {line})");
    let body = json!({"lines": [{"id": line}]});
    server
        .send_in(&branch, "PUT", &format!("/users/{}/lines", user["id"]), Some(body))
        .refused(400, &[&text]);
}

#[test]
fn a_list_replaces_and_orders_the_lines() {
    let server = Server::start();
    let a = user(&server, "A");
    let path = format!("/users/{a}/lines");
    let [one, two, three] = [line(&server, None), line(&server, None), line(&server, None)];
    server.put(&path, json!({"lines": [{"id": one}, {"id": two}]})).expect(204);
    server.put(&path, json!({"lines": [{"id": three}, {"id": two}, {"id": one}]})).expect(204);
    assert_eq!(lines(&server, a), [three, two, one]);
    server.put(&path, json!({"lines": [{"id": two}]})).expect(204);
    assert_eq!(lines(&server, a), [two]);
    let refusals = [
        (
            json!({"lines": [{"id": one}, {"id": one}]}),
            "Resource Error - Operation not permitted. Cannot associate same line more than once",
        ),
        (json!({"lines": [{"id": 999}]}), "Input Error - field 'lines': Line was not found ('id': 999)"),
        (json!({}), "Input Error - lines: ['Missing data for required field.']"),
        (json!({"lines": null}), "Input Error - lines: ['Field may not be null.']"),
        (json!({"lines": [{}]}), "Input Error - lines: {0: {'id': ['Missing data for required field.']}}"),
    ];
    for (body, text) in refusals {
        server.put(&path, body).refused(400, &[text]);
    }
    assert_eq!(lines(&server, a), [two]);
    server.put(&path, json!({"lines": []})).expect(204);
    assert_eq!(lines(&server, a), Vec::<i64>::new());
}

#[test]
fn a_softphone_finds_the_endpoint_of_its_line() {
    let server = Server::start();
    let (_, uuid) = create(&server, json!({"firstname": "A"}));
    let (own, other) = (line(&server, None), line(&server, None));
    server.associate(&format!("/users/{uuid}/lines/{own}")).expect(204);
    let path = |line: &str| format!("/users/{uuid}/lines/{line}/associated/endpoints/sip");
    let endpoint = server.get(&path("main")).expect(200);
    assert_eq!(server.get(&path(&own.to_string())).expect(200), endpoint);
    assert_eq!(endpoint["line"]["id"], own);
    let merged = server.get(&format!("{}?view=merged", path("main"))).expect(200);
    assert_eq!(merged["uuid"], endpoint["uuid"]);
    server.get(&path("999")).refused(404, &["Resource Not Found - Line was not found ('id': '999')"]);
    let foreign = server.get(&path(&other.to_string()));
    assert_eq!((foreign.status, foreign.json), (404, json!("Resource Not Found.")));
    let unknown = "5f0b4d5e-3f5a-4f5e-8a5e-000000000000";
    let text = format!("Resource Not Found - UserFeatures was not found ('uuid': '{unknown}')");
    server.get(&format!("/users/{unknown}/lines/main/associated/endpoints/sip")).refused(404, &[&text]);
    assert!(server.get("/users/1/lines/main/associated/endpoints/sip").text.starts_with("<!doctype html>"));
}

#[test]
fn a_changed_user_changes_the_caller_id_of_their_lines() {
    let server = Server::start();
    let (a, own) = (user(&server, "A"), line(&server, Some("1001")));
    server.associate(&format!("/users/{a}/lines/{own}")).expect(204);
    server.put(&format!("/users/{a}"), json!({"caller_id": "\"New\" <555>"})).expect(204);
    let line = server.get(&format!("/lines/{own}")).expect(200);
    assert_eq!((&line["caller_id_name"], &line["caller_id_num"]), (&json!("New"), &json!("555")));
}
