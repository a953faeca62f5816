//! A line changed with its endpoint and its number, inside `PUT /users/{user}?recursive=true` (confd.md 2.7, 3.9).

use super::total;
use crate::harness::{Reply, Server};
use serde_json::{Value, json};

/// A user with one line, numbered 1001, and that line as GET shows it.
fn person(server: &Server) -> (i64, Value) {
    let sip = json!({"name": "e", "auth_section_options": [["username", "u"], ["password", "p"]]});
    let line = json!({"context": "default", "endpoint_sip": sip, "extensions": [{"exten": "1001"}]});
    let user = server.post("/users", json!({"firstname": "Anna", "lines": [line]})).expect(201);
    let line = server.get(&format!("/lines/{}", user["lines"][0]["id"])).expect(200);
    (user["id"].as_i64().unwrap(), line)
}

fn put(server: &Server, user: i64, line: Value) -> Reply {
    server.put(&format!("/users/{user}?recursive=true"), json!({"firstname": "Anna", "lines": [line]}))
}

fn endpoint(server: &Server, line: &Value) -> Value {
    server.get(&format!("/endpoints/sip/{}", line["endpoint_sip"]["uuid"].as_str().unwrap())).expect(200)
}

#[test]
fn an_endpoint_is_changed_in_place_by_what_is_given() {
    let server = Server::start();
    let (user, line) = person(&server);
    let uuid = &line["endpoint_sip"]["uuid"];
    let sip = json!({"uuid": uuid, "label": "desk", "aor_section_options": [["max_contacts", "2"]]});
    put(&server, user, json!({"id": line["id"], "context": "default", "endpoint_sip": sip})).expect(204);
    let changed = endpoint(&server, &line);
    assert_eq!((&changed["uuid"], &changed["label"]), (uuid, &json!("desk")));
    assert_eq!(changed["aor_section_options"], json!([["max_contacts", "2"]]));
    assert_eq!(changed["auth_section_options"], json!([["username", "u"], ["password", "p"]]));
    let sip = json!({"auth_section_options": [["username", "u2"]]});
    put(&server, user, json!({"id": line["id"], "context": "default", "endpoint_sip": sip})).expect(204);
    assert_eq!(endpoint(&server, &line)["auth_section_options"], json!([["username", "u2"]]));
    assert_eq!(total(&server, "/endpoints/sip"), 1);
}

#[test]
fn another_endpoint_does_not_replace_that_of_the_line() {
    let server = Server::start();
    let (user, line) = person(&server);
    let other = server.post("/endpoints/sip", json!({"name": "other"})).expect(201);
    let sip = json!({"uuid": other["uuid"]});
    let reply = put(&server, user, json!({"id": line["id"], "context": "default", "endpoint_sip": sip}));
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("Line is associated with a Endpoint"), "{}", reply.text);
    assert_eq!(server.get(&format!("/lines/{}", line["id"])).expect(200), line);
}

#[test]
fn a_number_is_changed_replaced_or_left_alone() {
    let server = Server::start();
    let (user, line) = person(&server);
    let path = format!("/lines/{}", line["id"]);
    let own = |extensions: Value| json!({"id": line["id"], "context": "default", "extensions": extensions});
    let number = || server.get(&path).expect(200)["extensions"].clone();
    let id = &line["extensions"][0]["id"];
    for nothing in [json!([]), json!([{"exten": "1001"}]), json!([{"id": id}])] {
        put(&server, user, own(nothing)).expect(204);
        assert_eq!(number(), line["extensions"]);
    }
    put(&server, user, own(json!([{"id": id, "exten": "1002", "context": "default"}]))).expect(204);
    assert_eq!((&number()[0]["id"], &number()[0]["exten"]), (id, &json!("1002")));
    assert_eq!(server.get(&path).expect(200)["caller_id_num"], "1002");
    put(&server, user, own(json!([{"exten": "1003", "context": "default"}]))).expect(204);
    assert_eq!(number()[0]["exten"], "1003");
    assert_eq!(total(&server, "/extensions"), 1, "the old number is gone");
    let reply = put(&server, user, own(json!([{"id": 999_999}])));
    assert!(reply.text.contains("Extension was not found"), "{}", reply.text);
    assert_eq!(number()[0]["exten"], "1003");
}

#[test]
fn a_line_without_an_endpoint_gets_one() {
    let server = Server::start();
    let (user, line) = person(&server);
    let uuid = line["endpoint_sip"]["uuid"].as_str().unwrap();
    server.delete(&format!("/endpoints/sip/{uuid}")).expect(204);
    put(&server, user, json!({"id": line["id"], "context": "default", "endpoint_sip": {"name": "new"}}))
        .expect(204);
    let line = server.get(&format!("/lines/{}", line["id"])).expect(200);
    assert_eq!((&line["name"], &line["caller_id_name"]), (&json!("new"), &json!("Anna")));
}
