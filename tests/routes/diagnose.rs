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
fn a_number_abroad_is_for_whom_a_permission_allows_it() {
    let server = Server::start();
    let user = person(&server);
    let id = |path: &str, body: Value| server.post(path, body).expect(201)["id"].clone();
    let outcall = id("/outcalls", json!({"name": "out"}));
    let pattern = id("/extensions", json!({"exten": "_0.", "context": "to-extern"}));
    let sip = server.post("/endpoints/sip", json!({"name": "carrier"})).expect(201)["uuid"].clone();
    let trunk = id("/trunks", json!({}));
    server.put(&format!("/trunks/{trunk}/endpoints/sip/{}", sip.as_str().unwrap()), json!(null)).expect(204);
    server.put(&format!("/outcalls/{outcall}/trunks"), json!({"trunks": [{"id": trunk}]})).expect(204);
    server.put(&format!("/outcalls/{outcall}/extensions/{pattern}"), json!({"strip_digits": 1})).expect(204);

    let report = ask(&server, "0004930", "default");
    assert_eq!(states(&report, "abroad"), ["stops"]);
    now(&report, "it is not allowed");
    now(&ask(&server, "0030123", "default"), "over the first trunk");
    now(&ask(&server, "0*3112", "default"), "can't be called");
    let hers = server.get("/cordboard/diagnose?exten=0004930&context=default&caller=1001");
    assert_eq!(states(&hers.expect(200), "abroad"), ["stops"]);
    let permission = json!({"name": "abroad", "mode": "allow", "extensions": ["_000."]});
    let permission = id("/callpermissions", permission);
    server.put(&format!("/users/{}/callpermissions/{permission}", user["id"]), json!(null)).expect(204);
    let report = ask(&server, "0004930", "default");
    assert_eq!(states(&report, "abroad"), ["note"]);
    now(&report, "over the first trunk");
    server.put(&format!("/outcalls/{outcall}/callpermissions/{permission}"), json!(null)).expect(204);
    assert_eq!(states(&ask(&server, "0004930", "default"), "abroad"), ["ok"]);
    server.put("/localization", json!({"country": "DE"})).expect(204);
    assert_eq!(states(&ask(&server, "0004930", "default"), "abroad"), Vec::<String>::new());
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

/// Gives the resource the number.
fn number(server: &Server, of: &str, exten: &str, context: &str) {
    let body = json!({"exten": exten, "context": context});
    let extension = server.post("/extensions", body).expect(201)["id"].clone();
    server.put(&format!("{of}/extensions/{extension}"), json!({})).expect(204);
}

/// Makes one of a list; gives its path.
fn make(server: &Server, list: &str, body: Value) -> String {
    let made = server.post(list, body).expect(201);
    let id = if list == "/switchboards" {
        made["uuid"].as_str().unwrap().to_owned()
    } else {
        made["id"].to_string()
    };
    format!("{list}/{id}")
}

fn text(report: &Value) -> &str {
    report["text"].as_str().unwrap()
}

#[test]
fn a_queue_tells_its_hours_its_members_and_what_comes_after() {
    let server = Server::start();
    let user = person(&server);
    let mailbox = json!({"type": "voicemail", "voicemail_id": user["voicemail"]["id"]});
    let limits = json!({"name": "help", "label": "Help", "timeout": 60, "wait_ratio_threshold": 2.5, "wait_ratio_destination": mailbox});
    let queue = make(&server, "/queues", limits);
    number(&server, &queue, "3001", "default");
    let report = ask(&server, "3001", "default");
    assert_eq!((&report["kind"], states(&report, "members")), (&json!("queue"), vec!["stops".to_owned()]));
    now(&report, "Nobody can ring now (ringall): after 60 seconds the call ends with a prompt.");
    assert!(text(&report).contains(
        "Above 2.5 callers a member, while somebody waits, the call goes to the mailbox 1001@default"
    ));
    server.put(&format!("{queue}/members/users/{}", user["id"]), json!({})).expect(204);
    let agent = make(&server, "/agents", json!({"number": "77"}));
    server
        .put(&format!("{queue}/members/agents/{}", agent.rsplit('/').next().unwrap()), json!({}))
        .expect(204);
    server.put(&format!("{queue}/fallbacks"), json!({"noanswer_destination": mailbox})).expect(204);
    let report = ask(&server, "3001", "default");
    assert_eq!(states(&report, "members"), ["unknown", "unknown"]);
    assert!(text(&report).contains("Agent 77 answers when logged in."));
    now(
        &report,
        "waits for a member who is free (ringall): after 60 seconds the call goes to the mailbox 1001@default.",
    );
    let closed = json!({"name": "never", "closed_destination": {"type": "none"}});
    let schedule = server.post("/schedules", closed).expect(201)["id"].clone();
    server.associate(&format!("{queue}/schedules/{schedule}")).expect(204);
    now(&ask(&server, "3001", "default"), "It is closed");
    server.put(&queue, json!({"enabled": false})).expect(204);
    now(&ask(&server, "3001", "default"), "A prompt says that nobody is reached");
}

#[test]
fn a_menu_a_switchboard_a_room_a_lot_and_a_paging_are_followed() {
    let server = Server::start();
    let user = person(&server);
    let users = json!({"users": [{"uuid": user["uuid"]}]});
    let board = make(&server, "/switchboards", json!({"name": "Desk", "timeout": 30, "members": users}));
    let to_user = json!({"type": "user", "user_id": user["id"]});
    server.put(&format!("{board}/fallbacks"), json!({"noanswer_destination": to_user})).expect(204);
    let to_board = json!({"type": "switchboard", "switchboard_uuid": board.rsplit('/').next()});
    let choices = json!([{"exten": "1", "destination": to_board}, {"exten": "2", "destination": to_user}]);
    let menu = make(&server, "/ivr", json!({"name": "M", "menu_sound": "welcome", "choices": choices}));
    let id: i64 = menu.rsplit('/').next().unwrap().parse().unwrap();
    for (destination, exten) in [(json!({"type": "ivr", "ivr_id": id}), "5100"), (to_board, "5101")] {
        number(
            &server,
            &make(&server, "/incalls", json!({"destination": destination})),
            exten,
            "from-extern",
        );
    }
    let report = ask(&server, "5100", "from-extern");
    assert_eq!(states(&report, "choice"), ["ok", "ok"]);
    assert!(
        text(&report).contains("1 leads to the switchboard Desk.")
            && text(&report).contains("2 leads to Ada")
    );
    now(&report, "after 3 times without a choice the call ends with a prompt");
    let report = ask(&server, "5101", "from-extern");
    assert!(text(&report).contains("Ada Lovelace may take its calls"));
    now(&report, "after 30 seconds it goes to Ada Lovelace");
    let room = make(&server, "/conferences", json!({"name": "R", "pin": "1234"}));
    number(&server, &room, "4001", "default");
    now(&ask(&server, "4001", "default"), "After the PIN the caller enters the conference");
    let lot = make(&server, "/parkinglots", json!({"slots_start": "701", "slots_end": "710"}));
    number(&server, &lot, "700", "default");
    now(&ask(&server, "700", "default"), "is parked");
    let report = ask(&server, "703", "default");
    assert_eq!((&report["kind"], states(&report, "parked")), (&json!("slot"), vec!["unknown".to_owned()]));
    let paging = make(&server, "/pagings", json!({"number": "5"}));
    now(&ask(&server, "*115", "default"), "called and asked to answer by themselves");
    assert_eq!(states(&ask(&server, "*115", "default"), "callers"), ["stops"]);
    server.put(&format!("{paging}/callers/users"), users).expect(204);
    assert_eq!(states(&ask(&server, "*115", "default"), "callers"), ["ok"]);
    now(&ask(&server, "*116", "default"), "A prompt refuses the call");
}

#[test]
fn a_filter_takes_the_calls_that_it_is_for() {
    let server = Server::start();
    let boss = person(&server);
    let line =
        json!({"context": "default", "extensions": [{"exten": "1002"}], "endpoint_sip": {"name": "eve"}});
    let eve = server.post("/users", json!({"firstname": "Eve", "lines": [line]})).expect(201);
    let body = json!({"name": "F", "source": "external", "strategy": "all-surrogates-then-all-recipients"});
    let filter = make(&server, "/callfilters", body);
    let one = |user: &Value| json!({"users": [{"uuid": user["uuid"]}]});
    server.put(&format!("{filter}/recipients/users"), one(&boss)).expect(204);
    server.put(&format!("{filter}/surrogates/users"), one(&eve)).expect(204);
    assert!(text(&ask(&server, "1001", "default")).contains("no secretary has switched it on"));
    server.database().execute("UPDATE call_filter_member SET active = 1", []).unwrap();
    assert!(text(&ask(&server, "1001", "default")).contains("is for calls from outside"));
    let report = ask(&server, "5001", "from-extern");
    assert_eq!(states(&report, "filter"), ["stops"]);
    now(&report, "The secretaries' phones ring (Eve); when nobody answers, the call ends with a prompt.");
    server.put(&filter, json!({"source": "all"})).expect(204);
    now(&ask(&server, "1001", "default"), "The secretaries' phones ring (Eve)");
    let own = server.get("/cordboard/diagnose?exten=1001&context=default&caller=1002").expect(200);
    assert!(text(&own).contains("spares its own secretaries") && states(&own, "caller") == ["ok"]);
}

#[test]
fn what_the_caller_may_is_told_when_it_is_asked_whose_call_it_is() {
    let server = Server::start();
    person(&server);
    let line =
        json!({"context": "default", "extensions": [{"exten": "1002"}], "endpoint_sip": {"name": "eve"}});
    let eve = make(&server, "/users", json!({"firstname": "Eve", "lines": [line]}));
    let path = "/cordboard/diagnose?exten=1001&context=default&caller=1002";
    let asked = || server.get(path).expect(200);
    assert_eq!(states(&asked(), "permission"), ["ok"]);
    let body = json!({"name": "P", "mode": "deny", "extensions": ["_1XXX"]});
    let permission = make(&server, "/callpermissions", body);
    server.associate(&format!("{eve}{permission}")).expect(204);
    let report = asked();
    assert_eq!(states(&report, "permission"), ["stops"]);
    now(&report, "the caller may not call this number");
    now(&ask(&server, "1001", "default"), "The phone rings");
    server.put(&permission, json!({"password": "1234"})).expect(204);
    assert_eq!(states(&asked(), "permission"), ["note"]);
    server.put(&permission, json!({"mode": "allow", "password": null})).expect(204);
    assert_eq!(states(&asked(), "permission"), ["ok"]);
    server.put(&eve, json!({"enabled": false})).expect(204);
    now(&asked(), "The call is refused.");
    let unknown = server.get("/cordboard/diagnose?exten=1001&context=default&caller=1999").expect(200);
    assert_eq!(states(&unknown, "caller"), ["unknown"]);
}
