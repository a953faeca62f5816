//! Function keys: every type that names something, among a user's own keys and in a template.

use super::{Thing, make};
use crate::harness::Server;
use serde_json::{Value, json};

/// What keys name: the kind of thing, and the key with nothing at the place of the id.
fn keys() -> Vec<(&'static str, Value)> {
    vec![
        ("agent", json!({"type": "agent", "agent_id": null, "action": "toggle"})),
        ("secretary", json!({"type": "bsfilter", "filter_member_id": null})),
        ("conference", json!({"type": "conference", "conference_id": null})),
        ("group", json!({"type": "group", "group_id": null})),
        ("group", json!({"type": "groupmember", "group_id": null, "action": "join"})),
        ("paging", json!({"type": "paging", "paging_id": null})),
        ("parking lot", json!({"type": "park_position", "parking_lot_id": null})),
        ("parking lot", json!({"type": "parking", "parking_lot_id": null})),
        ("queue", json!({"type": "queue", "queue_id": null})),
        ("user", json!({"type": "user", "user_id": null})),
    ]
}

/// Makes what a key names, and gives its id. The secretary of a filter is the user of the keys, and goes with the filter.
fn named(server: &Server, kind: &str, user: &Thing) -> (Thing, Value) {
    if kind != "secretary" {
        let thing = make(server, kind);
        let id = thing.made["id"].clone();
        return (thing, id);
    }
    let filter = make(server, "call filter");
    let path = format!("{}/surrogates/users", filter.path());
    server.put(&path, json!({"users": [{"uuid": user.made["uuid"]}]})).expect(204);
    let member = filter.shown(server)["surrogates"]["users"][0]["member_id"].clone();
    (filter, member)
}

#[test]
fn no_function_key_names_what_is_deleted() {
    let server = Server::start();
    let (user, template) = (make(&server, "user with line"), make(&server, "key template"));
    for (kind, mut destination) in keys() {
        let (target, id) = named(&server, kind, &user);
        let argument =
            destination.as_object().unwrap().keys().find(|name| name.ends_with("_id")).unwrap().clone();
        destination[&argument] = id;
        if destination["type"] == "park_position" {
            destination["position"] =
                target.made["slots_start"].as_str().unwrap().parse::<i64>().unwrap().into();
        }
        let body = json!({"keys": {"1": {"destination": destination}}});
        let mut places = vec![user.path() + "/funckeys"];
        if !matches!(destination["type"].as_str().unwrap(), "agent" | "bsfilter") {
            places.push(template.path());
        }
        for place in &places {
            server.put(place, body.clone()).expect(204);
            assert_eq!(
                server.get(place).expect(200)["keys"]["1"]["destination"]["type"],
                destination["type"]
            );
        }
        target.delete(&server, || panic!("{kind} is tied by a key"));
        for place in &places {
            assert_eq!(server.get(place).expect(200)["keys"], json!({}), "{kind} in {place}");
        }
    }
}

#[test]
fn every_type_of_key_that_names_something_is_walked() {
    let server = Server::start();
    let walked: Vec<Value> = keys().into_iter().map(|(_, key)| key["type"].clone()).collect();
    let types = server.get("/funckeys/destinations").expect(200);
    for one in types.as_array().unwrap() {
        let names = one["parameters"].as_array().unwrap().iter().any(|it| !it["collection"].is_null());
        assert_eq!(names, walked.contains(&one["type"]), "{one}");
    }
}
