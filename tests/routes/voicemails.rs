use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

fn new(server: &Server, body: &Value) -> Value {
    let mut voicemail = json!({"name": "Ann", "number": "1001", "context": "default"});
    voicemail.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    server.post("/voicemails", voicemail).expect(201)
}

#[test]
fn a_voicemail_has_the_contracts_defaults() {
    let server = Server::start();
    let made = server.post("/voicemails", json!({"name": "Ann", "number": "1001", "context": "default"}));
    assert_eq!(made.status, 201);
    let id = &made.json["id"];
    let href = made.header("Location").to_owned();
    assert!(href.ends_with(&format!("/1.1/voicemails/{id}")));
    let expected = json!({
        "id": id, "tenant_uuid": MASTER, "name": "Ann", "number": "1001", "context": "default",
        "password": null, "email": null, "language": null, "timezone": null, "pager": null,
        "max_messages": null, "attach_audio": null, "delete_messages": false, "ask_password": true,
        "enabled": true, "options": [], "links": [{"rel": "voicemails", "href": href}],
        "accesstype": "personal", "users": [],
    });
    assert_eq!(made.json.to_string(), expected.to_string());
    assert_eq!(server.get(&format!("/voicemails/{id}")).expect(200), expected);
}

#[test]
fn every_field_is_stored_and_changed() {
    let server = Server::start();
    let fields = json!({
        "name": "B", "number": "2", "context": "default", "password": "0123", "email": "no address",
        "language": "fr_FR", "timezone": "eu-fr", "pager": "p", "max_messages": "10", "attach_audio": true,
        "delete_messages": true, "ask_password": false, "enabled": false,
        "options": [["saycid", "yes"], ["saycid", "no"]], "accesstype": "global",
    });
    let made = new(&server, &fields);
    let path = format!("/voicemails/{}", made["id"]);
    for (key, value) in fields.as_object().unwrap() {
        let value = if key == "max_messages" { &json!(10) } else { value };
        assert_eq!(&made[key], value, "{key}");
    }
    let change = json!({"password": null, "options": [], "timezone": "na-eastern", "context": "from-extern"});
    server.put(&path, change.clone()).expect(204);
    let changed = server.get(&path).expect(200);
    for (key, value) in change.as_object().unwrap() {
        assert_eq!(&changed[key], value, "{key}");
    }
    assert_eq!(changed["email"], "no address");
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Voicemail was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn every_mistake_of_a_body_is_named_at_once() {
    let server = Server::start();
    let body = json!({
        "name": "x".repeat(81), "number": "12a", "password": "", "email": 5, "language": "french",
        "max_messages": -1, "attach_audio": 1, "delete_messages": null, "options": [["a"], ["b", 1], "c"],
        "accesstype": "public",
    });
    server.post("/voicemails", body).refused(
        400,
        &[
            "Input Error - name: ['Longer than maximum length 80.']",
            "Input Error - number: ['String does not match expected pattern.']",
            "Input Error - context: ['Missing data for required field.']",
            "Input Error - password: ['String does not match expected pattern.']",
            "Input Error - email: ['Not a valid string.']",
            "Input Error - language: ['String does not match expected pattern.']",
            "Input Error - max_messages: ['Must be greater than or equal to 0.']",
            "Input Error - attach_audio: ['Not a valid boolean.']",
            "Input Error - delete_messages: ['Field may not be null.']",
            "Input Error - options: {0: ['Length must be 2.'], 1: {1: ['Not a valid string.']}, \
             2: ['Not a valid list.']}",
            "Input Error - accesstype: ['Must be one of: personal, global.']",
        ],
    );
    assert_eq!(server.get("/voicemails").expect(200)["total"], 0);
}

#[test]
fn messages_are_only_deleted_when_they_are_mailed() {
    let server = Server::start();
    let email = "Input Error - _schema: ['email must be provided if delete_messages is set']";
    let audio = "Input Error - _schema: ['attach_audio must be set if delete_messages is set']";
    let base = json!({"name": "A", "number": "1", "context": "default", "delete_messages": true});
    server.post("/voicemails", base.clone()).refused(400, &[email]);
    let mut mailed = base;
    mailed["email"] = json!("a@b.c");
    server.post("/voicemails", mailed.clone()).refused(400, &[audio]);
    mailed["attach_audio"] = json!(true);
    let path = format!("/voicemails/{}", server.post("/voicemails", mailed).expect(201)["id"]);
    server.put(&path, json!({"delete_messages": true})).refused(400, &[email]);
    server.put(&path, json!({"delete_messages": true, "email": ""})).refused(400, &[email]);
    server.put(&path, json!({"delete_messages": true, "email": "a@b.c"})).refused(400, &[audio]);
    server.put(&path, json!({"email": null})).expect(204);
}

#[test]
fn references_must_exist() {
    let server = Server::start();
    let context = "Input Error - field 'context': Context was not found ('context': 'nope')";
    let timezone = "Input Error - field 'timezone': Timezone was not found ('timezone': 'zz')";
    let body = json!({"name": "A", "number": "1", "context": "nope", "timezone": "zz"});
    server.post("/voicemails", body).refused(400, &[context]);
    let body = json!({"name": "A", "number": "1", "context": "default", "timezone": "zz"});
    server.post("/voicemails", body).refused(400, &[timezone]);
    let path = format!("/voicemails/{}", new(&server, &json!({}))["id"]);
    server.put(&path, json!({"context": "nope"})).refused(400, &[context]);
    server.put(&path, json!({"timezone": "zz"})).refused(400, &[timezone]);
}

#[test]
fn a_number_is_unique_in_its_context() {
    let server = Server::start();
    new(&server, &json!({}));
    let other = new(&server, &json!({"context": "from-extern"}));
    let text = "Resource Error - Voicemail already exists ('number': '1001', 'context': 'default')";
    let body = json!({"name": "B", "number": "1001", "context": "default"});
    server.post("/voicemails", body).refused(400, &[text]);
    server.put(&format!("/voicemails/{}", other["id"]), json!({"context": "default"})).refused(400, &[text]);
    assert_eq!(server.get("/voicemails").expect(200)["total"], 2);
}

#[test]
fn a_context_has_one_global_voicemail() {
    let server = Server::start();
    let global = new(&server, &json!({"accesstype": "global"}));
    let other = new(&server, &json!({"number": "1002"}));
    let text =
        "Resource Error - Operation not permitted. There can be only one global voicemail per context.";
    let body = json!({"name": "B", "number": "1003", "context": "default", "accesstype": "global"});
    server.post("/voicemails", body).refused(400, &[text]);
    server
        .put(&format!("/voicemails/{}", other["id"]), json!({"accesstype": "global"}))
        .refused(400, &[text]);
    server.put(&format!("/voicemails/{}", global["id"]), json!({"accesstype": "global"})).expect(204);
    new(&server, &json!({"context": "from-extern", "accesstype": "global"}));
}

#[test]
fn a_voicemail_with_users_stays_personal_in_its_tenant_and_alive() {
    let server = Server::start();
    let id = new(&server, &json!({}))["id"].clone();
    let path = format!("/voicemails/{id}");
    let users: Vec<_> = ["Ann", "Bob"]
        .into_iter()
        .map(|name| server.post("/users", json!({"firstname": name, "lastname": "Lee"})).expect(201))
        .collect();
    for user in &users {
        server.associate(&format!("/users/{}/voicemails/{id}", user["id"])).expect(204);
    }
    let expected =
        json!({"uuid": users[0]["uuid"], "firstname": "Ann", "lastname": "Lee", "links": users[0]["links"]});
    assert_eq!(server.get(&path).expect(200)["users"][0].to_string(), expected.to_string());
    let text = format!(
        "Resource Error - Voicemail is associated with a User ('voicemail_id': {id}, 'user_ids': '{}, {}')",
        users[0]["id"], users[1]["id"]
    );
    server.delete(&path).refused(400, &[&text]);
    let global =
        "Resource Error - Operation not permitted. A global voicemail cannot be associated to users.";
    server.put(&path, json!({"accesstype": "global"})).refused(400, &[global]);
    let branch = server.add_tenant("branch", None);
    let below = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", branch.uuid.as_str())];
    let body = json!({"label": "Branch"}).to_string();
    let context = server.send("POST", "/contexts", Some(body), &below).expect(201)["name"].clone();
    let tenants = format!(
        "Resource Error - different tenants ('voicemail_tenant_uuid': '{}', 'user_tenant_uuid': '{MASTER}')",
        branch.uuid
    );
    server.put(&path, json!({"context": context})).refused(400, &[&tenants]);
    for user in &users {
        server.delete(&format!("/users/{}/voicemails", user["id"])).expect(204);
    }
    server.delete(&path).expect(204);
}
