//! The auth API 0.1.

mod accounts;
mod limits;
mod policies;
mod rights;
mod tenants;
mod tokens;

use crate::harness::{Reply, Server};
use serde_json::{Value, json};

/// A user who can log in with the password `secret`; gives the user.
fn user(server: &Server, name: &str) -> Value {
    let auth = json!({"username": name, "password": "secret"});
    server.post("/users", json!({"firstname": name, "auth": auth})).expect(201)
}

/// Asserts form A.
#[track_caller]
fn reason(reply: Reply, status: u16, text: &str) {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.json["reason"], json!([text]));
    assert_eq!(reply.json["status_code"], status);
    assert!(reply.json["timestamp"][0].is_f64());
}
