//! What holds for the API as a whole (confd.md 1.1 to 1.5).

use crate::harness::{MASTER, Server, TOKEN};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;

const AUTH: (&str, &str) = ("X-Auth-Token", TOKEN);

#[test]
fn the_api_is_served_under_both_prefixes() {
    let server = Server::start();
    let address = server.address();
    for prefix in ["/1.1", "/api/confd/1.1"] {
        let answer = exchange(&server, &format!("GET {prefix}/contexts/1 HTTP/1.1\r\nX-Auth-Token: {TOKEN}"));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let href = format!("\"href\": \"http://{address}{prefix}/contexts/1\"");
        assert!(answer.contains(&href), "{answer}");
    }
}

#[test]
fn links_follow_the_host_and_a_proxy() {
    let server = Server::start();
    let href = |headers: &[(&str, &str)]| {
        let headers = [headers, &[AUTH]].concat();
        let context = server.send("GET", "/contexts/1", None, &headers).expect(200);
        context["links"][0]["href"].as_str().unwrap().to_owned()
    };
    assert_eq!(href(&[("Host", "pbx.example:8443")]), "http://pbx.example:8443/1.1/contexts/1");
    let proxied = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "pbx"), ("X-Script-Name", "/office")];
    assert_eq!(href(&proxied), "https://pbx/office/1.1/contexts/1");
}

#[test]
fn answers_are_spaced_and_typed_as_clients_know_them() {
    let server = Server::start();
    let reply = server.get("/contexts?limit=1");
    assert_eq!(reply.header("Content-Type"), "application/json");
    assert!(reply.text.starts_with("{\"total\": 3, \"items\": [{\"id\": 1, \"uuid\": "), "{}", reply.text);
    assert!(reply.text.ends_with("}]}\n"));
    let reply = server.put("/contexts/1", json!({}));
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    assert_eq!(reply.header("Content-Type"), "application/json");
    assert_eq!(server.get("/contexts/99").header("Content-Type"), "application/json");
}

#[test]
fn head_answers_as_get_without_a_body() {
    let server = Server::start();
    for (path, status) in [("/contexts", 200), ("/contexts/1", 200), ("/contexts/99", 404)] {
        let reply = server.send("HEAD", path, None, &[AUTH]);
        assert_eq!((reply.status, reply.text.as_str()), (status, ""), "{path}");
        assert_eq!(reply.header("Content-Type"), "application/json");
        assert_eq!(reply.header("Content-Length"), server.get(path).text.len().to_string());
    }
    assert_eq!(server.send("HEAD", "/contexts", None, &[]).status, 401);
}

#[test]
fn a_wrong_method_is_refused_before_the_token() {
    let server = Server::start();
    for (method, path) in [("POST", "/contexts/1"), ("PATCH", "/contexts/1"), ("DELETE", "/contexts")] {
        let reply = server.send(method, path, None, &[]);
        assert_eq!(reply.header("Content-Type"), "application/json");
        let body = reply.expect(405);
        assert_eq!(body, json!({"message": "The method is not allowed for the requested URL."}));
    }
    let options = server.send("OPTIONS", "/contexts/1", None, &[]);
    assert_eq!((options.status, options.text.as_str()), (200, ""));
    let mut allowed: Vec<_> = options.header("Allow").split(", ").collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["DELETE", "GET", "HEAD", "OPTIONS", "PUT"]);
}

#[test]
fn a_path_that_no_route_has_answers_a_page() {
    let server = Server::start();
    for path in ["/contexts/", "/contexts/x", "/contexts/-1", "/nothing", "/tenants/1", "/users/zz"] {
        let reply = server.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("Content-Type"), "text/html; charset=utf-8");
        assert!(reply.text.starts_with("<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n"));
    }
    let id = "9".repeat(30);
    assert_eq!(server.get(&format!("/contexts/{id}")).status, 404);
}

#[test]
fn tokens_and_tenants_are_checked() {
    let server = Server::start();
    let refused = |headers: &[(&str, &str)], text: &str| {
        server.send("GET", "/contexts/1", None, headers).refused(401, &[text]);
    };
    refused(&[], "('', 'confd.contexts.1.read')");
    refused(&[("X-Auth-Token", "bad")], "('bad', 'confd.contexts.1.read')");
    let nowhere = "99999999-9999-4999-8999-999999999999";
    for tenant in ["x", nowhere] {
        let text = format!("('{TOKEN}', 'confd.contexts.1.read', '{tenant}')");
        refused(&[AUTH, ("Wazo-Tenant", tenant)], &text);
    }
    server.send("GET", "/contexts/1", None, &[AUTH, ("Wazo-Tenant", MASTER)]).expect(200);
    server.send("GET", "/contexts/1", None, &[AUTH, ("Wazo-Tenant", "")]).expect(200);
    for (method, path, access) in [
        ("POST", "/contexts", "confd.contexts.create"),
        ("PUT", "/contexts/1", "confd.contexts.1.update"),
        ("DELETE", "/contexts/1", "confd.contexts.1.delete"),
        ("GET", "/timezones", "confd.timezones.get"),
        ("GET", "/asterisk/voicemail/zonemessages", "confd.asterisk.voicemail.zonemessages.get"),
    ] {
        server.send(method, path, None, &[]).refused(401, &[&format!("('', '{access}')")]);
    }
}

#[test]
fn a_body_must_be_json_and_an_object() {
    let server = Server::start();
    let unread = "The browser (or proxy) sent a request that this server could not understand.";
    let send = |method: &str, body: &str| {
        let path = if method == "PUT" { "/contexts/1" } else { "/contexts" };
        server.send(method, path, Some(body.to_owned()), &[AUTH])
    };
    for body in ["", "{", "{'a': 1}", "\u{feff}"] {
        send("PUT", body).refused(400, &[unread]);
        send("POST", body).refused(400, &[unread]);
    }
    for body in ["[1]", "\"x\"", "1", "true"] {
        send("PUT", body).refused(400, &["Input Error - _schema: ['Invalid input type.']"]);
    }
    for body in ["null", "[]", "{}", "\"\"", "0", "0.0", "false"] {
        send("PUT", body).expect(204);
        send("POST", body).refused(400, &["Input Error - label: ['Missing data for required field.']"]);
    }
    send("PUT", "{\"label\": \"first\", \"label\": \"last\", \"id\": 7, \"name\": \"n\", \"zz\": 1}")
        .expect(204);
    let context = server.get("/contexts/1").expect(200);
    assert_eq!((&context["label"], &context["name"]), (&json!("last"), &json!("default")));
    server
        .put("/contexts/99", json!("x"))
        .refused(404, &["Resource Not Found - Context was not found ('id': 99)"]);
}

#[test]
fn a_body_of_more_than_40_mib_is_refused() {
    let server = Server::start();
    let announced = exchange(
        &server,
        &format!("POST /1.1/contexts HTTP/1.1\r\nX-Auth-Token: {TOKEN}\r\nContent-Length: 41943041"),
    );
    assert!(announced.starts_with("HTTP/1.1 413"), "{announced}");
    let mut body = json!({"zz": ""});
    body["zz"] = json!("y".repeat(40 * 1024 * 1024 - body.to_string().len()));
    server.put("/contexts/1", body).expect(204);
}

/// Sends a head as it is and gives what comes back until the server closes.
fn exchange(server: &Server, head: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let head = format!("{head}\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address());
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
