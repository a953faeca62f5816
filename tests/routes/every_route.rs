//! What holds for every route, by the OpenAPI document.

use crate::harness::{Server, TOKEN, program};
use serde_json::Value;
use tempfile::TempDir;

const UUID: &str = "99999999-9999-4999-8999-999999999999";

/// Every method and path, placeholders filled with something unknown.
fn routes() -> Vec<(String, String, bool)> {
    let storage = TempDir::new().unwrap();
    let output = program(storage.path(), "openapi").output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let mut path = path.clone();
            for parameter in operation["parameters"].as_array().unwrap() {
                let value = if parameter["schema"]["format"] == "uuid" { UUID } else { "999999" };
                path = path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), value);
            }
            routes.push((method.to_uppercase(), path, operation["security"] == serde_json::json!([])));
        }
    }
    assert!(routes.len() > 5);
    routes
}

#[test]
fn without_a_token_every_route_answers_401_and_names_the_access() {
    let server = Server::start();
    for (method, path, public) in routes() {
        let reply = server.send(&method, &path, None, &[]);
        if public {
            assert_ne!(reply.status, 401, "{method} {path}");
            continue;
        }
        // The original calls it otherwise (confd.md 1.3).
        let named = path.replace("/asterisk/queues/general", "/asterisk/queue/general");
        let text = reply.expect(401)[0].as_str().unwrap().to_owned();
        let named = ["confd", "agentd", "calld"]
            .iter()
            .any(|service| text.starts_with(&format!("('', '{service}{}", named.replace('/', "."))));
        assert!(named, "{method} {path}: {text}");
        let bad = server.send(&method, &path, None, &[("X-Auth-Token", "bad")]);
        assert!(bad.expect(401)[0].as_str().unwrap().starts_with("('bad', "), "{method} {path}");
    }
}

#[test]
fn a_method_that_a_path_does_not_have_answers_405_and_options_tells_which_it_has() {
    let server = Server::start();
    for (method, path, _) in routes() {
        let reply = server.send("PATCH", &path, None, &[]);
        assert_eq!(reply.status, 405, "{path}");
        assert!(reply.header("Allow").contains(&method), "{path}");
        let options = server.send("OPTIONS", &path, None, &[]);
        assert_eq!((options.status, options.text.as_str()), (200, ""), "{path}");
        assert!(options.header("Allow").contains(&method), "{path}");
    }
}

#[test]
fn a_body_that_is_no_json_is_refused_and_no_route_fails() {
    let server = Server::start();
    for (method, path, _) in routes() {
        for body in ["", "{", "[1]", "\"x\"", "{\"label\": \"\\u0000\"}", "null"] {
            let headers = [("X-Auth-Token", TOKEN)];
            let reply = server.send(&method, &path, Some(body.to_owned()), &headers);
            let routine = [200, 201, 204, 400, 404, 405, 503].contains(&reply.status);
            assert!(routine, "{method} {path} {body}: {} {}", reply.status, reply.text);
        }
    }
}
