//! What pages of other origins may do, and what browsers are told.

use crate::harness::{Reply, Server, TOKEN, program};
use crate::tenants_apart::document;
use serde_json::json;
use tempfile::TempDir;

const AUTH: (&str, &str) = ("X-Auth-Token", TOKEN);
const PANEL: (&str, &str) = ("Origin", "https://panel.example");
const OTHER: (&str, &str) = ("Origin", "https://evil.example");
const PREFLIGHT: (&str, &str) = ("Access-Control-Request-Method", "PUT");

fn allowed(reply: &Reply) -> &str {
    reply.header("Access-Control-Allow-Origin")
}

#[test]
fn pages_of_other_origins_may_use_the_api() {
    let server = Server::start();
    assert_eq!(allowed(&server.send("GET", "/contexts", None, &[AUTH, PANEL])), "*");
    let refused = server.send("GET", "/contexts", None, &[PANEL]);
    assert_eq!((refused.status, allowed(&refused)), (401, "*"));
    let reply = server.send("OPTIONS", "/contexts/1", None, &[PANEL, PREFLIGHT]);
    assert_eq!(reply.status, 200);
    assert!(reply.header("Access-Control-Allow-Methods").contains("PUT"));
    assert_eq!(
        reply.header("Access-Control-Allow-Headers"),
        "Content-Type, Authorization, X-Auth-Token, Wazo-Tenant, Wazo-Session-Type"
    );
    assert_eq!(allowed(&server.get("/contexts")), "");
}

#[test]
fn where_origins_are_named_pages_of_others_read_and_send_nothing() {
    let storage = TempDir::new().unwrap();
    let mut program = program(storage.path(), "serve");
    program.env("CORDBOARD__HTTP__ORIGINS", "https://panel.example, http://localhost:8080");
    let server = Server::run(program);
    for origin in [PANEL, ("Origin", "http://localhost:8080")] {
        assert_eq!(allowed(&server.send("GET", "/contexts", None, &[AUTH, origin])), origin.1);
        let preflight = server.send("OPTIONS", "/contexts/1", None, &[origin, PREFLIGHT]);
        assert_eq!(allowed(&preflight), origin.1);
        assert!(preflight.header("Access-Control-Allow-Headers").contains("X-Auth-Token"));
    }
    for origin in ["https://evil.example", "https://panel.example.evil", "http://panel.example", "null"] {
        let origin = ("Origin", origin);
        for reply in [
            server.send("GET", "/contexts", None, &[AUTH, origin]),
            server.send("OPTIONS", "/contexts/1", None, &[origin, PREFLIGHT]),
            server.auth("POST", "/token", Some(json!({})), &[origin]),
        ] {
            assert_eq!(allowed(&reply), "", "{origin:?}");
            assert_eq!(reply.header("Access-Control-Allow-Headers"), "", "{origin:?}");
            assert_eq!(reply.header("Vary"), "Origin");
        }
    }
}

#[test]
fn no_answer_makes_a_browser_send_something_by_itself_or_keep_what_it_got() {
    let server = Server::start();
    let mut asked = 0;
    for api in ["confd", "auth"] {
        for (path, methods) in document(api)["paths"].as_object().unwrap() {
            let path = path.replace(['{', '}'], "");
            for method in methods.as_object().unwrap().keys().map(|method| method.to_uppercase()) {
                for headers in [&[OTHER][..], &[OTHER, AUTH], &[OTHER, ("Authorization", "Basic eDp5")]] {
                    let reply = match api {
                        "auth" => server.auth(&method, &path, Some(json!({})), headers),
                        _ => server.send(&method, &path, Some("{}".to_owned()), headers),
                    };
                    for name in ["Set-Cookie", "WWW-Authenticate", "Access-Control-Allow-Credentials"] {
                        assert_eq!(reply.header(name), "", "{name} of {method} {path}");
                    }
                    assert_eq!(reply.header("Cache-Control"), "no-store", "{method} {path}");
                    assert_eq!(reply.header("X-Content-Type-Options"), "nosniff", "{method} {path}");
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 1000, "only {asked} requests");
}
