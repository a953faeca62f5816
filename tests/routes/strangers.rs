//! What one address may take of the server: requests without a token that counts, connections, time.

use crate::harness::{Server, TOKEN, program};
use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server whose proxy speaks for many, with one setting of its own.
fn server(storage: &TempDir, key: &str, value: &str) -> Server {
    let mut program = program(storage.path(), "serve");
    program.env(key, value);
    Server::run(program)
}

#[test]
fn a_stranger_is_put_off_and_everybody_else_goes_on() {
    let storage = TempDir::new().unwrap();
    let server = server(&storage, "CORDBOARD__HTTP__STRANGERS_PER_MINUTE", "6");
    let from = |address| ("X-Forwarded-For", address);
    let account = json!({"username": "anna", "password": "secret"});
    server.admin("POST", "/users", account).expect(200);
    for _ in 0..10 {
        // Who logs in, and who has a token, is no stranger.
        let basic = [("Authorization", "Basic YW5uYTpzZWNyZXQ="), from("192.0.2.1")];
        let login = server.auth("POST", "/token", Some(json!({})), &basic).expect(200);
        let token = format!("/token/{}", login["data"]["token"].as_str().unwrap());
        server.auth("GET", &token, None, &[from("192.0.2.1")]).expect(200);
        server.send("GET", "/users", None, &[("X-Auth-Token", TOKEN), from("192.0.2.1")]).expect(200);
    }
    for token in ["", "x", "y", "z"] {
        server.send("GET", "/users", None, &[("X-Auth-Token", token), from("192.0.2.1")]).expect(401);
    }
    server.send("GET", "/status", None, &[from("192.0.2.1")]).expect(200);
    server.auth("GET", "/users", None, &[from("192.0.2.1")]).expect(401);
    for path in ["/users", "/status"] {
        let put_off = server.send("GET", path, None, &[from("192.0.2.1")]);
        let wait: u64 = put_off.header("Retry-After").parse().unwrap();
        assert!((1..=10).contains(&wait), "{wait}");
        put_off.refused(429, &[&format!("Too many requests. Try again in {wait} s")]);
    }
    let put_off = server.auth("GET", "/users", None, &[from("192.0.2.1")]);
    assert_eq!((put_off.status, &put_off.json["status_code"]), (429, &json!(429)), "{}", put_off.text);
    server.send("GET", "/users", None, &[("X-Auth-Token", TOKEN), from("192.0.2.1")]).expect(200);
    server.send("GET", "/users", None, &[from("192.0.2.2")]).expect(401);
}

#[test]
fn the_machine_itself_may_ask_without_a_token_as_often_as_it_likes() {
    let storage = TempDir::new().unwrap();
    let server = server(&storage, "CORDBOARD__HTTP__STRANGERS_PER_MINUTE", "1");
    for _ in 0..50 {
        server.send("GET", "/status", None, &[]).expect(200);
    }
}

/// A connection from an address of this machine that is not its usual one.
fn from_elsewhere(server: &Server) -> TcpStream {
    let to: SocketAddr = server.address().parse().unwrap();
    let stream = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    bind(&stream, &SocketAddr::from(([127, 0, 0, 2], 0))).unwrap();
    connect(&stream, &to).unwrap();
    let stream = TcpStream::from(stream);
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Is a request on this connection answered, or has the connection ended?
fn answers(stream: &mut TcpStream) -> bool {
    // It may end while it is written to.
    drop(stream.write_all(b"GET /1.1/status HTTP/1.1\r\nHost: x\r\n\r\n"));
    match stream.read(&mut [0; 12]) {
        Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => false,
        read => read.unwrap() > 0,
    }
}

#[test]
fn an_address_has_so_many_connections_and_others_have_theirs() {
    let storage = TempDir::new().unwrap();
    let server = server(&storage, "CORDBOARD__HTTP__CONNECTIONS_PER_ADDRESS", "2");
    let (mut first, mut second) = (from_elsewhere(&server), from_elsewhere(&server));
    assert!(answers(&mut first) && answers(&mut second));
    assert!(!answers(&mut from_elsewhere(&server)), "a third connection");
    server.get("/users").expect(200);
    drop(first);
    let bound = Instant::now() + Duration::from_secs(30);
    while !answers(&mut from_elsewhere(&server)) {
        assert!(Instant::now() < bound, "the place is never free again");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(second);
}

#[test]
fn who_sends_a_head_for_ever_is_cut_off_while_others_are_served() {
    let server = Server::start();
    let mut slow: Vec<TcpStream> = (0..20).map(|_| from_elsewhere(&server)).collect();
    for stream in &mut slow {
        stream.write_all(b"GET /1.1/status HTTP/1.1\r\nHost: x\r\nX-A: ").unwrap();
    }
    server.get("/users").expect(200);
    for stream in &mut slow {
        // Much longer than a head may take: who is not cut off by then never is.
        stream.set_read_timeout(Some(Duration::from_secs(180))).unwrap();
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        let is_open =
            read.is_err_and(|error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut));
        assert!(!is_open, "the connection is still open");
        // Told that it took too long, or just cut off.
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 408"), "{answer:?}");
    }
    server.get("/users").expect(200);
}

#[test]
fn a_head_without_end_is_refused() {
    let server = Server::start();
    for piece in ["X-A: 1\r\n".to_owned(), format!("X-A: {}\r\n", "a".repeat(4000)), "a".repeat(4000)] {
        let mut stream = from_elsewhere(&server);
        stream.write_all(b"GET /1.1/status HTTP/1.1\r\nHost: x\r\n").unwrap();
        // A megabyte, unless the server has had enough before.
        let sent = (0..1_000_000 / piece.len()).take_while(|_| stream.write_all(piece.as_bytes()).is_ok());
        sent.for_each(drop);
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"),
            "{}",
            String::from_utf8_lossy(&answer)
        );
    }
    server.get("/users").expect(200);
}
