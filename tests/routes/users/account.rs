//! `auth` in `POST /users`.

use super::total;
use crate::harness::{MASTER, Server, program};
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordVerifier};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

const CONFLICT: &str = "409 Client Error: Conflict detected for url: http://localhost:80/api/auth/0.1/users";

#[test]
fn an_account_takes_what_it_lacks_from_the_user() {
    let server = Server::start();
    let body = json!({"firstname": "A", "lastname": "B", "email": "a@b.c", "username": "ab", "password": "secret",
        "auth": {}});
    let user = server.post("/users", body).expect(201);
    let auth = &user["auth"];
    assert_eq!(user.as_object().unwrap().keys().next_back().unwrap(), "auth");
    let keys: Vec<_> = auth.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "firstname", "lastname", "username", "enabled", "tenant_uuid", "emails"]);
    assert_eq!((&auth["uuid"], &auth["tenant_uuid"]), (&user["uuid"], &json!(MASTER)));
    assert_eq!((&auth["firstname"], &auth["username"]), (&json!("A"), &json!("ab")));
    assert_eq!(auth["emails"][0]["address"], "a@b.c");
    assert_eq!(auth["emails"][0]["main"], true);
    assert!(server.get(&format!("/users/{}", user["id"])).expect(200).get("auth").is_none());
}

#[test]
fn an_account_is_named_by_its_address_or_else_by_the_uuid() {
    let server = Server::start();
    let user =
        server.post("/users", json!({"firstname": "A", "auth": {"email_address": "x@y.z"}})).expect(201);
    assert_eq!(user["auth"]["username"], "x@y.z");
    let user = server.post("/users", json!({"firstname": "A", "auth": {"enabled": "no"}})).expect(201);
    assert_eq!(user["auth"]["username"], user["uuid"]);
    assert_eq!((&user["auth"]["enabled"], &user["auth"]["emails"]), (&json!(false), &json!([])));
    assert!(server.post("/users", json!({"firstname": "A"})).expect(201).get("auth").is_none());
}

#[test]
fn a_name_or_an_address_that_is_taken_is_a_conflict() {
    let server = Server::start();
    let auth = json!({"username": "boss", "email_address": "boss@x.com"});
    server.post("/users", json!({"firstname": "A", "auth": auth})).expect(201);
    for auth in [json!({"username": "BOSS"}), json!({"username": "b", "email_address": "Boss@x.com"})] {
        server.post("/users", json!({"firstname": "B", "auth": auth})).refused(400, &[CONFLICT]);
    }
    assert_eq!(total(&server), 1);
}

#[test]
fn a_deleted_user_leaves_no_account() {
    let server = Server::start();
    let body = json!({"firstname": "A", "auth": {"username": "boss", "password": "x"}});
    let user = server.post("/users", body.clone()).expect(201);
    server.delete(&format!("/users/{}", user["id"])).expect(204);
    server.post("/users", body).expect(201);
}

#[test]
fn mistakes_of_the_account_are_named() {
    let server = Server::start();
    let refusals = [
        (json!({"purpose": "x"}), "{'purpose': ['Must be one of: user, internal, external_api.']}"),
        (json!({"password": ""}), "{'password': ['Shorter than minimum length 1.']}"),
        (json!({"password": 5, "password_hash": "x"}), "{'password': ['Not a valid string.']}"),
        (json!({"username": "x".repeat(257)}), "{'username': ['Length must be between 1 and 256.']}"),
        (json!({"email_address": "x"}), "{'email_address': ['Not a valid email address.']}"),
        (json!(null), "['Field may not be null.']"),
        (json!([]), "{'_schema': ['Invalid input type.']}"),
    ];
    for (auth, text) in refusals {
        let text = format!("Input Error - auth: {text}");
        server.post("/users", json!({"firstname": "A", "auth": auth})).refused(400, &[&text]);
    }
    assert_eq!(total(&server), 0);
}

#[test]
fn a_password_is_kept_as_a_hash_that_no_client_can_choose() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    for (name, auth) in [
        ("own", json!({"username": "own", "password": "secret", "password_hash": "mine"})),
        ("users", json!({"username": "users", "password_hash": "mine"})),
        ("none", json!({"username": "none", "password_hash": "mine"})),
    ] {
        let password = if name == "users" { json!("secret") } else { json!(null) };
        let body = json!({"firstname": "A", "password": password, "auth": auth});
        let answer = server.post("/users", body);
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert!(!answer.text.contains("argon2id"));
    }
    let database = Connection::open(storage.path().join("cordboard.db")).unwrap();
    let hash = |name: &str| -> Option<String> {
        let sql = "SELECT password_hash FROM account WHERE username = ?1";
        database.query_row(sql, [name], |row| row.get(0)).unwrap()
    };
    let (own, users) = (hash("own").unwrap(), hash("users").unwrap());
    for hash in [&own, &users] {
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }
    assert_ne!(own, users);
    let parsed = PasswordHash::new(&own).unwrap();
    Argon2::default().verify_password(b"secret", &parsed).unwrap();
    Argon2::default().verify_password(b"other", &parsed).unwrap_err();
    assert_eq!(hash("none"), None);
}
