//! What an attacker is kept from.

use super::{reason, user};
use crate::harness::{Server, TOKEN};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[test]
fn a_guesser_waits_longer_and_longer_and_others_do_not() {
    let server = Server::start();
    user(&server, "anna");
    user(&server, "ben");
    for _ in 0..10 {
        assert_eq!(server.log_in("anna", "wrong", json!({})).status, 401);
    }
    let late = server.log_in("Anna", "secret", json!({}));
    assert_eq!((late.status, late.json["status_code"].as_i64()), (429, Some(429)), "{}", late.text);
    assert!(late.header("Retry-After").parse::<u64>().unwrap() >= 1);
    server.token_of("ben", "secret");
    let wait = Instant::now() + Duration::from_secs(20);
    while server.log_in("anna", "secret", json!({})).status == 429 {
        assert!(Instant::now() < wait, "the wait does not end");
        std::thread::sleep(Duration::from_millis(200));
    }
    server.token_of("anna", "secret");
}

#[test]
fn a_token_helps_nobody_to_guess_the_password() {
    let server = Server::start();
    let anna = user(&server, "anna");
    let path = format!("/users/{}/password", anna["uuid"].as_str().unwrap());
    let put = || server.admin("PUT", &path, json!({"old_password": "x", "new_password": "y"})).status;
    assert!((0..10).all(|_| put() == 401));
    assert_eq!(put(), 429);
}

#[test]
fn logins_hold_up_no_other_request() {
    let server = Server::start();
    user(&server, "anna");
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| server.token_of("anna", "secret"));
        }
        let slowest = (0..50).map(|_| {
            let began = Instant::now();
            server.get("/infos").expect(200);
            began.elapsed()
        });
        assert!(slowest.max().unwrap() < Duration::from_secs(2), "a read waits for the logins");
    });
}

#[test]
fn strangers_send_no_large_bodies() {
    let server = Server::start();
    let head = |length: usize, headers: &str| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let request = format!("POST /0.1/{headers}Content-Length: {length}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    };
    assert_eq!(head(65_537, "token HTTP/1.1\r\nHost: x\r\n"), "HTTP/1.1 413");
    let token = format!("users HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {TOKEN}\r\n");
    assert_eq!(head(1_048_577, &token), "HTTP/1.1 413");
}

#[test]
fn an_address_is_believed_from_a_proxy_on_this_machine_only_at_its_end() {
    let server = Server::start();
    user(&server, "anna");
    let headers =
        [("Authorization", "Basic YW5uYTpzZWNyZXQ="), ("X-Forwarded-For", "192.0.2.1, 198.51.100.7")];
    let data = server.auth("POST", "/token", Some(json!({})), &headers).expect(200)["data"].clone();
    assert_eq!(data["remote_addr"], "198.51.100.7");
}

#[test]
fn a_rights_list_that_is_made_to_be_slow_is_not() {
    let server = Server::start();
    let entry = "#a*a#".repeat(51);
    let text = "Invalid value supplied for field: acl";
    reason(server.admin("POST", "/policies", json!({"name": "x", "acl": ["x".repeat(257)]})), 400, text);
    let made = server.admin("POST", "/policies", json!({"name": "slow", "acl": [entry]})).expect(200);
    let anna = user(&server, "anna");
    let path =
        format!("/users/{}/policies/{}", anna["uuid"].as_str().unwrap(), made["uuid"].as_str().unwrap());
    server.admin("PUT", &path, json!({})).expect(204);
    let token = server.token_of("anna", "secret");
    let began = Instant::now();
    let path = format!("/external/apps/{}", "a".repeat(3000));
    drop(server.send("GET", &path, None, &[("X-Auth-Token", &token)]));
    assert!(began.elapsed() < Duration::from_secs(5));
}
