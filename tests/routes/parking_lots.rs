use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn extension(server: &Server, exten: &str, context: &str) -> i64 {
    let body = json!({"exten": exten, "context": context});
    server.post("/extensions", body).expect(201)["id"].as_i64().unwrap()
}

fn lot(server: &Server, first: &str, last: &str) -> Value {
    server.post("/parkinglots", json!({"slots_start": first, "slots_end": last})).expect(201)
}

fn path(lot: &Value, extension: i64) -> String {
    format!("/parkinglots/{}/extensions/{extension}", lot["id"])
}

#[test]
fn a_parking_lot_has_the_contracts_defaults_and_keys() {
    let server = Server::start();
    let made = lot(&server, "701", "710");
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys.join(" "),
        "id tenant_uuid name slots_start slots_end timeout music_on_hold links extensions"
    );
    assert_eq!((&made["timeout"], &made["music_on_hold"]), (&json!(45), &json!("default")));
    assert_eq!((&made["name"], &made["tenant_uuid"]), (&Value::Null, &json!(MASTER)));
    let path = format!("/parkinglots/{}", made["id"]);
    assert_eq!(made["links"][0]["rel"], "parkinglots");
    server.put(&path, json!({"name": "Hall", "timeout": null, "music_on_hold": null})).expect(204);
    let changed = server.get(&path).expect(200);
    assert_eq!((&changed["name"], &changed["timeout"]), (&json!("Hall"), &Value::Null));
    assert_eq!(server.get("/parkinglots?search=hal").expect(200)["total"], 1);
    assert_eq!(server.get("/parkinglots?slots_start=701&timeout=1").expect(200)["total"], 0);
    server.delete(&path).expect(204);
    server
        .get(&path)
        .refused(404, &[&format!("Resource Not Found - ParkingLot was not found ('id': {})", made["id"])]);
}

#[test]
fn wrong_slots_are_refused() {
    let server = Server::start();
    let body = json!({"name": "x".repeat(129), "slots_start": "7a", "timeout": -1});
    server.post("/parkinglots", body).refused(
        400,
        &[
            "Input Error - name: ['Longer than maximum length 128.']",
            "Input Error - slots_start: ['Invalid input.']",
            "Input Error - slots_end: ['Missing data for required field.']",
            "Input Error - timeout: ['Must be greater than or equal to 0.']",
        ],
    );
    for (first, last) in [("710", "701"), ("1", "99999999999"), ("0", "5")] {
        let body = json!({"slots_start": first, "slots_end": last});
        server
            .post("/parkinglots", body)
            .refused(400, &["Input Error - _schema: ['It is not a valid range']"]);
    }
    let many = json!({"slots_start": "1", "slots_end": "1001"});
    server
        .post("/parkinglots", many)
        .refused(400, &["Input Error - _schema: ['It has more than 1000 slots']"]);
    let one = format!("/parkinglots/{}", lot(&server, "701", "710")["id"]);
    server
        .put(&one, json!({"slots_end": "700"}))
        .refused(400, &["Input Error - _schema: ['It is not a valid range']"]);
    let text = "Input Error - field 'music_on_hold': MOH was not found ('music_on_hold': 'zz')";
    server.put(&one, json!({"music_on_hold": "zz"})).refused(400, &[text]);
}

#[test]
fn a_lot_has_one_number_of_an_internal_context() {
    let server = Server::start();
    let (one, two) = (lot(&server, "701", "710"), lot(&server, "721", "730"));
    let number = extension(&server, "700", "default");
    server.delete(&path(&one, number)).expect(204);
    for _ in 0..2 {
        server.associate(&path(&one, number)).expect(204);
    }
    let shown = server.get(&format!("/extensions/{number}")).expect(200);
    assert_eq!(shown["parking_lot"]["id"], one["id"]);
    assert_eq!(
        server.get(&format!("/parkinglots/{}", one["id"])).expect(200)["extensions"][0]["exten"],
        "700"
    );
    let other = extension(&server, "699", "default");
    let taken = |lot: &Value, extension: i64| {
        format!(
            "Resource Error - ParkingLot is associated with a Extension ('parking_lot_id': {}, 'extension_id': {extension})",
            lot["id"]
        )
    };
    server.associate(&path(&one, other)).refused(400, &[&taken(&one, number)]);
    server.associate(&path(&two, number)).refused(400, &[&taken(&one, number)]);
    server.delete(&format!("/extensions/{number}")).refused(
        400,
        &[&format!(
            "Resource Error - Extension is associated with a parking ('extension_id': {number}, 'associated_id': '{}')",
            one["id"]
        )],
    );
    let pattern = extension(&server, "_69X", "default");
    server.associate(&path(&two, pattern)).refused(
        400,
        &["Resource Error - Operation not permitted. Cannot associate a pattern extension ('exten': '_69X')"],
    );
    server.delete(&path(&one, number)).expect(204);
    server.delete(&format!("/extensions/{number}")).expect(204);
}

#[test]
fn slots_and_numbers_do_not_collide() {
    let server = Server::start();
    let (one, two) = (lot(&server, "701", "710"), lot(&server, "710", "720"));
    server.associate(&path(&one, extension(&server, "700", "default"))).expect(204);
    let slot = format!(
        "Resource Error - ParkingLot already exists ('id': {}, 'slots_start': '701', 'slots_end': '710')",
        one["id"]
    );
    let body = |exten: &str| json!({"exten": exten, "context": "default"});
    server.post("/extensions", body("705")).refused(400, &[&slot]);
    server.post("/extensions", body("_70X")).expect(201);
    let (free, second) = (extension(&server, "711", "default"), extension(&server, "698", "default"));
    server.put(&format!("/extensions/{free}"), body("701")).refused(400, &[&slot]);
    let conflict = "Resource Error - Extension is already used for a destination or parking slot";
    let number = format!("{conflict} ('id': {free}, 'exten': '711', 'context': 'default')");
    server.associate(&path(&two, second)).refused(400, &[&number]);
    server.put(&format!("/parkinglots/{}", one["id"]), json!({"slots_end": "711"})).refused(400, &[&number]);
    server.delete(&format!("/extensions/{free}")).expect(204);
    let other = format!("{conflict} ('id': {}, 'slots_start': '701', 'slots_end': '710')", one["id"]);
    server.associate(&path(&two, second)).refused(400, &[&other]);
    // A user's number from the one request is judged the same.
    let user = json!({"firstname": "A", "lines": [{"context": "default", "extensions": [{"exten": "702"}],
        "endpoint_sip": {"name": "aaa"}}]});
    let text = server.post("/users", user).text;
    assert!(text.contains("ParkingLot already exists"), "{text}");
}

#[test]
fn keys_name_a_lot_and_its_slots() {
    let server = Server::start();
    let lot = lot(&server, "701", "710");
    let user = server.post("/users", json!({"firstname": "A"})).expect(201);
    let keys = format!("/users/{}/funckeys/1", user["uuid"].as_str().unwrap());
    let key = |position: i64| json!({"destination": {"type": "park_position", "parking_lot_id": lot["id"], "position": position}});
    server.put(&keys, key(711)).refused(
        400,
        &["Input Error - position: {'constraint_id': 'range', 'constraint': {'min': 701, 'max': 710}, \
           'message': 'Must be greater than or equal to 701 and less than or equal to 710.'}"],
    );
    server.put(&keys, key(703)).expect(204);
    server.delete(&format!("/parkinglots/{}", lot["id"])).expect(204);
    server.get(&keys).expect(404);
}
