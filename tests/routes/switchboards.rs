use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

const NOBODY: &str = "00000000-0000-4000-8000-000000000009";

fn board(server: &Server, body: Value) -> Value {
    server.post("/switchboards", body).expect(201)
}

fn path(board: &Value, rest: &str) -> String {
    format!("/switchboards/{}{rest}", board["uuid"].as_str().unwrap())
}

fn user(server: &Server, name: &str) -> Value {
    server.post("/users", json!({"firstname": name})).expect(201)
}

#[test]
fn a_switchboard_has_the_contracts_defaults_and_keys() {
    let server = Server::start();
    let made = board(&server, json!({"name": "Front"}));
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys.join(" "),
        "uuid tenant_uuid name timeout queue_music_on_hold waiting_room_music_on_hold links incalls fallbacks members"
    );
    assert_eq!((&made["timeout"], &made["queue_music_on_hold"]), (&Value::Null, &Value::Null));
    assert_eq!((&made["tenant_uuid"], &made["links"][0]["rel"]), (&json!(MASTER), &json!("switchboards")));
    assert_eq!(made["fallbacks"], json!({"noanswer_destination": null}));
    assert_eq!(made["members"], json!({"users": []}));
    server.put(&path(&made, ""), json!({"timeout": 5})).expect(204);
    assert_eq!(server.get(&path(&made, "")).expect(200)["timeout"], 5);
    assert_eq!(server.get("/switchboards?search=ron").expect(200)["total"], 1);
    assert_eq!(server.get("/switchboards?order=name&exten=5").expect(200)["total"], 0);
    server.delete(&path(&made, "")).expect(204);
    for asked in [made["uuid"].as_str().unwrap(), "x"] {
        let text = format!("Resource Not Found - Switchboard was not found ('uuid': '{asked}')");
        server.get(&format!("/switchboards/{asked}")).refused(404, &[&text]);
    }
}

#[test]
fn a_wrong_switchboard_is_refused_with_every_mistake() {
    let server = Server::start();
    server.post("/switchboards", json!({"timeout": 0, "queue_music_on_hold": 1})).refused(
        400,
        &[
            "Input Error - name: ['Missing data for required field.']",
            "Input Error - timeout: ['Must be greater than or equal to 1.']",
            "Input Error - queue_music_on_hold: ['Not a valid string.']",
        ],
    );
    for field in ["queue_music_on_hold", "waiting_room_music_on_hold"] {
        for class in ["default", "zz"] {
            let text = format!("Input Error - field '{field}': MOH was not found ('{field}': '{class}')");
            server.post("/switchboards", json!({"name": "a", field: class})).refused(400, &[&text]);
        }
    }
}

#[test]
fn members_come_with_the_switchboard_or_later() {
    let server = Server::start();
    let (ann, ben) = (user(&server, "Ann"), user(&server, "Ben"));
    let list = |users: &[&Value]| json!({"users": users.iter().map(|user| json!({"uuid": user["uuid"]})).collect::<Vec<_>>()});
    let made = board(&server, json!({"name": "Front", "members": list(&[&ann, &ann])}));
    assert_eq!(made["members"]["users"].as_array().unwrap().len(), 1);
    assert_eq!(made["members"]["users"][0]["firstname"], "Ann");
    server.put(&path(&made, "/members/users"), list(&[&ben])).expect(204);
    let shown = server.get(&path(&made, "")).expect(200);
    assert_eq!(shown["members"]["users"][0]["uuid"], ben["uuid"]);
    let shown = server.get(&format!("/users/{}", ben["id"])).expect(200);
    assert_eq!(shown["switchboards"][0]["name"], "Front");
    let text = format!("Input Error - field 'users': User was not found ('uuid': '{NOBODY}')");
    let nobody = json!({"users": [{"uuid": NOBODY}]});
    server.put(&path(&made, "/members/users"), nobody.clone()).refused(400, &[&text]);
    let refused = json!({"name": "a", "members": nobody});
    server.post("/switchboards", refused).refused(400, &[&format!("{text} (at members)")]);
    server
        .put(&path(&made, "/members/users"), json!({}))
        .refused(400, &["Input Error - users: ['Missing data for required field.']"]);
    server.delete(&format!("/users/{}", ben["id"])).expect(204);
    assert_eq!(server.get(&path(&made, "")).expect(200)["members"], json!({"users": []}));
}

#[test]
fn a_whole_user_comes_with_switchboards() {
    let server = Server::start();
    let (one, two) = (board(&server, json!({"name": "One"})), board(&server, json!({"name": "Two"})));
    let named = |boards: &[&Value]| boards.iter().map(|one| json!({"uuid": one["uuid"]})).collect::<Vec<_>>();
    let made =
        server.post("/users", json!({"firstname": "A", "switchboards": named(&[&one, &two])})).expect(201);
    assert_eq!(made["switchboards"], json!(named(&[&one, &two])));
    let item = format!("/users/{}", made["id"]);
    assert_eq!(server.get(&item).expect(200)["switchboards"].as_array().unwrap().len(), 2);
    let whole = |body: Value| server.put(&format!("{item}?recursive=true"), body);
    whole(json!({"firstname": "A", "switchboards": named(&[&two])})).expect(204);
    assert_eq!(server.get(&item).expect(200)["switchboards"][0]["name"], "Two");
    whole(json!({"firstname": "A"})).expect(204);
    assert_eq!(server.get(&item).expect(200)["switchboards"], json!([]));
    let unknown = json!({"firstname": "A", "switchboards": [{"uuid": NOBODY}]});
    let text =
        format!("Resource Not Found - Switchboard was not found ('uuid': '{NOBODY}') (at switchboards[0])");
    server.post("/users", unknown.clone()).refused(404, &[&text]);
    whole(unknown).refused(404, &[&text]);
}

#[test]
fn calls_lead_to_a_switchboard_and_on_from_it() {
    let server = Server::start();
    let made = board(&server, json!({"name": "Front"}));
    let to = json!({"type": "switchboard", "switchboard_uuid": made["uuid"], "ring_time": 5});
    let incall = server.post("/incalls", json!({"destination": to})).expect(201);
    assert_eq!(incall["destination"]["switchboard_name"], "Front");
    assert_eq!(server.get(&path(&made, "")).expect(200)["incalls"][0]["id"], incall["id"]);
    let extension =
        server.post("/extensions", json!({"exten": "1001", "context": "from-extern"})).expect(201);
    server.associate(&format!("/incalls/{}/extensions/{}", incall["id"], extension["id"])).expect(204);
    assert_eq!(server.get("/switchboards?exten=1001").expect(200)["total"], 1);
    let fallback = json!({"noanswer_destination": {"type": "hangup", "cause": "busy", "timeout": null}});
    server.put(&path(&made, "/fallbacks"), fallback).expect(204);
    let shown = server.get(&path(&made, "/fallbacks")).expect(200);
    assert_eq!(shown["noanswer_destination"]["cause"], "busy");
    assert_eq!(server.get(&path(&made, "")).expect(200)["fallbacks"], shown);
    server.delete(&path(&made, "")).expect(204);
    let left = server.get(&format!("/incalls/{}", incall["id"])).expect(200);
    assert_eq!(left["destination"], json!({"type": "none"}));
}

#[test]
fn the_codes_of_phones_are_told() {
    let server = Server::start();
    let made = board(&server, json!({"name": "Front"}));
    let codes = server.get(&format!("/cordboard{}", path(&made, "/codes"))).expect(200);
    assert_eq!(codes, json!({"next": "*551", "hold": "*561", "held": "*571"}));
}
#[test]
fn without_an_asterisk_calls_can_not_be_listed() {
    let server = Server::start();
    let made = board(&server, json!({"name": "Front"}));
    for rest in ["/calls/queued", "/calls/held"] {
        let refused = server.get(&path(&made, rest)).expect(503);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains("no Asterisk")), "{refused}");
        let unknown = server.get(&format!("/switchboards/{NOBODY}{rest}")).expect(404);
        assert_eq!(unknown["error_id"], "no-such-switchboard");
    }
    let answer = server.put(&path(&made, "/calls/queued/1.1/answer"), Value::Null).expect(400);
    assert_eq!(answer["error_id"], "invalid-user");
}
