//! No value that is accepted is too long for the files that Asterisk reads.

use crate::harness::{Server, program};
use serde_json::{Value, json};
use tempfile::TempDir;

const WIDE: &str = "\u{1f4de}";

/// Renders what is stored now.
fn renders(storage: &TempDir, name: &str) {
    let output = program(storage.path(), "render").arg(storage.path().join(name)).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_longest_values_render_and_longer_ones_are_refused() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    let line = json!({"context": "default", "endpoint_sip": {"name": "a".repeat(79)},
                      "extensions": [{"exten": "1".repeat(4), "context": "default"}]});
    let line = server.post("/lines", line).expect(201);
    let endpoint = format!("/endpoints/sip/{}", line["endpoint_sip"]["uuid"].as_str().unwrap());
    let line = format!("/lines/{}", line["id"]);
    let voicemail = json!({"name": WIDE.repeat(80), "number": "1".repeat(40), "context": "default",
                           "password": "1".repeat(80), "email": WIDE.repeat(80), "pager": WIDE.repeat(80),
                           "options": [["emailbody", "x".repeat(4000)], ["emailsubject", "y".repeat(1900)]]});
    let voicemail = format!("/voicemails/{}", server.post("/voicemails", voicemail).expect(201)["id"]);
    // 4092 bytes with its name.
    let variable = |value: &str| format!("LONGEST={value}");
    let option = |key: &str, value: String| json!({"endpoint_section_options": [[key, value]]});
    let zone = |message: String| json!({"items": [{"name": "z", "timezone": "UTC", "message": message}]});
    for (name, path, accepted) in [
        ("option", &endpoint, option("set_var", variable(&"x".repeat(4084)))),
        ("wide-option", &endpoint, option("set_var", variable(&WIDE.repeat(1021)))),
        ("own-option", &endpoint, option(&format!("@{}", "x".repeat(4091)), "y".repeat(4092))),
        ("caller-id", &line, json!({"caller_id_name": "x".repeat(4092), "caller_id_num": "1".repeat(80)})),
        ("context", &"/contexts/1".to_owned(), json!({"label": WIDE.repeat(128)})),
        ("voicemail", &voicemail, json!({"timezone": "eu-fr"})),
        ("zone", &"/asterisk/voicemail/zonemessages".to_owned(), zone(WIDE.repeat(1023))),
    ] {
        server.put(path, accepted).expect(204);
        renders(&storage, name);
    }
    let refused = |path: &str, body: Value| {
        assert_eq!(server.put(path, body).status, 400, "{path}");
    };
    refused(&endpoint, option("set_var", variable(&WIDE.repeat(1022))));
    refused(&line, json!({"caller_id_name": "x".repeat(4093)}));
    refused(&line, json!({"caller_id_num": "1".repeat(81)}));
    refused(&voicemail, json!({"options": [["a", "x".repeat(3000)], ["b", "x".repeat(3000)]]}));
    refused("/asterisk/voicemail/zonemessages", zone("x".repeat(4093)));
    renders(&storage, "after");
}

#[test]
fn a_number_that_asterisk_could_not_hold_is_refused() {
    let server = Server::start();
    let group = |timeout: Value| server.post("/groups", json!({"label": "A", "timeout": timeout}));
    group(json!(2_147_483_647)).expect(201);
    for number in [json!(2_147_483_648_i64), json!("4294967296"), json!(-2_147_483_649_i64)] {
        group(number).refused(400, &["Input Error - timeout: ['Number too large.']"]);
    }
}
