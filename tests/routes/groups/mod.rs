//! `/groups` and what hangs on it.

mod extensions;
mod fallbacks;
mod items;
mod list;
mod members;

use crate::harness::Server;
use serde_json::{Value, json};

/// A group with this label.
fn group(server: &Server, label: &str) -> Value {
    server.post("/groups", json!({"label": label})).expect(201)
}

/// A user with a line in `default`; their uuid.
fn user(server: &Server, name: &str) -> String {
    let body = json!({"firstname": name, "lines": [{"context": "default", "endpoint_sip": {"name": name}}]});
    server.post("/users", body).expect(201)["uuid"].as_str().unwrap().to_owned()
}

/// An extension's id.
fn extension(server: &Server, exten: &str, context: &str) -> i64 {
    let body = json!({"exten": exten, "context": context});
    server.post("/extensions", body).expect(201)["id"].as_i64().unwrap()
}

/// What GET tells of the group.
fn shown(server: &Server, group: &Value) -> Value {
    server.get(&format!("/groups/{}", group["id"])).expect(200)
}
