use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn extension(server: &Server, exten: &str, context: &str) -> i64 {
    let body = json!({"exten": exten, "context": context});
    server.post("/extensions", body).expect(201)["id"].as_i64().unwrap()
}

fn conference(server: &Server, body: Value) -> Value {
    server.post("/conferences", body).expect(201)
}

#[test]
fn a_conference_has_the_contracts_defaults_and_keys() {
    let server = Server::start();
    let made = conference(&server, json!({}));
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys.join(" "),
        "id tenant_uuid name preprocess_subroutine max_users record pin quiet_join_leave announce_join_leave \
         announce_user_count announce_only_user music_on_hold admin_pin links extensions incalls"
    );
    assert_eq!((&made["max_users"], &made["announce_only_user"]), (&json!(50), &json!(true)));
    for name in ["record", "quiet_join_leave", "announce_join_leave", "announce_user_count"] {
        assert_eq!(made[name], false, "{name}");
    }
    assert_eq!((&made["tenant_uuid"], &made["pin"]), (&json!(MASTER), &Value::Null));
    let path = format!("/conferences/{}", made["id"]);
    assert_eq!(made["links"][0]["rel"], "conferences");
    server.put(&path, json!({"name": "Board", "record": "yes", "pin": "1234", "max_users": 0})).expect(204);
    server.put(&path, json!({})).expect(204);
    let changed = server.get(&path).expect(200);
    assert_eq!((&changed["name"], &changed["record"]), (&json!("Board"), &json!(true)));
    assert_eq!((&changed["pin"], &changed["max_users"]), (&json!("1234"), &json!(0)));
    assert_eq!(server.get("/conferences?search=oar").expect(200)["total"], 1);
    server.delete(&path).expect(204);
    server
        .get(&path)
        .refused(404, &[&format!("Resource Not Found - Conference was not found ('id': {})", made["id"])]);
}

#[test]
fn a_wrong_conference_is_refused_with_every_mistake() {
    let server = Server::start();
    let body = json!({"name": "x".repeat(129), "max_users": -1, "pin": "12a", "admin_pin": "1".repeat(81)});
    server.post("/conferences", body).refused(
        400,
        &[
            "Input Error - name: ['Longer than maximum length 128.']",
            "Input Error - max_users: ['Must be greater than or equal to 0 and less than or equal to 2147483647.']",
            "Input Error - pin: ['Invalid input.']",
            "Input Error - admin_pin: ['Longer than maximum length 80.']",
        ],
    );
    let text = "Input Error - field 'music_on_hold': MOH was not found ('music_on_hold': 'zz')";
    server.post("/conferences", json!({"music_on_hold": "zz"})).refused(400, &[text]);
    conference(&server, json!({"music_on_hold": "default"}));
}

#[test]
fn a_number_of_a_conference_is_in_its_range_and_its_own() {
    let server = Server::start();
    let (one, two) = (conference(&server, json!({"name": "A"})), conference(&server, json!({})));
    let path =
        |conference: &Value, number: i64| format!("/conferences/{}/extensions/{number}", conference["id"]);
    let number = extension(&server, "4000", "default");
    server.delete(&path(&one, number)).expect(204);
    for _ in 0..2 {
        server.associate(&path(&one, number)).expect(204);
    }
    let shown = server.get(&format!("/extensions/{number}")).expect(200)["conference"].clone();
    assert_eq!((&shown["id"], &shown["name"]), (&one["id"], &json!("A")));
    let (first, other) = (&one["id"], extension(&server, "4001", "default"));
    let text = |number: i64| {
        format!(
            "Resource Error - Conference is associated with a Extension ('conference_id': {first}, 'extension_id': {number})"
        )
    };
    server.associate(&path(&one, other)).refused(400, &[&text(number)]);
    server.associate(&path(&two, number)).refused(400, &[&text(number)]);
    let outside = extension(&server, "2000", "default");
    let text = "Input Error - Extension '2000' is outside of range for context 'default'";
    server.associate(&path(&two, outside)).refused(400, &[text]);
    let text = format!(
        "Resource Error - Extension is associated with a conference ('extension_id': {number}, 'associated_id': '{first}')"
    );
    server.delete(&format!("/extensions/{number}")).refused(400, &[&text]);
    server.delete(&format!("/conferences/{first}")).expect(204);
    server.delete(&format!("/extensions/{number}")).expect(204);
}

#[test]
fn incalls_and_keys_lead_to_a_conference_until_it_goes() {
    let server = Server::start();
    let room = conference(&server, json!({"name": "Board"}));
    let to = json!({"type": "conference", "conference_id": room["id"]});
    let incall = server.post("/incalls", json!({"destination": to})).expect(201);
    assert_eq!(incall["destination"]["conference_name"], "Board");
    let user = server.post("/users", json!({"firstname": "Ada"})).expect(201);
    let keys = format!("/users/{}/funckeys", user["id"]);
    server.put(&keys, json!({"keys": {"1": {"destination": to}}})).expect(204);
    let fallbacks = format!("/users/{}/fallbacks", user["id"]);
    server.put(&fallbacks, json!({"busy_destination": to})).expect(204);
    let number = extension(&server, "4000", "default");
    server.associate(&format!("/conferences/{}/extensions/{number}", room["id"])).expect(204);
    let dialled = server.get(&format!("/cordboard/users/{}/funckeys", user["id"])).expect(200).to_string();
    assert!(dialled.contains("\"4000\""), "{dialled}");
    let shown = server.get(&format!("/conferences/{}", room["id"])).expect(200);
    assert_eq!(shown["incalls"][0]["id"], incall["id"]);
    server.delete(&format!("/conferences/{}", room["id"])).expect(204);
    let incall = server.get(&format!("/incalls/{}", incall["id"])).expect(200);
    assert_eq!(incall["destination"], json!({"type": "none"}));
    assert_eq!(server.get(&keys).expect(200)["keys"], json!({}));
    assert_eq!(server.get(&fallbacks).expect(200)["busy_destination"], Value::Null);
    let text =
        format!("Input Error - field 'actionarg1': Conference was not found ('actionarg1': {})", room["id"]);
    server.post("/incalls", json!({"destination": to})).refused(400, &[&text]);
}

#[test]
fn a_conference_is_seen_by_its_own_tenant_only() {
    let server = Server::start();
    let room = conference(&server, json!({}));
    let other = server.add_tenant("other", None);
    let path = format!("/conferences/{}", room["id"]);
    for (method, body) in [("GET", None), ("PUT", Some(json!({}))), ("DELETE", None)] {
        server.send_in(&other, method, &path, body).expect(404);
    }
    assert_eq!(server.send_in(&other, "GET", "/conferences", None).expect(200)["total"], 0);
}
