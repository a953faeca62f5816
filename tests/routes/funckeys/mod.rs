//! `/funckeys`, and the keys of users.

mod destinations;
mod dialled;
mod templates;
mod users;

use crate::harness::Server;
use serde_json::{Value, json};

/// A user named so.
fn user(server: &Server, name: &str) -> Value {
    server.post("/users", json!({"firstname": name, "lastname": "Lee"})).expect(201)
}

/// A key to this destination.
fn key(destination: Value) -> Value {
    json!({ "destination": destination })
}

/// What is shown at the positions of `/users/{user}/funckeys` or of a template.
fn keys(server: &Server, path: &str) -> Value {
    server.get(path).expect(200)["keys"].clone()
}
