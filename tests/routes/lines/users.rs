//! What a line does for the users that have it.

use super::{line, numbered};
use crate::harness::Server;
use serde_json::{Value, json};

fn user(server: &Server, body: Value) -> i64 {
    server.post("/users", body).expect(201)["id"].as_i64().unwrap()
}

fn give(server: &Server, user: i64, line: &Value) {
    server.associate(&format!("/users/{user}/lines/{}", line["id"])).expect(204);
}

fn path(line: &Value) -> String {
    format!("/lines/{}", line["id"])
}

/// The caller id that a phone shows for the line.
fn callerid(server: &Server, line: &Value) -> Value {
    let uuid = line["endpoint_sip"]["uuid"].as_str().unwrap();
    let endpoint = server.get(&format!("/endpoints/sip/{uuid}")).expect(200);
    let options = endpoint["endpoint_section_options"].as_array().unwrap().clone();
    let found = options.into_iter().find(|pair| pair[0] == "callerid");
    found.map_or(Value::Null, |pair| pair[1].clone())
}

#[test]
fn a_line_shows_its_users_the_main_user_first() {
    let server = Server::start();
    let made = line(&server, "e");
    let anna = user(&server, json!({"firstname": "Anna", "lastname": "Ash"}));
    let bob = user(&server, json!({"firstname": "Bob"}));
    give(&server, bob, &made);
    give(&server, anna, &made);
    let users = server.get(&path(&made)).expect(200)["users"].clone();
    assert_eq!(users[0]["firstname"], "Bob");
    assert_eq!(users[1]["lastname"], "Ash");
    let keys: Vec<_> = users[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "firstname", "lastname", "links"]);
    assert!(users[0]["links"][0]["href"].as_str().unwrap().ends_with(&format!("/users/{bob}")));
}

#[test]
fn the_caller_id_follows_user_number_and_endpoint() {
    let server = Server::start();
    let made = line(&server, "e");
    let anna = user(&server, json!({"firstname": "Anna", "lastname": "Ash"}));
    give(&server, anna, &made);
    assert_eq!(callerid(&server, &made), "\"Anna Ash\"");
    let body = json!({"exten": "1001", "context": "default"});
    let extension = server.post(&format!("{}/extensions", path(&made)), body).expect(201);
    assert_eq!(callerid(&server, &made), "\"Anna Ash\" <1001>");
    assert_eq!(server.get(&path(&made)).expect(200)["caller_id_name"], "Anna Ash");
    server.put(&format!("/extensions/{}", extension["id"]), json!({"exten": "1002"})).expect(204);
    assert_eq!(callerid(&server, &made), "\"Anna Ash\" <1002>");
    server.put(&format!("/users/{anna}"), json!({"caller_id": "\"Ann\" <55>"})).expect(204);
    assert_eq!(callerid(&server, &made), "\"Ann\" <55>");
    server.put(&path(&made), json!({"caller_id_name": "Zed"})).expect(204);
    assert_eq!(
        callerid(&server, &made),
        "\"Zed\" <55>",
        "the edit of a line stands until something else moves"
    );
    let endpoint = format!("/endpoints/sip/{}", made["endpoint_sip"]["uuid"].as_str().unwrap());
    server.put(&endpoint, json!({"endpoint_section_options": [["language", "fr"]]})).expect(204);
    assert_eq!(callerid(&server, &made), "\"Ann\" <55>");
    server.put(&format!("/users/{anna}"), json!({"caller_id": "\"Ann\""})).expect(204);
    server.delete(&format!("{}/extensions/{}", path(&made), extension["id"])).expect(204);
    assert_eq!(callerid(&server, &made), "\"Ann\"");
}

#[test]
fn an_endpoint_stays_while_the_line_has_users() {
    let server = Server::start();
    let made = numbered(&server, "e", "1001");
    let users = [user(&server, json!({"firstname": "A"})), user(&server, json!({"firstname": "B"}))];
    for user in users {
        give(&server, user, &made);
    }
    let uuid = made["endpoint_sip"]["uuid"].as_str().unwrap();
    server.delete(&format!("{}/endpoints/sip/{uuid}", path(&made))).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a User ('line_id': {}, 'user_ids': '{},{}')",
            made["id"], users[0], users[1]
        )],
    );
}

#[test]
fn a_number_is_not_shared_with_another_users_line() {
    let server = Server::start();
    let first = numbered(&server, "e", "1001");
    let second = line(&server, "f");
    let (anna, bob) = (user(&server, json!({"firstname": "A"})), user(&server, json!({"firstname": "B"})));
    give(&server, anna, &first);
    give(&server, bob, &second);
    let extension = &first["extensions"][0]["id"];
    server.associate(&format!("{}/extensions/{extension}", path(&second))).refused(
        400,
        &[&format!(
            "Resource Error - User is associated with a Line ('user_id': {anna}, 'line_id': {})",
            first["id"]
        )],
    );
    let third = line(&server, "g");
    give(&server, anna, &third);
    server.associate(&format!("{}/extensions/{extension}", path(&third))).expect(204);
    let free = line(&server, "h");
    server.associate(&format!("{}/extensions/{extension}", path(&free))).expect(204);
}

#[test]
fn a_user_goes_on_with_the_remaining_lines() {
    let server = Server::start();
    let lines = ["a", "b", "c"].map(|name| line(&server, name));
    let anna = user(&server, json!({"firstname": "Anna"}));
    for line in [&lines[2], &lines[1], &lines[0]] {
        give(&server, anna, line);
    }
    server.delete(&path(&lines[2])).expect(204);
    let shown = server.get(&format!("/users/{anna}")).expect(200)["lines"].clone();
    assert_eq!(shown.as_array().unwrap().len(), 2);
    server.delete(&format!("{}?recursive=true", path(&lines[0]))).expect(204);
    let summary = server.get("/users?view=directory").expect(200);
    assert_eq!(summary["items"][0]["line_id"], lines[1]["id"]);
}
