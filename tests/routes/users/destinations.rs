//! Every type of destination, as a fallback of a user.

use super::create;
use crate::harness::Server;
use serde_json::{Value, json};

const TYPES: &str = "application, conference, custom, extension, group, hangup, ivr, none, outcall, queue, sound, \
     switchboard, user, voicemail";
const UUID: &str = "99999999-9999-4999-8999-999999999999";

/// Stores a destination and gives what is shown of it.
fn stored(server: &Server, user: i64, destination: &Value) -> Value {
    let path = format!("/users/{user}/fallbacks");
    server.put(&path, json!({"busy_destination": destination})).expect(204);
    server.get(&path).expect(200)["busy_destination"].clone()
}

/// The messages that a destination is refused with, as they are printed.
fn refused(server: &Server, user: i64, destination: &Value, messages: &str) {
    let text = format!("Input Error - fail_destination: {messages}");
    server
        .put(&format!("/users/{user}/fallbacks"), json!({"fail_destination": destination}))
        .refused(400, &[&text]);
}

#[test]
fn every_destination_is_shown_with_its_defaults() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    for (given, shown) in [
        (
            json!({"type": "application", "application": "disa", "context": "default"}),
            json!({"type": "application", "application": "disa", "context": "default", "pin": null}),
        ),
        (
            json!({"type": "application", "application": "callback_disa", "context": "nowhere", "pin": "0123"}),
            json!({"type": "application", "application": "callback_disa", "context": "nowhere", "pin": "0123"}),
        ),
        (
            json!({"type": "application", "application": "directory", "context": "default", "pin": "1"}),
            json!({"type": "application", "application": "directory", "context": "default"}),
        ),
        (
            json!({"type": "application", "application": "voicemail", "context": "default"}),
            json!({"type": "application", "application": "voicemail", "context": "default"}),
        ),
        (
            json!({"type": "application", "application": "fax_to_mail", "email": "a@b.c"}),
            json!({"type": "application", "application": "fax_to_mail", "email": "a@b.c"}),
        ),
        (
            json!({"type": "custom", "command": "Playback(hello;noanswer)"}),
            json!({"type": "custom", "command": "Playback(hello;noanswer)"}),
        ),
        (
            json!({"type": "extension", "exten": "*98#", "context": "default", "user_id": 7}),
            json!({"type": "extension", "exten": "*98#", "context": "default"}),
        ),
        (
            json!({"type": "hangup", "cause": "normal", "timeout": 5}),
            json!({"type": "hangup", "cause": "normal"}),
        ),
        (
            json!({"type": "hangup", "cause": "busy"}),
            json!({"type": "hangup", "cause": "busy", "timeout": null}),
        ),
        (
            json!({"type": "hangup", "cause": "congestion", "timeout": "5"}),
            json!({"type": "hangup", "cause": "congestion", "timeout": 5.0}),
        ),
        (
            json!({"type": "sound", "filename": "hello"}),
            json!({"type": "sound", "filename": "hello", "skip": false, "no_answer": false}),
        ),
    ] {
        assert_eq!(stored(&server, user, &given), shown);
        assert_eq!(stored(&server, user, &shown), shown, "what is shown can be written back");
    }
}

#[test]
fn a_target_is_shown_with_its_name() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let (other, _) = create(&server, json!({"firstname": "B", "lastname": "C"}));
    assert_eq!(
        stored(&server, user, &json!({"type": "user", "user_id": other.to_string(), "ring_time": 10})),
        json!({
            "type": "user", "user_id": other, "ring_time": 10.0, "moh_uuid": null,
            "user_firstname": "B", "user_lastname": "C",
        })
    );
    let body = json!({"name": "Box", "number": "1001", "context": "default"});
    let voicemail = server.post("/voicemails", body).expect(201)["id"].clone();
    assert_eq!(
        stored(&server, user, &json!({"type": "voicemail", "voicemail_id": voicemail, "greeting": "busy"})),
        json!({
            "type": "voicemail", "voicemail_id": voicemail, "greeting": "busy", "skip_instructions": false,
            "voicemail_name": "Box",
        })
    );
    let shown = stored(&server, user, &json!({"type": "user", "user_id": other}));
    assert_eq!(stored(&server, user, &shown), shown, "what is shown can be written back");
    server.put(&format!("/users/{other}"), json!({"firstname": "New"})).expect(204);
    let shown = stored(&server, user, &json!({"type": "user", "user_id": other}));
    assert_eq!((&shown["user_firstname"], &shown["ring_time"]), (&json!("New"), &Value::Null));
}

#[test]
fn a_group_and_an_outcall_are_targets_until_they_go() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let path = format!("/users/{user}/fallbacks");
    let group = server.post("/groups", json!({"label": "Sales"})).expect(201);
    assert_eq!(
        stored(&server, user, &json!({"type": "group", "group_id": group["id"], "ring_time": 0.5})),
        json!({
            "type": "group", "group_id": group["id"], "ring_time": 0.5,
            "group_name": group["name"], "group_label": "Sales",
        })
    );
    server.delete(&format!("/groups/{}", group["uuid"].as_str().unwrap())).expect(204);
    assert_eq!(server.get(&path).expect(200)["busy_destination"], Value::Null);
    let outcall = server.post("/outcalls", json!({"name": "out"})).expect(201)["id"].clone();
    let destination = json!({"type": "outcall", "outcall_id": outcall, "exten": "0123"});
    assert_eq!(stored(&server, user, &destination), destination);
    server.delete(&format!("/outcalls/{outcall}")).expect(204);
    assert_eq!(server.get(&path).expect(200)["busy_destination"], Value::Null);
}

#[test]
fn what_has_no_type_is_refused() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let choice = format!("{{'type': ['Must be one of: {TYPES}.']}}");
    for (destination, messages) in [
        (json!({}), "{'type': ['Missing data for required field.']}"),
        (json!({"type": null}), "{'type': ['Field may not be null.']}"),
        (json!({"type": 5}), "{'type': ['Not a valid string.']}"),
        (json!([]), "{'_schema': ['Invalid input type.']}"),
        (json!("user"), "{'_schema': ['Invalid input type.']}"),
        (json!({"type": "meetme", "user_id": "x"}), choice.as_str()),
    ] {
        refused(&server, user, &destination, messages);
    }
    let shown = server.get(&format!("/users/{user}/fallbacks")).expect(200);
    assert!(shown.as_object().unwrap().values().all(Value::is_null));
}

#[test]
fn what_a_type_asks_for_must_be_there() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    for (kind, required) in [
        ("application", "application"),
        ("conference", "conference_id"),
        ("custom", "command"),
        ("group", "group_id"),
        ("hangup", "cause"),
        ("ivr", "ivr_id"),
        ("queue", "queue_id"),
        ("sound", "filename"),
        ("switchboard", "switchboard_uuid"),
        ("user", "user_id"),
        ("voicemail", "voicemail_id"),
    ] {
        let messages = format!("{{'{required}': ['Missing data for required field.']}}");
        refused(&server, user, &json!({"type": kind}), &messages);
        let messages = format!("{{'{required}': ['Field may not be null.']}}");
        refused(&server, user, &json!({"type": kind, required: null}), &messages);
    }
    let missing = "['Missing data for required field.']";
    for (destination, messages) in [
        (json!({"type": "extension"}), format!("{{'exten': {missing}, 'context': {missing}}}")),
        (json!({"type": "outcall"}), format!("{{'outcall_id': {missing}, 'exten': {missing}}}")),
        (json!({"type": "application", "application": "disa"}), format!("{{'context': {missing}}}")),
        (json!({"type": "application", "application": "voicemail"}), format!("{{'context': {missing}}}")),
        (
            json!({"type": "application", "application": "custom"}),
            format!("{{'application_uuid': {missing}}}"),
        ),
        (json!({"type": "application", "application": "fax_to_mail"}), format!("{{'email': {missing}}}")),
    ] {
        refused(&server, user, &destination, &messages);
    }
}

#[test]
fn a_value_that_does_not_fit_its_type_is_refused() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let pattern = "['String does not match expected pattern.']";
    let (int, text) = ("['Not a valid integer.']", "['Not a valid string.']");
    let boolean = "['Not a valid boolean.']";
    let below = "['Must be greater than or equal to 0.']";
    let applications = "['Must be one of: callback_disa, custom, directory, disa, fax_to_mail, voicemail.']";
    for (destination, messages) in [
        (json!({"type": "user", "user_id": UUID}), format!("{{'user_id': {int}}}")),
        (
            json!({"type": "user", "user_id": 1, "ring_time": -1, "moh_uuid": "x"}),
            format!("{{'ring_time': {below}, 'moh_uuid': ['Not a valid UUID.']}}"),
        ),
        (
            json!({"type": "user", "user_id": 1, "ring_time": "x"}),
            "{'ring_time': ['Not a valid number.']}".to_owned(),
        ),
        (
            json!({"type": "hangup", "cause": "x"}),
            "{'cause': ['Must be one of: busy, congestion, normal.']}".into(),
        ),
        (json!({"type": "hangup", "cause": "busy", "timeout": -1}), format!("{{'timeout': {below}}}")),
        (json!({"type": "application", "application": "x"}), format!("{{'application': {applications}}}")),
        (
            json!({"type": "application", "application": "disa", "context": "a b", "pin": "x"}),
            format!("{{'context': {pattern}, 'pin': ['Invalid input.']}}"),
        ),
        (
            json!({"type": "application", "application": "disa", "context": "a", "pin": "*12"}),
            "{'pin': ['Invalid input.']}".to_owned(),
        ),
        (
            json!({"type": "application", "application": "disa", "context": "a", "pin": "1".repeat(41)}),
            "{'pin': ['Longer than maximum length 40.']}".to_owned(),
        ),
        (
            json!({"type": "application", "application": "custom", "application_uuid": "x"}),
            "{'application_uuid': ['Not a valid UUID.']}".to_owned(),
        ),
        (
            json!({"type": "application", "application": "fax_to_mail", "email": "x"}),
            "{'email': ['Not a valid email address.']}".to_owned(),
        ),
        (
            json!({"type": "extension", "exten": "1a", "context": "x".repeat(80)}),
            format!("{{'exten': {pattern}, 'context': {pattern}}}"),
        ),
        (
            json!({"type": "outcall", "outcall_id": "x", "exten": "*1"}),
            format!("{{'outcall_id': {int}, 'exten': ['Invalid input.']}}"),
        ),
        (
            json!({"type": "sound", "filename": "x".repeat(256), "skip": 1, "no_answer": "no"}),
            format!(
                "{{'filename': ['Longer than maximum length 255.'], 'skip': {boolean}, 'no_answer': {boolean}}}"
            ),
        ),
        (json!({"type": "sound", "filename": 1}), format!("{{'filename': {text}}}")),
        (
            json!({"type": "switchboard", "switchboard_uuid": "x"}),
            "{'switchboard_uuid': ['Not a valid UUID.']}".into(),
        ),
        (
            json!({"type": "voicemail", "voicemail_id": 1, "skip_instructions": 1, "greeting": "x"}),
            format!("{{'skip_instructions': {boolean}, 'greeting': ['Must be one of: busy, unavailable.']}}"),
        ),
        (
            json!({"type": "queue", "queue_id": 1, "skill_rule_variables": {"a": "1"}}),
            "{'skill_rule_id': ['Missing data for required field. When `skill_rule_variables` is defined']}"
                .into(),
        ),
        (
            json!({"type": "queue", "queue_id": 1, "skill_rule_variables": [1]}),
            "{'skill_rule_variables': ['Not a valid mapping type.']}".into(),
        ),
        (
            json!({"type": "queue", "queue_id": 1, "skill_rule_id": 1, "skill_rule_variables": {"a|": 1}}),
            format!("{{'skill_rule_variables': {{'a|': {{'key': {pattern}, 'value': {text}}}}}}}"),
        ),
        (
            json!({"type": "custom", "command": format!("NoOp({})", "x".repeat(250))}),
            "{'command': ['Longer than maximum length 255.']}".into(),
        ),
    ] {
        refused(&server, user, &destination, &messages);
    }
}

#[test]
fn what_would_harm_the_machine_or_leave_the_dialplan_is_refused() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    for command in
        ["system(id)", "trysystem(id)", "System(id)", "NoOp(${SHELL(id)})", "Playback", "AGI(/bin/sh)"]
    {
        let messages = "{'command': ['String does not match expected pattern.']}";
        refused(&server, user, &json!({"type": "custom", "command": command}), messages);
    }
    let messages = "{'context': ['String does not match expected pattern.']}";
    let own = json!({"type": "extension", "exten": "12", "context": "cordboard-member"});
    refused(&server, user, &own, messages);
    let own = json!({"type": "application", "application": "disa", "context": "cordboard-member"});
    refused(&server, user, &own, messages);
    let up = json!({"type": "sound", "filename": "../../../spool/voicemail/default/1001/INBOX/msg0000"});
    refused(&server, user, &up, "{'filename': ['String does not match expected pattern.']}");
    let control = json!({"type": "sound", "filename": "a\nb"});
    refused(&server, user, &control, "{'filename': ['Control characters are not allowed.']}");
}
