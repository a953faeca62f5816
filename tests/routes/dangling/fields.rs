//! Fields of a body that name something: what is deleted goes from there, or can't be deleted while it stands there.

use super::{make, rows};
use crate::harness::Server;
use serde_json::{Value, json};

/// Whose field it is, its name, the kind of thing, what of the thing the field holds, and the field's value.
type Row = (&'static str, &'static str, &'static str, fn(&Value) -> Value);

const FIELDS: &[Row] = &[
    ("user", "music_on_hold", "moh", name),
    ("user", "func_key_template_id", "key template", id),
    ("group", "music_on_hold", "moh", name),
    ("queue", "music_on_hold", "moh", name),
    ("conference", "music_on_hold", "moh", name),
    ("parking lot", "music_on_hold", "moh", name),
    ("switchboard", "queue_music_on_hold", "moh", name),
    ("switchboard", "waiting_room_music_on_hold", "moh", name),
    ("trunk", "context", "context", name),
    ("sip endpoint", "templates", "sip template", |made| json!([{"uuid": made["uuid"]}])),
    ("sip endpoint", "transport", "transport", |made| json!({"uuid": made["uuid"]})),
    ("sip template", "templates", "sip template", |made| json!([{"uuid": made["uuid"]}])),
    ("sip template", "transport", "transport", |made| json!({"uuid": made["uuid"]})),
];

fn name(made: &Value) -> Value {
    made["name"].clone()
}

fn id(made: &Value) -> Value {
    made["id"].clone()
}

#[test]
fn no_field_names_what_is_deleted() {
    let server = Server::start();
    for (owner, field, kind, of) in FIELDS {
        let before = rows(&server);
        let owner = make(&server, owner);
        let alone = owner.shown(&server)[*field].clone();
        let thing = make(&server, kind);
        server.put(&owner.path(), json!({*field: of(&thing.made)})).expect(204);
        assert_ne!(owner.shown(&server)[*field], alone, "{} {field}", owner.path());
        thing.delete(&server, || server.put(&owner.path(), json!({*field: alone})).expect_status(204));
        let after = owner.shown(&server)[*field].clone();
        // Music is then the default one, where a body without any would name it.
        assert!(after == alone || after.is_null(), "{} {field}: {after}", owner.path());
        owner.delete(&server, || panic!("{} is tied", owner.path()));
        assert_eq!(rows(&server), before, "{} {field}", owner.path());
    }
}

/// What is in a context keeps it, or goes with it.
#[test]
fn nothing_is_left_in_a_context_that_is_deleted() {
    let server = Server::start();
    for (list, body) in [
        ("/extensions", json!({"exten": "1777"})),
        ("/voicemails", json!({"name": "T", "number": "1777"})),
        ("/trunks", json!({})),
        ("/lines", json!({})),
    ] {
        let before = rows(&server);
        let context = make(&server, "context");
        let mut body = body;
        body["context"] = context.made["name"].clone();
        let made = server.post(list, body).expect(201)["id"].clone();
        context.delete(&server, || server.delete(&format!("{list}/{made}")).expect_status(204));
        assert_eq!(server.get(&format!("{list}/{made}")).status, 404, "{list}");
        assert_eq!(rows(&server), before, "{list}");
    }
}
