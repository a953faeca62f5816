//! `/cordboard/limits`: how many calls users and trunks may have outside.

use crate::harness::Server;
use serde_json::{Value, json};

fn usual(simultaneous: u32, hourly: u32) -> Value {
    json!({"simultaneous": null, "hourly": null, "effective": {"simultaneous": simultaneous, "hourly": hourly}})
}

#[test]
fn what_is_not_said_is_the_tenants_then_that_of_the_settings() {
    let server = Server::start();
    let user = server.post("/users", json!({"firstname": "Ada"})).expect(201)["uuid"].clone();
    let trunk = server.post("/trunks", json!({})).expect(201)["id"].clone();
    let user = format!("/cordboard/users/{}/limits", user.as_str().unwrap());
    let trunk = format!("/cordboard/trunks/{trunk}/limits");
    assert_eq!(
        server.get("/cordboard/limits").expect(200),
        json!({"user": usual(4, 60), "trunk": usual(30, 600)})
    );
    assert_eq!(server.get(&user).expect(200), usual(4, 60));
    assert_eq!(server.get(&trunk).expect(200), usual(30, 600));

    server
        .put("/cordboard/limits", json!({"user": {"hourly": 10}, "trunk": {"simultaneous": 2}}))
        .expect(204);
    server.put(&user, json!({"simultaneous": 1})).expect(204);
    let hers = json!({"simultaneous": 1, "hourly": null, "effective": {"simultaneous": 1, "hourly": 10}});
    assert_eq!(server.get(&user).expect(200), hers);
    assert_eq!(server.get(&trunk).expect(200), usual(2, 600));
    server.put(&user, hers).expect(204);
    server.put(&user, json!({"simultaneous": null, "hourly": 0})).expect(204);
    assert_eq!(server.get(&user).expect(200)["effective"], json!({"simultaneous": 4, "hourly": 0}));
    server.put("/cordboard/limits", json!({"user": {"hourly": null}})).expect(204);
    assert_eq!(server.get("/cordboard/limits").expect(200)["trunk"]["simultaneous"], 2);
}

#[test]
fn limits_are_numbers_from_none_on() {
    let server = Server::start();
    let trunk = server.post("/trunks", json!({})).expect(201)["id"].clone();
    for wrong in [json!(-1), json!(100_001), json!("many")] {
        server.put(&format!("/cordboard/trunks/{trunk}/limits"), json!({"hourly": wrong})).expect(400);
        server.put("/cordboard/limits", json!({"user": {"simultaneous": wrong}})).expect(400);
    }
    server.get("/cordboard/trunks/99/limits").expect(404);
    server.put("/cordboard/users/99/limits", json!({})).expect(404);
    assert_eq!(server.get("/cordboard/limits/events").expect(200), json!({"total": 0, "items": []}));
}

#[test]
fn limits_and_events_are_the_tenants_own() {
    let server = Server::start();
    let (one, other) = (server.add_tenant("one", None), server.add_tenant("other", None));
    let body = json!({"user": {"simultaneous": 1}});
    server.send_in(&one, "PUT", "/cordboard/limits", Some(body)).expect(204);
    let row = "INSERT INTO ceiling_event (tenant_uuid, first_at, last_at, kind, owner_id, name, reached, ceiling, calls,
            number) VALUES (?1, '2026-01-01T00:00:00', '2026-01-01T00:00:00', 'user', 7, 'Ada', 'hourly', 60, 3, '0155')";
    server.database().execute(row, [&one.uuid]).unwrap();
    let of = |tenant, path: &str| server.send_in(tenant, "GET", path, None).expect(200);
    assert_eq!(of(&one, "/cordboard/limits")["user"]["simultaneous"], 1);
    assert_eq!(of(&other, "/cordboard/limits")["user"], usual(4, 60));
    let shown = of(&one, "/cordboard/limits/events");
    assert_eq!((&shown["total"], &shown["items"][0]["name"]), (&json!(1), &json!("Ada")));
    assert_eq!(of(&other, "/cordboard/limits/events"), json!({"total": 0, "items": []}));
}
