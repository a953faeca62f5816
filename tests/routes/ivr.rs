use crate::harness::Server;
use serde_json::{Value, json};

fn minimal(server: &Server, name: &str) -> Value {
    server.post("/ivr", json!({"name": name, "menu_sound": "menu"})).expect(201)
}

#[test]
fn a_menu_needs_a_name_and_a_sound() {
    let server = Server::start();
    let reply = server.post("/ivr", json!({"name": "main", "menu_sound": "menu"}));
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let made = reply.expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    let order = [
        "id",
        "tenant_uuid",
        "name",
        "description",
        "greeting_sound",
        "invalid_sound",
        "abort_sound",
        "menu_sound",
        "timeout",
        "max_tries",
        "invalid_destination",
        "timeout_destination",
        "abort_destination",
        "choices",
        "links",
        "incalls",
    ];
    assert_eq!(keys, order);
    assert_eq!((&made["timeout"], &made["max_tries"]), (&json!(5), &json!(3)));
    assert_eq!((&made["choices"], &made["incalls"]), (&json!([]), &json!([])));
    assert_eq!((&made["abort_destination"], &made["greeting_sound"]), (&Value::Null, &Value::Null));
    assert!(made["links"][0]["href"].as_str().unwrap().ends_with(&format!("/1.1/ivr/{}", made["id"])));
    assert_eq!(made["links"][0]["rel"], "ivr");
    server.post("/ivr", json!({})).refused(
        400,
        &[
            "Input Error - name: ['Missing data for required field.']",
            "Input Error - menu_sound: ['Missing data for required field.']",
        ],
    );
}

#[test]
fn a_menu_is_changed_in_parts_and_deleted() {
    let server = Server::start();
    let user = server.post("/users", json!({"firstname": "A", "lastname": "B"})).expect(201)["id"].clone();
    let to_user = json!({"type": "user", "user_id": user});
    let body = json!({"name": "main", "description": "two\nlines", "greeting_sound": "hello", "menu_sound": "menu",
        "invalid_sound": "pbx-invalid", "abort_sound": "bye", "timeout": 0, "max_tries": 1,
        "invalid_destination": {"type": "none"}, "timeout_destination": to_user, "abort_destination": to_user,
        "choices": [{"exten": "1", "destination": to_user}, {"exten": "_2X", "destination": {"type": "none"}},
            {"exten": "*", "destination": {"type": "none"}}]});
    let made = server.post("/ivr", body).expect(201);
    assert_eq!(made["choices"][0]["destination"]["user_lastname"], "B");
    assert_eq!(made["timeout_destination"]["user_firstname"], "A");
    assert_eq!(made["invalid_destination"], json!({"type": "none"}));
    let path = format!("/ivr/{}", made["id"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), made);
    let change = json!({"abort_destination": null, "timeout": 2,
        "choices": [{"exten": "_2X", "destination": to_user}]});
    server.put(&path, change).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["abort_destination"], &shown["timeout"]), (&Value::Null, &json!(2)));
    assert_eq!(shown["timeout_destination"], made["timeout_destination"]);
    assert_eq!((&shown["choices"][0]["exten"], &shown["choices"][1]), (&json!("_2X"), &Value::Null));
    assert_eq!(shown["choices"][0]["destination"]["user_id"], user);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - IVR was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn what_a_menu_may_not_hold_is_named() {
    let server = Server::start();
    let long = "n".repeat(256);
    let body = json!({"name": "n".repeat(129), "greeting_sound": long, "invalid_sound": long, "abort_sound": "../x",
        "menu_sound": "one&two", "timeout": -1, "max_tries": 0, "abort_destination": {}, "choices": {}});
    server.post("/ivr", body).refused(
        400,
        &[
            "Input Error - name: ['Longer than maximum length 128.']",
            "Input Error - greeting_sound: ['Longer than maximum length 255.']",
            "Input Error - invalid_sound: ['Longer than maximum length 255.']",
            "Input Error - abort_sound: ['String does not match expected pattern.']",
            "Input Error - menu_sound: ['String does not match expected pattern.']",
            "Input Error - timeout: ['Must be greater than or equal to 0.']",
            "Input Error - max_tries: ['Must be greater than or equal to 1.']",
            "Input Error - abort_destination: {'type': ['Missing data for required field.']}",
            "Input Error - choices: ['Invalid type.']",
        ],
    );
    let post =
        |choices: Value| server.post("/ivr", json!({"name": "m", "menu_sound": "menu", "choices": choices}));
    let none = json!({"type": "none"});
    for exten in ["", "a", "1a", "_", "_1[2", "_1[a]", "+1"] {
        post(json!([{"exten": exten, "destination": none}])).refused(
            400,
            &["Input Error - choices: {0: {'exten': ['String does not match expected pattern.']}}"],
        );
    }
    post(json!([{}])).refused(
        400,
        &["Input Error - choices: {0: {'exten': ['Missing data for required field.'], 'destination': ['Missing data \
           for required field.']}}"],
    );
    assert_eq!(server.get("/ivr").expect(200)["total"], 0);
}

#[test]
fn no_two_choices_are_the_same() {
    let server = Server::start();
    let choice = |exten: &str| json!({"exten": exten, "destination": {"type": "none"}});
    for (one, other) in [("1", "1"), ("_1X", "_1x"), ("_1X", "_1[0-9]")] {
        let body =
            json!({"name": "m", "menu_sound": "menu", "choices": [choice(one), choice("*"), choice(other)]});
        server.post("/ivr", body).refused(
            400,
            &[&format!("Input Error - choices: {{2: {{'exten': [\"Duplicate exten '{other}'.\"]}}}}")],
        );
    }
    let body =
        json!({"name": "m", "menu_sound": "menu", "choices": [choice("1"), choice("_1"), choice("_1X")]});
    let made = server.post("/ivr", body).expect(201);
    let path = format!("/ivr/{}", made["id"]);
    assert_eq!(server.put(&path, json!({"choices": [choice("2"), choice("2")]})).status, 400);
    assert_eq!(server.get(&path).expect(200), made);
}

#[test]
fn every_unknown_destination_is_named() {
    let server = Server::start();
    let body = json!({"name": "m", "menu_sound": "menu", "abort_destination": {"type": "group", "group_id": 998},
        "choices": [{"exten": "1", "destination": {"type": "ivr", "ivr_id": 999}}]});
    server.post("/ivr", body).refused(
        400,
        &[
            "Input Error - field 'actionarg1': Group was not found ('actionarg1': 998)",
            "Input Error - field 'actionarg1': IVR was not found ('actionarg1': 999)",
        ],
    );
    assert_eq!(server.get("/ivr").expect(200)["total"], 0);
}

#[test]
fn a_choice_leads_nowhere_when_what_it_led_to_is_gone() {
    let server = Server::start();
    let group = server.post("/groups", json!({"label": "g"})).expect(201)["id"].clone();
    let to = json!({"type": "group", "group_id": group});
    let body = json!({"name": "m", "menu_sound": "menu", "invalid_destination": to,
        "choices": [{"exten": "1", "destination": to}]});
    let made = server.post("/ivr", body).expect(201);
    server.delete(&format!("/groups/{group}")).expect(204);
    let shown = server.get(&format!("/ivr/{}", made["id"])).expect(200);
    assert_eq!(shown["invalid_destination"], Value::Null);
    assert_eq!(shown["choices"], json!([{"exten": "1", "destination": {"type": "none"}}]));
}

#[test]
fn a_menu_is_a_destination_and_shows_the_incalls_that_lead_to_it() {
    let server = Server::start();
    let id = minimal(&server, "main")["id"].clone();
    let to = json!({"type": "ivr", "ivr_id": id});
    let incall = server.post("/incalls", json!({"destination": to})).expect(201);
    assert_eq!(incall["destination"], json!({"type": "ivr", "ivr_id": id, "ivr_name": "main"}));
    let body = json!({"exten": "5551", "context": "from-extern"});
    let extension = server.post("/extensions", body).expect(201)["id"].clone();
    server.associate(&format!("/incalls/{}/extensions/{extension}", incall["id"])).expect(204);
    let user = server.post("/users", json!({"firstname": "A"})).expect(201)["id"].clone();
    server.put(&format!("/users/{user}/fallbacks"), json!({"busy_destination": to})).expect(204);
    let shown = server.get(&format!("/ivr/{id}")).expect(200)["incalls"].clone();
    assert_eq!((&shown[0]["id"], &shown[0]["extensions"][0]["exten"]), (&incall["id"], &json!("5551")));
    assert_eq!(server.get("/ivr?exten=5551").expect(200)["total"], 1);
    assert_eq!(server.get("/ivr?exten=5552").expect(200)["total"], 0);
    server.delete(&format!("/ivr/{id}")).expect(204);
    let incall = server.get(&format!("/incalls/{}", incall["id"])).expect(200);
    assert_eq!(incall["destination"], json!({"type": "none"}));
    let fallbacks = server.get(&format!("/users/{user}/fallbacks")).expect(200);
    assert_eq!(fallbacks["busy_destination"], Value::Null);
}

#[test]
fn menus_of_other_tenants_are_not_there() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let id = minimal(&server, "main")["id"].clone();
    let path = format!("/ivr/{id}");
    assert_eq!(server.send_in(&tenant, "GET", &path, None).status, 404);
    assert_eq!(server.send_in(&tenant, "DELETE", &path, None).status, 404);
    assert_eq!(server.send_in(&tenant, "GET", "/ivr", None).expect(200)["total"], 0);
    let body = json!({"destination": {"type": "ivr", "ivr_id": id}});
    assert_eq!(server.send_in(&tenant, "POST", "/incalls", Some(body)).status, 400);
}

#[test]
fn menus_are_listed_by_id_and_found_by_what_they_are_called() {
    let server = Server::start();
    for name in ["night", "day"] {
        minimal(&server, name);
    }
    let names = |query: &str| -> Vec<String> {
        let items = server.get(&format!("/ivr?{query}")).expect(200)["items"].clone();
        items.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(""), ["night", "day"]);
    assert_eq!(names("order=name"), ["day", "night"]);
    assert_eq!(names("search=nig"), ["night"]);
}
