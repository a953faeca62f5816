//! Where calls go on: every type of destination that names something, at everything that has destinations.

use super::{make, rows};
use crate::harness::Server;
use cordboard::resources::destinations::TYPES;
use serde_json::{Value, json};

/// The kind, the path behind its own, and a body in which all destinations are this one.
type Owner = (&'static str, &'static str, fn(&Value) -> Value);

/// What has destinations.
const OWNERS: &[Owner] = &[
    ("user", "/fallbacks", four),
    ("queue", "/fallbacks", four),
    ("group", "/fallbacks", |to| json!({"noanswer_destination": to, "congestion_destination": to})),
    ("switchboard", "/fallbacks", |to| json!({"noanswer_destination": to})),
    ("call filter", "/fallbacks", |to| json!({"noanswer_destination": to})),
    (
        "queue",
        "/fallbacks",
        |to| json!({"wait_time_destination": to, "wait_ratio_destination": to, "busy_destination": to}),
    ),
    ("queue", "", |to| json!({"wait_time_destination": to, "wait_ratio_destination": to})),
    ("incall", "", |to| json!({"destination": to})),
    ("schedule", "", |to| {
        let period = json!({"hours_start": "08:00", "hours_end": "09:00", "destination": to});
        json!({"closed_destination": to, "exceptional_periods": [period, period]})
    }),
    ("ivr", "", |to| {
        let choices = json!([{"exten": "1", "destination": to}, {"exten": "2", "destination": to}]);
        json!({"choices": choices, "invalid_destination": to, "timeout_destination": to, "abort_destination": to})
    }),
];

fn four(to: &Value) -> Value {
    json!({"noanswer_destination": to, "busy_destination": to, "congestion_destination": to,
           "fail_destination": to})
}

/// What destinations name: the kind of thing, the argument, and the rest of the destination.
fn targets() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("application", "application_uuid", json!({"type": "application", "application": "custom"})),
        ("conference", "conference_id", json!({"type": "conference"})),
        ("group", "group_id", json!({"type": "group"})),
        ("ivr", "ivr_id", json!({"type": "ivr"})),
        ("outcall", "outcall_id", json!({"type": "outcall", "exten": "123"})),
        ("queue", "queue_id", json!({"type": "queue"})),
        ("switchboard", "switchboard_uuid", json!({"type": "switchboard"})),
        ("user", "user_id", json!({"type": "user"})),
        ("voicemail", "voicemail_id", json!({"type": "voicemail"})),
    ]
}

/// The id of a thing as the argument wants it.
fn id(made: &Value, argument: &str) -> Value {
    made[argument.rsplit('_').next().unwrap()].clone()
}

/// Does anything in it lead to a destination of this type?
fn leads_to(value: &Value, kind: &Value) -> bool {
    match value {
        Value::Object(object) => {
            object.get("type") == Some(kind) || object.values().any(|it| leads_to(it, kind))
        }
        Value::Array(items) => items.iter().any(|it| leads_to(it, kind)),
        _ => false,
    }
}

#[test]
fn no_destination_leads_to_what_is_deleted() {
    let server = Server::start();
    for (owner, rest, body) in OWNERS {
        let owner = make(&server, owner);
        let path = owner.path() + rest;
        // A list of choices or periods stays when what they lead to goes.
        if rest.is_empty() {
            server.put(&path, body(&json!({"type": "none"}))).expect(204);
        }
        let (before, before_rows) = (server.get(&path).expect(200), rows(&server));
        for (kind, argument, mut destination) in targets() {
            let target = make(&server, kind);
            destination[argument] = id(&target.made, argument);
            server.put(&path, body(&destination)).expect(204);
            assert!(leads_to(&server.get(&path).expect(200), &destination["type"]), "{path} to {kind}");
            target.delete(&server, || panic!("{kind} is tied by a destination"));
            let after = server.get(&path).expect(200);
            assert!(!leads_to(&after, &destination["type"]), "{path} still leads to {kind}: {after}");
            let none = |value: &Value| value.to_string().replace(r#"{"type":"none"}"#, "null");
            assert_eq!(none(&after), none(&before), "{path}, {kind}");
        }
        server.put(&path, body(&json!({"type": "none"}))).expect(204);
        owner.delete(&server, || panic!("{path} is tied by its destinations"));
        let after = rows(&server)["destination"];
        assert!(after <= before_rows["destination"], "{path} left destinations behind");
        assert_eq!(after, 0, "{path}");
    }
}

#[test]
fn what_a_destination_names_beside_its_target_goes_too() {
    let server = Server::start();
    let user = make(&server, "user");
    let path = user.path() + "/fallbacks";
    for (kind, argument, target, mut destination) in [
        ("moh", "moh_uuid", "user", json!({"type": "user"})),
        (
            "skill rule",
            "skill_rule_id",
            "queue",
            json!({"type": "queue", "skill_rule_variables": {"a": "b"}}),
        ),
    ] {
        let (named, target) = (make(&server, kind), make(&server, target));
        let name = format!("{}_id", destination["type"].as_str().unwrap());
        destination[&name] = target.made["id"].clone();
        destination[argument] = id(&named.made, argument);
        server.put(&path, json!({"noanswer_destination": destination})).expect(204);
        let shown = || server.get(&path).expect(200)["noanswer_destination"].clone();
        assert_eq!(shown()[argument], destination[argument]);
        named.delete(&server, || panic!("{kind} is tied by a destination"));
        assert_eq!(shown()[&name], target.made["id"]);
        assert!(shown()[argument].is_null() && shown()["skill_rule_variables"].is_null(), "{}", shown());
        server.put(&path, json!({"noanswer_destination": destination})).expect(400);
    }
}

#[test]
fn every_type_that_names_something_is_walked() {
    let walked: Vec<Value> = targets().into_iter().map(|(_, _, to)| to["type"].clone()).collect();
    for row in &TYPES {
        let named = !row.references.is_empty();
        assert_eq!(named, walked.contains(&json!(row.name)), "{}", row.name);
    }
    let beside: Vec<&str> = TYPES.iter().flat_map(|row| row.references).map(|it| it.argument).collect();
    assert_eq!(beside.len(), targets().len() + 2, "{beside:?}");
}
