//! `/users/{user}/fallbacks`, and `fallbacks` in a whole user.

use super::{create, total};
use crate::harness::Server;
use serde_json::{Value, json};

const UUID: &str = "99999999-9999-4999-8999-999999999999";

fn none() -> Value {
    json!({
        "noanswer_destination": null, "busy_destination": null, "congestion_destination": null,
        "fail_destination": null,
    })
}

#[test]
fn fallbacks_are_replaced_as_a_whole() {
    let server = Server::start();
    let (user, uuid) = create(&server, json!({"firstname": "A"}));
    let path = format!("/users/{uuid}/fallbacks");
    assert_eq!(server.get(&path).expect(200), none());
    let nowhere = json!({"type": "none"});
    let body = json!({"noanswer_destination": nowhere, "busy_destination": nowhere, "other": 1});
    server.put(&path, body).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["noanswer_destination"], &shown["busy_destination"]), (&nowhere, &nowhere));
    server.put(&path, json!({"congestion_destination": nowhere, "busy_destination": null})).expect(204);
    let mut expected = none();
    expected["congestion_destination"] = nowhere;
    assert_eq!(server.get(&path).expect(200), expected);
    assert_eq!(server.get(&format!("/users/{user}")).expect(200)["fallbacks"], expected);
    assert_eq!(server.get("/users").expect(200)["items"][0]["fallbacks"], expected);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), none());
}

#[test]
fn a_target_that_does_not_exist_is_refused_and_nothing_changes() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let path = format!("/users/{user}/fallbacks");
    server.put(&path, json!({"busy_destination": {"type": "none"}})).expect(204);
    for (destination, resource) in [
        (json!({"type": "conference", "conference_id": 9999}), "Conference"),
        (json!({"type": "group", "group_id": 9999}), "Group"),
        (json!({"type": "ivr", "ivr_id": 9999}), "IVR"),
        (json!({"type": "outcall", "outcall_id": 9999, "exten": "1"}), "Outcall"),
        (json!({"type": "queue", "queue_id": 9999}), "Queue"),
        (json!({"type": "user", "user_id": 9999}), "User"),
        (json!({"type": "voicemail", "voicemail_id": 9999}), "Voicemail"),
    ] {
        let text = format!("Input Error - field 'actionarg1': {resource} was not found ('actionarg1': 9999)");
        server.put(&path, json!({"fail_destination": destination})).refused(400, &[&text]);
    }
    for (destination, resource) in [
        (json!({"type": "switchboard", "switchboard_uuid": UUID}), "Switchboard"),
        (json!({"type": "application", "application": "custom", "application_uuid": UUID}), "Application"),
    ] {
        let text = format!(
            "Input Error - field 'actionarg1': {resource} was not found ('actionarg1': UUID('{UUID}'))"
        );
        server.put(&path, json!({"fail_destination": destination})).refused(400, &[&text]);
    }
    let music = json!({"type": "user", "user_id": user, "moh_uuid": UUID});
    let text = format!("Input Error - field 'moh_uuid': MOH was not found ('moh_uuid': '{UUID}')");
    server.put(&path, json!({"fail_destination": music})).refused(400, &[&text]);
    let rule = json!({"type": "queue", "queue_id": 1, "skill_rule_id": 9999});
    server.put(&path, json!({"fail_destination": rule})).refused(
        400,
        &[
            "Input Error - field 'actionarg1': Queue was not found ('actionarg1': 1)",
            "Input Error - field 'skill_rule_id': SkillRule was not found ('skill_rule_id': 9999)",
        ],
    );
    let mut expected = none();
    expected["busy_destination"] = json!({"type": "none"});
    assert_eq!(server.get(&path).expect(200), expected);
    let missing = "Resource Not Found - User was not found ('id': 999999)";
    server.get("/users/999999/fallbacks").refused(404, &[missing]);
    server.put("/users/999999/fallbacks", json!({})).refused(404, &[missing]);
}

#[test]
fn what_another_tenant_has_is_no_target() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let (master, _) = create(&server, json!({"firstname": "A"}));
    let user =
        server.send_in(&tenant, "POST", "/users", Some(json!({"firstname": "B"}))).expect(201)["id"].clone();
    let path = format!("/users/{user}/fallbacks");
    let headers = [("X-Auth-Token", tenant.token.as_str())];
    let put = |body: Value| server.send("PUT", &path, Some(body.to_string()), &headers);
    put(json!({"fail_destination": {"type": "user", "user_id": user}})).expect(204);
    let text = format!("Input Error - field 'actionarg1': User was not found ('actionarg1': {master})");
    put(json!({"fail_destination": {"type": "user", "user_id": master}})).refused(400, &[&text]);
    let way_out = json!({"type": "extension", "exten": "0033123", "context": "to-extern"});
    let text = "Input Error - field 'context': Context was not found ('context': 'to-extern')";
    put(json!({"fail_destination": way_out})).refused(400, &[text]);
    assert_eq!(server.send("GET", &format!("/users/{master}/fallbacks"), None, &headers).status, 404);
}

#[test]
fn a_deleted_target_takes_the_fallback_with_it() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let (other, _) = create(&server, json!({"firstname": "B"}));
    let body = json!({"name": "Box", "number": "1001", "context": "default"});
    let voicemail = server.post("/voicemails", body).expect(201)["id"].clone();
    let path = format!("/users/{user}/fallbacks");
    let to_user = json!({"type": "user", "user_id": other});
    let to_voicemail = json!({"type": "voicemail", "voicemail_id": voicemail});
    server.put(&path, json!({"busy_destination": to_user, "fail_destination": to_voicemail})).expect(204);
    server.delete(&format!("/users/{other}")).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!(shown["busy_destination"], Value::Null);
    assert_eq!(shown["fail_destination"]["voicemail_name"], "Box");
    server.delete(&format!("/voicemails/{voicemail}")).expect(204);
    assert_eq!(server.get(&path).expect(200), none());
}

#[test]
fn a_whole_user_is_made_and_changed_with_fallbacks() {
    let server = Server::start();
    let (other, _) = create(&server, json!({"firstname": "B"}));
    let fallbacks = json!({"noanswer_destination": {"type": "user", "user_id": other}});
    let made = server.post("/users", json!({"firstname": "A", "fallbacks": fallbacks})).expect(201);
    assert_eq!(made["fallbacks"]["noanswer_destination"]["user_firstname"], "B");
    assert_eq!(made["fallbacks"]["busy_destination"], Value::Null);
    let path = format!("/users/{}", made["id"]);
    assert_eq!(server.get(&path).expect(200)["fallbacks"], made["fallbacks"]);
    let recursive = format!("{path}?recursive=true");
    server.put(&recursive, json!({"firstname": "A", "fallbacks": null})).expect(204);
    assert_eq!(server.get(&path).expect(200)["fallbacks"], made["fallbacks"]);
    let fallbacks = json!({"busy_destination": {"type": "none"}});
    server.put(&recursive, json!({"firstname": "A", "fallbacks": fallbacks})).expect(204);
    let mut expected = none();
    expected["busy_destination"] = json!({"type": "none"});
    assert_eq!(server.get(&path).expect(200)["fallbacks"], expected);
    let wrong =
        json!({"firstname": "A", "fallbacks": {"busy_destination": {"type": "user", "user_id": 9999}}});
    let text = "Input Error - field 'actionarg1': User was not found ('actionarg1': 9999) \
         (at fallbacks.busy_destination)";
    server.put(&recursive, wrong).refused(400, &[text]);
    assert_eq!(server.get(&path).expect(200)["fallbacks"], expected);
}

#[test]
fn wrong_fallbacks_of_a_whole_user_store_nothing() {
    let server = Server::start();
    for (fallbacks, texts) in [
        (
            json!({"noanswer_destination": {"type": "user"}}),
            vec![
                "Input Error - noanswer_destination: {'user_id': ['Missing data for required field.']} \
                 (at fallbacks)",
            ],
        ),
        (
            json!({
                "busy_destination": {"type": "ivr", "ivr_id": 1}, "fail_destination": {"type": "group", "group_id": 2}
            }),
            vec![
                "Input Error - field 'actionarg1': IVR was not found ('actionarg1': 1) \
                 (at fallbacks.busy_destination)",
                "Input Error - field 'actionarg1': Group was not found ('actionarg1': 2) \
                 (at fallbacks.fail_destination)",
            ],
        ),
    ] {
        server.post("/users", json!({"firstname": "A", "fallbacks": fallbacks})).refused(400, &texts);
    }
    assert_eq!(total(&server), 0);
}
