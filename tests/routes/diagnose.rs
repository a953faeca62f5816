//! `GET /cordboard/diagnose` and `cordboard diagnose`.

use crate::harness::{Server, program};
use serde_json::{Value, json};
use tempfile::TempDir;

fn ask(server: &Server, exten: &str, context: &str) -> Value {
    server.get(&format!("/cordboard/diagnose?exten={exten}&context={context}")).expect(200)
}

/// The states of the findings of one kind.
fn states(report: &Value, what: &str) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let of = findings.filter(|finding| finding["what"] == what);
    of.map(|finding| finding["state"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn now(report: &Value, expected: &str) {
    assert!(report["now"].as_str().unwrap().contains(expected), "{}", report["text"].as_str().unwrap());
}

fn person(server: &Server) -> Value {
    server
        .post(
            "/users",
            json!({
                "firstname": "Ada", "lastname": "Lovelace",
                "lines": [{"context": "default", "extensions": [{"exten": "1001"}], "endpoint_sip": {"name": "ada"}}],
                "voicemail": {"number": "1001", "context": "default"},
                "incalls": [{"extensions": [{"exten": "5001", "context": "from-extern"}]}],
            }),
        )
        .expect(201)
}

#[test]
fn a_call_to_a_person_is_followed_in_the_order_of_the_dialplan() {
    let server = Server::start();
    let user = person(&server);
    let one = format!("/users/{}", user["id"]);
    let report = ask(&server, "1001", "default");
    assert_eq!((&report["kind"], &report["user"]["uuid"]), (&json!("user"), &user["uuid"]));
    assert_eq!(
        report["lines"],
        json!([{"name": "ada", "protocol": "sip", "registered": null, "contacts": []}])
    );
    assert_eq!(states(&report, "contacts"), ["unknown"]);
    now(&report, "within 30 seconds, the call goes to the mailbox 1001@default");
    assert!(report["text"].as_str().unwrap().starts_with("1001 in default: user\n"));

    server
        .put(&format!("{one}/forwards/noanswer"), json!({"enabled": true, "destination": "2005"}))
        .expect(204);
    now(&ask(&server, "1001", "default"), "within 30 seconds, the call goes to 2005");
    let forward = json!({"enabled": true, "destination": "12 34"});
    server.put(&format!("{one}/forwards/unconditional"), forward).expect(204);
    let report = ask(&server, "1001", "default");
    now(&report, "The call goes to 1234.");
    assert_eq!(states(&report, "forward"), ["stops", "note"]);
    server.put(&format!("{one}/services/dnd"), json!({"enabled": true})).expect(204);
    now(&ask(&server, "1001", "default"), "Nothing rings: the call goes to the mailbox");
    let closed = json!({"name": "never", "closed_destination": {"type": "hangup", "cause": "busy"}});
    let schedule = server.post("/schedules", closed).expect(201)["id"].clone();
    server.associate(&format!("{one}/schedules/{schedule}")).expect(204);
    let report = ask(&server, "1001", "default");
    now(&report, "It is closed: the call goes to its end (busy).");
    assert_eq!(states(&report, "schedule"), ["stops"]);
    server.put(&one, json!({"enabled": false})).expect(204);
    let report = ask(&server, "1001", "default");
    now(&report, "there is no such number");
    assert_eq!(
        (states(&report, "enabled"), states(&report, "dnd")),
        (vec!["stops".to_owned()], vec!["stops".to_owned()])
    );
}

#[test]
fn numbers_of_all_kinds_are_told_apart() {
    let server = Server::start();
    let user = person(&server);
    let group = server.post("/groups", json!({"label": "Sales"})).expect(201);
    let extension = |exten: &str, context: &str| {
        server.post("/extensions", json!({"exten": exten, "context": context})).expect(201)["id"].clone()
    };
    let number = extension("2001", "default");
    server.associate(&format!("/groups/{}/extensions/{number}", group["id"])).expect(204);
    now(&ask(&server, "2001", "default"), "No member's phone rings");
    let members = json!({"users": [{"uuid": user["uuid"]}]});
    server.put(&format!("/groups/{}/members/users", group["id"]), members).expect(204);
    let report = ask(&server, "2001", "default");
    assert_eq!(
        (report["kind"].clone(), states(&report, "members")),
        (json!("group"), vec!["unknown".to_owned()])
    );
    let report = ask(&server, "5001", "from-extern");
    assert_eq!((&report["kind"], &report["user"]["name"]), (&json!("incall"), &json!("Ada Lovelace")));
    let report = ask(&server, "*98", "default");
    assert_eq!((&report["kind"], states(&report, "number").len()), (&json!("feature"), 1));
    let queue = server.post("/queues", json!({"name": "help"})).expect(201)["id"].clone();
    let number = extension("3001", "default");
    server.associate(&format!("/queues/{queue}/extensions/{number}")).expect(204);
    assert_eq!(ask(&server, "3001", "default")["kind"], "queue");
    let outcall = server.post("/outcalls", json!({"name": "out"})).expect(201)["id"].clone();
    let pattern = extension("_0X.", "to-extern");
    server.put(&format!("/outcalls/{outcall}/extensions/{pattern}"), json!({})).expect(204);
    let report = ask(&server, "012345", "default");
    assert_eq!((&report["kind"], states(&report, "trunks")), (&json!("outcall"), vec!["stops".to_owned()]));
}

#[test]
fn a_number_that_nobody_has_comes_with_hints() {
    let server = Server::start();
    person(&server);
    let report = ask(&server, "1001", "from-extern");
    assert_eq!(report["kind"], "nobody");
    assert!(report["text"].as_str().unwrap().contains("The number is in the context default (Default)."));
    server.post("/extensions", json!({"exten": "1500", "context": "default"})).expect(201);
    assert!(ask(&server, "1500", "default")["text"].as_str().unwrap().contains("but nothing has it"));
    server.post("/extensions", json!({"exten": "1501", "context": "default", "enabled": false})).expect(201);
    assert!(ask(&server, "1501", "default")["text"].as_str().unwrap().contains("but it is disabled"));
    let found = server.get("/cordboard/diagnose?exten=5001").expect(200);
    assert_eq!(found["context"], "from-extern");
    server
        .get("/cordboard/diagnose?exten=1001&context=zz")
        .refused(400, &["Input Error - field 'context': Context was not found ('context': 'zz')"]);
    server
        .get("/cordboard/diagnose")
        .refused(400, &["Input Error - exten: ['Missing data for required field.']"]);
    let other = server.add_tenant("other", None);
    let foreign = server.send(
        "GET",
        "/cordboard/diagnose?exten=1001&context=default",
        None,
        &[("X-Auth-Token", &other.token)],
    );
    assert_eq!(foreign.status, 400);
    let nowhere =
        server.send("GET", "/cordboard/diagnose?exten=1001", None, &[("X-Auth-Token", &other.token)]);
    assert!(!nowhere.expect(200)["text"].as_str().unwrap().contains("Ada"));
}

#[test]
fn the_command_prints_the_page_also_while_the_server_is_down() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    person(&server);
    let address = server.address().to_owned();
    let command = |exten: &str| {
        let mut command = program(storage.path(), "diagnose");
        let output = command.env("CORDBOARD__HTTP__LISTEN", &address).arg(exten).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (page, note) = command("1001");
    assert!(page.contains("Ada Lovelace") && page.contains("\nNow: "), "{page}");
    assert_eq!(note, "");
    server.kill();
    let (page, note) = command("1001");
    assert!(page.contains("Ada Lovelace") && note.contains("does not run here"), "{page} {note}");
}
