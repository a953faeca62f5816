//! `/users/{user}/voicemails`, and `voicemail` in `POST /users`.

use super::{create, total};
use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn voicemail(server: &Server, number: &str) -> i64 {
    let body = json!({"name": "V", "number": number, "context": "default"});
    server.post("/voicemails", body).expect(201)["id"].as_i64().unwrap()
}

fn voicemails(server: &Server) -> Value {
    server.get("/voicemails").expect(200)["total"].clone()
}

#[test]
fn a_voicemail_is_given_shown_and_taken() {
    let server = Server::start();
    let (user, uuid) = create(&server, json!({"firstname": "A"}));
    let id = voicemail(&server, "1001");
    let list = format!("/users/{user}/voicemails");
    assert_eq!(server.get(&list).expect(200), json!({"total": 0, "items": []}));
    for _ in 0..2 {
        server.associate(&format!("/users/{uuid}/voicemails/{id}")).expect(204);
    }
    let shown = server.get(&list).expect(200);
    assert_eq!((&shown["total"], &shown["items"][0]["number"]), (&json!(1), &json!("1001")));
    assert_eq!(shown["items"][0]["users"][0]["uuid"], json!(uuid));
    let user = server.get(&format!("/users/{user}")).expect(200);
    assert_eq!((&user["voicemail"]["id"], &user["voicemail"]["name"]), (&json!(id), &json!("V")));
    assert_eq!(server.get("/users?view=directory").expect(200)["items"][0]["voicemail_number"], "1001");
    assert_eq!(server.get("/users?voicemail_number=1001").expect(200)["total"], 1);
    for _ in 0..2 {
        server.delete(&list).expect(204);
    }
    assert_eq!(server.get(&list).expect(200)["total"], 0);
}

#[test]
fn a_voicemail_is_created_for_a_user() {
    let server = Server::start();
    let (user, uuid) = create(&server, json!({"firstname": "A"}));
    let list = format!("/users/{user}/voicemails");
    server.post("/users/999999/voicemails", json!({})).refused(
        400,
        &[
            "Input Error - name: ['Missing data for required field.']",
            "Input Error - number: ['Missing data for required field.']",
            "Input Error - context: ['Missing data for required field.']",
        ],
    );
    let body = json!({"name": "A", "number": "1001", "context": "default"});
    let made = server.post(&list, body.clone());
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(made.header("Location").ends_with(&format!("/voicemails/{}", made.json["id"])));
    assert_eq!(made.json["users"][0]["uuid"], json!(uuid));
    server.post(&list, body).refused(
        400,
        &["Resource Error - Voicemail already exists ('number': '1001', 'context': 'default')"],
    );
    let second = json!({"name": "A", "number": "1002", "context": "default"});
    let reply = server.post(&list, second);
    assert!(reply.text.contains("User is associated with a Voicemail ('user_id': 1"), "{}", reply.text);
    assert_eq!(voicemails(&server), 1);
}

#[test]
fn what_cannot_be_given_is_refused() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let (first, second) = (voicemail(&server, "1001"), voicemail(&server, "1002"));
    let path = format!("/users/{user}/voicemails");
    server
        .associate(&format!("{path}/999"))
        .refused(404, &["Resource Not Found - Voicemail was not found ('id': 999)"]);
    server
        .associate(&format!("/users/999/voicemails/{first}"))
        .refused(404, &["Resource Not Found - User was not found ('id': 999)"]);
    let global = json!({"name": "G", "number": "1003", "context": "default", "accesstype": "global"});
    let global = server.post("/voicemails", global).expect(201)["id"].clone();
    server.associate(&format!("{path}/{global}")).refused(
        400,
        &["Resource Error - Operation not permitted. A global voicemail cannot be associated to users."],
    );
    server.associate(&format!("{path}/{first}")).expect(204);
    let text = format!(
        "Resource Error - User is associated with a Voicemail ('user_id': {user}, 'voicemail_id': {second})"
    );
    server.associate(&format!("{path}/{second}")).refused(400, &[&text]);
    let text = format!(
        "Resource Error - User is associated with a Voicemail ('user_id': {user}, 'voicemail_id': {first})"
    );
    server.delete(&format!("/users/{user}")).refused(400, &[&text]);
    assert_eq!(total(&server), 1);
}

#[test]
fn a_voicemail_of_another_tenant_is_refused() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let user = server.send_in(&branch, "POST", "/users", Some(json!({"firstname": "B"}))).expect(201);
    let id = voicemail(&server, "1001");
    let path = format!("/users/{}/voicemails/{id}", user["id"]);
    let text = format!(
        "Resource Error - different tenants ('voicemail_tenant_uuid': '{MASTER}', 'user_tenant_uuid': '{}')",
        branch.uuid
    );
    server.associate(&path).refused(400, &[&text]);
    let text = format!("Resource Not Found - Voicemail was not found ('id': {id})");
    server.send_in(&branch, "PUT", &path, None).refused(404, &[&text]);
}

#[test]
fn a_user_is_created_with_a_voicemail_named_after_them() {
    let server = Server::start();
    let body = json!({"firstname": "Full", "lastname": "User", "voicemail": {"number": "1001", "context": "default"}});
    let user = server.post("/users", body).expect(201);
    assert_eq!(user["voicemail"]["name"], "Full User");
    assert_eq!((&user["voicemail"]["users"], &user["voicemail"]["enabled"]), (&json!([]), &json!(true)));
    let id = &user["voicemail"]["id"];
    let shared = server.post("/users", json!({"firstname": "B", "voicemail": {"id": id}})).expect(201);
    assert_eq!(&shared["voicemail"]["id"], id);
    let users = server.get(&format!("/voicemails/{id}")).expect(200)["users"].clone();
    assert_eq!(users.as_array().unwrap().len(), 2);
}

#[test]
fn a_voicemail_named_after_somebody_with_a_long_name_is_named_shortly() {
    let server = Server::start();
    let body = json!({"firstname": "é".repeat(128), "voicemail": {"number": "1001", "context": "default"}});
    assert_eq!(server.post("/users", body).expect(201)["voicemail"]["name"], "é".repeat(80));
}

#[test]
fn a_wrong_voicemail_stores_nothing_of_the_user() {
    let server = Server::start();
    voicemail(&server, "1001");
    let refusals = [
        (json!({"id": 99}), 404, "Resource Not Found - Voicemail was not found ('id': 99) (at voicemail)"),
        (
            json!({}),
            400,
            "Input Error - voicemail: {'_schema': ['name, number and context must be provided if no id provided']}",
        ),
        (
            json!({"number": "1002"}),
            400,
            "Input Error - context: ['Missing data for required field.'] (at voicemail)",
        ),
        (
            json!({"number": "x", "context": "default"}),
            400,
            "Input Error - voicemail: {'number': ['String does not match expected pattern.']}",
        ),
        (
            json!({"number": "1001", "context": "default"}),
            400,
            "Resource Error - Voicemail already exists ('number': '1001', 'context': 'default') (at voicemail)",
        ),
    ];
    for (voicemail, status, text) in refusals {
        server.post("/users", json!({"firstname": "A", "voicemail": voicemail})).refused(status, &[text]);
    }
    server.post("/users", json!({"firstname": "A", "voicemail": null})).expect(201);
    assert_eq!((total(&server), voicemails(&server)), (1, json!(1)));
}
