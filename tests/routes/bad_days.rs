//! Pulled plugs, full disks, two programs on one storage.

use crate::harness::{Server, program, settings};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

#[test]
fn a_kill_at_any_moment_loses_no_answered_write() {
    let storage = TempDir::new().unwrap();
    let mut answered = Vec::new();
    for round in 0..4 {
        let server = Server::run(program(storage.path(), "serve"));
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..4)
                .map(|writer| {
                    let server = &server;
                    scope.spawn(move || {
                        let labels = (0..20).map(|number| format!("r{round}w{writer}n{number}"));
                        labels
                            .inspect(|label| {
                                server.post("/contexts", json!({"label": label})).expect(201);
                            })
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            for writer in writers {
                answered.extend(writer.join().unwrap());
            }
        });
        server.kill();
    }
    let server = Server::run(program(storage.path(), "serve"));
    let list = server.get("/contexts").expect(200);
    let stored: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["label"].clone()).collect();
    for label in &answered {
        assert!(stored.contains(&json!(label)), "{label} was answered and is gone");
    }
}

#[test]
fn a_write_under_way_at_the_kill_is_stored_whole_or_not_at_all() {
    let storage = TempDir::new().unwrap();
    for _ in 0..5 {
        let server = Server::run(program(storage.path(), "serve"));
        let posted =
            server.unanswered_post("/contexts", &json!({"label": "half", "user_ranges": [{"start": "1"}]}));
        server.kill();
        drop(posted);
    }
    let server = Server::run(program(storage.path(), "serve"));
    for context in server.get("/contexts?label=half").expect(200)["items"].as_array().unwrap() {
        assert_eq!(context["user_ranges"], json!([{"start": "1", "end": "1"}]));
    }
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let storage = TempDir::new().unwrap();
    drop(Server::run(program(storage.path(), "serve")));
    let server = Server::run(with_largest_file(storage.path(), 4000));
    let mut answered = 0;
    let refusal = loop {
        let reply = server.post("/contexts", json!({"label": "x", "description": "y".repeat(2000)}));
        if reply.status != 201 {
            break reply;
        }
        answered += 1;
        assert!(answered < 1000, "the limit on the file size has no effect");
    };
    assert_eq!(refusal.status, 503, "{}", refusal.text);
    assert!(refusal.text.contains("nothing was stored"), "{}", refusal.text);
    assert_eq!(server.get("/contexts?label=x").expect(200)["total"], answered);
    server.kill();
    let server = Server::run(program(storage.path(), "serve"));
    assert_eq!(server.get("/contexts?label=x").expect(200)["total"], answered);
    server.post("/contexts", json!({"label": "x"})).expect(201);
}

#[test]
fn a_disk_that_is_full_for_the_rendered_files_alone_is_said_and_heals_by_itself() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    let long: Vec<_> = (0..5).map(|n| ["set_var".to_owned(), format!("V{n}={}", "x".repeat(3900))]).collect();
    for number in 1001..1026 {
        server.post("/users", person(number, json!(long))).expect(201);
    }
    let phones = "/users?firstname=Ann";
    until(&server, "all are applied", |status| status["applied_revision"] == status["wanted_revision"]);
    server.get(phones).expect(200);
    server.kill();
    let database = rusqlite::Connection::open(storage.path().join("cordboard.db")).unwrap();
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(database);

    // pjsip_endpoint.conf has grown beyond the limit; what the database writes at a time has not.
    let server = Server::run(with_largest_file(storage.path(), 600));
    until(&server, "a start", |status| status["applied_revision"] == status["wanted_revision"]);
    server.post("/users", person(1026, json!([]))).expect(201);
    let said = until(&server, "an error", |status| status["error"].is_string());
    assert!(said["error"].as_str().unwrap().contains("pjsip_endpoint.conf: File too large"), "{said}");
    assert_eq!(said["outcome"], "pending");
    assert_eq!(server.get(phones).expect(200)["total"], 26);

    let none = Rlimit { current: None, maximum: None };
    prlimit(Pid::from_raw(server.pid().cast_signed()), Resource::Fsize, none).unwrap();
    let healed = until(&server, "healed", |status| status["applied_revision"] == status["wanted_revision"]);
    assert_eq!((&healed["error"], &healed["outcome"]), (&json!(null), &json!("applied")));
}

fn person(number: u32, options: serde_json::Value) -> serde_json::Value {
    json!({"firstname": "Ann", "lines": [{
        "context": "default", "extensions": [{"exten": number.to_string()}],
        "endpoint_sip": {"endpoint_section_options": options},
    }]})
}

/// Polls the status, which wakes nobody, until `done`.
fn until(server: &Server, what: &str, done: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let status = server.get("/status").expect(200)["cordboard"].take();
        if done(&status) {
            return status;
        }
        assert!(Instant::now() < end, "never came: {what}: {status}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A server whose files can't grow beyond `blocks` of 512 or 1024 bytes: to it the disk is full.
fn with_largest_file(storage: &Path, blocks: u32) -> Command {
    let mut shell = Command::new("sh");
    let script =
        format!("trap '' XFSZ; ulimit -S -f {blocks}; exec {} serve", env!("CARGO_BIN_EXE_cordboard"));
    shell.args(["-c", &script]);
    settings(&mut shell, storage);
    shell
}

#[test]
fn a_second_cordboard_on_the_same_storage_refuses_to_start() {
    let storage = TempDir::new().unwrap();
    let first = Server::run(program(storage.path(), "serve"));
    let second = program(storage.path(), "serve").output().unwrap();
    assert!(!second.status.success());
    let text = String::from_utf8(second.stderr).unwrap();
    assert!(text.contains("Another cordboard runs on storage.dir"), "{text}");
    first.get("/contexts").expect(200);
}

#[test]
fn a_number_of_too_many_lines_is_left_out_and_said_and_everybody_else_goes_on() {
    let server = Server::start();
    let number = server.post("/extensions", json!({"exten": "1001", "context": "default"})).expect(201);
    let user = server.post("/users", json!({"firstname": "Many"})).expect(201);
    for n in 0..105 {
        let line = server.post("/lines", json!({"context": "default"})).expect(201);
        let endpoint = json!({"name": format!("{n:0>79}")});
        let endpoint = server.post("/endpoints/sip", endpoint).expect(201);
        let line = format!("/lines/{}", line["id"]);
        server.associate(&format!("{line}/endpoints/sip/{}", endpoint["uuid"].as_str().unwrap())).expect(204);
        server.associate(&format!("/users/{}{line}", user["uuid"].as_str().unwrap())).expect(204);
        server.associate(&format!("{line}/extensions/{}", number["id"])).expect(204);
    }
    let reply = server.post("/users", json!({"firstname": "Next"}));
    let revision = reply.header("config-revision").to_owned();
    reply.expect(201);
    server.get(&format!("/cordboard/revisions/{revision}?wait=20")).expect(200);
    let status = server.get("/status").expect(200);
    let error = status["cordboard"]["error"].as_str().unwrap();
    assert!(error.starts_with("extension 1001@default is left out: "), "{error}");
    assert_eq!(status["cordboard"]["left_out"], json!([error]));
    // Whose number it is, strangers and other tenants are not told.
    let tenant = server.add_tenant("other", None);
    for token in ["", "unknown", &tenant.token] {
        let told = server.send("GET", "/status", None, &[("X-Auth-Token", token)]);
        assert!(!told.text.contains("1001"), "{}", told.text);
        let told = told.expect(200)["cordboard"].take();
        let why = "a token of the master tenant with the right confd.status.read shows what";
        assert_eq!((&told["error"], &told["left_out"]), (&json!(why), &json!([format!("1: {why}")])));
        assert_eq!(told["outcome"], status["cordboard"]["outcome"]);
    }
}

#[test]
fn a_stop_is_obeyed_also_when_the_rendered_files_have_no_place() {
    let storage = TempDir::new().unwrap();
    std::fs::write(storage.path().join("generations"), "in the way").unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    server.post("/contexts", json!({"label": "x"})).expect(201);
    assert!(
        server.get("/status").expect(200)["cordboard"]["error"].as_str().unwrap().contains("generations")
    );
    assert!(server.stop(Duration::from_secs(20)), "it did not stop");
}
