//! `/users/{user}/forwards`, and `forwards` in a whole user.

use super::{create, total};
use crate::harness::{Server, Tenant};
use serde_json::{Value, json};

fn off() -> Value {
    json!({"enabled": false, "destination": null})
}

fn on(number: &str) -> Value {
    json!({"enabled": true, "destination": number})
}

const NOWHERE: &str = "Resource Error - Forward must be disabled to remove destination";

#[test]
fn a_user_forwards_nothing_until_told() {
    let server = Server::start();
    let (user, uuid) = create(&server, json!({"firstname": "A"}));
    let all = json!({"busy": off(), "noanswer": off(), "unconditional": off()});
    for key in [user.to_string(), uuid] {
        assert_eq!(server.get(&format!("/users/{key}/forwards")).expect(200), all);
        assert_eq!(server.get(&format!("/users/{key}/forwards/busy")).expect(200), off());
    }
    assert_eq!(server.get(&format!("/users/{user}")).expect(200)["forwards"], all);
}

#[test]
fn forwards_are_merged_by_their_names_and_each_is_set_as_a_whole() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let path = format!("/users/{user}/forwards");
    server.put(&path, json!({"busy": on("1001"), "noanswer": on("1002"), "other": 1})).expect(204);
    server.put(&path, json!({"unconditional": {"enabled": false, "destination": "1003"}})).expect(204);
    server.put(&path, json!({"noanswer": {"enabled": false}})).expect(204);
    server.put(&path, json!({})).expect(204);
    let all = json!({
        "busy": on("1001"), "noanswer": off(), "unconditional": {"enabled": false, "destination": "1003"}
    });
    assert_eq!(server.get(&path).expect(200), all);
    let shown = server.get("/users").expect(200);
    assert_eq!(shown["items"][0]["forwards"], all);
}

#[test]
fn one_forward_changes_only_what_is_given() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    for name in ["busy", "noanswer", "unconditional"] {
        let path = format!("/users/{user}/forwards/{name}");
        server.put(&path, json!({"destination": "1001"})).expect(204);
        server.put(&path, json!({"enabled": true})).expect(204);
        assert_eq!(server.get(&path).expect(200), on("1001"));
        server.put(&path, json!({"destination": null})).refused(400, &[NOWHERE]);
        server.put(&path, json!({"enabled": false, "destination": null})).expect(204);
        assert_eq!(server.get(&path).expect(200), off());
    }
}

#[test]
fn what_is_no_forward_is_refused_and_nothing_changes() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let path = format!("/users/{user}/forwards");
    let long = "1".repeat(129);
    for (body, texts) in [
        (json!({"busy": null}), vec!["Input Error - busy: ['Field may not be null.']"]),
        (json!({"busy": 1}), vec!["Input Error - busy: {'_schema': ['Invalid input type.']}"]),
        (
            json!({"busy": {"enabled": null}}),
            vec!["Input Error - busy: {'enabled': ['Field may not be null.']}"],
        ),
        (
            json!({"unconditional": {"enabled": 1}, "noanswer": {"enabled": "true", "destination": 5}}),
            vec![
                "Input Error - noanswer: {'enabled': ['Not a valid boolean.'], 'destination': ['Not a valid string.']}",
                "Input Error - unconditional: {'enabled': ['Not a valid boolean.']}",
            ],
        ),
        (
            json!({"busy": on(&long)}),
            vec!["Input Error - busy: {'destination': ['Longer than maximum length 128.']}"],
        ),
        (
            json!({"busy": on("1\n2")}),
            vec!["Input Error - busy: {'destination': ['Control characters are not allowed.']}"],
        ),
        (json!({"noanswer": on("1"), "unconditional": {"enabled": true}}), vec![NOWHERE]),
        (json!([1]), vec!["Input Error - _schema: ['Invalid input type.']"]),
    ] {
        server.put(&path, body).refused(400, &texts);
    }
    for (body, text) in [
        (json!({"enabled": null}), "Input Error - enabled: ['Field may not be null.']"),
        (json!({"destination": 1}), "Input Error - destination: ['Not a valid string.']"),
        (json!({"enabled": true}), NOWHERE),
    ] {
        server.put(&format!("{path}/busy"), body).refused(400, &[text]);
    }
    assert_eq!(server.get(&path).expect(200)["noanswer"], off());
    assert_eq!(server.put(&format!("{path}/dnd"), on("1")).status, 404);
    let missing = "Resource Not Found - User was not found ('id': 999999)";
    server.get("/users/999999/forwards").refused(404, &[missing]);
    server.put("/users/999999/forwards", json!({"busy": 1})).refused(404, &[missing]);
    server.get("/users/999999/forwards/busy").refused(404, &[missing]);
    server.put("/users/999999/forwards/busy", on("1")).refused(404, &[missing]);
}

#[test]
fn another_tenants_forwards_are_out_of_sight() {
    let server = Server::start();
    let (user, uuid) = create(&server, json!({"firstname": "A"}));
    let tenant: Tenant = server.add_tenant("other", None);
    let headers = [("X-Auth-Token", tenant.token.as_str())];
    for path in [format!("/users/{user}/forwards"), format!("/users/{uuid}/forwards/busy")] {
        assert_eq!(server.send("GET", &path, None, &headers).status, 404);
        let body = Some(json!({"enabled": true, "destination": "1"}).to_string());
        assert_eq!(server.send("PUT", &path, body, &headers).status, 404);
    }
}

#[test]
fn a_whole_user_is_made_with_forwards() {
    let server = Server::start();
    let made = server.post("/users", json!({"firstname": "A", "forwards": {"busy": on("1001")}})).expect(201);
    let all = json!({"busy": on("1001"), "noanswer": off(), "unconditional": off()});
    assert_eq!(made["forwards"], all);
    assert_eq!(server.get(&format!("/users/{}", made["id"])).expect(200)["forwards"], all);
    for nothing in [json!(null), json!({}), json!([])] {
        let made = server.post("/users", json!({"firstname": "A", "forwards": nothing})).expect(201);
        assert_eq!(made["forwards"]["busy"], off());
    }
}

#[test]
fn wrong_forwards_of_a_whole_user_are_told_with_all_other_mistakes() {
    let server = Server::start();
    let wrong = json!({"busy": {"enabled": 1}, "noanswer": null});
    server.post("/users", json!({"firstname": "A", "forwards": wrong})).refused(
        400,
        &[
            "Input Error - busy: {'enabled': ['Not a valid boolean.']} (at forwards)",
            "Input Error - noanswer: ['Field may not be null.'] (at forwards)",
        ],
    );
    server
        .post("/users", json!({"firstname": "A", "forwards": 5}))
        .refused(400, &["Input Error - _schema: ['Invalid input type.'] (at forwards)"]);
    let wrong = json!({"busy": {"enabled": true}, "noanswer": on("1"), "unconditional": {"enabled": true}});
    let body = json!({"firstname": "A", "ring_seconds": "x", "forwards": wrong,
        "services": {"dnd": {}}, "fallbacks": {"fail_destination": {"type": "user", "user_id": 99}}});
    server.post("/users", body).refused(
        400,
        &[
            "Input Error - ring_seconds: ['Not a valid integer.']",
            "Input Error - services: {'dnd': {'enabled': ['Missing data for required field.']}}",
            &format!("{NOWHERE} (at forwards.busy)"),
            &format!("{NOWHERE} (at forwards.unconditional)"),
            "Input Error - field 'actionarg1': User was not found ('actionarg1': 99) \
             (at fallbacks.fail_destination)",
        ],
    );
    assert_eq!(total(&server), 0);
}

#[test]
fn a_recursive_change_merges_forwards_or_leaves_them() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A", "forwards": {"busy": on("1001")}}));
    let path = format!("/users/{user}?recursive=true");
    server.put(&path, json!({"firstname": "A"})).expect(204);
    server.put(&path, json!({"firstname": "A", "forwards": {"noanswer": on("1002")}})).expect(204);
    server.put(&path, json!({"firstname": "A", "forwards": null, "services": null})).expect(204);
    let text = format!("{NOWHERE} (at forwards.busy)");
    server
        .put(&path, json!({"firstname": "A", "forwards": {"busy": {"enabled": true}}}))
        .refused(400, &[&text]);
    let shown = server.get(&format!("/users/{user}/forwards")).expect(200);
    assert_eq!((&shown["busy"], &shown["noanswer"]), (&on("1001"), &on("1002")));
    server.put(&format!("/users/{user}"), json!({"forwards": {"busy": off()}})).expect(204);
    assert_eq!(server.get(&format!("/users/{user}/forwards/busy")).expect(200), on("1001"));
}
