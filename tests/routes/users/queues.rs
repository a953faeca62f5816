use crate::harness::Server;
use serde_json::{Value, json};

fn queue(server: &Server, name: &str) -> Value {
    server.post("/queues", json!({"name": name})).expect(201)
}

fn lines() -> Value {
    json!([{"context": "default", "endpoint_sip": {}}])
}

#[test]
fn a_user_is_made_with_their_queues() {
    let server = Server::start();
    let (one, two) = (queue(&server, "q1"), queue(&server, "q2"));
    let queues = json!([{"id": one["id"], "priority": 3, "penalty": 2}, {"id": two["id"]}]);
    let body = json!({"firstname": "Ada", "lines": lines(), "queues": queues});
    let ada = server.post("/users", body).expect(201);
    let names: Vec<_> = ada["queues"].as_array().unwrap().iter().map(|queue| queue["name"].clone()).collect();
    assert_eq!(names, ["q1", "q2"]);
    assert_eq!(server.get(&format!("/users/{}", ada["id"])).expect(200)["queues"], ada["queues"]);
    let members = server.get(&format!("/queues/{}", one["id"])).expect(200)["members"].clone();
    assert_eq!((&members["users"][0]["priority"], &members["users"][0]["penalty"]), (&json!(3), &json!(2)));
    for queues in [json!(null), json!([])] {
        server.post("/users", json!({"firstname": "Bob", "queues": queues})).expect(201);
    }
}

#[test]
fn every_queue_that_a_new_user_can_not_join_is_named() {
    let server = Server::start();
    let one = queue(&server, "q1");
    let body = json!({"firstname": "Ada", "lines": lines(), "queues": [{"id": 998}, {"id": one["id"]}, {"id": 999}]});
    server.post("/users", body).refused(
        400,
        &[
            "Input Error - field 'queues': Queue was not found ('id': 998) (at queues[0])",
            "Input Error - field 'queues': Queue was not found ('id': 999) (at queues[2])",
        ],
    );
    let without =
        server.post("/users", json!({"firstname": "Ada", "queues": [{"id": one["id"]}]})).expect(400);
    let text = without[0].as_str().unwrap();
    assert!(text.starts_with("Resource Error - User must be associated with a Line"), "{text}");
    server
        .post("/users", json!({"firstname": "Ada", "queues": [{"priority": -1}]}))
        .refused(
            400,
            &["Input Error - queues: {0: {'id': ['Missing data for required field.'], 'priority': ['Must be greater than or equal to 0.']}}"],
        );
    assert_eq!(server.get("/users").expect(200)["total"], 0);
}

#[test]
fn a_whole_user_keeps_changes_and_loses_their_queues() {
    let server = Server::start();
    let (one, two) = (queue(&server, "q1"), queue(&server, "q2"));
    let body = json!({"firstname": "Ada", "lines": lines(), "queues": [{"id": one["id"]}]});
    let ada = server.post("/users", body).expect(201);
    let path = format!("/users/{}", ada["id"]);
    let line = json!([{"id": ada["lines"][0]["id"], "context": "default"}]);
    let shown = || -> Vec<Value> {
        let queues = server.get(&path).expect(200)["queues"].clone();
        queues.as_array().unwrap().iter().map(|queue| queue["id"].clone()).collect()
    };
    let put = |body: Value| server.put(&format!("{path}?recursive=true"), body).expect(204);
    put(json!({"firstname": "Ada", "lines": line}));
    assert_eq!(shown(), [one["id"].clone()]);
    put(json!({"firstname": "Ada", "lines": line, "queues": [{"id": two["id"]}]}));
    assert_eq!(shown(), [two["id"].clone()]);
    put(json!({"firstname": "Ada", "lines": []}));
    assert_eq!(shown(), Vec::<Value>::new());
    let body = json!({"firstname": "Bob", "lines": lines(), "queues": [{"id": one["id"]}]});
    let bob = server.post("/users", body).expect(201);
    server.delete(&format!("/users/{}?recursive=true", bob["id"])).expect(204);
    let members = server.get(&format!("/queues/{}", one["id"])).expect(200)["members"]["users"].clone();
    assert_eq!(members, json!([]));
}
