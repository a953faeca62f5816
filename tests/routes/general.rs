use crate::harness::Server;
use serde_json::{Value, json};

#[test]
fn general_options_have_a_seed_are_replaced_and_checked() {
    let server = Server::start();
    let path = "/asterisk/features/general";
    let seed = server.get(path).expect(200)["options"].clone();
    assert_eq!((&seed["pickupexten"], &seed["featuredigittimeout"]), (&json!("*8"), &json!("1500")));
    let options = json!({"transferdigittimeout": "7", "unknown": "kept", "nothing": null});
    server.put(path, json!({"options": options})).expect(204);
    assert_eq!(server.get(path).expect(200), json!({"options": options}));
    let text =
        "Input Error - options: {'atxferdropcall': ['Invalid input.'], 'xfersound': ['Invalid input.']}";
    let wrong = json!({"atxferdropcall": "maybe", "xfersound": "a;b", "unknown": "x"});
    server.put(path, json!({"options": wrong})).refused(400, &[text]);
    for (wrong, text) in [
        (json!({}), "Input Error - options: ['Missing data for required field.']"),
        (json!({"options": []}), "Input Error - options: ['Not a valid mapping type.']"),
        (json!({"options": {"a": 1}}), "Input Error - options: ['Not a valid string.']"),
        (json!({"options": {"a": "b\nc"}}), "Input Error - options: ['Not a valid string.']"),
    ] {
        server.put(path, wrong).refused(400, &[text]);
    }
    for path in [
        "features/featuremap",
        "features/applicationmap",
        "confbridge/wazo_default_user",
        "confbridge/wazo_default_bridge",
    ] {
        let path = format!("/asterisk/{path}");
        let seed = server.get(&path).expect(200);
        server.put(&path, seed).expect(204);
    }
}

#[test]
fn general_options_are_the_master_tenants_and_announcements_each_tenants() {
    let server = Server::start();
    let other = server.add_tenant("other", None);
    let headers = [("X-Auth-Token", other.token.as_str())];
    server.send("GET", "/asterisk/features/general", None, &headers).expect(401);
    let path = "/recordings/announcements";
    let fresh = json!({"recording_start": null, "recording_stop": null});
    assert_eq!(server.get(path).expect(200), fresh);
    server.put(path, json!({"recording_start": "beep"})).expect(204);
    assert_eq!(server.get(path).expect(200)["recording_start"], "beep");
    assert_eq!(server.send_in(&other, "GET", path, None).expect(200)["recording_start"], Value::Null);
}
