//! `/users` of the auth API, their passwords, addresses, sessions and refresh tokens.

use super::{reason, user};
use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

const NOBODYS: &str = "99999999-9999-4999-8999-999999999999";

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn an_account_is_made_read_changed_and_deleted() {
    let server = Server::start();
    let body =
        json!({"username": "anna", "firstname": "Anna", "password": "secret", "email_address": "a@b.cc"});
    let made = server.admin("POST", "/users", body).expect(200);
    assert_eq!(
        keys(&made),
        [
            "uuid",
            "username",
            "firstname",
            "lastname",
            "purpose",
            "emails",
            "enabled",
            "tenant_uuid",
            "authentication_method"
        ]
    );
    assert_eq!((&made["tenant_uuid"], &made["authentication_method"]), (&json!(MASTER), &json!("default")));
    assert_eq!((&made["emails"][0]["main"], &made["emails"][0]["confirmed"]), (&json!(true), &json!(true)));
    let path = format!("/users/{}", made["uuid"].as_str().unwrap());
    let seen = server.admin("GET", &path, json!({})).expect(200);
    assert_eq!(
        keys(&seen),
        [
            "username",
            "uuid",
            "enabled",
            "emails",
            "firstname",
            "lastname",
            "purpose",
            "tenant_uuid",
            "authentication_method"
        ]
    );
    for login in ["ANNA", "A@b.cc"] {
        server.token_of(login, "secret");
    }
    let changed = server.admin("PUT", &path, json!({"username": "ann"})).expect(200);
    assert_eq!((&changed["firstname"], &changed["emails"]), (&json!(null), &made["emails"]));
    let token = server.token_of("ann", "secret");
    server.admin("PUT", &path, json!({"username": "ann", "enabled": "no"})).expect(200);
    assert_eq!(server.auth("HEAD", &format!("/token/{token}"), None, &[]).status, 404);
    reason(server.log_in("ann", "secret", json!({})), 401, "Authentication Failed");
    server.admin("DELETE", &path, json!({})).expect(204);
    let gone = server.admin("GET", &path, json!({})).expect(404);
    assert_eq!((&gone["error_id"], &gone["resource"]), (&json!("unknown-user"), &json!("users")));
    assert_eq!(gone["message"], format!("No such user: \"{}\"", made["uuid"].as_str().unwrap()));
}

#[test]
fn the_first_mistake_is_told_with_what_would_be_right() {
    let server = Server::start();
    for (body, field, message, id, constraint) in [
        (
            json!({"username": "", "enabled": "x"}),
            "username",
            "Length must be between 1 and 256.",
            "length",
            json!({"min": 1, "max": 256}),
        ),
        (json!({"firstname": 5}), "firstname", "Not a valid string.", "type", json!("string")),
        (
            json!({"purpose": "x"}),
            "purpose",
            "Must be one of: user, internal, external_api.",
            "enum",
            json!({"choices": ["user", "internal", "external_api"]}),
        ),
        (json!({"uuid": null}), "uuid", "Field may not be null.", "not_null", json!("not_null")),
        (
            json!({"password": ""}),
            "password",
            "Shorter than minimum length 1.",
            "length",
            json!({"min": 1, "max": null}),
        ),
        (
            json!({"email_address": "x"}),
            "email_address",
            "Not a valid email address.",
            "type",
            json!("email"),
        ),
    ] {
        let wrong = server.admin("POST", "/users", body).expect(400);
        assert_eq!(wrong["error_id"], "invalid-data");
        assert_eq!(wrong["message"], message);
        let fault = json!({field: {"message": message, "constraint_id": id, "constraint": constraint}});
        assert_eq!((&wrong["details"], &wrong["resource"]), (&fault, &json!("users")));
    }
    let list = server.admin("POST", "/users", json!([1])).expect(400);
    assert_eq!(list["message"], "Invalid input type.");
    server.admin("POST", "/users", json!(null)).expect(200);
}

#[test]
fn a_login_belongs_to_one_account_as_name_and_as_address() {
    let server = Server::start();
    let anna = json!({"username": "anna", "email_address": "anna@x.cc", "uuid": NOBODYS});
    server.admin("POST", "/users", anna).expect(200);
    for (body, field, login) in [
        (json!({"username": "ANNA"}), "username", "ANNA"),
        (json!({"username": "anna@x.cc"}), "username", "anna@x.cc"),
        (json!({"email_address": "Anna@x.cc"}), "email_address", "Anna@x.cc"),
    ] {
        let taken = server.admin("POST", "/users", body).expect(409);
        assert_eq!(
            (&taken["message"], &taken["error_id"]),
            (&json!("Conflict detected"), &json!("conflict"))
        );
        assert_eq!(taken["details"][field]["message"], format!("The login \"{login}\" is already used"));
    }
    let again = server.admin("POST", "/users", json!({"uuid": NOBODYS})).expect(409);
    assert_eq!(again["details"]["uuid"]["message"], format!("The uuid \"{NOBODYS}\" is already used"));
    let auth = json!({"username": "anna"});
    let text = "409 Client Error: Conflict detected for url: http://localhost:80/api/auth/0.1/users";
    server.post("/users", json!({"firstname": "A", "auth": auth})).refused(400, &[text]);
}

#[test]
fn accounts_are_listed_searched_and_filtered() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    for (name, last) in [("carl", "Smith"), ("anna", "Smith"), ("ben", "Jones")] {
        server.admin("POST", "/users", json!({"username": name, "lastname": last})).expect(200);
    }
    let below = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", branch.uuid.as_str())];
    server.auth("POST", "/users", Some(json!({"username": "dora"})), &below).expect(200);
    let list = |query: &str| server.admin("GET", &format!("/users?{query}"), json!({})).expect(200);
    let names = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["username"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&list("")), ["anna", "ben", "carl"]);
    assert_eq!(names(&list("recurse=true")), ["anna", "ben", "carl", "dora"]);
    assert_eq!(names(&list("direction=desc&limit=1")), ["carl"]);
    assert_eq!(names(&list("order=lastname&offset=1&limit=1&lastname=Smith")), ["carl"]);
    let found = list("search=SMI");
    assert_eq!((&found["filtered"], &found["total"]), (&json!(2), &json!(3)));
    assert_eq!(names(&list("username=ben")), ["ben"]);
    let wrong = server.admin("GET", "/users?limit=-1&order=x", json!({})).expect(400);
    assert_eq!((&wrong["error_id"], &wrong["resource"]), (&json!("invalid-list-param"), &json!("users")));
    assert_eq!(keys(&wrong["message"]), ["limit", "order"]);
}

#[test]
fn a_password_is_changed_by_who_knows_the_old_one_and_ends_all_sessions() {
    let server = Server::start();
    let anna = user(&server, "anna");
    let path = format!("/users/{}/password", anna["uuid"].as_str().unwrap());
    let token = server.token_of("anna", "secret");
    let put = |old: &str| {
        let body = json!({"old_password": old, "new_password": "new:secret"});
        server.auth("PUT", &path, Some(body), &[("X-Auth-Token", token.as_str())])
    };
    reason(put("wrong"), 401, "Authentication Failed");
    put("secret").expect(204);
    assert_eq!(server.auth("HEAD", &format!("/token/{token}"), None, &[]).status, 404);
    reason(server.log_in("anna", "secret", json!({})), 401, "Authentication Failed");
    server.token_of("anna", "new:secret");
    let reset = format!("/users/password/reset?user_uuid={}", anna["uuid"].as_str().unwrap());
    assert_eq!(server.auth("POST", &reset, Some(json!({"password": "x"})), &[]).status, 401);
    server.admin("POST", &reset, json!({"password": "third"})).expect(204);
    let by_query = format!("{reset}&token={TOKEN}");
    server.token_of("anna", "third");
    server.auth("POST", &by_query, Some(json!({"password": null})), &[]).expect(204);
    reason(server.log_in("anna", "third", json!({})), 401, "Authentication Failed");
    server.auth("GET", "/users/password/reset?login=x", None, &[]).expect(204);
    assert_eq!(server.auth("GET", "/users/password/reset", None, &[]).expect(400)["resource"], "reset");
}

#[test]
fn addresses_are_replaced_as_a_whole() {
    let server = Server::start();
    let made = server.admin("POST", "/users", json!({"email_address": "a@b.cc"})).expect(200);
    let uuid = made["uuid"].as_str().unwrap();
    let put = |way: &str, emails: Value| {
        server.admin("PUT", &format!("{way}/users/{uuid}/emails"), json!({"emails": emails}))
    };
    let two = json!([{"address": "a@b.cc"}, {"address": "c@d.ee", "main": true, "confirmed": true}]);
    let emails = put("", two.clone()).expect(200);
    assert_eq!((&emails[0]["uuid"], &emails[0]["confirmed"]), (&made["emails"][0]["uuid"], &json!(true)));
    assert_eq!((&emails[1]["main"], &emails[1]["confirmed"]), (&json!(true), &json!(false)));
    assert_eq!(put("/admin", two).expect(200)[1]["confirmed"], true);
    for (emails, text) in [
        (json!([{"address": "a@b.cc"}]), "At least one address should be main"),
        (
            json!([{"address": "a@b.cc", "main": true}, {"address": "c@d.ee", "main": true}]),
            "Only one address should be main",
        ),
        (
            json!([{"address": "a@b.cc", "main": true}, {"address": "A@b.cc"}]),
            "The same address can only be used once",
        ),
    ] {
        let wrong = put("", emails).expect(400);
        assert_eq!((&wrong["message"], &wrong["resource"]), (&json!({"_schema": [text]}), &json!("emails")));
    }
    assert!(put("", json!([{"address": "x"}])).expect(400)["message"]["emails"]["0"]["address"].is_array());
    put("", json!([])).expect(200);
}

#[test]
fn sessions_and_refresh_tokens_are_listed_and_ended_without_their_secrets() {
    let server = Server::start();
    let (anna, ben) = (user(&server, "anna"), user(&server, "ben"));
    let uuid = anna["uuid"].as_str().unwrap();
    let login = server.log_in("anna", "secret", json!({"access_type": "offline", "client_id": "desk"})).json;
    let login = &login["data"];
    let token = login["token"].as_str().unwrap();
    let mine = |method: &str, path: &str| server.auth(method, path, None, &[("X-Auth-Token", token)]);
    let sessions = mine("GET", &format!("/users/{uuid}/sessions")).expect(200);
    assert_eq!(sessions["items"][0]["uuid"], login["session_uuid"]);
    assert_eq!(keys(&sessions["items"][0]), ["uuid", "mobile", "tenant_uuid", "user_uuid"]);
    assert_eq!(mine("GET", &format!("/users/{}/sessions", ben["uuid"].as_str().unwrap())).status, 401);
    let tokens = mine("GET", "/users/me/tokens").expect(200);
    assert_eq!(
        keys(&tokens["items"][0]),
        ["client_id", "created_at", "mobile", "user_uuid", "tenant_uuid", "metadata"]
    );
    assert!(!tokens.to_string().contains(login["refresh_token"].as_str().unwrap()));
    assert_eq!(server.admin("GET", "/tokens", json!({})).expect(200)["total"], 1);
    let session = login["session_uuid"].as_str().unwrap();
    let others = format!("/users/{}/sessions/{session}", ben["uuid"].as_str().unwrap());
    server.admin("DELETE", &others, json!({})).expect(204);
    mine("DELETE", "/users/me/tokens/desk").expect(204);
    let unknown = mine("DELETE", "/users/me/tokens/desk").expect(404);
    assert_eq!(unknown["error_id"], "cannot-find-refresh-token-matching-client-id");
    let refresh = json!({"refresh_token": login["refresh_token"], "client_id": "desk"});
    reason(server.auth("POST", "/token", Some(refresh), &[]), 401, "Authentication Failed");
    server.admin("DELETE", &format!("/sessions/{session}"), json!({})).expect(204);
    assert_eq!(mine("GET", "/users/me/tokens").status, 401);
    assert_eq!(server.admin("GET", "/sessions", json!({})).expect(200)["total"], 0);
}

#[test]
fn a_user_and_the_account_go_together() {
    let server = Server::start();
    let anna = user(&server, "anna");
    let uuid = anna["uuid"].as_str().unwrap();
    let account = || server.admin("GET", &format!("/users/{uuid}"), json!({}));
    server.put(&format!("/users/{uuid}"), json!({"firstname": "Ann", "lastname": "Lee"})).expect(204);
    let renamed = account().expect(200);
    assert_eq!((&renamed["firstname"], &renamed["lastname"]), (&json!("Ann"), &json!("Lee")));
    server
        .admin("PUT", &format!("/users/{uuid}"), json!({"username": "anna", "firstname": "A."}))
        .expect(200);
    server.put(&format!("/users/{uuid}"), json!({"firstname": "Anna"})).expect(204);
    assert_eq!(account().expect(200)["firstname"], "A.", "a name of its own");
    let token = server.token_of("anna", "secret");
    server.delete(&format!("/users/{uuid}?recursive=true")).expect(204);
    account().expect(404);
    assert_eq!(server.auth("HEAD", &format!("/token/{token}"), None, &[]).status, 404);
    reason(server.log_in("anna", "secret", json!({})), 401, "Authentication Failed");
}
