use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

#[test]
fn a_paging_needs_a_number() {
    let server = Server::start();
    let reply = server.post("/pagings", json!({"number": "1"}));
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let made = reply.expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    let order = [
        "id",
        "tenant_uuid",
        "number",
        "name",
        "announce_caller",
        "announce_sound",
        "caller_notification",
        "duplex",
        "ignore_forward",
        "record",
        "enabled",
        "links",
        "members",
        "callers",
    ];
    assert_eq!(keys, order);
    for (key, value) in [
        ("name", Value::Null),
        ("announce_caller", json!(true)),
        ("announce_sound", Value::Null),
        ("caller_notification", json!(true)),
        ("duplex", json!(false)),
        ("ignore_forward", json!(false)),
        ("record", json!(false)),
        ("enabled", json!(true)),
        ("members", json!({"users": []})),
        ("callers", json!({"users": []})),
    ] {
        assert_eq!(made[key], value, "{key}");
    }
}

#[test]
fn what_a_paging_may_not_hold_is_named() {
    let server = Server::start();
    server
        .post("/pagings", json!({}))
        .refused(400, &["Input Error - number: ['Missing data for required field.']"]);
    let body =
        json!({"number": "x1", "name": "x".repeat(129), "announce_sound": "../up", "duplex": "perhaps"});
    server.post("/pagings", body).refused(
        400,
        &[
            "Input Error - number: ['Invalid input.']",
            "Input Error - name: ['Longer than maximum length 128.']",
            "Input Error - announce_sound: ['String does not match expected pattern.']",
            "Input Error - duplex: ['Not a valid boolean.']",
        ],
    );
    let long = json!({"number": "1".repeat(33)});
    server.post("/pagings", long).refused(400, &["Input Error - number: ['Longer than maximum length 32.']"]);
    server.post("/pagings", json!({"number": "1"})).expect(201);
    let other = server.post("/pagings", json!({"number": "2"})).expect(201);
    let taken = "Resource Error - Paging already exists ('number': '1')";
    server.post("/pagings", json!({"number": "1"})).refused(400, &[taken]);
    server.put(&format!("/pagings/{}", other["id"]), json!({"number": "1"})).refused(400, &[taken]);
    let tenant = server.add_tenant("other", None);
    server.send_in(&tenant, "POST", "/pagings", Some(json!({"number": "1"}))).expect(201);
}

#[test]
fn a_paging_is_changed_in_parts_and_deleted() {
    let server = Server::start();
    let made = server.post("/pagings", json!({"number": "5", "name": "Yard", "duplex": "yes"})).expect(201);
    assert_eq!(made["duplex"], true);
    let path = format!("/pagings/{}", made["id"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), made);
    server.put(&path, json!({"duplex": 0, "record": "on", "name": null})).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!(
        (&shown["duplex"], &shown["record"], &shown["name"]),
        (&json!(false), &json!(true), &Value::Null)
    );
    assert_eq!(server.get("/pagings?number=5").expect(200)["total"], 1);
    server.delete(&path).expect(204);
    let gone = format!("Resource Not Found - Paging was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&gone]);
    server.put(&format!("{path}/members/users"), json!({"users": []})).refused(404, &[&gone]);
}

#[test]
fn some_hear_a_paging_and_some_may_speak() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let user = |name: &str| server.post("/users", json!({"firstname": name})).expect(201)["uuid"].clone();
    let (ann, ben) = (user("Ann"), user("Ben"));
    let path = format!("/pagings/{}", server.post("/pagings", json!({"number": "1"})).expect(201)["id"]);
    let theirs =
        server.send_in(&tenant, "POST", "/users", Some(json!({"firstname": "T"}))).expect(201)["uuid"]
            .clone();
    for side in ["members", "callers"] {
        let put = |users: Value| server.put(&format!("{path}/{side}/users"), json!({"users": users}));
        put(json!([{"uuid": ann}, {"uuid": ben}])).expect(204);
        assert_eq!(server.get(&path).expect(200)[side]["users"].as_array().unwrap().len(), 2);
        put(json!([{"uuid": ann}, {"uuid": ann}])).refused(
            400,
            &["Resource Error - Operation not permitted. Cannot associate same user more than once"],
        );
        put(json!([{"uuid": "zz"}]))
            .refused(400, &["Input Error - field 'users': User was not found ('uuid': 'zz')"]);
        put(json!([{"uuid": theirs}])).refused(
            400,
            &[&format!(
                "Resource Error - different tenants ('paging_tenant_uuid': '{MASTER}', 'user_tenant_uuid': '{}')",
                tenant.uuid
            )],
        );
        put(json!([{"uuid": ben}])).expect(204);
        assert_eq!(server.get(&path).expect(200)[side]["users"][0]["uuid"], ben);
    }
    server.delete(&format!("/users/{}", ben.as_str().unwrap())).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["members"], &shown["callers"]), (&json!({"users": []}), &json!({"users": []})));
}

#[test]
fn a_key_speaks_to_many() {
    let server = Server::start();
    let ann = server.post("/users", json!({"firstname": "Ann"})).expect(201)["id"].clone();
    let paging = server.post("/pagings", json!({"number": "77"})).expect(201)["id"].clone();
    let key = format!("/users/{ann}/funckeys/1");
    server.put(&key, json!({"destination": {"type": "paging", "paging_id": paging}})).expect(204);
    let shown = server.get(&key).expect(200);
    assert_eq!((&shown["blf"], &shown["destination"]["paging_id"]), (&json!(false), &paging));
    let dialled = server.get(&format!("/cordboard/users/{ann}/funckeys")).expect(200);
    assert_eq!(dialled["items"][0]["number"], "*1177");
    server.delete(&format!("/pagings/{paging}")).expect(204);
    assert_eq!(server.get(&key).status, 404);
}
