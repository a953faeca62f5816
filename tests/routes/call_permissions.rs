use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

fn permission(server: &Server, name: &str) -> Value {
    server.post("/callpermissions", json!({"name": name})).expect(201)
}

#[test]
fn a_permission_needs_a_name_and_denies_by_default() {
    let server = Server::start();
    let reply = server.post("/callpermissions", json!({"name": "cp"}));
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let made = reply.expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    let order = [
        "id",
        "tenant_uuid",
        "name",
        "password",
        "mode",
        "extensions",
        "enabled",
        "description",
        "links",
        "outcalls",
        "groups",
        "users",
    ];
    assert_eq!(keys, order);
    assert_eq!((&made["mode"], &made["enabled"]), (&json!("deny"), &json!(true)));
    assert_eq!((&made["password"], &made["extensions"]), (&Value::Null, &json!([])));
}

#[test]
fn a_permission_is_changed_in_parts_and_deleted() {
    let server = Server::start();
    let body = json!({"name": "cp", "password": "12#*", "mode": "allow", "enabled": false,
        "extensions": ["0612345678", "_09X!", "_+33[1-5]XXXX", "0612345678"], "description": "two\nlines"});
    let made = server.post("/callpermissions", body).expect(201);
    assert_eq!(made["extensions"], json!(["0612345678", "_09X!", "_+33[1-5]XXXX"]));
    let path = format!("/callpermissions/{}", made["id"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), made);
    server.put(&path, json!({"password": null, "extensions": ["1", "1"]})).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["password"], &shown["extensions"]), (&Value::Null, &json!(["1"])));
    assert_eq!(shown["mode"], "allow");
    assert_eq!(server.get("/callpermissions?mode=allow&enabled=false").expect(200)["total"], 1);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - CallPermission was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn what_a_permission_may_not_hold_is_named() {
    let server = Server::start();
    let post = |body: Value| server.post("/callpermissions", body);
    let pattern = "['String does not match expected pattern.']";
    post(json!({"name": "", "password": "a", "mode": "x", "extensions": ["a b"], "enabled": "yes"})).refused(
        400,
        &[
            "Input Error - name: ['Length must be between 1 and 128.']",
            &format!("Input Error - password: {pattern}"),
            "Input Error - mode: ['Must be one of: allow, deny.']",
            &format!("Input Error - extensions: {{0: {pattern}}}"),
            "Input Error - enabled: ['Not a valid boolean.']",
        ],
    );
    post(json!({})).refused(400, &["Input Error - name: ['Missing data for required field.']"]);
    for exten in ["[1", "1]", "[[1]]", "x(", "1$"] {
        let refused = post(json!({"name": "a", "extensions": [exten]}));
        assert_eq!(refused.status, 400, "{exten}");
    }
    assert_eq!(server.get("/callpermissions").expect(200)["total"], 0);
}

#[test]
fn a_name_is_unique_in_its_tenant() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    permission(&server, "cp");
    let text = "Resource Error - CallPermission already exists ('name': 'cp')";
    server.post("/callpermissions", json!({"name": "cp"})).refused(400, &[text]);
    let other = permission(&server, "other");
    server.put(&format!("/callpermissions/{}", other["id"]), json!({"name": "cp"})).refused(400, &[text]);
    server.send_in(&tenant, "POST", "/callpermissions", Some(json!({"name": "cp"}))).expect(201);
}

#[test]
fn users_and_outcalls_have_permissions() {
    let server = Server::start();
    let id = permission(&server, "cp")["id"].clone();
    let user = server.post("/users", json!({"firstname": "A"})).expect(201);
    let outcall = server.post("/outcalls", json!({"name": "o"})).expect(201)["id"].clone();
    let uuid = user["uuid"].as_str().unwrap();
    let brief = |name: &str, id: &Value| json!({"id": id, "name": name});
    for (holder, shown) in [
        (format!("/users/{}", user["id"]), format!("/users/{uuid}")),
        (format!("/users/{uuid}"), format!("/users/{uuid}")),
        (format!("/outcalls/{outcall}"), format!("/outcalls/{outcall}")),
    ] {
        let path = format!("{holder}/callpermissions/{id}");
        for method in ["DELETE", "PUT", "PUT"] {
            server.send(method, &path, None, &[("X-Auth-Token", TOKEN)]).expect(204);
        }
        let mut list = server.get(&shown).expect(200)["call_permissions"].clone();
        list[0].as_object_mut().unwrap().remove("links");
        assert_eq!(list, json!([brief("cp", &id)]));
    }
    let shown = server.get(&format!("/callpermissions/{id}")).expect(200);
    assert_eq!(shown["users"][0]["uuid"], uuid);
    assert_eq!((&shown["outcalls"][0]["id"], &shown["outcalls"][0]["name"]), (&outcall, &json!("o")));
    server.delete(&format!("/users/{uuid}/callpermissions/{id}")).expect(204);
    assert_eq!(server.get(&format!("/users/{uuid}")).expect(200)["call_permissions"], json!([]));
    server.delete(&format!("/outcalls/{outcall}")).expect(204);
    assert_eq!(server.get(&format!("/callpermissions/{id}")).expect(200)["outcalls"], json!([]));
}

#[test]
fn a_permission_and_its_holder_are_known_and_of_one_tenant() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let id = permission(&server, "cp")["id"].clone();
    let user = server.post("/users", json!({"firstname": "A"})).expect(201)["id"].clone();
    let send = |method: &str, path: &str| server.send(method, path, None, &[("X-Auth-Token", TOKEN)]);
    for method in ["PUT", "DELETE"] {
        send(method, &format!("/users/{user}/callpermissions/999"))
            .refused(404, &["Resource Not Found - CallPermission was not found ('id': 999)"]);
        send(method, &format!("/users/999/callpermissions/{id}"))
            .refused(404, &["Resource Not Found - User was not found ('id': 999)"]);
        send(method, &format!("/groups/999/callpermissions/{id}"))
            .refused(404, &["Resource Not Found - Group was not found ('id': 999)"]);
        send(method, &format!("/outcalls/999/callpermissions/{id}"))
            .refused(404, &["Resource Not Found - Outcall was not found ('id': 999)"]);
    }
    let body = Some(json!({"name": "theirs"}));
    let theirs = server.send_in(&tenant, "POST", "/callpermissions", body).expect(201)["id"].clone();
    server.associate(&format!("/users/{user}/callpermissions/{theirs}")).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('user_tenant_uuid': '{MASTER}', 'call_permission_tenant_uuid': \
             '{}')",
            tenant.uuid
        )],
    );
    let seen = server.send_in(&tenant, "GET", &format!("/callpermissions/{id}"), None);
    assert_eq!(seen.status, 404);
}

#[test]
fn a_user_is_made_with_permissions_and_keeps_them_through_a_recursive_change() {
    let server = Server::start();
    let (first, second) = (permission(&server, "a")["id"].clone(), permission(&server, "b")["id"].clone());
    let body = json!({"firstname": "A", "call_permissions": [{"id": second}, {"id": first}]});
    let user = server.post("/users", body).expect(201);
    assert_eq!(user["call_permissions"].as_array().unwrap().len(), 2);
    let path = format!("/users/{}", user["id"]);
    let shown = |path: &str| server.get(path).expect(200)["call_permissions"].clone();
    assert_eq!(shown(&path), user["call_permissions"]);
    let change = |body: Value| server.put(&format!("{path}?recursive=true"), body).expect(204);
    change(json!({"firstname": "A"}));
    assert_eq!(shown(&path), user["call_permissions"]);
    change(json!({"firstname": "A", "call_permissions": [{"id": second}]}));
    assert_eq!(shown(&path)[0]["id"], second);
    assert_eq!(shown(&path).as_array().unwrap().len(), 1);
}

#[test]
fn an_unknown_permission_is_refused_with_the_user() {
    let server = Server::start();
    let body = json!({"firstname": "A", "call_permissions": [{"id": 999}]});
    server.post("/users", body).refused(
        400,
        &["Input Error - field 'call_permissions': CallPermission was not found ('id': 999) (at \
           call_permissions[0])"],
    );
    let body = json!({"firstname": "A", "call_permissions": [{}]});
    server
        .post("/users", body)
        .refused(400, &["Input Error - call_permissions: {0: {'id': ['Missing data for required field.']}}"]);
    assert_eq!(server.get("/users").expect(200)["total"], 0);
}
