use crate::harness::Server;
use serde_json::json;

#[test]
fn a_first_start_makes_contexts_that_a_call_works_with() {
    let server = Server::start();
    let list = server.get("/contexts").expect(200);
    assert_eq!(list["total"], 3);
    assert_eq!(list["items"][0]["name"], "default");
    assert_eq!(list["items"][0]["user_ranges"], json!([{"start": "1000", "end": "1999"}]));
}

#[test]
fn every_mistake_of_a_body_is_named_at_once() {
    let server = Server::start();
    let body = json!({"type": "x", "user_ranges": [{"start": "12", "end": "1"}, {"start": "a"}]});
    server.post("/contexts", body).refused(
        400,
        &[
            "Input Error - label: ['Missing data for required field.']",
            "Input Error - type: ['Must be one of: internal, incall, outcall, services, others.']",
            "Input Error - user_ranges: {0: {'_schema': ['Start and end must be of the same length']}, \
             1: {'start': ['Invalid input.']}}",
        ],
    );
}

#[test]
fn a_context_is_changed_included_and_deleted() {
    let server = Server::start();
    let made = server.post("/contexts", json!({"label": "Back office"}));
    assert_eq!(made.status, 201);
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    let id = &made.json["id"];
    let path = format!("/contexts/{id}");
    server.put(&path, json!({"enabled": false})).expect(204);
    server.put(&format!("{path}/contexts"), json!({"contexts": [{"id": 1}]})).expect(204);
    let context = server.get(&path).expect(200);
    assert_eq!(context["enabled"], false);
    assert_eq!(context["contexts"][0]["name"], "default");
    server.delete(&path).expect(204);
    server.get(&path).refused(404, &[&format!("Resource Not Found - Context was not found ('id': {id})")]);
    let page = server.associate("/users/zz").text;
    assert!(page.starts_with("<!doctype html>"));
}
