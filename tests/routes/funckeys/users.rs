use super::{key, keys, user};
use crate::harness::Server;
use serde_json::{Value, json};

fn record() -> Value {
    key(json!({"type": "onlinerec"}))
}

fn custom(exten: &str) -> Value {
    key(json!({"type": "custom", "exten": exten}))
}

#[test]
fn a_users_keys_lie_over_those_of_the_template() {
    let server = Server::start();
    let ann = user(&server, "Ann");
    let path = format!("/users/{}/funckeys", ann["id"]);
    let fresh = server.get(&path).expect(200);
    assert!(fresh["id"].is_i64());
    assert_eq!((&fresh["name"], &fresh["keys"]), (&Value::Null, &json!({})));
    server.put(&path, json!({"name": "Mine", "keys": {"2": custom("22"), "3": custom("33")}})).expect(204);
    let own = server.get(&path).expect(200);
    assert_eq!((&own["id"], &own["name"]), (&fresh["id"], &json!("Mine")));
    let template = server
        .post("/funckeys/templates", json!({"name": "T", "keys": {"1": custom("1"), "2": custom("2")}}));
    let id = &template.expect(201)["id"];
    server.associate(&format!("{path}/templates/{id}")).expect(204);
    let merged = server.get(&path).expect(200);
    assert_eq!((&merged["id"], &merged["name"]), (&Value::Null, &json!("T")));
    let shown: Vec<_> = merged["keys"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(position, key)| {
            (position.as_str(), key["destination"]["exten"].clone(), key["inherited"].clone())
        })
        .collect();
    let expected =
        [("1", json!("1"), json!(true)), ("2", json!("22"), json!(false)), ("3", json!("33"), json!(false))];
    assert_eq!(shown, expected);
    assert_eq!(server.get(&format!("{path}/1")).expect(200)["inherited"], true);
    assert_eq!(server.get(&format!("{path}/2")).expect(200)["inherited"], false);
}

#[test]
fn a_put_replaces_the_users_own_keys() {
    let server = Server::start();
    let path = format!("/users/{}/funckeys", user(&server, "Ann")["uuid"].as_str().unwrap());
    server.put(&path, json!({"keys": {"1": record(), "2": custom("2")}})).expect(204);
    server.put(&path, json!({"keys": {"2": record()}})).expect(204);
    assert_eq!(keys(&server, &path).as_object().unwrap().keys().collect::<Vec<_>>(), ["2"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(keys(&server, &path), json!({}));
}

#[test]
fn nothing_changes_when_a_key_is_wrong() {
    let server = Server::start();
    let path = format!("/users/{}/funckeys", user(&server, "Ann")["id"]);
    server.put(&path, json!({"keys": {"1": record()}})).expect(204);
    let wrong = key(json!({"type": "user", "user_id": 9999}));
    let text = "Input Error - field 'user_id': User was not found ('user_id': 9999)";
    server.put(&path, json!({"keys": {"1": custom("1"), "2": wrong}})).refused(400, &[text]);
    let twice = "Resource Error - destination already exists ('exten': '1')";
    server.put(&path, json!({"keys": {"1": custom("1"), "2": custom(" 1 ")}})).refused(400, &[twice]);
    let schema = "Input Error - keys: ['FuncKey must be a dictionary']";
    server.put(&path, json!({"keys": [record()]})).refused(400, &[schema]);
    assert_eq!(keys(&server, &path)["1"]["destination"]["type"], "onlinerec");
}

#[test]
fn one_key_is_set_and_deleted() {
    let server = Server::start();
    let path = format!("/users/{}/funckeys", user(&server, "Ann")["id"]);
    let template = server.get(&path).expect(200)["id"].clone();
    server.put(&format!("{path}/4"), custom("44")).expect(204);
    let first = server.get(&format!("{path}/4")).expect(200);
    assert_eq!((&first["inherited"], &first["destination"]["exten"]), (&json!(false), &json!("44")));
    server.put(&format!("{path}/4"), record()).expect(204);
    let twice = "Resource Error - destination already exists ('feature': 'onlinerec')";
    server.put(&format!("{path}/5"), record()).refused(400, &[twice]);
    server.delete(&format!("{path}/4")).expect(204);
    let get =
        format!("Resource Not Found - FuncKey was not found ('template_id': {template}, 'position': 4)");
    server.get(&format!("{path}/4")).refused(404, &[&get]);
    let delete = format!(
        "Resource Not Found - FuncKey was not found ('resource': 'FuncKey', 'position': 4, 'template_id': \
         {template})"
    );
    server.delete(&format!("{path}/4")).refused(404, &[&delete]);
    let zero = "Input Error - position: ['Must be greater than or equal to 1.']";
    server.put(&format!("{path}/0"), record()).refused(400, &[zero]);
}

#[test]
fn an_inherited_key_is_not_the_users_to_delete() {
    let server = Server::start();
    let template = server.post("/funckeys/templates", json!({"keys": {"1": record()}})).expect(201);
    let ann =
        server.post("/users", json!({"firstname": "A", "func_key_template_id": template["id"]})).expect(201);
    let at = format!("/users/{}/funckeys/1", ann["id"]);
    assert_eq!(server.delete(&at).status, 404);
    assert_eq!(server.get(&at).expect(200)["inherited"], true);
}

#[test]
fn an_unknown_user_has_no_keys() {
    let server = Server::start();
    let text = "Resource Not Found - User was not found ('id': 99)";
    server.get("/users/99/funckeys").refused(404, &[text]);
    server.put("/users/99/funckeys", json!({})).refused(404, &[text]);
    server.get("/users/99/funckeys/1").refused(404, &[text]);
    server.put("/users/99/funckeys/1", record()).refused(404, &[text]);
    server.delete("/users/99/funckeys/1").refused(404, &[text]);
    server.get("/users/99/funckeys/templates").refused(404, &[text]);
    server.associate("/users/99/funckeys/templates/1").refused(404, &[text]);
}

#[test]
fn a_new_user_comes_with_a_template_and_keys() {
    let server = Server::start();
    let template = server.post("/funckeys/templates", json!({"keys": {"1": record()}})).expect(201);
    let body = json!({"firstname": "Ann", "func_key_template_id": template["id"],
        "func_keys": {"2": {"label": "x", "destination": {"type": "custom", "exten": "5"}}}});
    let ann = server.post("/users", body).expect(201);
    assert_eq!(ann["func_key_template_id"], template["id"]);
    let own = &ann["func_keys"]["2"];
    assert_eq!((&own["label"], &own["inherited"]), (&json!("x"), &json!(false)));
    assert_eq!(ann["func_keys"].as_object().unwrap().len(), 1);
    let shown = keys(&server, &format!("/users/{}/funckeys", ann["id"]));
    assert_eq!(shown.as_object().unwrap().keys().collect::<Vec<_>>(), ["1", "2"]);
    assert!(user(&server, "Ben").get("func_keys").is_none());
}

#[test]
fn every_wrong_key_of_a_new_user_is_named_and_nothing_is_stored() {
    let server = Server::start();
    let to = |id: i64| key(json!({"type": "user", "user_id": id}));
    let body = json!({"firstname": "Ann", "func_key_template_id": 77, "func_keys": {"1": to(98), "2": record(), "3": to(99)}});
    server.post("/users", body).refused(
        400,
        &[
            "Input Error - field 'func_key_template_id': FuncKeyTemplate was not found ('id': 77)",
            "Input Error - field 'user_id': User was not found ('user_id': 98) (at func_keys[1])",
            "Input Error - field 'user_id': User was not found ('user_id': 99) (at func_keys[3])",
        ],
    );
    let body = json!({"firstname": "Ann", "func_keys": {"1": custom("1"), "4": custom("1")}});
    let text = "Resource Error - destination already exists ('exten': '1') (at func_keys[4])";
    server.post("/users", body).refused(400, &[text]);
    let body = json!({"firstname": "Ann", "func_keys": {"1": {"destination": {}}}});
    let text =
        "Input Error - func_keys: {'1': {'destination': {'type': ['Missing data for required field.']}}}";
    server.post("/users", body).refused(400, &[text]);
    assert_eq!(server.get("/users").expect(200)["total"], 0);
}

#[test]
fn a_private_template_or_one_of_another_tenant_is_none_for_a_user() {
    let server = Server::start();
    let (ann, branch) = (user(&server, "Ann"), server.add_tenant("branch", None));
    let private = server.get(&format!("/users/{}/funckeys", ann["id"])).expect(200)["id"].clone();
    let other =
        server.send_in(&branch, "POST", "/funckeys/templates", Some(json!({}))).expect(201)["id"].clone();
    for id in [private, other, json!(99)] {
        let text =
            format!("Input Error - field 'func_key_template_id': FuncKeyTemplate was not found ('id': {id})");
        let path = format!("/users/{}", ann["id"]);
        server.put(&path, json!({"func_key_template_id": id})).refused(400, &[&text]);
    }
    let template = server.post("/funckeys/templates", json!({})).expect(201);
    server.put(&format!("/users/{}", ann["id"]), json!({"func_key_template_id": template["id"]})).expect(204);
    server.put(&format!("/users/{}", ann["id"]), json!({"func_key_template_id": null})).expect(204);
}

#[test]
fn a_recursive_put_replaces_the_keys_that_it_names() {
    let server = Server::start();
    let ann = server.post("/users", json!({"firstname": "Ann", "func_keys": {"1": record()}})).expect(201);
    let path = format!("/users/{}", ann["id"]);
    let of = format!("{path}/funckeys");
    server.put(&format!("{path}?recursive=true"), json!({"firstname": "Ann"})).expect(204);
    assert_eq!(keys(&server, &of).as_object().unwrap().len(), 1);
    let body = json!({"firstname": "Ann", "func_keys": {"2": custom("2")}});
    server.put(&format!("{path}?recursive=true"), body).expect(204);
    assert_eq!(keys(&server, &of).as_object().unwrap().keys().collect::<Vec<_>>(), ["2"]);
}
