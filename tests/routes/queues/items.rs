use super::{queue, shown, user};
use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

#[test]
fn a_queue_with_a_name_gets_every_default() {
    let server = Server::start();
    let made = server.post("/queues", json!({"name": "q1", "id": 99}));
    assert_eq!(made.status, 201, "{}", made.text);
    let (header, queue) = (made.header("Location").to_owned(), made.json);
    assert!(header.ends_with(&format!("/1.1/queues/{}", queue["id"])), "{header}");
    assert_eq!(queue["links"], json!([{"rel": "queues", "href": header}]));
    let keys: Vec<_> = queue.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys.join(" "),
        "id tenant_uuid name label data_quality dtmf_hangup_callee_enabled dtmf_hangup_caller_enabled \
         dtmf_transfer_callee_enabled dtmf_transfer_caller_enabled dtmf_record_callee_enabled \
         dtmf_record_caller_enabled dtmf_record_toggle retry_on_timeout ring_on_hold timeout \
         announce_hold_time_on_entry ignore_forward preprocess_subroutine music_on_hold wait_time_threshold \
         wait_time_destination wait_ratio_threshold wait_ratio_destination caller_id_mode caller_id_name \
         mark_answered_elsewhere enabled options links extensions schedules members"
    );
    let expected = json!({
        "tenant_uuid": MASTER, "name": "q1", "label": null, "data_quality": false,
        "dtmf_hangup_callee_enabled": false, "dtmf_hangup_caller_enabled": false,
        "dtmf_transfer_callee_enabled": false, "dtmf_transfer_caller_enabled": false,
        "dtmf_record_callee_enabled": false, "dtmf_record_caller_enabled": false, "dtmf_record_toggle": false,
        "retry_on_timeout": true, "ring_on_hold": false, "timeout": null, "announce_hold_time_on_entry": false,
        "ignore_forward": true, "preprocess_subroutine": null, "music_on_hold": null,
        "wait_time_threshold": null, "wait_time_destination": null, "wait_ratio_threshold": null,
        "wait_ratio_destination": null, "caller_id_mode": null, "caller_id_name": null,
        "mark_answered_elsewhere": true, "enabled": true, "extensions": [], "schedules": [],
        "members": {"agents": [], "users": []},
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&queue[name], value, "{name}");
    }
    assert_eq!(shown(&server, &queue), queue);
    assert_eq!(server.get(&format!("/queue/{}", queue["id"])).expect(200), queue);
    assert_eq!(server.get("/queues").expect(200), json!({"total": 1, "items": [queue]}));
}

#[test]
fn every_mistake_of_a_body_is_named_at_once() {
    let server = Server::start();
    let body = json!({
        "name": "a b", "label": 5, "data_quality": 1, "timeout": -1, "ring_on_hold": null,
        "preprocess_subroutine": "x".repeat(80), "wait_time_threshold": "x",
        "wait_time_destination": {"type": "user"}, "wait_ratio_threshold": -0.5,
        "wait_ratio_destination": {"type": "zz"}, "caller_id_mode": "zz", "caller_id_name": "x".repeat(81),
        "options": [["a"], ["b", 5]], "members": {"users": [{}], "agents": [{"id": 1, "penalty": -1}]},
    });
    let types = "application, conference, custom, extension, group, hangup, ivr, none, outcall, queue, sound, \
         switchboard, user, voicemail.";
    server.post("/queues", body).refused(
        400,
        &[
            "Input Error - name: ['String does not match expected pattern.']",
            "Input Error - label: ['Not a valid string.']",
            "Input Error - data_quality: ['Not a valid boolean.']",
            "Input Error - ring_on_hold: ['Field may not be null.']",
            "Input Error - timeout: ['Must be greater than or equal to 0.']",
            "Input Error - preprocess_subroutine: ['Longer than maximum length 79.']",
            "Input Error - wait_time_threshold: ['Not a valid integer.']",
            "Input Error - wait_time_destination: {'user_id': ['Missing data for required field.']}",
            "Input Error - wait_ratio_threshold: ['Must be greater than or equal to 0.']",
            &format!("Input Error - wait_ratio_destination: {{'type': ['Must be one of: {types}']}}"),
            "Input Error - caller_id_mode: ['Must be one of: prepend, overwrite, append.']",
            "Input Error - caller_id_name: ['Longer than maximum length 80.']",
            "Input Error - options: {0: ['Length must be 2.'], 1: {1: ['Not a valid string.']}}",
            "Input Error - members: {'agents': {0: {'penalty': ['Must be greater than or equal to 0.']}}, 'users': \
             {0: {'uuid': ['Missing data for required field.']}}}",
        ],
    );
    for name in ["general", "cordboard-canary", "cordboard-ordered-q1"] {
        server
            .post("/queues", json!({"name": name}))
            .refused(400, &["Input Error - name: ['Invalid input.']"]);
    }
    server
        .post("/queues", json!({"label": "x"}))
        .refused(400, &["Input Error - name: ['Missing data for required field.']"]);
    let refused = json!({"name": "q", "music_on_hold": "zz"});
    let text = "Input Error - field 'music_on_hold': MOH was not found ('music_on_hold': 'zz')";
    server.post("/queues", refused).refused(400, &[text]);
}

#[test]
fn a_name_is_one_in_all_tenants_and_never_changes() {
    let server = Server::start();
    let made = queue(&server, "q1");
    let other = server.add_tenant("other", None);
    let text = "Resource Error - Queue already exists ('name': 'q1')";
    server.post("/queues", json!({"name": "q1"})).refused(400, &[text]);
    server.send_in(&other, "POST", "/queues", Some(json!({"name": "q1"}))).refused(400, &[text]);
    let group = server.post("/groups", json!({"label": "Sales"})).expect(201);
    let text =
        format!("Resource Error - Group already exists ('name': '{}')", group["name"].as_str().unwrap());
    server.post("/queues", json!({"name": group["name"]})).refused(400, &[&text]);
    let path = format!("/queues/{}", made["id"]);
    server.put(&path, json!({"name": "q2", "label": "Help"})).expect(204);
    let now = shown(&server, &made);
    assert_eq!((&now["name"], &now["label"]), (&json!("q1"), &json!("Help")));
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    let server = Server::start();
    let body = json!({
        "name": "q1", "label": "One", "timeout": 30, "ring_on_hold": true, "wait_ratio_threshold": 1,
        "wait_time_threshold": 60, "wait_time_destination": {"type": "hangup", "cause": "normal"},
        "wait_ratio_destination": {"type": "none"},
    });
    let made = server.post("/queues", body).expect(201);
    assert_eq!(made["wait_ratio_threshold"], json!(1.0));
    assert_eq!(made["wait_time_destination"], json!({"type": "hangup", "cause": "normal"}));
    assert_eq!(made["wait_ratio_destination"], json!({"type": "none"}));
    let path = format!("/queues/{}", made["id"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(shown(&server, &made), made);
    server.put(&path, json!({"timeout": null, "wait_time_destination": null})).expect(204);
    let now = shown(&server, &made);
    assert_eq!((&now["timeout"], &now["wait_time_destination"]), (&json!(null), &json!(null)));
    assert_eq!((&now["label"], &now["wait_ratio_destination"]), (&made["label"], &json!({"type": "none"})));
    server.put(&path, json!({"label": 5})).refused(400, &["Input Error - label: ['Not a valid string.']"]);
    let text = "Input Error - field 'actionarg1': User was not found ('actionarg1': 999)";
    let unknown = json!({"wait_time_destination": {"type": "user", "user_id": 999}});
    server.put(&path, unknown).refused(400, &[text]);
}

#[test]
fn who_deletes_a_queue_frees_its_number_and_what_pointed_at_it() {
    let server = Server::start();
    let made = server.post("/queues", json!({"name": "q1", "label": "One"})).expect(201);
    let id = &made["id"];
    let destination = json!({"type": "queue", "queue_id": id, "ring_time": 5});
    let incall = server.post("/incalls", json!({"destination": destination})).expect(201);
    assert_eq!(incall["destination"]["queue_label"], "One");
    assert_eq!(incall["destination"]["ring_time"], 5.0);
    let ada = user(&server, "ada");
    let fallbacks = format!("/users/{ada}/fallbacks");
    server.put(&fallbacks, json!({"busy_destination": {"type": "queue", "queue_id": id}})).expect(204);
    let keys = format!("/users/{ada}/funckeys");
    let key = json!({"keys": {"1": {"destination": {"type": "queue", "queue_id": id}}}});
    server.put(&keys, key).expect(204);
    assert_eq!(server.get(&keys).expect(200)["keys"]["1"]["destination"]["queue_id"], *id);
    let path = format!("/queues/{id}");
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Queue was not found ('id': {id})");
    for path in [path, format!("/queue/{id}")] {
        server.get(&path).refused(404, &[&text]);
    }
    let incall = server.get(&format!("/incalls/{}", incall["id"])).expect(200);
    assert_eq!(incall["destination"], json!({"type": "none"}));
    assert_eq!(server.get(&fallbacks).expect(200)["busy_destination"], Value::Null);
    assert_eq!(server.get(&keys).expect(200)["keys"], json!({}));
}

#[test]
fn a_queue_is_seen_in_its_own_tenant_only() {
    let server = Server::start();
    let (made, other) = (queue(&server, "q1"), server.add_tenant("other", None));
    let path = format!("/queues/{}", made["id"]);
    for (method, body) in [("GET", None), ("PUT", Some(json!({}))), ("DELETE", None)] {
        assert_eq!(server.send_in(&other, method, &path, body).status, 404, "{method}");
    }
    assert_eq!(server.send_in(&other, "GET", "/queues", None).expect(200)["total"], 0);
    let destination = json!({"destination": {"type": "queue", "queue_id": made["id"]}});
    let text =
        format!("Input Error - field 'actionarg1': Queue was not found ('actionarg1': {})", made["id"]);
    server.send_in(&other, "POST", "/incalls", Some(destination)).refused(400, &[&text]);
}

#[test]
fn queues_are_listed_found_and_ordered() {
    let server = Server::start();
    for (name, label) in [("b", json!("Zoo")), ("a", json!(null)), ("c", json!("ab"))] {
        server.post("/queues", json!({"name": name, "label": label})).expect(201);
    }
    let names = |query: &str| -> Vec<String> {
        let items = server.get(&format!("/queues{query}")).expect(200)["items"].clone();
        items.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(""), ["b", "a", "c"]);
    assert_eq!(names("?order=name"), ["a", "b", "c"]);
    assert_eq!(names("?order=label&direction=desc"), ["a", "c", "b"]);
    assert_eq!(names("?search=ZOO"), ["b"]);
    assert_eq!(names("?name=c"), ["c"]);
    assert_eq!(names("?order=name&limit=1&offset=1"), ["b"]);
    let text = "Input Error - order: column 'zz' was not found";
    server.get("/queues?order=zz").refused(400, &[text]);
}
