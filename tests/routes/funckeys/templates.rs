use super::{key, keys, user};
use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn template(server: &Server, body: &Value) -> Value {
    server.post("/funckeys/templates", body.clone()).expect(201)
}

fn path(template: &Value) -> String {
    format!("/funckeys/templates/{}", template["id"])
}

#[test]
fn a_template_has_the_contracts_keys() {
    let server = Server::start();
    let body = json!({"name": "Sales", "keys": {"1": {"label": "DND", "destination": {"type": "service", "service": "enablednd"}}}});
    let made = server.post("/funckeys/templates", body);
    assert_eq!(made.status, 201, "{}", made.text);
    let href = made.header("Location").to_owned();
    let id = &made.json["id"];
    assert!(href.ends_with(&format!("/1.1/funckeys/templates/{id}")));
    let key = &made.json["keys"]["1"];
    let expected = json!({
        "id": id, "tenant_uuid": MASTER, "name": "Sales",
        "keys": {"1": {"id": key["id"], "inherited": true, "blf": true, "label": "DND",
            "destination": {"type": "service", "href": null, "service": "enablednd"}}},
        "links": [{"rel": "func_keys_templates", "href": href}],
    });
    assert_eq!(made.json.to_string(), expected.to_string());
    assert_eq!(server.get(&path(&made.json)).expect(200), expected);
}

#[test]
fn a_template_needs_nothing() {
    let server = Server::start();
    let made = template(&server, &json!({}));
    assert_eq!((&made["name"], &made["keys"]), (&Value::Null, &json!({})));
}

#[test]
fn a_put_replaces_everything() {
    let server = Server::start();
    let record = key(json!({"type": "onlinerec"}));
    let made = template(
        &server,
        &json!({"name": "A", "keys": {"1": record, "7": key(json!({"type": "custom", "exten": "1"}))}}),
    );
    server.put(&path(&made), json!({"keys": {"2": record}})).expect(204);
    let changed = server.get(&path(&made)).expect(200);
    assert_eq!(changed["name"], Value::Null);
    assert_eq!(changed["keys"].as_object().unwrap().keys().collect::<Vec<_>>(), ["2"]);
    server.put(&path(&made), json!({"name": "B"})).expect(204);
    let emptied = server.get(&path(&made)).expect(200);
    assert_eq!((&emptied["name"], &emptied["keys"]), (&json!("B"), &json!({})));
}

#[test]
fn keys_come_in_the_order_of_their_positions() {
    let server = Server::start();
    let custom = |exten: &str| key(json!({"type": "custom", "exten": exten}));
    let made = template(&server, &json!({"keys": {"10": custom("1"), "9": custom("2"), "1": custom("3")}}));
    let positions: Vec<_> = made["keys"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(positions, ["1", "9", "10"]);
}

#[test]
fn every_mistake_of_a_body_is_named() {
    let server = Server::start();
    let refused = |body: Value, text: &str| {
        server.post("/funckeys/templates", body).refused(400, &[text]);
    };
    refused(json!({"name": "x".repeat(129)}), "Input Error - name: ['Longer than maximum length 128.']");
    refused(json!({"name": 5}), "Input Error - name: ['Not a valid string.']");
    refused(json!({"keys": null}), "Input Error - keys: ['Field may not be null.']");
    refused(json!({"keys": []}), "Input Error - keys: ['FuncKey must be a dictionary']");
    refused(json!({"keys": {"0": {}}}), "Input Error - keys: ['Must be greater than or equal to 1.']");
    refused(json!({"keys": {"-1": {}}}), "Input Error - keys: ['Must be greater than or equal to 1.']");
    refused(json!({"keys": {"a": {}}}), "Input Error - keys: ['Not a valid integer.']");
    refused(json!({"keys": {"1": 5}}), "Input Error - keys: {'1': {'_schema': ['Invalid input type.']}}");
    refused(
        json!({"keys": {"1": {}, "2": {"destination": {}}}}),
        "Input Error - keys: {'1': {'destination': ['Missing data for required field.']}, \
         '2': {'destination': {'type': ['Missing data for required field.']}}}",
    );
    for kind in ["agent", "bsfilter"] {
        let text = format!(
            "Input Error - keys: {{'1': {{'destination': {{'type': ['The \"{kind}\" funckey are excluded']}}}}}}"
        );
        refused(json!({"keys": {"1": key(json!({"type": kind}))}}), &text);
    }
    assert_eq!(server.get("/funckeys/templates").expect(200)["total"], 0);
}

#[test]
fn a_destination_stands_once_in_a_template() {
    let server = Server::start();
    let ann = user(&server, "Ann");
    let cases = [
        (json!({"type": "user", "user_id": ann["id"]}), format!("'user_id': {}", ann["id"])),
        (json!({"type": "custom", "exten": "1"}), "'exten': '1'".to_owned()),
        (json!({"type": "service", "service": "enablednd"}), "'service': 'enablednd'".to_owned()),
        (json!({"type": "forward", "forward": "busy"}), "'exten': None, 'forward': 'busy'".to_owned()),
        (json!({"type": "onlinerec"}), "'feature': 'onlinerec'".to_owned()),
    ];
    for (to, meta) in cases {
        let text = format!("Resource Error - destination already exists ({meta})");
        let body = json!({"keys": {"1": key(to.clone()), "2": key(to.clone())}});
        server.post("/funckeys/templates", body).refused(400, &[&text]);
        let made = template(&server, &json!({"keys": {"1": key(to.clone())}}));
        server.put(&format!("{}/2", path(&made)), key(to.clone())).refused(400, &[&text]);
        server.put(&format!("{}/1", path(&made)), key(to)).expect(204);
    }
}

#[test]
fn one_key_is_read_set_and_deleted() {
    let server = Server::start();
    let made = template(&server, &json!({}));
    let (id, at) = (&made["id"], format!("{}/5", path(&made)));
    let text = format!("Resource Not Found - FuncKey was not found ('template_id': {id}, 'position': 5)");
    server.get(&at).refused(404, &[&text]);
    server.put(&at, key(json!({"type": "custom", "exten": "12"}))).expect(204);
    let shown = server.get(&at).expect(200);
    let names: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["id", "inherited", "blf", "label", "destination"]);
    assert_eq!((&shown["inherited"], &shown["destination"]["exten"]), (&json!(true), &json!("12")));
    server.delete(&at).expect(204);
    let text = format!(
        "Resource Not Found - FuncKey was not found ('resource': 'FuncKey', 'position': 5, 'template_id': {id})"
    );
    server.delete(&at).refused(404, &[&text]);
    let text = "Input Error - destination: {'type': ['The \"agent\" funckey are excluded']}";
    server.put(&at, key(json!({"type": "agent"}))).refused(400, &[text]);
    let zero = format!("{}/0", path(&made));
    let text = "Input Error - position: ['Must be greater than or equal to 1.']";
    server.put(&zero, key(json!({"type": "onlinerec"}))).refused(400, &[text]);
    server.get(&zero).refused(400, &[text]);
    server.delete(&zero).refused(400, &[text]);
}

#[test]
fn templates_are_listed_without_those_of_users() {
    let server = Server::start();
    user(&server, "Ann");
    for name in ["b", "a"] {
        template(&server, &json!({ "name": name }));
    }
    template(&server, &json!({}));
    let list = server.get("/funckeys/templates").expect(200);
    let names: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect();
    assert_eq!((list["total"].clone(), json!(names)), (json!(3), json!(["a", "b", null])));
    assert_eq!(server.get("/funckeys/templates?name=b").expect(200)["total"], 1);
    assert_eq!(server.get("/funckeys/templates?search=B").expect(200)["total"], 1);
    let text = "Input Error - order: column 'keys' was not found";
    server.get("/funckeys/templates?order=keys").refused(400, &[text]);
}

#[test]
fn an_unknown_template_is_not_found() {
    let server = Server::start();
    let text = "Resource Not Found - FuncKeyTemplate was not found ('id': 99)";
    server.get("/funckeys/templates/99").refused(404, &[text]);
    server.put("/funckeys/templates/99", json!({})).refused(404, &[text]);
    server.delete("/funckeys/templates/99").refused(404, &[text]);
    server.get("/funckeys/templates/99/1").refused(404, &[text]);
    server.get("/funckeys/templates/99/users").refused(404, &[text]);
    let ann = user(&server, "Ann");
    server.associate(&format!("/users/{}/funckeys/templates/99", ann["id"])).refused(404, &[text]);
    server.delete(&format!("/users/{}/funckeys/templates/99", ann["id"])).refused(404, &[text]);
}

#[test]
fn a_template_of_another_tenant_is_not_seen() {
    let server = Server::start();
    let (made, branch) = (template(&server, &json!({})), server.add_tenant("branch", None));
    assert_eq!(server.send_in(&branch, "GET", &path(&made), None).status, 404);
    assert_eq!(server.send_in(&branch, "GET", "/funckeys/templates", None).expect(200)["total"], 0);
}

#[test]
fn a_user_has_one_template_at_a_time() {
    let server = Server::start();
    let ann = user(&server, "Ann");
    let (first, second) = (template(&server, &json!({})), template(&server, &json!({})));
    let own = format!("/users/{}/funckeys/templates", ann["id"]);
    assert_eq!(server.get(&own).expect(200), json!({"total": 0, "items": []}));
    for made in [&first, &second, &second] {
        server.associate(&format!("{own}/{}", made["id"])).expect(204);
    }
    let link = |rel: &str, of: &Value| json!({"rel": rel, "href": of["links"][0]["href"]});
    let expected = json!({"total": 1, "items": [{
        "user_id": ann["id"], "template_id": second["id"],
        "links": [link("func_keys_templates", &second), link("users", &ann)],
    }]});
    assert_eq!(server.get(&own).expect(200), expected);
    assert_eq!(server.get(&format!("{}/users", path(&second))).expect(200), expected);
    assert_eq!(server.get(&format!("{}/users", path(&first))).expect(200)["total"], 0);
    server.delete(&format!("{own}/{}", first["id"])).expect(204);
    assert_eq!(server.get(&own).expect(200)["total"], 1);
    server.delete(&format!("{own}/{}", second["id"])).expect(204);
    assert_eq!(server.get(&own).expect(200)["total"], 0);
}

#[test]
fn the_template_of_a_users_own_keys_is_nobody_elses() {
    let server = Server::start();
    let (ann, ben) = (user(&server, "Ann"), user(&server, "Ben"));
    let private = server.get(&format!("/users/{}/funckeys", ann["id"])).expect(200)["id"].clone();
    let text = format!(
        "Resource Error - Operation not permitted. Cannot associate a private template with a user \
         ('template_id': {private})"
    );
    server.associate(&format!("/users/{}/funckeys/templates/{private}", ben["id"])).refused(400, &[&text]);
    assert_eq!(server.delete(&format!("/funckeys/templates/{private}")).status, 400);
}

#[test]
fn a_user_gets_no_template_of_another_tenant() {
    let server = Server::start();
    let (ann, branch) = (user(&server, "Ann"), server.add_tenant("branch", None));
    let made = server.send_in(&branch, "POST", "/funckeys/templates", Some(json!({}))).expect(201);
    let text = format!(
        "Resource Error - different tenants ('user_tenant_uuid': '{MASTER}', 'template_tenant_uuid': '{}')",
        branch.uuid
    );
    server
        .associate(&format!("/users/{}/funckeys/templates/{}", ann["id"], made["id"]))
        .refused(400, &[&text]);
}

#[test]
fn a_deleted_template_leaves_its_users() {
    let server = Server::start();
    let made = template(&server, &json!({"keys": {"1": key(json!({"type": "onlinerec"}))}}));
    let body = json!({"firstname": "Ann", "func_key_template_id": made["id"]});
    let ann = server.post("/users", body).expect(201);
    assert_eq!(ann["func_key_template_id"], made["id"]);
    server.delete(&path(&made)).expect(204);
    let left = server.get(&format!("/users/{}", ann["id"])).expect(200);
    assert_eq!(left["func_key_template_id"], Value::Null);
    assert_eq!(keys(&server, &format!("/users/{}/funckeys", ann["id"])), json!({}));
}

#[test]
fn a_template_s_name_is_one_line() {
    let server = Server::start();
    for name in ["two\nlines", "a\ttab", "a\u{7}bell"] {
        let refused = server.post("/funckeys/templates", json!({"name": name})).expect(400);
        assert_eq!(
            refused,
            json!(["Input Error - name: ['Control characters are not allowed.']"]),
            "{name:?}"
        );
    }
}
