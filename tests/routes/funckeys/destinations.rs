use super::{key, keys, user};
use crate::harness::Server;
use serde_json::{Value, json};

#[test]
fn every_type_and_its_parameters_are_listed() {
    let server = Server::start();
    let list = server.get("/funckeys/destinations").expect(200);
    let types: Vec<_> = list.as_array().unwrap().iter().map(|row| row["type"].as_str().unwrap()).collect();
    assert_eq!(
        types.join(", "),
        "agent, bsfilter, conference, custom, forward, group, groupmember, onlinerec, paging, park_position, \
         parking, queue, service, transfer, user"
    );
    let forward = json!({"type": "forward", "parameters": [
        {"name": "forward", "values": ["busy", "noanswer", "unconditional"]}, {"name": "exten"},
    ]});
    assert_eq!(list[4], forward);
    let user = &list[14]["parameters"][0];
    assert_eq!(user["name"], "user_id");
    assert!(user["collection"].as_str().unwrap().ends_with("/1.1/users"));
    assert_eq!(list[7], json!({"type": "onlinerec", "parameters": []}));
}

#[test]
fn each_type_is_stored_as_it_is_shown_and_only_some_have_a_lamp() {
    let server = Server::start();
    let ann = user(&server, "Ann");
    let path = format!("/users/{}/funckeys", ann["id"]);
    let cases: [(Value, bool); 12] = [
        (json!({"type": "user", "user_id": ann["id"]}), true),
        (json!({"type": "service", "service": "enablednd"}), true),
        (json!({"type": "service", "service": "incallfilter"}), true),
        (json!({"type": "service", "service": "callrecord"}), true),
        (json!({"type": "service", "service": "enablevm"}), true),
        (json!({"type": "service", "service": "vmusermsg"}), false),
        (json!({"type": "forward", "forward": "busy", "exten": "1234"}), true),
        (json!({"type": "forward", "forward": "noanswer", "exten": null}), true),
        (json!({"type": "transfer", "transfer": "blind"}), false),
        (json!({"type": "custom", "exten": "  *55+A "}), true),
        (json!({"type": "onlinerec"}), false),
        (json!({"type": "forward", "forward": "unconditional"}), true),
    ];
    let body: serde_json::Map<_, _> =
        (1..).zip(&cases).map(|(position, (to, _))| (position.to_string(), key(to.clone()))).collect();
    server.put(&path, json!({ "keys": body })).expect(204);
    let shown = keys(&server, &path);
    for (position, (to, lamp)) in (1..).zip(cases) {
        let one = &shown[position.to_string()];
        assert_eq!(one["blf"], lamp, "{to}");
        for (name, value) in to.as_object().unwrap() {
            let value = if name == "exten" && to["type"] == "custom" { &json!("*55+A") } else { value };
            assert_eq!(&one["destination"][name], value, "{to}");
        }
        let href = &one["destination"]["href"];
        let expected = if to["type"] == "user" { ann["links"][0]["href"].clone() } else { Value::Null };
        assert_eq!(href, &expected, "{to}");
    }
    assert_eq!(shown["1"]["destination"]["user_firstname"], "Ann");
    assert_eq!(shown["1"]["destination"]["user_lastname"], "Lee");
    assert_eq!(shown["12"]["destination"]["exten"], Value::Null);
}

#[test]
fn a_lamp_can_be_refused_and_is_never_forced() {
    let server = Server::start();
    let ann = user(&server, "Ann");
    let path = format!("/users/{}/funckeys/1", ann["id"]);
    let body = json!({"blf": false, "destination": {"type": "user", "user_id": ann["id"]}});
    server.put(&path, body).expect(204);
    assert_eq!(server.get(&path).expect(200)["blf"], false);
    server.put(&path, json!({"blf": true, "destination": {"type": "onlinerec"}})).expect(204);
    assert_eq!(server.get(&path).expect(200)["blf"], false);
}

#[test]
fn what_a_destination_must_have_is_told() {
    let server = Server::start();
    let path = format!("/users/{}/funckeys/1", user(&server, "Ann")["id"]);
    let types = "agent, bsfilter, conference, custom, forward, group, groupmember, onlinerec, paging, \
                 park_position, parking, queue, service, transfer, user";
    let cases = [
        (json!({}), "{'type': ['Missing data for required field.']}".to_owned()),
        (json!({"type": null}), "{'type': ['Field may not be null.']}".to_owned()),
        (json!({"type": "zz"}), format!("{{'type': ['Must be one of: {types}.']}}")),
        (json!("user"), "{'_schema': ['Invalid input type.']}".to_owned()),
        (json!({"type": "user"}), "{'user_id': ['Missing data for required field.']}".to_owned()),
        (json!({"type": "user", "user_id": "x"}), "{'user_id': ['Not a valid integer.']}".to_owned()),
        (
            json!({"type": "groupmember"}),
            "{'group_id': ['Missing data for required field.'], 'action': ['Missing data for required field.']}"
                .to_owned(),
        ),
        (
            json!({"type": "groupmember", "group_id": 1, "action": "x"}),
            "{'action': ['Must be one of: join, leave, toggle.']}".to_owned(),
        ),
        (
            json!({"type": "forward", "forward": "x", "exten": "a"}),
            "{'forward': ['Must be one of: busy, noanswer, unconditional.'], \
             'exten': ['String does not match expected pattern.']}"
                .to_owned(),
        ),
        (json!({"type": "transfer", "transfer": "x"}), "{'transfer': ['Must be one of: blind, attended.']}".to_owned()),
        (json!({"type": "custom", "exten": "1 2"}), "{'exten': ['String does not match expected pattern.']}".to_owned()),
        (json!({"type": "agent", "agent_id": 1}), "{'action': ['Missing data for required field.']}".to_owned()),
    ];
    for (to, message) in cases {
        let text = format!("Input Error - destination: {message}");
        server.put(&path, key(to)).refused(400, &[&text]);
    }
    let text = "Input Error - destination: ['Missing data for required field.']";
    server.put(&path, json!({})).refused(400, &[text]);
    let blf = "Input Error - blf: ['Not a valid boolean.']";
    server.put(&path, json!({"blf": 1, "destination": {"type": "onlinerec"}})).refused(400, &[blf]);
}

#[test]
fn what_a_destination_names_must_exist() {
    let server = Server::start();
    let path = format!("/users/{}/funckeys/1", user(&server, "Ann")["id"]);
    let cases = [
        (json!({"type": "user"}), "user_id", "User"),
        (json!({"type": "group"}), "group_id", "Group"),
        (json!({"type": "groupmember", "action": "join"}), "group_id", "Group"),
        (json!({"type": "queue"}), "queue_id", "Queue"),
        (json!({"type": "conference"}), "conference_id", "Conference"),
        (json!({"type": "paging"}), "paging_id", "Paging"),
        (json!({"type": "agent", "action": "login"}), "agent_id", "Agent"),
        (json!({"type": "bsfilter"}), "filter_member_id", "FilterMember"),
        (json!({"type": "parking"}), "parking_lot_id", "ParkingLot"),
        (json!({"type": "park_position", "position": 701}), "parking_lot_id", "ParkingLot"),
    ];
    for (mut to, field, resource) in cases {
        to[field] = json!(9999);
        let text = format!("Input Error - field '{field}': {resource} was not found ('{field}': 9999)");
        server.put(&path, key(to)).refused(400, &[&text]);
    }
    server.get(&path).expect(404);
}

#[test]
fn a_user_of_a_tenant_that_is_not_seen_is_not_found() {
    let server = Server::start();
    let (ann, branch) = (user(&server, "Ann"), server.add_tenant("branch", None));
    let ben = server.send_in(&branch, "POST", "/users", Some(json!({"firstname": "Ben"}))).expect(201);
    let path = format!("/users/{}/funckeys/1", ben["id"]);
    let to_ann = key(json!({"type": "user", "user_id": ann["id"]}));
    let text = format!("Input Error - field 'user_id': User was not found ('user_id': {})", ann["id"]);
    server.send_in(&branch, "PUT", &path, Some(to_ann)).refused(400, &[&text]);
}

#[test]
fn a_label_has_no_special_characters() {
    let server = Server::start();
    let path = format!("/users/{}/funckeys/1", user(&server, "Ann")["id"]);
    for (label, shown) in [("a;b", "a;b"), ("a\nb", "a\\nb"), ("\t", "\\t")] {
        let text = format!(
            "Input Error - field 'label': wrong type. Should be a string without special characters \
             (\\n \\r \\t ;) ('label': '{shown}')"
        );
        server
            .put(&path, json!({"label": label, "destination": {"type": "onlinerec"}}))
            .refused(400, &[&text]);
    }
    let text = "Input Error - label: ['Control characters are not allowed.']";
    server.put(&path, json!({"label": "\u{7}", "destination": {"type": "onlinerec"}})).refused(400, &[text]);
    server.put(&path, json!({"label": "Ünï", "destination": {"type": "onlinerec"}})).expect(204);
    assert_eq!(server.get(&path).expect(200)["label"], "Ünï");
}

#[test]
fn a_deleted_user_takes_the_keys_to_them_along() {
    let server = Server::start();
    let (ann, ben) = (user(&server, "Ann"), user(&server, "Ben"));
    let to_ben = key(json!({"type": "user", "user_id": ben["id"]}));
    let template = server.post("/funckeys/templates", json!({"keys": {"1": to_ben}})).expect(201);
    let path = format!("/users/{}/funckeys", ann["id"]);
    server.put(&path, json!({"keys": {"2": to_ben, "3": key(json!({"type": "onlinerec"}))}})).expect(204);
    server.delete(&format!("/users/{}", ben["id"])).expect(204);
    assert_eq!(keys(&server, &path).as_object().unwrap().keys().collect::<Vec<_>>(), ["3"]);
    assert_eq!(keys(&server, &format!("/funckeys/templates/{}", template["id"])), json!({}));
}
