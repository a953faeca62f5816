use super::{group, shown, user};
use crate::harness::Server;
use serde_json::{Value, json};

fn put(server: &Server, group: &Value, kind: &str, body: Value) -> crate::harness::Reply {
    server.put(&format!("/groups/{}/members/{kind}", group["id"]), body)
}

#[test]
fn users_are_members_by_priority() {
    let server = Server::start();
    let group = group(&server, "Sales");
    let (ada, bob) = (user(&server, "ada"), user(&server, "bob"));
    put(&server, &group, "users", json!({"users": [{"uuid": ada}, {"uuid": bob}]})).expect(204);
    let users = shown(&server, &group)["members"]["users"].clone();
    assert_eq!((&users[0]["uuid"], &users[0]["priority"]), (&json!(ada), &json!(0)));
    assert_eq!((&users[1]["uuid"], &users[1]["priority"]), (&json!(bob), &json!(1)));
    let keys: Vec<_> = users[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["priority", "uuid", "firstname", "lastname", "links"]);
    let body = json!({"users": [{"uuid": ada, "priority": 5}, {"uuid": bob, "priority": 2}]});
    put(&server, &group, "users", body).expect(204);
    let users = shown(&server, &group)["members"]["users"].clone();
    assert_eq!((&users[0]["uuid"], &users[1]["priority"]), (&json!(bob), &json!(5)));
    let of_user = server.get(&format!("/users/{ada}")).expect(200)["groups"].clone();
    assert_eq!(of_user[0]["uuid"], group["uuid"]);
    let keys: Vec<_> = of_user[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "id", "name", "links"]);
    put(&server, &group, "users", json!({"users": []})).expect(204);
    assert_eq!(shown(&server, &group)["members"]["users"], json!([]));
}

#[test]
fn a_member_must_be_known_have_a_line_and_be_named_once() {
    let server = Server::start();
    let group = group(&server, "Sales");
    let ada = user(&server, "ada");
    let try_users = |users: Value| put(&server, &group, "users", json!({"users": users}));
    for uuid in ["zz", "99999999-9999-4999-8999-999999999999"] {
        let text = format!("Input Error - field 'users': User was not found ('uuid': '{uuid}')");
        try_users(json!([{"uuid": uuid}])).refused(400, &[&text]);
    }
    let body = json!({"firstname": "Zoe"});
    let zoe = server.post("/users", body).expect(201)["uuid"].as_str().unwrap().to_owned();
    let text = format!("Resource Error - User must be associated with a Line ('user_uuid': '{zoe}')");
    try_users(json!([{"uuid": zoe}])).refused(400, &[&text]);
    let twice = "Resource Error - Operation not permitted. Cannot associate same user more than once";
    try_users(json!([{"uuid": ada}, {"uuid": ada}])).refused(400, &[twice]);
    let line = server.get(&format!("/users/{ada}")).expect(200)["lines"][0]["id"].clone();
    server.associate(&format!("/users/{zoe}/lines/{line}")).expect(204);
    let text = format!(
        "Resource Error - Operation not permitted. Cannot associate different users with the same line \
         ('line_id': {line})"
    );
    try_users(json!([{"uuid": ada}, {"uuid": zoe}])).refused(400, &[&text]);
    put(&server, &group, "users", json!({}))
        .refused(400, &["Input Error - users: ['Missing data for required field.']"]);
    let text = "Input Error - users: {0: {'uuid': ['Missing data for required field.']}}";
    try_users(json!([{}])).refused(400, &[text]);
    assert_eq!(shown(&server, &group)["members"]["users"], json!([]));
}

#[test]
fn members_are_of_the_groups_tenant() {
    let server = Server::start();
    let ada = user(&server, "ada");
    let other = server.add_tenant("other", None);
    let theirs = server.send_in(&other, "POST", "/groups", Some(json!({"label": "T"}))).expect(201);
    let text = format!(
        "Resource Error - different tenants ('group_tenant_uuid': '{}', 'user_tenant_uuid': '{}')",
        other.uuid,
        crate::harness::MASTER
    );
    put(&server, &theirs, "users", json!({"users": [{"uuid": ada}]})).refused(400, &[&text]);
    let body = json!({"groups": [{"id": theirs["id"]}]});
    server.put(&format!("/users/{ada}/groups"), body).refused(400, &[&text]);
}

#[test]
fn numbers_are_members_that_need_not_exist() {
    let server = Server::start();
    let group = group(&server, "Sales");
    let try_numbers = |numbers: Value| put(&server, &group, "extensions", json!({"extensions": numbers}));
    let two =
        json!([{"exten": "555", "context": "default", "priority": 3}, {"exten": "556", "context": "zz"}]);
    try_numbers(two).expect(204);
    assert_eq!(
        shown(&server, &group)["members"]["extensions"],
        json!([
            {"priority": 1, "exten": "556", "context": "zz"},
            {"priority": 3, "exten": "555", "context": "default"},
        ])
    );
    let same = json!([{"exten": "1", "context": "c"}, {"exten": "1", "context": "c", "priority": 9}]);
    let twice = "Resource Error - Operation not permitted. Cannot associate same extensions more than once";
    try_numbers(same).refused(400, &[twice]);
    let text = "Input Error - extensions: {0: {'exten': ['Missing data for required field.'], 'context': \
         ['Missing data for required field.']}}";
    try_numbers(json!([{}])).refused(400, &[text]);
    let text = "Input Error - extensions: {0: {'exten': ['Shorter than minimum length 1.']}}";
    try_numbers(json!([{"exten": "", "context": "default"}])).refused(400, &[text]);
    put(&server, &group, "extensions", json!({}))
        .refused(400, &["Input Error - extensions: ['Missing data for required field.']"]);
    try_numbers(json!([])).expect(204);
    assert_eq!(shown(&server, &group)["members"]["extensions"], json!([]));
}

#[test]
fn numbers_of_another_tenant_and_of_the_own_dialplan_are_no_members() {
    let server = Server::start();
    let other = server.add_tenant("other", None);
    let theirs = server.send_in(&other, "POST", "/groups", Some(json!({"label": "T"}))).expect(201);
    let path = format!("/groups/{}/members/extensions", theirs["id"]);
    let sent = |method: &str, path: &str, body: Value| server.send_in(&other, method, path, Some(body));
    let text =
        |name: &str| format!("Input Error - field 'context': Context was not found ('context': '{name}')");
    let numbers = json!([
        {"exten": "1", "context": "to-extern"},
        {"exten": "2", "context": "to-extern"},
        {"exten": "1", "context": "cordboard-user"},
        {"exten": "1", "context": "not-yet-there"},
    ]);
    let (own, foreign) = (text("cordboard-user"), text("to-extern"));
    sent("PUT", &path, json!({"extensions": numbers})).refused(400, &[&own, &foreign]);
    let one = json!({"label": "N", "members": {"extensions": [{"exten": "1", "context": "to-extern"}]}});
    sent("POST", "/groups", one).refused(400, &[&(foreign + " (at members)")]);
    sent("PUT", &path, json!({"extensions": [{"exten": "1", "context": "not-yet-there"}]})).expect(204);
}

#[test]
fn a_group_is_made_with_its_members() {
    let server = Server::start();
    let ada = user(&server, "ada");
    let members = json!({"users": [{"uuid": ada}], "extensions": [{"exten": "555", "context": "default"}]});
    let made = server.post("/groups", json!({"label": "Sales", "members": members})).expect(201);
    assert_eq!(made["members"]["users"][0]["uuid"], json!(ada));
    assert_eq!(made["members"]["extensions"][0]["exten"], "555");
    let bad = json!({"label": "Bad", "members": {"users": [{"uuid": "zz"}]}});
    let text = "Input Error - field 'users': User was not found ('uuid': 'zz') (at members)";
    server.post("/groups", bad).refused(400, &[text]);
    assert_eq!(server.get("/groups").expect(200)["total"], 1);
    // As it was answered, it can be sent again.
    let again = json!({"label": "Again", "members": made["members"]});
    let again = server.post("/groups", again).expect(201);
    assert_eq!(again["members"], made["members"]);
    for members in [json!(null), json!({}), json!({"users": []})] {
        server.post("/groups", json!({"label": "Empty", "members": members})).expect(201);
    }
}

#[test]
fn more_members_than_a_group_has_room_for_are_refused() {
    let server = Server::start();
    let group = server.post("/groups", json!({"label": "Crowd"})).expect(201);
    let path = format!("/groups/{}/members/extensions", group["id"]);
    let numbers = |count: usize| -> Value {
        (0..count).map(|number| json!({"exten": number.to_string(), "context": "default"})).collect()
    };
    let refused = server.put(&path, json!({"extensions": numbers(1001)})).expect(400);
    assert_eq!(refused, json!(["Input Error - extensions: ['Longer than maximum length 1000.']"]));
    server.put(&path, json!({"extensions": numbers(1000)})).expect(204);
}
