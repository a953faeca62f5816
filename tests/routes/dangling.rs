//! Deleting anything leaves no dangling reference: every pair of what names something and what is named.

use crate::harness::Server;
use serde_json::{Map, Value, json};

/// What destinations lead to: type, list, body, argument.
fn targets() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    vec![
        ("user", "/users", json!({"firstname": "T"}), "user_id"),
        ("group", "/groups", json!({"label": "T"}), "group_id"),
        ("queue", "/queues", json!({"name": "target"}), "queue_id"),
        ("ivr", "/ivr", json!({"name": "T", "menu_sound": "beep"}), "ivr_id"),
        ("conference", "/conferences", json!({"name": "T"}), "conference_id"),
        (
            "voicemail",
            "/voicemails",
            json!({"name": "T", "number": "1999", "context": "default"}),
            "voicemail_id",
        ),
        ("outcall", "/outcalls", json!({"name": "T"}), "outcall_id"),
    ]
}

fn id(server: &Server, list: &str, body: Value) -> Value {
    server.post(list, body).expect(201)["id"].clone()
}

/// All that has destinations: where it is written and read, its keys, and what a key shows whose target is gone.
fn owners(server: &Server) -> Vec<(String, Vec<&'static str>, Value)> {
    let user = id(server, "/users", json!({"firstname": "O"}));
    let group = id(server, "/groups", json!({"label": "O"}));
    let queue = id(server, "/queues", json!({"name": "owner"}));
    let none = json!({"type": "none"});
    let incall = id(server, "/incalls", json!({"destination": none}));
    let schedule = id(server, "/schedules", json!({"closed_destination": none}));
    let ivr = id(server, "/ivr", json!({"name": "O", "menu_sound": "beep"}));
    let four = vec!["noanswer_destination", "busy_destination", "congestion_destination", "fail_destination"];
    let menu = vec!["invalid_destination", "timeout_destination", "abort_destination"];
    vec![
        (format!("/users/{user}/fallbacks"), four.clone(), Value::Null),
        (
            format!("/groups/{group}/fallbacks"),
            vec!["noanswer_destination", "congestion_destination"],
            Value::Null,
        ),
        (format!("/queues/{queue}/fallbacks"), four, Value::Null),
        (format!("/incalls/{incall}"), vec!["destination"], none.clone()),
        (format!("/schedules/{schedule}"), vec!["closed_destination"], none),
        (format!("/ivr/{ivr}"), menu, Value::Null),
    ]
}

#[test]
fn no_destination_leads_to_what_is_deleted() {
    let server = Server::start();
    let owners = owners(&server);
    for (kind, list, body, argument) in targets() {
        let target = id(&server, list, body);
        let mut destination = json!({"type": kind, argument: target});
        if kind == "outcall" {
            destination["exten"] = json!("123");
        }
        for (path, keys, _) in &owners {
            let body: Map<String, Value> =
                keys.iter().map(|key| ((*key).to_owned(), destination.clone())).collect();
            server.put(path, Value::Object(body)).expect(204);
            assert_eq!(server.get(path).expect(200)[keys[0]]["type"], kind, "{path}");
        }
        server.delete(&format!("{list}/{target}")).expect(204);
        for (path, keys, gone) in &owners {
            let shown = server.get(path).expect(200);
            for key in keys {
                let left = &shown[*key];
                assert!(left == gone || left.is_null(), "{path} {key} still leads to {kind}: {left}");
            }
        }
    }
}

#[test]
fn no_function_key_names_what_is_deleted() {
    let server = Server::start();
    let user = id(&server, "/users", json!({"firstname": "O"}));
    let template = id(&server, "/funckeys/templates", json!({"keys": {}}));
    for (kind, list, body, key) in [
        ("user", "/users", json!({"firstname": "T"}), json!({"user_id": null})),
        ("group", "/groups", json!({"label": "T"}), json!({"group_id": null})),
        ("groupmember", "/groups", json!({"label": "T"}), json!({"group_id": null, "action": "join"})),
        ("queue", "/queues", json!({"name": "keyed"}), json!({"queue_id": null})),
        ("conference", "/conferences", json!({"name": "T"}), json!({"conference_id": null})),
        ("paging", "/pagings", json!({"number": "77"}), json!({"paging_id": null})),
        ("agent", "/agents", json!({"number": "77"}), json!({"agent_id": null, "action": "login"})),
    ] {
        let target = id(&server, list, body);
        let mut destination = key;
        let named =
            destination.as_object().unwrap().keys().find(|name| name.ends_with("_id")).unwrap().clone();
        destination[&named] = target.clone();
        destination["type"] = json!(kind);
        let keys = json!({"keys": {"1": {"destination": destination}}});
        let mut places = vec![format!("/users/{user}/funckeys")];
        if kind != "agent" {
            places.push(format!("/funckeys/templates/{template}"));
        }
        for place in &places {
            server.put(place, keys.clone()).expect(204);
            assert_eq!(server.get(place).expect(200)["keys"]["1"]["destination"]["type"], kind);
        }
        server.delete(&format!("{list}/{target}")).expect(204);
        for place in &places {
            assert_eq!(server.get(place).expect(200)["keys"], json!({}), "{kind} in {place}");
        }
    }
}

#[test]
fn a_number_is_free_again_when_what_it_reached_is_deleted() {
    let server = Server::start();
    for (list, body, exten, context) in [
        ("/groups", json!({"label": "T"}), "2001", "default"),
        ("/queues", json!({"name": "numbered"}), "3001", "default"),
        ("/conferences", json!({"name": "T"}), "4001", "default"),
        ("/incalls", json!({"destination": {"type": "none"}}), "5001", "from-extern"),
        ("/outcalls", json!({"name": "T"}), "_0X.", "to-extern"),
    ] {
        let owner = id(&server, list, body);
        let extension = id(&server, "/extensions", json!({"exten": exten, "context": context}));
        server.put(&format!("{list}/{owner}/extensions/{extension}"), json!({})).expect(204);
        assert_eq!(server.delete(&format!("/extensions/{extension}")).status, 400, "{list}");
        server.delete(&format!("{list}/{owner}")).expect(204);
        server.delete(&format!("/extensions/{extension}")).expect(204);
    }
}

#[test]
fn nobody_belongs_to_what_is_deleted_and_nothing_has_members_that_are_gone() {
    let server = Server::start();
    let line = json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": "1001"}]});
    let user = server.post("/users", json!({"firstname": "M", "lines": [line]})).expect(201);
    let (number, uuid) = (&user["id"], &user["uuid"]);
    let group = id(&server, "/groups", json!({"label": "G"}));
    let queue = id(&server, "/queues", json!({"name": "q"}));
    let agent = id(&server, "/agents", json!({"number": "1"}));
    let schedule = id(&server, "/schedules", json!({"closed_destination": {"type": "none"}}));
    let permission = id(&server, "/callpermissions", json!({"name": "p"}));
    server.put(&format!("/groups/{group}/members/users"), json!({"users": [{"uuid": uuid}]})).expect(204);
    server.put(&format!("/queues/{queue}/members/users/{number}"), json!({})).expect(204);
    server.put(&format!("/queues/{queue}/members/agents/{agent}"), json!({})).expect(204);
    for path in [
        format!("/users/{number}/agents/{agent}"),
        format!("/users/{number}/schedules/{schedule}"),
        format!("/users/{number}/callpermissions/{permission}"),
        format!("/groups/{group}/schedules/{schedule}"),
        format!("/groups/{group}/callpermissions/{permission}"),
        format!("/queues/{queue}/schedules/{schedule}"),
    ] {
        server.associate(&path).expect(204);
    }
    server.delete(&format!("/schedules/{schedule}")).expect(204);
    server.delete(&format!("/callpermissions/{permission}")).expect(204);
    server.delete(&format!("/agents/{agent}")).expect(204);
    let shown = server.get(&format!("/users/{number}")).expect(200);
    for key in ["schedules", "call_permissions"] {
        assert_eq!(shown[key], json!([]), "{key}");
    }
    assert_eq!(shown["agent"], Value::Null);
    let shown = server.get(&format!("/queues/{queue}")).expect(200);
    assert_eq!((&shown["members"]["agents"], &shown["schedules"]), (&json!([]), &json!([])));
    server.delete(&format!("/users/{number}?recursive=true")).expect(204);
    assert_eq!(server.get(&format!("/queues/{queue}")).expect(200)["members"]["users"], json!([]));
    let shown = server.get(&format!("/groups/{group}")).expect(200);
    for key in ["schedules", "call_permissions"] {
        assert_eq!(shown[key], json!([]), "{key}");
    }
    assert_eq!(shown["members"]["users"], json!([]));
}
