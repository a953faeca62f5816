use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn user(server: &Server, name: &str) -> String {
    text(&server.post("/users", json!({"firstname": name})).expect(201)["uuid"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn uuids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| text(&one["uuid"])).collect()
}

#[test]
fn a_pickup_needs_a_name_and_begins_empty() {
    let server = Server::start();
    let reply = server.post("/callpickups", json!({"name": "cp"}));
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let made = reply.expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    let order = ["id", "tenant_uuid", "name", "description", "enabled", "links", "interceptors", "targets"];
    assert_eq!(keys, order);
    assert_eq!((&made["description"], &made["enabled"]), (&Value::Null, &json!(true)));
    let nobody = json!({"groups": [], "users": []});
    assert_eq!((&made["interceptors"], &made["targets"]), (&nobody, &nobody));
    assert!(text(&made["links"][0]["href"]).ends_with(&format!("/1.1/callpickups/{}", made["id"])));
}

#[test]
fn a_pickup_is_changed_in_parts_and_deleted() {
    let server = Server::start();
    let body = json!({"name": "cp", "description": "two\nlines", "enabled": false});
    let made = server.post("/callpickups", body).expect(201);
    let path = format!("/callpickups/{}", made["id"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), made);
    server.put(&path, json!({"enabled": true, "description": null})).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["enabled"], &shown["description"]), (&json!(true), &Value::Null));
    assert_eq!(server.get("/callpickups?enabled=true&search=cp").expect(200)["total"], 1);
    server.delete(&path).expect(204);
    let gone = format!("Resource Not Found - CallPickup was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&gone]);
    server.put(&path, json!({})).refused(404, &[&gone]);
    server.put(&format!("{path}/targets/users"), json!({"users": []})).refused(404, &[&gone]);
}

#[test]
fn what_a_pickup_may_not_hold_is_named() {
    let server = Server::start();
    server.post("/callpickups", json!({"name": "x".repeat(129), "enabled": "yes"})).refused(
        400,
        &[
            "Input Error - name: ['Longer than maximum length 128.']",
            "Input Error - enabled: ['Not a valid boolean.']",
        ],
    );
    server
        .post("/callpickups", json!({}))
        .refused(400, &["Input Error - name: ['Missing data for required field.']"]);
    let tenant = server.add_tenant("other", None);
    server.post("/callpickups", json!({"name": "cp"})).expect(201);
    server
        .post("/callpickups", json!({"name": "cp"}))
        .refused(400, &["Resource Error - CallPickup already exists ('name': 'cp')"]);
    server.send_in(&tenant, "POST", "/callpickups", Some(json!({"name": "cp"}))).expect(201);
}

#[test]
fn users_and_groups_take_calls_and_have_them_taken() {
    let server = Server::start();
    let (ann, ben, eve) = (user(&server, "Ann"), user(&server, "Ben"), user(&server, "Eve"));
    let group = server.post("/groups", json!({"label": "g"})).expect(201);
    let path =
        format!("/callpickups/{}", server.post("/callpickups", json!({"name": "cp"})).expect(201)["id"]);
    for side in ["interceptors", "targets"] {
        server
            .put(&format!("{path}/{side}/users"), json!({"users": [{"uuid": ann}, {"uuid": ben}]}))
            .expect(204);
        server.put(&format!("{path}/{side}/users"), json!({"users": [{"uuid": eve}]})).expect(204);
        for one in [json!({"uuid": group["uuid"]}), json!({"id": group["id"]})] {
            server.put(&format!("{path}/{side}/groups"), json!({"groups": [one]})).expect(204);
        }
        let shown = server.get(&path).expect(200)[side].clone();
        assert_eq!(uuids(&shown["users"])[..], *std::slice::from_ref(&eve));
        let keys: Vec<_> = shown["users"][0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["uuid", "firstname", "lastname", "links"]);
        assert_eq!((&shown["groups"][0]["name"], &shown["groups"][0]["id"]), (&group["name"], &group["id"]));
    }
    server.put(&format!("{path}/targets/users"), json!({"users": []})).expect(204);
    assert_eq!(server.get(&path).expect(200)["targets"]["users"], json!([]));
    server.delete(&format!("/users/{eve}")).expect(204);
    server.delete(&format!("/groups/{}", group["id"])).expect(204);
    let nobody = json!({"groups": [], "users": []});
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["interceptors"], &shown["targets"]), (&nobody, &nobody));
}

#[test]
fn who_can_not_stand_in_a_list_is_refused() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let ann = user(&server, "Ann");
    let path =
        format!("/callpickups/{}", server.post("/callpickups", json!({"name": "cp"})).expect(201)["id"]);
    let put = |users: Value| server.put(&format!("{path}/interceptors/users"), users);
    put(json!({})).refused(400, &["Input Error - users: ['Missing data for required field.']"]);
    put(json!({"users": [{}]}))
        .refused(400, &["Input Error - users: {0: {'uuid': ['Missing data for required field.']}}"]);
    put(json!({"users": [{"uuid": "zz"}]}))
        .refused(400, &["Input Error - field 'users': User was not found ('uuid': 'zz')"]);
    put(json!({"users": [{"uuid": ann}, {"uuid": ann}]})).refused(
        400,
        &["Resource Error - Operation not permitted. Cannot associate same user more than once"],
    );
    let body = Some(json!({"firstname": "T"}));
    let theirs = text(&server.send_in(&tenant, "POST", "/users", body).expect(201)["uuid"]);
    put(json!({"users": [{"uuid": theirs}]})).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('call_pickup_tenant_uuid': '{MASTER}', 'user_tenant_uuid': '{}')",
            tenant.uuid
        )],
    );
    let body = Some(json!({"label": "T"}));
    let group = server.send_in(&tenant, "POST", "/groups", body).expect(201);
    let put = |groups: Value| server.put(&format!("{path}/targets/groups"), groups);
    put(json!({"groups": [{"id": group["id"]}]})).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('call_pickup_tenant_uuid': '{MASTER}', 'group_tenant_uuid': '{}')",
            tenant.uuid
        )],
    );
    put(json!({"groups": [{"id": 999}]}))
        .refused(400, &["Input Error - field 'groups': Group was not found ('id': 999)"]);
    assert_eq!(server.send_in(&tenant, "GET", &path, None).status, 404);
}

#[test]
fn a_user_shows_whose_calls_they_may_take() {
    let server = Server::start();
    let (ann, ben, eve) = (user(&server, "Ann"), user(&server, "Ben"), user(&server, "Eve"));
    let line = json!({"context": "default", "endpoint_sip": {}});
    let leo = text(&server.post("/users", json!({"firstname": "Leo", "lines": [line]})).expect(201)["uuid"]);
    let group = server.post("/groups", json!({"label": "g"})).expect(201);
    let members = format!("/groups/{}/members/users", group["id"]);
    server.put(&members, json!({"users": [{"uuid": leo}]})).expect(204);
    let path =
        format!("/callpickups/{}", server.post("/callpickups", json!({"name": "cp"})).expect(201)["id"]);
    let groups = json!({"groups": [{"id": group["id"]}]});
    server
        .put(&format!("{path}/interceptors/users"), json!({"users": [{"uuid": ann}, {"uuid": ben}]}))
        .expect(204);
    server
        .put(&format!("{path}/targets/users"), json!({"users": [{"uuid": ann}, {"uuid": eve}]}))
        .expect(204);
    server.put(&format!("{path}/targets/groups"), groups.clone()).expect(204);
    let targets = |of: &str| {
        let shown = server.get(&format!("/users/{of}")).expect(200)["call_pickup_target_users"].clone();
        uuids(&shown)
    };
    assert_eq!(targets(&ann), [eve.clone(), leo.clone()]);
    assert_eq!(targets(&ben), [ann.clone(), eve.clone(), leo.clone()]);
    assert_eq!((targets(&eve), targets(&leo)), (vec![], vec![]));
    server.put(&format!("{path}/interceptors/groups"), groups).expect(204);
    assert_eq!(targets(&leo), [ann.clone(), eve]);
    server.put(&path, json!({"enabled": false})).expect(204);
    assert_eq!(targets(&ben), Vec::<String>::new());
}

#[test]
fn a_user_is_made_with_targets_and_takes_them_along() {
    let server = Server::start();
    let (ann, ben) = (user(&server, "Ann"), user(&server, "Ben"));
    let made = server
        .post("/users", json!({"firstname": "Leo", "call_pickup_target_users": [{"uuid": ann}]}))
        .expect(201);
    assert_eq!(uuids(&made["call_pickup_target_users"])[..], *std::slice::from_ref(&ann));
    let path = format!("/users/{}", text(&made["uuid"]));
    let shown = || uuids(&server.get(&path).expect(200)["call_pickup_target_users"]);
    assert_eq!(shown(), [ann]);
    let all = server.get("/callpickups").expect(200);
    assert_eq!(all["items"][0]["name"], format!("pickup-{}", text(&made["uuid"])));
    let recursive = format!("{path}?recursive=true");
    server.put(&recursive, json!({"firstname": "Leo"})).expect(204);
    assert_eq!(shown().len(), 1);
    server
        .put(&recursive, json!({"firstname": "Leo", "call_pickup_target_users": [{"uuid": ben}]}))
        .expect(204);
    assert_eq!(shown(), [ben]);
    server.put(&recursive, json!({"firstname": "Leo", "call_pickup_target_users": []})).expect(204);
    assert_eq!((shown(), server.get("/callpickups").expect(200)["total"].clone()), (vec![], json!(0)));
    let body = json!({"firstname": "Leo", "call_pickup_target_users": [{"uuid": "zz"}]});
    server.post("/users", body).refused(
        400,
        &["Input Error - field 'call_pickup_target_users': User was not found ('uuid': 'zz') \
           (at call_pickup_target_users)"],
    );
    server
        .put(
            &recursive,
            json!({"firstname": "Leo", "call_pickup_target_users": [{"uuid": user(&server, "E")}]}),
        )
        .expect(204);
    server.delete(&path).expect(204);
    assert_eq!(server.get("/callpickups").expect(200)["total"], 0);
}
