use super::{extension, group, shown, user};
use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

#[test]
fn a_group_with_a_label_gets_every_default() {
    let server = Server::start();
    let made = server.post("/groups", json!({"label": "Sales", "id": 99, "name": "x"}));
    assert_eq!(made.status, 201, "{}", made.text);
    let (header, group) = (made.header("Location").to_owned(), made.json);
    let uuid = group["uuid"].as_str().unwrap();
    assert!(header.ends_with(&format!("/1.1/groups/{uuid}")) && group["links"][0]["href"] == header.as_str());
    let keys: Vec<_> = group.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys.join(" "),
        "id uuid tenant_uuid name label preprocess_subroutine ring_strategy caller_id_mode caller_id_name \
         dtmf_record_toggle timeout user_timeout retry_delay music_on_hold ring_in_use mark_answered_elsewhere \
         enabled ignore_forward max_calls links extensions fallbacks incalls schedules call_permissions members"
    );
    let expected = json!({
        "tenant_uuid": MASTER, "label": "Sales", "preprocess_subroutine": null, "ring_strategy": "all",
        "caller_id_mode": null, "caller_id_name": null, "dtmf_record_toggle": false, "timeout": null,
        "user_timeout": 15, "retry_delay": 5, "music_on_hold": null, "ring_in_use": true,
        "mark_answered_elsewhere": false, "enabled": true, "ignore_forward": false, "max_calls": 0,
        "extensions": [], "fallbacks": {"noanswer_destination": null, "congestion_destination": null},
        "incalls": [], "schedules": [], "call_permissions": [], "members": {"users": [], "extensions": []},
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&group[name], value, "{name}");
    }
    let name = group["name"].as_str().unwrap();
    assert!(name.starts_with("grp-") && name.ends_with(uuid), "{name}");
    assert_eq!(shown(&server, &group), group);
    assert_eq!(server.get(&format!("/groups/{uuid}")).expect(200), group);
}

#[test]
fn every_mistake_of_a_body_is_named_at_once() {
    let server = Server::start();
    let body = json!({
        "label": "Über", "preprocess_subroutine": "x".repeat(80), "ring_strategy": "loud",
        "caller_id_mode": "zz", "caller_id_name": "x".repeat(81), "dtmf_record_toggle": 1, "timeout": -1,
        "user_timeout": -1, "retry_delay": "x", "music_on_hold": 5, "ring_in_use": null,
        "mark_answered_elsewhere": "no", "enabled": null, "ignore_forward": null, "max_calls": -3,
        "members": {"users": [{"priority": -1}], "extensions": [{}]},
    });
    server.post("/groups", body).refused(
        400,
        &[
            "Input Error - label: ['String does not match expected pattern.']",
            "Input Error - preprocess_subroutine: ['Longer than maximum length 79.']",
            "Input Error - ring_strategy: ['Must be one of: all, random, least_recent, linear, fewest_calls, \
             memorized_round_robin, weight_random.']",
            "Input Error - caller_id_mode: ['Must be one of: prepend, overwrite, append.']",
            "Input Error - caller_id_name: ['Longer than maximum length 80.']",
            "Input Error - dtmf_record_toggle: ['Not a valid boolean.']",
            "Input Error - timeout: ['Must be greater than or equal to 0.']",
            "Input Error - user_timeout: ['Must be greater than or equal to 0.']",
            "Input Error - retry_delay: ['Not a valid integer.']",
            "Input Error - music_on_hold: ['Not a valid string.']",
            "Input Error - ring_in_use: ['Field may not be null.']",
            "Input Error - mark_answered_elsewhere: ['Not a valid boolean.']",
            "Input Error - enabled: ['Field may not be null.']",
            "Input Error - ignore_forward: ['Field may not be null.']",
            "Input Error - max_calls: ['Must be greater than or equal to 0.']",
            "Input Error - members: {'users': {0: {'uuid': ['Missing data for required field.'], 'priority': \
             ['Must be greater than or equal to 0.']}}, 'extensions': {0: {'exten': ['Missing data for required \
             field.'], 'context': ['Missing data for required field.']}}}",
        ],
    );
    server
        .post("/groups", json!({}))
        .refused(400, &["Input Error - label: ['Missing data for required field.']"]);
    server
        .post("/groups", json!({"label": ""}))
        .refused(400, &["Input Error - label: ['String does not match expected pattern.']"]);
    let music = "Input Error - field 'music_on_hold': MOH was not found ('music_on_hold': 'zz')";
    server.post("/groups", json!({"label": "a", "music_on_hold": "zz"})).refused(400, &[music]);
    assert_eq!(server.get("/groups").expect(200)["total"], 0);
}

#[test]
fn a_put_changes_only_what_it_holds() {
    let server = Server::start();
    let body = json!({"name": "Sales", "ignore_forward": true, "music_on_hold": "default", "timeout": 5});
    let made = server.post("/groups", body).expect(201);
    assert_eq!((&made["label"], &made["ignore_forward"]), (&json!("Sales"), &json!(true)));
    let path = format!("/groups/{}", made["uuid"].as_str().unwrap());
    server.put(&path, json!({})).expect(204);
    assert_eq!(shown(&server, &made), made);
    let changes = json!({
        "ring_strategy": "linear", "timeout": null, "user_timeout": null, "retry_delay": 0, "max_calls": null,
        "music_on_hold": "", "caller_id_mode": "prepend", "caller_id_name": "S", "members": {"users": 5},
    });
    server.put(&path, changes.clone()).expect(204);
    let new = shown(&server, &made);
    for (name, value) in changes.as_object().unwrap() {
        match name.as_str() {
            "members" => assert_eq!(new[name], made[name]),
            "music_on_hold" => assert_eq!(new[name], Value::Null),
            _ => assert_eq!(&new[name], value, "{name}"),
        }
    }
    assert_eq!((&new["ignore_forward"], &new["label"]), (&json!(true), &json!("Sales")));
    server
        .put(&path, json!({"ring_strategy": null}))
        .refused(400, &["Input Error - ring_strategy: ['Field may not be null.']"]);
}

#[test]
fn an_unknown_group_is_not_found() {
    let server = Server::start();
    let uuid = "99999999-9999-4999-8999-999999999999";
    for (key, id) in [("999999", "'id': 999999".to_owned()), (uuid, format!("'uuid': '{uuid}'"))] {
        let text = format!("Resource Not Found - Group was not found ({id})");
        let path = format!("/groups/{key}");
        server.get(&path).refused(404, &[&text]);
        server.put(&path, json!({})).refused(404, &[&text]);
        server.delete(&path).refused(404, &[&text]);
        for part in ["fallbacks", "members/users", "members/extensions"] {
            server.put(&format!("{path}/{part}"), json!({})).refused(404, &[&text]);
        }
        server.associate(&format!("{path}/extensions/1")).refused(404, &[&text]);
    }
    assert_eq!(server.get("/groups/zz").status, 404);
    let other = server.add_tenant("other", None);
    let hidden = group(&server, "Mine");
    let path = format!("/groups/{}", hidden["id"]);
    let text = format!("Resource Not Found - Group was not found ('id': {})", hidden["id"]);
    server.send("GET", &path, None, &[("X-Auth-Token", &other.token)]).refused(404, &[&text]);
}

#[test]
fn deleting_a_group_frees_its_number_and_what_leads_to_it() {
    let server = Server::start();
    let group = group(&server, "Sales");
    let number = extension(&server, "2000", "default");
    server.associate(&format!("/groups/{}/extensions/{number}", group["id"])).expect(204);
    let destination = json!({"type": "group", "group_id": group["id"]});
    let incall = server.post("/incalls", json!({"destination": destination})).expect(201);
    let ada = user(&server, "ada");
    server.put(&format!("/users/{ada}/groups"), json!({"groups": [{"id": group["id"]}]})).expect(204);
    let new = shown(&server, &group);
    assert_eq!(new["incalls"][0]["id"], incall["id"]);
    assert_eq!(new["extensions"][0]["exten"], "2000");
    server.delete(&format!("/groups/{}", group["id"])).expect(204);
    let left = server.get(&format!("/extensions/{number}")).expect(200);
    assert_eq!(left["group"], Value::Null);
    let incall = server.get(&format!("/incalls/{}", incall["id"])).expect(200);
    assert_eq!(incall["destination"], json!({"type": "none"}));
    assert_eq!(server.get(&format!("/users/{ada}")).expect(200)["groups"], json!([]));
}
