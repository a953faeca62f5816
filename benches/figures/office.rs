//! The program without an Asterisk: writes, reads, renders, memory.

use super::client::{Client, Server};
use super::floor;
use super::report::{Report, Samples, ms};
use cordboard::connect::Office;
use cordboard::db::Db;
use cordboard::load;
use cordboard::model::Site;
use std::path::Path;
use std::time::{Duration, Instant};

/// A user with a line, an endpoint, an extension and a mailbox; the number is in context `default`.
pub fn user(number: usize) -> String {
    let exten = 10_000_000 + number;
    format!(
        r#"{{"firstname": "Ada{number}", "lastname": "Lovelace",
            "lines": [{{"context": "default", "extensions": [{{"exten": "{exten}"}}],
                       "endpoint_sip": {{"name": "ep{number}",
                       "auth_section_options": [["username", "ep{number}"], ["password", "secret{number}"]]}}}}],
            "voicemail": {{"number": "{exten}", "context": "default"}}}}"#
    )
}

/// A whole person: line, mailbox, direct number, group, forwards, fallbacks, function keys.
fn whole_user(number: usize, group: &str) -> String {
    let mut body: serde_json::Value = serde_json::from_str(&user(number)).unwrap();
    let parts = serde_json::json!({
        "incalls": [{"extensions": [{"exten": (20_000_000 + number).to_string(), "context": "from-extern"}]}],
        "groups": [{"uuid": group}],
        "forwards": {
            "busy": {"enabled": true, "destination": "1001"},
            "noanswer": {"enabled": false, "destination": "1002"},
        },
        "fallbacks": {
            "noanswer_destination": {"type": "sound", "filename": "vm-goodbye"},
            "fail_destination": {"type": "hangup", "cause": "busy", "timeout": 5},
        },
        "services": {"dnd": {"enabled": false}, "incallfilter": {"enabled": false}},
        "func_keys": {
            "1": {"destination": {"type": "custom", "exten": "1001"}, "label": "Ben"},
            "2": {"destination": {"type": "forward", "forward": "unconditional", "exten": "1001"}},
            "3": {"destination": {"type": "service", "service": "enablednd"}},
        },
    });
    let (Some(body), Some(parts)) = (body.as_object_mut(), parts.as_object()) else { return String::new() };
    body.extend(parts.clone());
    serde_json::to_string(&body).unwrap()
}

/// Makes room for the numbers of [`user`].
pub fn widen(client: &mut Client) {
    let body =
        r#"{"user_ranges": [{"start": "10000000", "end": "19999999"}, {"start": "1000", "end": "1999"}]}"#;
    assert_eq!(client.send("PUT", "/1.1/contexts/1", body).0, 204);
}

fn create(client: &mut Client, number: usize) {
    let (status, text, _) = client.post("/1.1/users", &user(number));
    assert_eq!(status, 201, "{text}");
}

/// Durable writes, one client and eight.
pub fn writes(report: &mut Report) {
    let storage = tempfile::tempdir().unwrap();
    let server = Server::start(storage.path(), &[]);
    let mut client = Client::connect(&server.address);
    widen(&mut client);
    (0..50).for_each(|number| create(&mut client, number));
    let floor = floor::commits(storage.path(), 400).median();
    let began = Instant::now();
    let samples = (50..450).map(|number| {
        let began = Instant::now();
        create(&mut client, number);
        began.elapsed()
    });
    let median = Samples::new(samples.collect()).median();
    let one = 400.0 / began.elapsed().as_secs_f64();
    let ratio = median.as_secs_f64() / floor.as_secs_f64();
    report.row("POST /users, durable", format!("{} ({ratio:.2}x)", ms(median)), "2x the floor", ms(floor));
    whole_people(report, &mut client);
    let eight = parallel(&server.address, 1000, 250);
    report.row(
        "POST /users, 8 clients to 1",
        format!("{:.1}x ({eight:.0}/s to {one:.0}/s)", eight / one),
        "4x",
        format!("{:.0}/s bare commits", 1.0 / floor.as_secs_f64()),
    );
}

fn whole_people(report: &mut Report, client: &mut Client) {
    // One range for all direct numbers, or each of them would add its own.
    let ranges = r#"{"incall_ranges": [{"start": "20000000", "end": "29999999", "did_length": 8}]}"#;
    assert_eq!(client.send("PUT", "/1.1/contexts/2", ranges).0, 204);
    let (status, text, _) = client.post("/1.1/groups", r#"{"label": "Sales"}"#);
    assert_eq!(status, 201, "{text}");
    let made: serde_json::Value = serde_json::from_str(&text).unwrap();
    let group = made.get("uuid").and_then(|uuid| uuid.as_str()).unwrap();
    let samples = (500..700).map(|number| {
        let body = whole_user(number, group);
        let began = Instant::now();
        let (status, text, _) = client.post("/1.1/users", &body);
        assert_eq!(status, 201, "{text}");
        began.elapsed()
    });
    let median = Samples::new(samples.collect()).median();
    report.row("POST /users, whole person, durable", ms(median), "3 ms", "-".to_owned());
}

/// Users a second, by eight clients with `each` users of their own.
fn parallel(address: &str, first: usize, each: usize) -> f64 {
    let began = Instant::now();
    std::thread::scope(|scope| {
        for worker in 0..8 {
            scope.spawn(move || {
                let mut client = Client::connect(address);
                (0..each).for_each(|number| create(&mut client, first + worker * each + number));
            });
        }
    });
    (8 * each) as f64 / began.elapsed().as_secs_f64()
}

/// Memory with 1,000 users; reads, renders and the start with 10,000.
pub fn reads_and_renders(report: &mut Report) {
    let storage = tempfile::tempdir().unwrap();
    let server = Server::start(storage.path(), &[]);
    widen(&mut Client::connect(&server.address));
    parallel(&server.address, 0, 13);
    render(report, storage.path(), "model load + render, 100 users", "2 ms");
    parallel(&server.address, 104, 112);
    let memory = server.memory() as f64 / 1_048_576.0;
    report.row("resident memory, 1,000 users", format!("{memory:.1} MiB"), "20 MB", "-".to_owned());
    parallel(&server.address, 1000, 1125);
    reads(report, &server);
    render(report, storage.path(), "model load + render, 10,000 users", "100 ms");
    drop(server);
    let starts = (0..5).map(|_| Server::start(storage.path(), &[]).start).collect();
    report.row(
        "start to first answer, 10,000 users",
        ms(Samples::new(starts).median()),
        "100 ms",
        "-".to_owned(),
    );
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_cordboard")).unwrap().len() as f64 / 1e6;
    report.row("binary, stripped", format!("{size:.1} MB"), "15 MB", "-".to_owned());
}

fn reads(report: &mut Report, server: &Server) {
    let mut client = Client::connect(&server.address);
    // The applier renders what was written last; it is not part of a read.
    let (_, _, newest) = client.send("PUT", "/1.1/contexts/1", "{}");
    assert_eq!(client.get(&format!("/1.1/cordboard/revisions/{newest}?wait=60")).0, 200);
    let (_, list, _) = client.get("/1.1/users?limit=100&offset=5000");
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let uuid = list.pointer("/items/0/uuid").and_then(|uuid| uuid.as_str()).unwrap().to_owned();
    let floor = p99(&mut client, "/1.1/status", 2000);
    for (path, name, target) in [
        (format!("/1.1/users/{uuid}"), "GET /users/{uuid}, 10,000 users, p99", "1 ms"),
        ("/1.1/users?limit=100".to_owned(), "GET /users?limit=100, 10,000 users, p99", "10 ms"),
    ] {
        report.row(name, ms(p99(&mut client, &path, 1000)), target, format!("{} /status", ms(floor)));
    }
}

fn p99(client: &mut Client, path: &str, count: usize) -> Duration {
    let samples = (0..count).map(|_| {
        let began = Instant::now();
        assert_eq!(client.get(path).0, 200);
        began.elapsed()
    });
    Samples::new(samples.collect()).at(0.99)
}

fn render(report: &mut Report, storage: &Path, name: &str, target: &str) {
    let office =
        Office { db: Db::open(&storage.join("cordboard.db")).unwrap(), site: Site::default(), phones: None };
    let seven = |work: &dyn Fn()| {
        let samples = (0..7).map(|_| {
            let began = Instant::now();
            work();
            began.elapsed()
        });
        Samples::new(samples.collect()).median()
    };
    let whole = seven(&|| drop(office.rendered().unwrap()));
    let load =
        seven(&|| drop(office.db.read(|connection| load::model(connection, Site::default())).unwrap()));
    report.row(name, ms(whole), target, format!("{} the load alone", ms(load)));
}
