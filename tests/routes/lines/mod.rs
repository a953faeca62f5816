mod caller_id;
mod create;
mod endpoints;
mod extensions;
mod items;
mod recursive;
mod users;

use crate::harness::{Server, Tenant};
use serde_json::{Value, json};

/// A line with an endpoint called `name`.
fn line(server: &Server, name: &str) -> Value {
    server.post("/lines", json!({"context": "default", "endpoint_sip": {"name": name}})).expect(201)
}

/// A line with an endpoint and a number.
fn numbered(server: &Server, name: &str, exten: &str) -> Value {
    let body =
        json!({"context": "default", "endpoint_sip": {"name": name}, "extensions": [{"exten": exten}]});
    server.post("/lines", body).expect(201)
}

fn total(server: &Server, path: &str) -> i64 {
    server.get(path).expect(200)["total"].as_i64().unwrap()
}

/// Nothing of a line was stored.
#[track_caller]
fn nothing_stored(server: &Server) {
    for path in ["/lines", "/endpoints/sip", "/extensions"] {
        assert_eq!(total(server, path), 0, "{path}");
    }
}

/// A tenant below the master tenant, and the name of a context in it.
fn other_tenant(server: &Server) -> (Tenant, String) {
    let tenant = server.add_tenant("other", None);
    let body = json!({"label": "Other", "user_ranges": [{"start": "1000", "end": "1999"}]}).to_string();
    let headers = [("X-Auth-Token", tenant.token.as_str())];
    let context = server.send("POST", "/contexts", Some(body), &headers).expect(201);
    (tenant, context["name"].as_str().unwrap().to_owned())
}
