//! `/users` by itself: its fields, their rules, and what GET shows.

mod account;
mod callerids;
mod csv;
mod destinations;
mod fallbacks;
mod forwards;
mod groups;
mod incalls;
mod lines;
mod list;
mod provision;
mod queues;
mod recursive;
mod services;
mod voicemails;

use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn total(server: &Server) -> i64 {
    server.get("/users").expect(200)["total"].as_i64().unwrap()
}

/// A user's int id and uuid.
fn create(server: &Server, body: Value) -> (i64, String) {
    let user = server.post("/users", body).expect(201);
    (user["id"].as_i64().unwrap(), user["uuid"].as_str().unwrap().to_owned())
}

#[test]
fn a_user_with_a_first_name_gets_every_default() {
    let server = Server::start();
    let made = server.post("/users", json!({"firstname": "Roger"}));
    assert_eq!(made.status, 201, "{}", made.text);
    let user = &made.json;
    assert_eq!(made.header("Location"), user["links"][0]["href"]);
    assert!(made.header("Location").ends_with(&format!("/1.1/users/{}", user["id"])));
    let keys: Vec<_> = user.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys.join(" "),
        "id uuid firstname lastname email timezone country language description caller_id outgoing_caller_id \
         mobile_phone_number mobile_fallback_enabled username password music_on_hold preprocess_subroutine userfield \
         call_transfer_enabled dtmf_hangup_enabled call_record_outgoing_external_enabled \
         call_record_outgoing_internal_enabled call_record_incoming_internal_enabled \
         call_record_incoming_external_enabled online_call_record_enabled supervision_enabled ring_seconds \
         simultaneous_calls call_permission_password subscription_type created_at enabled tenant_uuid links agent \
         call_permissions fallbacks groups incalls lines forwards schedules services switchboards voicemail queues \
         func_key_template_id call_record_enabled call_pickup_target_users"
    );
    assert_eq!(user["caller_id"], "\"Roger\"");
    assert_eq!(user["ring_seconds"], 30);
    assert_eq!(user["simultaneous_calls"], 5);
    assert_eq!(user["supervision_enabled"], true);
    assert_eq!(user["enabled"], true);
    assert_eq!(user["call_record_enabled"], false);
    assert_eq!(user["subscription_type"], 0);
    assert_eq!(user["tenant_uuid"], MASTER);
    assert_eq!(user["created_at"].as_str().unwrap().len(), "2026-11-23T12:59:02.487057".len());
    assert_eq!(user["forwards"]["busy"], json!({"enabled": false, "destination": null}));
    assert_eq!(user["services"], json!({"dnd": {"enabled": false}, "incallfilter": {"enabled": false}}));
    for name in ["lastname", "email", "country", "agent", "voicemail", "func_key_template_id"] {
        assert_eq!(user[name], Value::Null, "{name}");
    }
    for name in ["lines", "groups", "incalls", "queues", "switchboards", "schedules", "call_permissions"] {
        assert_eq!(user[name], json!([]), "{name}");
    }
}

#[test]
fn a_user_is_found_by_id_and_by_uuid_also_by_head() {
    let server = Server::start();
    let (id, uuid) = create(&server, json!({"firstname": "A", "lastname": "B"}));
    assert_eq!(server.get(&format!("/users/{id}")).expect(200)["caller_id"], "\"A B\"");
    assert_eq!(server.get(&format!("/users/{uuid}")).expect(200)["id"], id);
    let token = [("X-Auth-Token", crate::harness::TOKEN)];
    assert_eq!(server.send("HEAD", &format!("/users/{uuid}"), None, &token).status, 200);
    assert_eq!(server.send("HEAD", "/users/999999", None, &token).status, 404);
    server.get("/users/999999").refused(404, &["Resource Not Found - User was not found ('id': 999999)"]);
    let unknown = "5f0b4d5e-3f5a-4f5e-8a5e-000000000000";
    server.get(&format!("/users/{unknown}")).refused(
        404,
        &["Resource Not Found - User was not found ('id': UUID('5f0b4d5e-3f5a-4f5e-8a5e-000000000000'))"],
    );
    assert!(server.get("/users/zz").text.starts_with("<!doctype html>"));
}

#[test]
fn every_field_is_stored_and_shown() {
    let server = Server::start();
    let body = json!({
        "firstname": "Zoé", "lastname": "O'Neil", "email": "Zoe@Example.com", "timezone": "Europe/Paris",
        "language": "fr_FR", "description": "two\nlines", "caller_id": "\"Zed\" <+1555>",
        "outgoing_caller_id": "anonymous", "mobile_phone_number": "+33*1#", "mobile_fallback_enabled": true,
        "username": "zoe.o'neil@x", "password": "s3cr~t", "music_on_hold": "default",
        "preprocess_subroutine": "sub", "userfield": "uf", "call_transfer_enabled": true,
        "dtmf_hangup_enabled": true, "call_record_outgoing_external_enabled": true,
        "online_call_record_enabled": true, "supervision_enabled": false, "ring_seconds": "60",
        "simultaneous_calls": 20, "call_permission_password": "12#*", "subscription_type": 10, "enabled": false,
    });
    let (id, _) = create(&server, body.clone());
    let user = server.get(&format!("/users/{id}")).expect(200);
    for (name, value) in body.as_object().unwrap() {
        let value = if name == "ring_seconds" { &json!(60) } else { value };
        assert_eq!(&user[name], value, "{name}");
    }
}

#[test]
fn the_old_name_sets_the_four_recording_flags() {
    let server = Server::start();
    let (id, _) = create(&server, json!({"firstname": "A", "call_record_enabled": true}));
    let path = format!("/users/{id}");
    let user = server.get(&path).expect(200);
    assert_eq!(user["call_record_enabled"], true);
    assert_eq!(user["call_record_incoming_internal_enabled"], true);
    server.put(&path, json!({"call_record_outgoing_external_enabled": false})).expect(204);
    let user = server.get(&path).expect(200);
    assert_eq!(user["call_record_enabled"], false);
    assert_eq!(user["call_record_incoming_internal_enabled"], true);
    create(&server, json!({"firstname": "A", "call_record_enabled": null}));
    let both =
        json!({"firstname": "A", "call_record_enabled": true, "call_record_incoming_internal_enabled": true});
    server.post("/users", both).refused(
        400,
        &["Input Error - _schema: [\"'call_record_enabled' is deprecated and incompatible with \
           'call_record_*_enabled' options\"]"],
    );
    server
        .put(&path, json!({"call_record_enabled": null}))
        .refused(400, &["Input Error - call_record_enabled: ['Field may not be null.']"]);
}

#[test]
fn every_mistake_of_the_fields_is_named_at_once() {
    let server = Server::start();
    let body = json!({
        "lastname": "x".repeat(129), "email": "nobody@nowhere", "language": "fr", "caller_id": "Roger",
        "outgoing_caller_id": 5, "mobile_phone_number": "12a", "mobile_fallback_enabled": "yes", "username": "é",
        "password": "ab", "preprocess_subroutine": "x".repeat(80), "ring_seconds": 10801, "simultaneous_calls": 0,
        "call_permission_password": "x", "subscription_type": null, "enabled": 1, "func_key_template_id": "a",
    });
    server.post("/users", body).refused(
        400,
        &[
            "Input Error - firstname: ['Missing data for required field.']",
            "Input Error - lastname: ['Longer than maximum length 128.']",
            "Input Error - email: ['Not a valid email address.']",
            "Input Error - language: ['String does not match expected pattern.']",
            "Input Error - caller_id: ['String does not match expected pattern.']",
            "Input Error - outgoing_caller_id: ['Not a valid string.']",
            "Input Error - mobile_phone_number: ['String does not match expected pattern.']",
            "Input Error - mobile_fallback_enabled: ['Not a valid boolean.']",
            "Input Error - username: ['String does not match expected pattern.']",
            "Input Error - password: ['String does not match expected pattern.']",
            "Input Error - preprocess_subroutine: ['Longer than maximum length 79.']",
            "Input Error - ring_seconds: ['Must be greater than or equal to 0 and less than or equal to 10800.']",
            "Input Error - simultaneous_calls: ['Must be greater than or equal to 1 and less than or equal to 20.']",
            "Input Error - call_permission_password: ['String does not match expected pattern.']",
            "Input Error - subscription_type: ['Field may not be null.']",
            "Input Error - enabled: ['Not a valid boolean.']",
            "Input Error - func_key_template_id: ['Not a valid integer.']",
        ],
    );
    assert_eq!(total(&server), 0);
}

#[test]
fn null_means_the_default_on_creation_and_is_refused_on_change() {
    let server = Server::start();
    let names = ["caller_id", "ring_seconds", "simultaneous_calls", "enabled", "supervision_enabled"];
    let nulls: serde_json::Map<_, _> = names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    let mut body = nulls.clone();
    body.insert("firstname".to_owned(), json!("A"));
    let (id, _) = create(&server, Value::Object(body));
    let path = format!("/users/{id}");
    let user = server.get(&path).expect(200);
    assert_eq!((&user["caller_id"], &user["ring_seconds"]), (&json!("\"A\""), &json!(30)));
    for name in names {
        let text = format!("Input Error - {name}: ['Field may not be null.']");
        server.put(&path, json!({name: null})).refused(400, &[&text]);
    }
    server
        .put(&path, json!({"firstname": null}))
        .refused(400, &["Input Error - firstname: ['Field may not be null.']"]);
}

#[test]
fn a_change_touches_only_what_it_names() {
    let server = Server::start();
    let (id, uuid) = create(&server, json!({"firstname": "A", "lastname": "B", "email": "a@b.c"}));
    let path = format!("/users/{id}");
    let before = server.get(&path).expect(200);
    server.put(&path, json!({})).expect(204);
    server.put(&path, json!({"lines": [], "services": {"dnd": {"enabled": true}}, "id": 7})).expect(204);
    assert_eq!(server.get(&path).expect(200), before);
    server.put(&format!("/users/{uuid}"), json!({"firstname": "C", "lastname": ""})).expect(204);
    let user = server.get(&path).expect(200);
    assert_eq!((&user["firstname"], &user["lastname"]), (&json!("C"), &Value::Null));
    assert_eq!((&user["caller_id"], &user["email"]), (&json!("\"A B\""), &json!("a@b.c")));
    server
        .put("/users/999999", json!({}))
        .refused(404, &["Resource Not Found - User was not found ('id': 999999)"]);
}

#[test]
fn names_and_addresses_are_unique() {
    let server = Server::start();
    create(&server, json!({"firstname": "A", "email": "p@x.com", "username": "pp"}));
    let (other, _) = create(&server, json!({"firstname": "B", "username": "PP"}));
    let taken = [
        (json!({"firstname": "C", "email": "P@X.com"}), "('email': 'P@X.com')"),
        (json!({"firstname": "C", "username": "pp"}), "('username': 'pp')"),
    ];
    for (body, meta) in taken {
        let text = format!("Resource Error - User already exists {meta}");
        server.post("/users", body.clone()).refused(400, &[&text]);
        server.put(&format!("/users/{other}"), body).refused(400, &[&text]);
    }
    server.put("/users/1", json!({"email": "P@x.com", "username": "pp"})).expect(204);
    assert_eq!(total(&server), 2);
}

#[test]
fn values_that_name_something_unknown_are_refused() {
    let server = Server::start();
    let (id, _) = create(&server, json!({"firstname": "A"}));
    let refusals = [
        (
            json!({"firstname": "A", "music_on_hold": "zz"}),
            "Input Error - field 'music_on_hold': MOH was not found ('music_on_hold': 'zz')",
        ),
        (
            json!({"firstname": "A", "func_key_template_id": 9}),
            "Input Error - field 'func_key_template_id': FuncKeyTemplate was not found ('id': 9)",
        ),
        (
            json!({"firstname": "A", "mobile_fallback_enabled": true}),
            "Resource Error - PSTN fallback must be disabled when mobile phone number is not set",
        ),
    ];
    for (body, text) in refusals {
        server.post("/users", body.clone()).refused(400, &[text]);
        server.put(&format!("/users/{id}"), body).refused(400, &[text]);
    }
    assert_eq!(total(&server), 1);
}

#[test]
fn the_fallback_to_a_mobile_needs_its_number_in_the_resulting_row() {
    let server = Server::start();
    let (id, _) = create(&server, json!({"firstname": "A", "mobile_phone_number": "123"}));
    let path = format!("/users/{id}");
    server.put(&path, json!({"mobile_fallback_enabled": true})).expect(204);
    let sentence = "Resource Error - PSTN fallback must be disabled when mobile phone number is not set";
    server.put(&path, json!({"mobile_phone_number": null})).refused(400, &[sentence]);
    server.put(&path, json!({"mobile_phone_number": null, "mobile_fallback_enabled": false})).expect(204);
}

#[test]
fn bodies_that_are_no_user_are_refused() {
    let server = Server::start();
    server
        .post("/users", json!([{"firstname": "A"}]))
        .refused(400, &["Input Error - _schema: ['Invalid input type.']"]);
    let token = [("X-Auth-Token", crate::harness::TOKEN)];
    server
        .send("POST", "/users", Some("{".to_owned()), &token)
        .refused(400, &["The browser (or proxy) sent a request that this server could not understand."]);
    server
        .post("/users", json!({}))
        .refused(400, &["Input Error - firstname: ['Missing data for required field.']"]);
    server
        .post("/users", json!({"firstname": "a\nb"}))
        .refused(400, &["Input Error - firstname: ['Control characters are not allowed.']"]);
}

#[test]
fn a_deleted_user_is_gone() {
    let server = Server::start();
    let (id, uuid) = create(&server, json!({"firstname": "A"}));
    server.delete(&format!("/users/{uuid}")).expect(204);
    let text = format!("Resource Not Found - User was not found ('id': {id})");
    server.delete(&format!("/users/{id}")).refused(404, &[&text]);
    assert_eq!(total(&server), 0);
}

#[test]
fn subscriptions_are_counted() {
    let server = Server::start();
    assert_eq!(server.get("/users/subscriptions").expect(200), json!({"total": 0, "items": []}));
    for subscription in [0, 3, 3] {
        create(&server, json!({"firstname": "A", "subscription_type": subscription}));
    }
    assert_eq!(
        server.get("/users/subscriptions").expect(200),
        json!({"total": 2, "items": [{"id": 0, "count": 1}, {"id": 3, "count": 2}]})
    );
}
