//! Every route without a token, with one that has ended, with every right but its own, and with its own alone.

use crate::harness::{Reply, Server, program};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const UUID: &str = "99999999-9999-4999-8999-999999999999";
const ACCOUNT: &str = "88888888-8888-4888-8888-888888888888";

struct Route {
    /// Of the auth API.
    auth: bool,
    method: String,
    path: String,
    access: String,
}

/// Every route that needs a token; placeholders name something unknown.
fn routes() -> Vec<Route> {
    let storage = TempDir::new().unwrap();
    let mut routes = Vec::new();
    for api in ["confd", "auth"] {
        let output = program(storage.path(), "openapi").arg(api).output().unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if operation["security"] == json!([]) {
                    continue;
                }
                let (mut path, mut access) =
                    (path.clone(), operation["x-access"].as_str().unwrap().to_owned());
                for parameter in operation["parameters"].as_array().unwrap() {
                    let value = if parameter["schema"]["format"] == "uuid" { UUID } else { "999999" };
                    let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
                    (path, access) = (path.replace(&name, value), access.replace(&name, value));
                }
                routes.push(Route { auth: api == "auth", method: method.to_uppercase(), path, access });
            }
        }
    }
    assert!(routes.len() > 150, "{} routes", routes.len());
    routes
}

/// Puts a session with these rights into the database, as a login would.
fn let_in(database: &Connection, acl: &[String], lasts: i64) -> String {
    let number: i64 = database.query_row("SELECT count(*) FROM session", [], |row| row.get(0)).unwrap();
    let token = format!("00000000-0000-4000-8000-{number:012}");
    let hash: String = Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let sql = "INSERT INTO session (uuid, hash, account_uuid, mobile, admin, acl, issued_at, expires_at, remote_addr,
        user_agent) VALUES (?1, ?2, ?3, 0, 0, ?4, unixepoch(), unixepoch() + ?5, '', '')";
    database.execute(sql, params![token, hash, ACCOUNT, json!(acl).to_string(), lasts]).unwrap();
    token
}

fn ask(server: &Server, route: &Route, token: Option<&str>) -> Reply {
    let headers: Vec<_> = token.map(|token| ("X-Auth-Token", token)).into_iter().collect();
    match route.auth {
        true => server.auth(&route.method, &route.path, Some(json!({})), &headers),
        false => server.send(&route.method, &route.path, Some("{}".to_owned()), &headers),
    }
}

/// Asserts a 401 that says why.
fn refused(reply: &Reply, route: &Route, token: &str, missing: bool) {
    let Route { method, path, access, auth } = route;
    assert_eq!(reply.status, 401, "{method} {path}: {}", reply.text);
    if *auth {
        let why = if missing { "missing_permission_or_invalid_tenant" } else { "not_found_or_expired" };
        let details = &reply.json["details"];
        assert_eq!(
            (&details["reason"], &details["required_access"]),
            (&json!(why), &json!(access)),
            "{path}"
        );
        return;
    }
    let none = if missing { ", None" } else { "" };
    assert_eq!(reply.json, json!([format!("('{token}', '{access}'{none})")]), "{method} {path}");
}

#[test]
fn every_route_asks_for_its_right_and_for_no_other() {
    let server = Server::start();
    let account = json!({"uuid": ACCOUNT, "username": "anna"});
    server.admin("POST", "/users", account).expect(200);
    let routes = routes();
    let database = server.database();
    let expired = let_in(&database, &["#".to_owned()], -10);
    database.execute_batch("BEGIN").unwrap();
    let tokens = routes.iter().map(|route| {
        let all_but = ["#".to_owned(), format!("!{}", route.access)];
        (let_in(&database, &all_but, 3600), let_in(&database, std::slice::from_ref(&route.access), 3600))
    });
    let tokens: Vec<_> = tokens.collect();
    database.execute_batch("COMMIT").unwrap();
    for (route, (all_but, only)) in routes.iter().zip(tokens) {
        refused(&ask(&server, route, None), route, "", false);
        refused(&ask(&server, route, Some(&expired)), route, &expired, false);
        refused(&ask(&server, route, Some(&all_but)), route, &all_but, true);
        let reply = ask(&server, route, Some(&only));
        assert_ne!(
            reply.status, 401,
            "{} {} with {}: {}",
            route.method, route.path, route.access, reply.text
        );
        assert!(reply.status < 500 || reply.status == 503, "{} {}: {}", route.method, route.path, reply.text);
    }
}
