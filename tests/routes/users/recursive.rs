//! `PUT` and `DELETE /users/{user}?recursive=true`.

use crate::harness::Server;
use serde_json::{Value, json};

const LISTS: [&str; 5] = ["/users", "/lines", "/endpoints/sip", "/extensions", "/voicemails"];

fn totals(server: &Server) -> Vec<i64> {
    let total = |list: &&str| server.get(list).expect(200)["total"].as_i64().unwrap();
    LISTS.iter().map(total).collect()
}

fn line(exten: &str) -> Value {
    json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": exten}]})
}

fn person(server: &Server, exten: &str) -> Value {
    let body = json!({"firstname": "A", "lines": [line(exten)], "auth": {"username": exten},
        "voicemail": {"number": exten, "context": "default", "email": "a@b.c"}});
    server.post("/users", body).expect(201)
}

#[test]
fn a_user_is_deleted_with_all_that_is_theirs() {
    let server = Server::start();
    let user = person(&server, "1001");
    person(&server, "1002");
    let path = format!("/users/{}", user["id"]);
    assert_eq!(server.delete(&path).status, 400);
    server.delete(&format!("{path}?recursive=True")).expect(204);
    assert_eq!(totals(&server), [1, 1, 1, 1, 1]);
    person(&server, "1001");
}

#[test]
fn what_somebody_else_uses_stays() {
    let server = Server::start();
    let user = person(&server, "1001");
    let voicemail = &user["voicemail"]["id"];
    let other = server.post("/users", json!({"firstname": "B", "voicemail": {"id": voicemail}})).expect(201);
    let bare = server.post("/lines", json!({"context": "default", "endpoint_sip": {}})).expect(201);
    let extension = &user["lines"][0]["extensions"][0]["id"];
    server.associate(&format!("/lines/{}/extensions/{extension}", bare["id"])).expect(204);
    server.delete(&format!("/users/{}?recursive=true", user["id"])).expect(204);
    assert_eq!(totals(&server), [1, 1, 1, 1, 1]);
    assert_eq!(&server.get(&format!("/users/{}", other["id"])).expect(200)["voicemail"]["id"], voicemail);
}

#[test]
fn a_plain_deletion_leaves_lines_and_numbers() {
    let server = Server::start();
    let lines = json!([line("1001"), line("1002"), line("1003")]);
    let user = server.post("/users", json!({"firstname": "A", "lines": lines})).expect(201);
    server.delete(&format!("/users/{}?recursive=no", user["id"])).expect(204);
    assert_eq!(totals(&server), [0, 3, 3, 3, 0]);
    let line = server.get(&format!("/lines/{}", user["lines"][0]["id"])).expect(200);
    assert_eq!(line["users"], json!([]));
}

#[test]
fn lines_are_changed_created_ordered_and_deleted() {
    let server = Server::start();
    let body = json!({"firstname": "A", "lines": [line("1001"), line("1002")]});
    let user = server.post("/users", body).expect(201);
    let path = format!("/users/{}", user["id"]);
    let kept = &user["lines"][1]["id"];
    let lines = json!([line("1003"), {"id": kept, "context": "default", "position": 2}]);
    server.put(&format!("{path}?recursive=true"), json!({"firstname": "Z", "lines": lines})).expect(204);
    let user = server.get(&path).expect(200);
    assert_eq!(user["firstname"], "A");
    assert_eq!(user["lines"].as_array().unwrap().len(), 2);
    assert_eq!(user["lines"][0]["extensions"][0]["exten"], "1003");
    assert_eq!(user["lines"][0]["caller_id_name"], "A");
    assert_eq!((&user["lines"][1]["id"], &user["lines"][1]["position"]), (kept, &json!(2)));
    assert_eq!(user["lines"][1]["extensions"][0]["exten"], "1002");
    assert_eq!(totals(&server), [1, 2, 2, 2, 0]);
    server.put(&format!("{path}?recursive=true"), json!({"firstname": "A"})).expect(204);
    assert_eq!(totals(&server), [1, 0, 0, 0, 0]);
}

#[test]
fn a_number_moves_to_a_new_line() {
    let server = Server::start();
    let user = person(&server, "1001");
    let path = format!("/users/{}?recursive=true", user["id"]);
    server.put(&path, json!({"firstname": "A", "lines": [line("1001")]})).expect(204);
    assert_eq!(totals(&server), [1, 1, 1, 1, 1]);
}

#[test]
fn a_voicemail_is_changed_kept_or_replaced() {
    let server = Server::start();
    let user = person(&server, "1001");
    let path = format!("/users/{}?recursive=true", user["id"]);
    let id = &user["voicemail"]["id"];
    let body = |voicemail: Value| json!({"firstname": "A", "voicemail": voicemail});
    server.put(&path, body(json!({"id": id, "name": "New"}))).expect(204);
    let voicemail = server.get(&format!("/voicemails/{id}")).expect(200);
    assert_eq!((&voicemail["name"], &voicemail["email"]), (&json!("New"), &json!("a@b.c")));
    server.put(&path, body(Value::Null)).expect(204);
    assert_eq!(&server.get("/users/1").expect(200)["voicemail"]["id"], id);
    server.put(&path, body(json!({"number": "1005", "context": "default"}))).expect(204);
    let list = server.get("/voicemails").expect(200);
    assert_eq!((&list["total"], &list["items"][0]["number"]), (&json!(1), &json!("1005")));
}

#[test]
fn a_wrong_body_changes_nothing() {
    let server = Server::start();
    person(&server, "1001");
    let user = person(&server, "1002");
    let path = format!("/users/{}", user["id"]);
    let before = (server.get(&path).expect(200), totals(&server));
    server.put(&format!("{path}?recursive=true"), json!({"lines": [{}], "agent": {"id": "x"}})).refused(
        400,
        &[
            "Input Error - firstname: ['Missing data for required field.']",
            "Input Error - lines: {0: {'context': ['Missing data for required field.']}}",
            "Input Error - agent: {'id': ['Not a valid integer.']}",
        ],
    );
    let body = json!({
        "firstname": "A", "email": null, "lines": [line("5000"), {"context": "default"}],
        "voicemail": {"number": "1001", "context": "default"},
    });
    let refused = server.put(&format!("{path}?recursive=true"), body);
    assert_eq!(refused.status, 400);
    let texts = refused.json.as_array().unwrap();
    assert_eq!(texts.len(), 3, "{}", refused.text);
    assert!(refused.text.contains("Extension '5000' is outside of range"), "{}", refused.text);
    assert!(refused.text.contains("Voicemail already exists"), "{}", refused.text);
    assert_eq!((server.get(&path).expect(200), totals(&server)), before);
}

#[test]
fn a_user_as_get_shows_it_can_be_sent_back() {
    let server = Server::start();
    let user = person(&server, "1001");
    let path = format!("/users/{}", user["id"]);
    let mut before = server.get(&path).expect(200);
    server
        .put(&format!("{path}?recursive=true"), {
            let mut body = before.clone();
            // The four flags say it already.
            body.as_object_mut().unwrap().remove("call_record_enabled");
            body
        })
        .expect(204);
    let mut after = server.get(&path).expect(200);
    for user in [&mut before, &mut after] {
        user["lines"][0]["provisioning_code"].take();
    }
    assert_eq!(after, before);
}
