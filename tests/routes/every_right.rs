//! Every route, below every prefix, without a token, with one that has ended, with every right but its own, and with its
//! own alone.

use crate::harness::{Reply, Server, program};
use cordboard::http::Access;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const UUID: &str = "99999999-9999-4999-8999-999999999999";
const ACCOUNT: &str = "88888888-8888-4888-8888-888888888888";

struct Route {
    method: String,
    path: String,
    access: String,
    prefixes: &'static [&'static str],
}

/// Below which prefixes the routes of a service are.
fn prefixes(service: &str) -> &'static [&'static str] {
    match service {
        "auth" => &["/0.1", "/api/auth/0.1"],
        "confd" => &["/1.1", "/api/confd/1.1"],
        "agentd" => &["/1.1", "/api/confd/1.1", "/1.0", "/api/agentd/1.0"],
        "calld" => &["/1.1", "/api/confd/1.1", "/1.0", "/api/calld/1.0"],
        // Then the number of walked routes is wrong.
        _ => &[],
    }
}

/// Every route that needs a token; placeholders name something unknown.
fn routes() -> Vec<Route> {
    let storage = TempDir::new().unwrap();
    // Below `/1.1` that path is confd's.
    let statuses = ("/agents".to_owned(), "agentd.agents.read".to_owned());
    let elsewhere = &["/1.0", "/api/agentd/1.0"];
    let statuses =
        Route { method: "GET".to_owned(), path: statuses.0, access: statuses.1, prefixes: elsewhere };
    let mut routes = vec![statuses];
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
                let prefixes = prefixes(access.split('.').next().unwrap());
                routes.push(Route { method: method.to_uppercase(), path, access, prefixes });
            }
        }
    }
    let mounts = cordboard::resources::mounts();
    let guarded = mounts.iter().flat_map(|(_, routes)| routes).filter(|route| route.access != Access::Public);
    let walked: usize = routes.iter().map(|route| route.prefixes.len()).sum();
    assert_eq!(walked, guarded.count(), "a route or a prefix is not walked");
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

fn ask(server: &Server, prefix: &str, route: &Route, token: Option<&str>) -> Reply {
    let headers: Vec<_> = token.map(|token| ("X-Auth-Token", token)).into_iter().collect();
    let uri = format!("http://{}{prefix}{}", server.address(), route.path);
    server.send_to(&route.method, &uri, Some("{}".to_owned()), &headers)
}

/// Asserts a 401 that says why.
fn refused(reply: &Reply, route: &Route, token: &str, missing: bool) {
    let Route { method, path, access, .. } = route;
    assert_eq!(reply.status, 401, "{method} {path}: {}", reply.text);
    if access.starts_with("auth.") {
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
        let Route { method, path, access, prefixes } = route;
        for prefix in *prefixes {
            let ask = |token| ask(&server, prefix, route, token);
            refused(&ask(None), route, "", false);
            refused(&ask(Some(&expired)), route, &expired, false);
            refused(&ask(Some(&all_but)), route, &all_but, true);
            let reply = ask(Some(&only));
            assert_ne!(reply.status, 401, "{method} {prefix}{path} with {access}: {}", reply.text);
            let routine = reply.status < 500 || reply.status == 503;
            assert!(routine, "{method} {prefix}{path}: {}", reply.text);
        }
    }
}
