//! `/queues` and what hangs on it.

mod extensions;
mod fallbacks;
mod general;
mod items;
mod members;
mod options;

use crate::harness::Server;
use serde_json::{Value, json};

/// A queue of this name.
fn queue(server: &Server, name: &str) -> Value {
    server.post("/queues", json!({"name": name})).expect(201)
}

/// A user with a line in `default`; their uuid.
fn user(server: &Server, name: &str) -> String {
    let body = json!({"firstname": name, "lines": [{"context": "default", "endpoint_sip": {"name": name}}]});
    server.post("/users", body).expect(201)["uuid"].as_str().unwrap().to_owned()
}

/// What GET tells of the queue.
fn shown(server: &Server, queue: &Value) -> Value {
    server.get(&format!("/queues/{}", queue["id"])).expect(200)
}
