use super::shown;
use crate::harness::Server;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn options(queue: &Value) -> BTreeMap<String, String> {
    serde_json::from_value::<Vec<(String, String)>>(queue["options"].clone()).unwrap().into_iter().collect()
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_new_queue_has_the_defaults_and_what_is_given() {
    let server = Server::start();
    let given = json!([["timeout", "42"], ["zz", "kept"], ["ringinuse", "no"]]);
    let made = server.post("/queues", json!({"name": "q1", "options": given})).expect(201);
    let mut expected = map(&[
        ("timeout", "42"),
        ("periodic-announce", "queue-periodic-announce"),
        ("announce-frequency", "0"),
        ("periodic-announce-frequency", "0"),
        ("announce-round-seconds", "0"),
        ("announce-holdtime", "no"),
        ("retry", "5"),
        ("wrapuptime", "0"),
        ("maxlen", "0"),
        ("servicelevel", "0"),
        ("strategy", "ringall"),
        ("memberdelay", "0"),
        ("weight", "0"),
        ("timeoutpriority", "conf"),
        ("setqueueentryvar", "yes"),
        ("setqueuevar", "yes"),
        ("setinterfacevar", "yes"),
        ("reportholdtime", "yes"),
        ("autofill", "yes"),
        ("autopause", "no"),
        ("timeoutrestart", "yes"),
        ("announce-position", "yes"),
        ("announce-position-limit", "5"),
        ("min-announce-frequency", "60"),
        ("random-periodic-announce", "yes"),
        ("ringinuse", "no"),
        ("zz", "kept"),
    ]);
    for name in
        ["youarenext", "thereare", "callswaiting", "holdtime", "minutes", "seconds", "thankyou", "reporthold"]
    {
        expected.insert(format!("queue-{name}"), format!("queue-{name}"));
    }
    assert_eq!(options(&made), expected);
}

#[test]
fn a_change_replaces_all_options() {
    let server = Server::start();
    let made = server.post("/queues", json!({"name": "q1"})).expect(201);
    let path = format!("/queues/{}", made["id"]);
    server.put(&path, json!({"options": [["timeout", "1"]]})).expect(204);
    let expected = map(&[
        ("timeout", "1"),
        ("ringinuse", "no"),
        ("autopause", "no"),
        ("setinterfacevar", "no"),
        ("setqueueentryvar", "no"),
        ("setqueuevar", "no"),
        ("reportholdtime", "no"),
        ("timeoutrestart", "no"),
        ("random-periodic-announce", "no"),
        ("autofill", "yes"),
        ("announce-position", "yes"),
        ("announce-position-limit", "5"),
        ("min-announce-frequency", "60"),
        ("timeoutpriority", "app"),
    ]);
    assert_eq!(options(&shown(&server, &made)), expected);
    server.put(&path, json!({"label": "x"})).expect(204);
    assert_eq!(options(&shown(&server, &made)), expected);
}

#[test]
fn all_options_at_once_are_the_set_that_is_shown() {
    let server = Server::start();
    let all = json!([
        ["announce", "beep"],
        ["context", "default"],
        ["timeout", "42"],
        ["monitor-type", "MixMonitor"],
        ["monitor-format", "wav"],
        ["queue-youarenext", "a"],
        ["queue-thereare", "b"],
        ["queue-callswaiting", "c"],
        ["queue-holdtime", "d"],
        ["queue-minutes", "e"],
        ["queue-seconds", "f"],
        ["queue-thankyou", "g"],
        ["queue-reporthold", "h"],
        ["periodic-announce", "i"],
        ["announce-frequency", "42"],
        ["periodic-announce-frequency", "42"],
        ["announce-round-seconds", "42"],
        ["announce-holdtime", "once"],
        ["retry", "42"],
        ["wrapuptime", "42"],
        ["maxlen", "42"],
        ["servicelevel", "42"],
        ["strategy", "random"],
        ["joinempty", "unavailable,invalid"],
        ["leavewhenempty", "strict"],
        ["ringinuse", "yes"],
        ["reportholdtime", "yes"],
        ["memberdelay", "42"],
        ["weight", "42"],
        ["timeoutrestart", "yes"],
        ["timeoutpriority", "app"],
        ["autofill", "no"],
        ["autopause", "all"],
        ["setinterfacevar", "yes"],
        ["setqueueentryvar", "yes"],
        ["setqueuevar", "yes"],
        ["membermacro", "m"],
        ["min-announce-frequency", "42"],
        ["random-periodic-announce", "yes"],
        ["announce-position", "limit"],
        ["announce-position-limit", "42"],
        ["defaultrule", "r"],
    ]);
    let wanted = options(&json!({"options": all}));
    assert_eq!(wanted.len(), 42);
    let made = server.post("/queues", json!({"name": "q1", "options": all})).expect(201);
    assert_eq!(options(&made), wanted);
    server.put(&format!("/queues/{}", made["id"]), json!({"options": all})).expect(204);
    assert_eq!(options(&shown(&server, &made)), wanted);
}

#[test]
fn values_that_asterisk_can_not_read_are_refused() {
    let server = Server::start();
    let wrong = json!([
        ["timeout", "x"],
        ["retry", "-1"],
        ["ringinuse", "maybe"],
        ["strategy", "loud"],
        ["zz", "x"],
        ["weight", " 7 "],
    ]);
    let text = "Input Error - options: {0: {1: ['Not a valid integer.']}, 1: {1: ['Must be greater than or equal to \
         0.']}, 2: {1: ['Not a valid boolean.']}, 3: {1: ['Must be one of: ringall, leastrecent, fewestcalls, random, \
         rrmemory, rrordered, linear, wrandom.']}}";
    server.post("/queues", json!({"name": "q1", "options": wrong})).refused(400, &[text]);
    for (options, message) in [
        (json!(null), "['Field may not be null.']"),
        (json!({}), "['Not a valid list.']"),
        (json!([5]), "{0: ['Not a valid list.']}"),
        (json!([["a", "b", "c"]]), "{0: ['Length must be 2.']}"),
        (json!([["a", "b\nmember => x"]]), "{0: {1: ['Control characters are not allowed.']}}"),
    ] {
        let text = format!("Input Error - options: {message}");
        server.post("/queues", json!({"name": "q1", "options": options})).refused(400, &[&text]);
    }
}

#[test]
fn waiting_callers_are_not_led_into_another_tenants_context() {
    let server = Server::start();
    let other = server.add_tenant("other", None);
    for context in ["to-extern", "cordboard-user"] {
        let body = json!({"name": "q1", "options": [["context", context]]});
        let text = format!("Input Error - field 'context': Context was not found ('context': '{context}')");
        server.send_in(&other, "POST", "/queues", Some(body)).refused(400, &[&text]);
    }
    let body = json!({"name": "q1", "options": [["context", "to-extern"]]});
    server.post("/queues", body).expect(201);
}
