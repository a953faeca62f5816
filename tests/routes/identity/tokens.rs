//! `/token`.

use super::{reason, user};
use crate::harness::{MASTER, Server, TOKEN, program};
use serde_json::{Value, json};
use tempfile::TempDir;

const FAILED: &str = "Authentication Failed";
const NOBODYS: &str = "99999999-9999-4999-8999-999999999999";

#[test]
fn who_logs_in_gets_a_token_that_tells_who_they_are() {
    let server = Server::start();
    let user = user(&server, "Anna");
    let reply = server.log_in("anna", "secret", json!({"expiration": 60}));
    assert_eq!(reply.header("Wazo-Sessions-Revoked"), "0");
    let data = reply.expect(200)["data"].clone();
    let keys: Vec<_> = data.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "token",
            "auth_id",
            "xivo_user_uuid",
            "xivo_uuid",
            "issued_at",
            "expires_at",
            "utc_issued_at",
            "utc_expires_at",
            "acl",
            "metadata",
            "session_uuid",
            "remote_addr",
            "user_agent"
        ]
    );
    assert_eq!((&data["auth_id"], &data["xivo_user_uuid"]), (&user["uuid"], &user["uuid"]));
    assert_eq!(data["xivo_uuid"], server.get("/infos").expect(200)["uuid"]);
    let metadata = json!({"uuid": user["uuid"], "tenant_uuid": MASTER, "auth_id": user["uuid"],
        "pbx_user_uuid": user["uuid"], "xivo_uuid": data["xivo_uuid"], "purpose": "user", "admin": false});
    assert_eq!(data["metadata"], metadata);
    assert!(data["acl"].as_array().unwrap().contains(&json!("confd.users.me.forwards.*")));
    assert_eq!(data["remote_addr"], "127.0.0.1");
    let path = format!("/token/{}", data["token"].as_str().unwrap());
    let seen = server.auth("GET", &path, None, &[]).expect(200)["data"].clone();
    assert_eq!((&seen["token"], &seen["acl"]), (&data["token"], &data["acl"]));
    assert_eq!(seen["session_uuid"], data["session_uuid"]);
    assert_eq!(seen["issued_at"].as_str().unwrap().len(), "2026-11-23T13:24:48".len());
    assert!(seen["utc_issued_at"].as_str().unwrap().ends_with(".000000"));
    assert_eq!(server.auth("HEAD", &path, None, &[]).status, 204);
}

#[test]
fn both_addresses_of_the_api_are_the_same() {
    let server = Server::start();
    user(&server, "anna");
    let token = server.token_of("anna", "secret");
    let uri = format!("http://{}/api/auth/0.1/token/{token}", server.address());
    assert_eq!(server.send_to("HEAD", &uri, None, &[]).status, 204);
}

#[test]
fn every_failed_login_is_told_the_same() {
    let server = Server::start();
    user(&server, "anna");
    server.post("/users", json!({"firstname": "B", "auth": {"username": "none"}})).expect(201);
    let off = json!({"username": "off", "password": "secret", "enabled": false});
    server.post("/users", json!({"firstname": "C", "auth": off})).expect(201);
    for (name, password) in
        [("anna", "wrong"), ("nobody", "secret"), ("none", "x"), ("off", "secret"), ("", "x")]
    {
        reason(server.log_in(name, password, json!({})), 401, FAILED);
    }
    let body = json!({"username": "anna", "password": "secret", "login": "anna"});
    reason(server.auth("POST", "/token", Some(body), &[]), 401, FAILED);
    for header in ["Basic YW5uYQ==", "Basic !!!", "Bearer x", "Basic YW5uYTpzZWNyZXQ"] {
        reason(server.auth("POST", "/token", Some(json!({})), &[("Authorization", header)]), 401, FAILED);
    }
    let refresh = json!({"refresh_token": "x", "client_id": "c"});
    reason(server.log_in("anna", "secret", refresh), 401, FAILED);
    reason(server.log_in("anna", "secret", json!({"saml_session_id": "x"})), 401, FAILED);
}

#[test]
fn mistakes_of_a_login_are_told_as_python_prints_them() {
    let server = Server::start();
    for (body, text) in [
        (json!({"expiration": 0}), None),
        (json!({"expiration": 315_360_001}), None),
        (json!({"client_id": null}), None),
        (json!({"client_id": "x".repeat(1025)}), None),
        (
            json!({"refresh_token": "x"}),
            Some("{'_schema': ['\"client_id\" must be specified when using a \"refresh_token\"']}"),
        ),
        (
            json!({"access_type": "offline"}),
            Some(
                "{'_schema': ['\"client_id\" must be specified when using \"access_type\" is \"offline\"']}",
            ),
        ),
    ] {
        let reply = server.log_in("anna", "secret", body.clone());
        match text {
            Some(text) => reason(reply, 400, text),
            None => assert_eq!(reply.status, 400, "{body}"),
        }
    }
    let nothing = server.auth("POST", "/token", None, &[]).expect(400);
    assert!(nothing["message"].as_str().unwrap().starts_with("The browser"));
}

#[test]
fn a_scope_and_a_tenant_are_checked() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    user(&server, "anna");
    let token = server.token_of("anna", "secret");
    let head = |query: &str| server.auth("HEAD", &format!("/token/{token}?{query}"), None, &[]).status;
    let get = |query: &str| server.auth("GET", &format!("/token/{token}?{query}"), None, &[]);
    assert_eq!(head("scope=confd.infos.read"), 204);
    assert_eq!(head("scope=confd.users.me.forwards.busy.update"), 204);
    reason(get("scope=confd.users.read"), 403, "Unauthorized for confd.users.read");
    assert_eq!(head("scope="), 403);
    assert_eq!(head(&format!("tenant={MASTER}&scope=confd.infos.read")), 204);
    assert_eq!(head(&format!("tenant={}", branch.uuid)), 204, "it is below");
    reason(get("tenant=x"), 403, "Unauthorized for tenant x");
    assert_eq!(head("tenant="), 204);
    let path = format!("/token/{token}/scopes/check");
    let scopes = json!({"scopes": ["confd.infos.read", "confd.users.read", "confd.infos.read"]});
    let answer = server.auth("POST", &path, Some(scopes), &[]).expect(200);
    assert_eq!(answer, json!({"scopes": {"confd.infos.read": true, "confd.users.read": false}}));
    assert_eq!(server.auth("POST", &path, Some(json!({})), &[]).status, 400);
}

#[test]
fn a_token_of_nobody_is_unknown_everywhere() {
    let server = Server::start();
    let path = format!("/token/{NOBODYS}");
    reason(server.auth("GET", &path, None, &[]), 404, "No such token");
    assert_eq!(server.auth("HEAD", &path, None, &[]).status, 404);
    let check = format!("{path}/scopes/check");
    reason(server.auth("POST", &check, Some(json!({"scopes": []})), &[]), 404, "No such token");
    server.auth("DELETE", &path, None, &[]).expect(200);
    let page = server.auth("GET", "/token/zz", None, &[]);
    assert_eq!((page.status, page.header("Content-Type")), (404, "text/html; charset=utf-8"));
    assert_eq!(server.auth("PUT", &path, None, &[]).status, 405);
}

#[test]
fn a_token_ends_when_it_is_revoked_and_when_its_time_is_over() {
    let server = Server::start();
    let user = user(&server, "anna");
    let path = format!("/users/{}", user["uuid"].as_str().unwrap());
    let token = server.token_of("anna", "secret");
    let mine = |token: &str| server.send("GET", &path, None, &[("X-Auth-Token", token)]);
    mine(&token).expect(200);
    let ended = server.auth("DELETE", &format!("/token/{token}"), None, &[]).expect(200);
    assert_eq!(ended, json!({"data": {"message": "success"}}));
    let access = format!("confd.users.{}.read", user["uuid"].as_str().unwrap());
    mine(&token).refused(401, &[&format!("('{token}', '{access}')")]);
    let short =
        server.log_in("anna", "secret", json!({"expiration": 3})).expect(200)["data"]["token"].clone();
    let short = short.as_str().unwrap();
    mine(short).expect(200);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while mine(short).status == 200 {
        assert!(std::time::Instant::now() < deadline, "it does not end");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    mine(short).refused(401, &[&format!("('{short}', '{access}')")]);
    server.get(&path).expect(200);
}

#[test]
fn a_refresh_token_is_the_same_at_each_login_and_gives_new_tokens() {
    let server = Server::start();
    user(&server, "anna");
    let offline = json!({"access_type": "offline", "client_id": "desk"});
    let login = |body: &Value| server.log_in("anna", "secret", body.clone()).expect(200)["data"].clone();
    let (first, second) = (login(&offline), login(&offline));
    assert_eq!(first["refresh_token"], second["refresh_token"]);
    assert_ne!(first["token"], second["token"]);
    let other = login(&json!({"access_type": "offline", "client_id": "phone"}));
    assert_ne!(other["refresh_token"], first["refresh_token"]);
    let refresh = json!({"refresh_token": first["refresh_token"], "client_id": "desk"});
    let third = server.auth("POST", "/token", Some(refresh.clone()), &[]).expect(200)["data"].clone();
    assert_eq!((&third["auth_id"], third.get("refresh_token")), (&first["auth_id"], None));
    assert_ne!(third["session_uuid"], first["session_uuid"]);
    let wrong = json!({"refresh_token": first["refresh_token"], "client_id": "phone"});
    reason(server.auth("POST", "/token", Some(wrong), &[]), 401, FAILED);
    let path = format!("/token/{}", third["token"].as_str().unwrap());
    assert!(server.auth("GET", &path, None, &[]).expect(200)["data"].get("refresh_token").is_none());
}

#[test]
fn a_mobile_login_ends_the_mobile_sessions_before_it() {
    let server = Server::start();
    user(&server, "anna");
    let basic = "Basic YW5uYTpzZWNyZXQ=";
    let login = |client: &str, mobile: &str| {
        let headers = [("Authorization", basic), ("Wazo-Session-Type", mobile)];
        let body = json!({"access_type": "offline", "client_id": client});
        server.auth("POST", "/token", Some(body), &headers)
    };
    let desk = login("desk", "desktop").expect(200)["data"].clone();
    let one = login("one", "Mobile").expect(200)["data"].clone();
    let two = login("two", "mobile");
    assert_eq!(two.header("Wazo-Sessions-Revoked"), "1");
    let alive = |login: &Value| {
        server.auth("HEAD", &format!("/token/{}", login["token"].as_str().unwrap()), None, &[]).status
    };
    assert_eq!((alive(&desk), alive(&one)), (204, 404));
    let again = login("two", "mobile").expect(200)["data"].clone();
    assert_ne!(again["refresh_token"], two.json["data"]["refresh_token"]);
}

#[test]
fn nobody_has_more_than_a_hundred_sessions() {
    let server = Server::start();
    let user = user(&server, "anna");
    let offline = json!({"access_type": "offline", "client_id": "desk"});
    let refresh = server.log_in("anna", "secret", offline).expect(200)["data"]["refresh_token"].clone();
    let again = json!({"refresh_token": refresh, "client_id": "desk"});
    for _ in 1..100 {
        server.auth("POST", "/token", Some(again.clone()), &[]).expect(200);
    }
    let text =
        format!("User {} has exceeded the maximum number of active sessions", user["uuid"].as_str().unwrap());
    reason(server.auth("POST", "/token", Some(again), &[]), 429, &text);
}

#[test]
fn the_administrators_token_has_a_view_too_where_it_is_a_uuid() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    let output = program(storage.path(), "token").arg("add").output().unwrap();
    let token = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let path = format!("/token/{token}");
    let data = server.auth("GET", &path, None, &[]).expect(200)["data"].clone();
    assert_eq!((&data["auth_id"], &data["acl"]), (&json!("wazo-auth"), &json!(["#"])));
    assert_eq!(data["metadata"]["tenant_uuid"], MASTER);
    server.auth("DELETE", &path, None, &[]).expect(200);
    assert_eq!(server.send("GET", "/users", None, &[("X-Auth-Token", &token)]).status, 401);
    server.get("/users").expect(200);
}

#[test]
fn no_secret_is_stored_or_logged() {
    let storage = TempDir::new().unwrap();
    let log = std::fs::File::create(storage.path().join("log")).unwrap();
    let mut serve = program(storage.path(), "serve");
    serve.env("CORDBOARD__LOG__LEVEL", "trace,actix=trace").stderr(log);
    let server = Server::run(serve);
    let auth = json!({"username": "anna", "password": "Very-Secret-1"});
    server.post("/users", json!({"firstname": "Anna", "auth": auth})).expect(201);
    let offline = json!({"access_type": "offline", "client_id": "desk"});
    let data = server.log_in("anna", "Very-Secret-1", offline).expect(200)["data"].clone();
    let (token, refresh) = (data["token"].as_str().unwrap(), data["refresh_token"].as_str().unwrap());
    server.log_in("anna", "Very-Wrong-2", json!({})).expect_status(401);
    server.send("GET", "/users", None, &[("X-Auth-Token", token)]).expect_status(401);
    server.auth("DELETE", &format!("/token/{token}"), None, &[]).expect(200);
    server.get("/users").expect(200);
    drop(server);
    let mut files = vec![storage.path().to_owned()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for secret in ["Very-Secret-1", "Very-Wrong-2", token, refresh, TOKEN] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {}", path.display());
        }
    }
}
