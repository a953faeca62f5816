//! `/devices`, and the lines that have one.

use crate::harness::Server;
use serde_json::{Value, json};

fn make(server: &Server, body: Value) -> String {
    server.post("/devices", body).expect(201)["id"].as_str().unwrap().to_owned()
}

/// A user with a line and a number; gives the ids of both.
fn user(server: &Server, exten: &str) -> (Value, Value) {
    let line = json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": exten}]});
    let made = server.post("/users", json!({"firstname": "Ada", "lines": [line]})).expect(201);
    (made["id"].clone(), made["lines"][0]["id"].clone())
}

#[test]
fn a_device_is_made_listed_changed_and_deleted() {
    let server = Server::start();
    let device = server.post("/devices", json!({"mac": "00:11:22:AA:BB:CC", "ip": "10.0.0.1"})).expect(201);
    let keys: Vec<_> = device.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "id",
            "status",
            "tenant_uuid",
            "is_new",
            "ip",
            "mac",
            "sn",
            "plugin",
            "vendor",
            "model",
            "version",
            "description",
            "template_id",
            "options",
            "links"
        ]
    );
    assert_eq!((&device["mac"], &device["status"]), (&json!("00:11:22:aa:bb:cc"), &json!("not_configured")));
    let id = device["id"].as_str().unwrap();
    assert_eq!(id.len(), 32);
    let one = format!("/devices/{id}");
    server.put(&one, json!({"vendor": "Acme", "options": {"switchboard": true}})).expect(204);
    let changed = server.get(&one).expect(200);
    assert_eq!((&changed["vendor"], &changed["options"]), (&json!("Acme"), &json!({"switchboard": true})));
    server
        .post("/devices", json!({"mac": "00:11:22:aa:bb:CC"}))
        .refused(400, &["Resource Error - Device already exists ('mac': '00:11:22:aa:bb:cc')"]);
    server.post("/devices", json!({"mac": "0", "ip": "1.2.3"})).expect(400);
    server.post("/devices", json!({"plugin": "nope", "template_id": "x"})).refused(
        400,
        &[
            "Input Error - field 'plugin': Plugin was not found ('plugin': 'nope')",
            "Input Error - field 'template_id': DeviceTemplate was not found ('template_id': 'x')",
        ],
    );
    make(&server, json!({}));
    assert_eq!(server.get("/devices?search=acme").expect(200)["total"], 1);
    assert_eq!(server.get("/devices?order=mac").expect(200)["items"][0]["id"], id);
    for action in ["autoprov", "synchronize"] {
        server.get(&format!("{one}/{action}")).expect(204);
        server.get(&format!("/devices/zz/{action}")).expect(404);
    }
    assert_eq!(server.get("/devices/unallocated").expect(200)["total"], 0);
    server.associate(&format!("/devices/unallocated/{id}")).expect(404);
    server.delete(&one).expect(204);
    server.get(&one).refused(404, &[&format!("Resource Not Found - Device was not found ('id': '{id}')")]);
}

#[test]
fn a_line_with_endpoint_number_and_user_takes_one_device() {
    let server = Server::start();
    let (device, other) = (make(&server, json!({})), make(&server, json!({})));
    let (user_id, line) = user(&server, "1001");
    let put = |line: &Value, device: &str| server.associate(&format!("/lines/{line}/devices/{device}"));
    server
        .get(&format!("/lines/{line}/devices"))
        .refused(404, &[&format!("Resource Not Found - LineDevice was not found ('line_id': {line})")]);
    put(&line, &device).expect(204);
    put(&line, &device).expect(204);
    let refused = format!(
        "Resource Error - Line is associated with a Device ('line_id': {line}, 'device_id': '{device}')"
    );
    put(&line, &other).refused(400, &[&refused]);
    server.delete(&format!("/users/{user_id}/lines/{line}")).refused(400, &[&refused]);
    let shown = server.get(&format!("/lines/{line}/devices")).expect(200);
    assert_eq!((&shown["device_id"], &shown["line_id"]), (&json!(device), &line));
    assert_eq!(server.get(&format!("/devices/{device}/lines")).expect(200)["items"][0]["line_id"], line);
    assert_eq!(server.get(&format!("/lines/{line}")).expect(200)["device_id"], device.as_str());
    assert_eq!(server.get(&format!("/lines?device_id={device}")).expect(200)["total"], 1);
    assert_eq!(server.get(&format!("/devices/{device}")).expect(200)["status"], "configured");
    server.delete(&format!("/devices/{device}")).refused(
        400,
        &[&format!(
            "Resource Error - Device is associated with a Line ('device_id': '{device}', 'line_ids': ({line},))"
        )],
    );
    let (_, second) = user(&server, "1002");
    put(&second, &device).refused(400, &["Cannot associate 2 lines with same position (position: 1)"]);
    let bare = server.post("/lines", json!({"context": "default"})).expect(201)["id"].clone();
    put(&bare, &other).refused(
        400,
        &[&format!("Resource Error - Line must be associated with a Endpoint ('line_id': {bare})")],
    );
    server.delete(&format!("/lines/{line}/devices/{device}")).expect(204);
    server.delete(&format!("/lines/{line}/devices/{device}")).expect(204);
    server.delete(&format!("/users/{user_id}/lines/{line}")).expect(204);
    server.delete(&format!("/devices/{device}")).expect(204);
}

#[test]
fn a_whole_user_brings_the_device_of_a_line() {
    let server = Server::start();
    let device = make(&server, json!({}));
    let line = json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": "1001"}], "device_id": device});
    let made = server.post("/users", json!({"firstname": "Ada", "lines": [line]})).expect(201);
    assert_eq!(made["lines"][0]["device_id"], device.as_str());
    assert_eq!(
        server.get(&format!("/users/{}", made["id"])).expect(200)["lines"][0]["device_id"],
        device.as_str()
    );
    server.delete(&format!("/users/{}?recursive=true", made["id"])).expect(204);
    assert_eq!(server.get(&format!("/devices/{device}")).expect(200)["status"], "not_configured");
}
