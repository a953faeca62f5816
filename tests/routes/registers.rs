use crate::harness::Server;
use serde_json::{Value, json};

#[test]
fn an_iax_registration_is_made_shown_changed_and_deleted() {
    let server = Server::start();
    let made = server.post("/registers/iax", json!({"remote_host": "pbx.example"}));
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    let made = made.expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "id",
            "auth_username",
            "auth_password",
            "remote_host",
            "remote_port",
            "callback_extension",
            "callback_context",
            "enabled",
            "links",
            "trunk"
        ]
    );
    assert_eq!((&made["enabled"], &made["trunk"]), (&json!(true), &Value::Null));
    let path = format!("/registers/iax/{}", made["id"]);
    let change = json!({"auth_username": "u", "auth_password": "p", "remote_port": 4569,
        "callback_extension": "100", "callback_context": "x", "enabled": false});
    server.put(&path, change).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["remote_host"], &shown["remote_port"]), (&json!("pbx.example"), &json!(4569)));
    assert_eq!(server.get("/registers/iax").expect(200)["items"], json!([shown]));
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - IAXRegister was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn what_an_iax_registration_may_not_hold_is_named() {
    let server = Server::start();
    let post = |body: Value| server.post("/registers/iax", body);
    let pattern = "['String does not match expected pattern.']";
    post(json!({"auth_username": "a:b", "auth_password": "a/b", "remote_host": "a?b", "remote_port": 65536,
        "callback_extension": "1 2", "enabled": null}))
    .refused(
        400,
        &[
            &format!("Input Error - auth_username: {pattern}"),
            &format!("Input Error - auth_password: {pattern}"),
            &format!("Input Error - remote_host: {pattern}"),
            "Input Error - remote_port: ['Must be greater than or equal to 0 and less than or equal to 65535.']",
            &format!("Input Error - callback_extension: {pattern}"),
            "Input Error - enabled: ['Field may not be null.']",
        ],
    );
    post(json!({})).refused(400, &["Input Error - remote_host: ['Missing data for required field.']"]);
    post(json!({"remote_host": "h", "auth_username": "u"})).refused(
        400,
        &["Input Error - auth_username: ['Cannot set field \"auth_username\" if the field \"auth_password\" is \
           not set']"],
    );
    post(json!({"remote_host": "h", "callback_context": "c"})).refused(
        400,
        &["Input Error - callback_context: ['Cannot set field \"callback_context\" if the field \
           \"callback_extension\" is not set']"],
    );
    assert_eq!(post(json!({"remote_host": "h".repeat(256)})).status, 400);
    assert_eq!(server.get("/registers/iax").expect(200)["total"], 0);
}

#[test]
fn a_trunk_has_one_registration_and_only_beside_an_iax_endpoint() {
    let server = Server::start();
    let id = |path: &str, body: Value| server.post(path, body).expect(201)["id"].clone();
    let (trunk, other) = (id("/trunks", json!({})), id("/trunks", json!({})));
    let register = id("/registers/iax", json!({"remote_host": "a"}));
    let second = id("/registers/iax", json!({"remote_host": "b"}));
    let path = format!("/trunks/{trunk}/registers/iax/{register}");
    server.delete(&path).expect(204);
    server.associate(&path).expect(204);
    server.associate(&path).expect(204);
    assert_eq!(server.get(&format!("/trunks/{trunk}")).expect(200)["register_iax"]["id"], register);
    assert_eq!(server.get(&format!("/registers/iax/{register}")).expect(200)["trunk"]["id"], trunk);
    let refused = format!(
        "Resource Error - Trunk is associated with a IAXRegister ('trunk_id': {trunk}, 'register_iax_id': {register})"
    );
    server.associate(&format!("/trunks/{other}/registers/iax/{register}")).refused(400, &[&refused]);
    server.associate(&format!("/trunks/{trunk}/registers/iax/{second}")).refused(400, &[&refused]);
    let custom = id("/endpoints/custom", json!({"interface": "a"}));
    server.associate(&format!("/trunks/{trunk}/endpoints/custom/{custom}")).refused(400, &[&refused]);
    let iax = id("/endpoints/iax", json!({}));
    server.associate(&format!("/trunks/{trunk}/endpoints/iax/{iax}")).expect(204);
    server.associate(&format!("/trunks/{other}/endpoints/custom/{custom}")).expect(204);
    server.associate(&format!("/trunks/{other}/registers/iax/{second}")).refused(
        400,
        &[&format!(
            "Resource Error - Trunk is associated with a Endpoint ('trunk_id': {other}, 'protocol': 'custom')"
        )],
    );
    server
        .associate(&format!("/trunks/{trunk}/registers/iax/999"))
        .refused(404, &["Resource Not Found - IAXRegister was not found ('id': 999)"]);
    server.delete(&format!("/trunks/{trunk}")).expect(204);
    assert_eq!(server.get("/registers/iax").expect(200)["total"], 1);
    assert_eq!(server.get("/endpoints/iax").expect(200)["total"], 0);
}
