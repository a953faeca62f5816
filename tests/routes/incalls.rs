//! `/incalls` and their extensions.

use crate::harness::{MASTER, Server};
use serde_json::{Value, json};
use std::slice;

fn incall(server: &Server) -> Value {
    server.post("/incalls", json!({"destination": {"type": "none"}})).expect(201)
}

fn extension(server: &Server, exten: &str, context: &str) -> i64 {
    let body = json!({"exten": exten, "context": context});
    server.post("/extensions", body).expect(201)["id"].as_i64().unwrap()
}

fn put(server: &Server, incall: &Value, extension: i64) -> crate::harness::Reply {
    server.associate(&format!("/incalls/{}/extensions/{extension}", incall["id"]))
}

#[test]
fn an_incall_is_made_shown_changed_and_deleted() {
    let server = Server::start();
    let made = server.post("/incalls", json!({"destination": {"type": "none"}, "zz": 1}));
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    let keys: Vec<_> = made.json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys.join(" "),
        "id tenant_uuid preprocess_subroutine greeting_sound caller_id_mode caller_id_name description destination \
         links extensions schedules"
    );
    assert_eq!(made.json["tenant_uuid"], MASTER);
    for name in ["preprocess_subroutine", "greeting_sound", "caller_id_mode", "caller_id_name", "description"]
    {
        assert_eq!(made.json[name], Value::Null, "{name}");
    }
    assert_eq!(made.json["destination"], json!({"type": "none"}));
    let path = format!("/incalls/{}", made.json["id"]);
    assert_eq!(server.get(&path).expect(200), made.json);
    let ada = server.post("/users", json!({"firstname": "Ada"})).expect(201);
    let destination = json!({"type": "user", "user_id": ada["id"], "ring_time": 10});
    let changes = json!({
        "greeting_sound": "hello-world", "caller_id_mode": "prepend", "caller_id_name": "Shop",
        "description": "two\nlines", "destination": destination,
    });
    server.put(&path, changes).expect(204);
    server.put(&path, json!({})).expect(204);
    let new = server.get(&path).expect(200);
    assert_eq!((&new["greeting_sound"], &new["description"]), (&json!("hello-world"), &json!("two\nlines")));
    assert_eq!(new["destination"]["ring_time"], json!(10.0));
    assert_eq!(new["destination"]["user_firstname"], "Ada");
    server.put(&path, json!({"destination": {"type": "hangup", "cause": "normal"}})).expect(204);
    assert_eq!(server.get(&path).expect(200)["destination"], json!({"type": "hangup", "cause": "normal"}));
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Incall was not found ('id': {})", made.json["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn every_mistake_of_a_body_is_named_at_once() {
    let server = Server::start();
    let body = json!({
        "preprocess_subroutine": "x".repeat(80), "greeting_sound": "x".repeat(256), "caller_id_mode": "zz",
        "caller_id_name": "x".repeat(81), "description": 5, "destination": {"type": "user"},
    });
    server.post("/incalls", body).refused(
        400,
        &[
            "Input Error - preprocess_subroutine: ['Longer than maximum length 79.']",
            "Input Error - greeting_sound: ['Longer than maximum length 255.']",
            "Input Error - caller_id_mode: ['Must be one of: prepend, overwrite, append.']",
            "Input Error - caller_id_name: ['Longer than maximum length 80.']",
            "Input Error - description: ['Not a valid string.']",
            "Input Error - destination: {'user_id': ['Missing data for required field.']}",
        ],
    );
    let missing = "Input Error - destination: ['Missing data for required field.']";
    server.post("/incalls", json!({})).refused(400, &[missing]);
    let null = "Input Error - destination: ['Field may not be null.']";
    server.post("/incalls", json!({"destination": null})).refused(400, &[null]);
    let made = incall(&server);
    server.put(&format!("/incalls/{}", made["id"]), json!({"destination": null})).refused(400, &[null]);
    let unknown = json!({"destination": {"type": "voicemail", "voicemail_id": 77}});
    server
        .post("/incalls", unknown)
        .refused(400, &["Input Error - field 'actionarg1': Voicemail was not found ('actionarg1': 77)"]);
    assert_eq!(server.get("/incalls").expect(200)["total"], 1);
}

#[test]
fn an_incall_gets_a_number_by_put_and_by_post() {
    let server = Server::start();
    let (first, second) = (incall(&server), incall(&server));
    let number = extension(&server, "1234", "from-extern");
    let path = format!("/incalls/{}/extensions/{number}", first["id"]);
    server.delete(&path).expect(204);
    for _ in 0..2 {
        put(&server, &first, number).expect(204);
    }
    let shown = server.get(&format!("/incalls/{}", first["id"])).expect(200)["extensions"].clone();
    assert_eq!((&shown[0]["id"], &shown[0]["exten"]), (&json!(number), &json!("1234")));
    let of_extension = server.get(&format!("/extensions/{number}")).expect(200)["incall"].clone();
    assert_eq!(of_extension, json!({"id": first["id"], "links": first["links"]}));
    let text = |incall: &Value, number: i64| {
        format!(
            "Resource Error - Incall is associated with a Extension ('incall_id': '{}', 'extension_id': {number})",
            incall["id"]
        )
    };
    let other = extension(&server, "99999", "from-extern");
    put(&server, &first, other).refused(400, &[&text(&first, number)]);
    put(&server, &second, number).refused(400, &[&text(&first, number)]);
    server
        .send(
            "POST",
            &format!("/incalls/{}/extensions/{other}", second["id"]),
            None,
            &[("X-Auth-Token", crate::harness::TOKEN)],
        )
        .expect(204);
    for _ in 0..2 {
        server.delete(&path).expect(204);
    }
    assert_eq!(server.get(&format!("/incalls/{}", first["id"])).expect(200)["extensions"], json!([]));
    server.delete(&format!("/incalls/{}", second["id"])).expect(204);
    assert_eq!(server.get(&format!("/extensions/{other}")).expect(200)["incall"], Value::Null);
}

#[test]
fn a_number_of_an_incall_is_free_and_for_calls_from_outside() {
    let server = Server::start();
    let made = incall(&server);
    let inside = extension(&server, "1000", "default");
    let context = &server.get("/contexts?name=default").expect(200)["items"][0]["id"];
    let text = format!(
        "Resource Error - ContextType 'internal' cannot be associated ('id': {context}, 'context': 'default')"
    );
    put(&server, &made, inside).refused(400, &[&text]);
    let group = server.post("/groups", json!({"label": "G"})).expect(201);
    let number = extension(&server, "2000", "default");
    server.associate(&format!("/groups/{}/extensions/{number}", group["id"])).expect(204);
    let text = format!(
        "Resource Error - Extension is associated with a group ('extension_id': {number}, 'associated_id': '{}')",
        group["id"]
    );
    put(&server, &made, number).refused(400, &[&text]);
    let other = server.add_tenant("other", None);
    let body = json!({"destination": {"type": "none"}});
    let theirs = server.send_in(&other, "POST", "/incalls", Some(body)).expect(201);
    let did = extension(&server, "1234", "from-extern");
    let text = format!(
        "Resource Error - different tenants ('extension_tenant_uuid': '{MASTER}', 'incall_tenant_uuid': '{}')",
        other.uuid
    );
    put(&server, &theirs, did).refused(400, &[&text]);
    let text = "Resource Not Found - Extension was not found ('id': 999999)";
    put(&server, &made, 999_999).refused(404, &[text]);
}

#[test]
fn no_range_is_asked_for_a_new_number_but_for_a_changed_one() {
    let server = Server::start();
    let made = incall(&server);
    let number = extension(&server, "12345", "from-extern");
    put(&server, &made, number).expect(204);
    let text = "Input Error - Extension '12346' is outside of range for context 'from-extern'";
    server.put(&format!("/extensions/{number}"), json!({"exten": "12346"})).refused(400, &[text]);
}

#[test]
fn incalls_are_listed_by_number_and_found_by_user() {
    let server = Server::start();
    let ada = server.post("/users", json!({"firstname": "Ada"})).expect(201)["id"].clone();
    let body = json!({"destination": {"type": "user", "user_id": ada}, "description": "Ada's own"});
    let hers = server.post("/incalls", body).expect(201);
    let body =
        json!({"destination": {"type": "none"}, "greeting_sound": "hello", "preprocess_subroutine": "sub"});
    let other = server.post("/incalls", body).expect(201);
    for (incall, exten) in [(&hers, "2000"), (&other, "1000")] {
        put(&server, incall, extension(&server, exten, "from-extern")).expect(204);
    }
    let ids = |query: &str| {
        let list = server.get(&format!("/incalls{query}")).expect(200);
        let ids = list["items"].as_array().unwrap().iter().map(|item| item["id"].clone());
        ids.collect::<Vec<_>>()
    };
    let (hers, other) = (hers["id"].clone(), other["id"].clone());
    assert_eq!(ids(""), [other.clone(), hers.clone()]);
    assert_eq!(ids("?direction=desc"), [hers.clone(), other.clone()]);
    assert_eq!(ids(&format!("?user_id={ada}")), slice::from_ref(&hers));
    assert_eq!(ids("?user_id=zz"), Vec::<Value>::new());
    for query in ["?exten=2000", "?search=ADA", "?search=200", "?description=Ada's own"] {
        assert_eq!(ids(&query.replace(' ', "%20")), slice::from_ref(&hers), "{query}");
    }
    for query in ["?greeting_sound=hello", "?preprocess_subroutine=sub", "?order=greeting_sound&limit=1"] {
        assert_eq!(ids(query), slice::from_ref(&other), "{query}");
    }
    server.get("/incalls?order=zz").refused(400, &["Input Error - order: column 'zz' was not found"]);
}

#[test]
fn what_goes_leaves_its_incalls_leading_nowhere() {
    let server = Server::start();
    let ada = server.post("/users", json!({"firstname": "Ada"})).expect(201)["id"].clone();
    let body = json!({"destination": {"type": "user", "user_id": ada}});
    let made = server.post("/incalls", body).expect(201);
    put(&server, &made, extension(&server, "1000", "from-extern")).expect(204);
    let of_user = server.get(&format!("/users/{ada}")).expect(200)["incalls"].clone();
    assert_eq!(of_user[0]["id"], made["id"]);
    assert_eq!(of_user[0]["extensions"][0]["exten"], "1000");
    let keys: Vec<_> = of_user[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "extensions", "links"]);
    server.delete(&format!("/users/{ada}")).expect(204);
    let left = server.get(&format!("/incalls/{}", made["id"])).expect(200);
    assert_eq!(left["destination"], json!({"type": "none"}));
    assert_eq!(left["extensions"][0]["exten"], "1000");
}
