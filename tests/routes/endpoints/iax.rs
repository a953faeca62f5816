use crate::harness::Server;
use serde_json::{Value, json};

#[test]
fn an_iax_endpoint_has_a_name_and_options_by_default() {
    let server = Server::start();
    let made = server.post("/endpoints/iax", json!({}));
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    let made = made.expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "tenant_uuid", "name", "type", "host", "options", "links", "trunk"]);
    assert_eq!(made["name"].as_str().unwrap().len(), 8);
    assert_eq!((&made["type"], &made["host"]), (&json!("friend"), &json!("dynamic")));
    let options = made["options"].as_array().unwrap();
    assert_eq!(options.len(), 9);
    assert!(options.contains(&json!(["auth", "plaintext,md5"])));
}

#[test]
fn given_options_go_over_the_defaults_and_replace_on_change() {
    let server = Server::start();
    let body = json!({"name": "fr", "type": "peer", "host": "192.0.2.1",
        "options": [["qualify", "yes"], ["peercontext", "x"]]});
    let made = server.post("/endpoints/iax", body).expect(201);
    let options = made["options"].as_array().unwrap();
    assert!(options.contains(&json!(["qualify", "yes"])) && !options.contains(&json!(["qualify", "no"])));
    assert!(options.contains(&json!(["peercontext", "x"])));
    let path = format!("/endpoints/iax/{}", made["id"]);
    server.put(&path, json!({"options": [["trunk", "yes"]]})).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["name"], &shown["options"]), (&json!("fr"), &json!([["trunk", "yes"]])));
    assert_eq!(server.get("/endpoints/iax?name=fr").expect(200)["total"], 1);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - IAXEndpoint was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn what_an_iax_endpoint_may_not_hold_is_named() {
    let server = Server::start();
    let post = |body: Value| server.post("/endpoints/iax", body);
    post(json!({"name": "a b", "type": "x", "host": "h".repeat(256), "options": [["a"]]})).refused(
        400,
        &[
            "Input Error - name: ['String does not match expected pattern.']",
            "Input Error - type: ['Must be one of: friend, peer, user.']",
            "Input Error - host: ['Longer than maximum length 255.']",
            "Input Error - options: {0: ['Length must be 2.']}",
        ],
    );
    post(json!({"name": null})).refused(400, &["Input Error - name: ['Field may not be null.']"]);
    assert_eq!(server.get("/endpoints/iax").expect(200)["total"], 0);
}

#[test]
fn a_name_is_there_once() {
    let server = Server::start();
    server.post("/endpoints/iax", json!({"name": "fr"})).expect(201);
    let text = "Resource Error - IAXEndpoint already exists ('name': 'fr')";
    server.post("/endpoints/iax", json!({"name": "fr"})).refused(400, &[text]);
    let other = server.post("/endpoints/iax", json!({"name": "de"})).expect(201);
    server.put(&format!("/endpoints/iax/{}", other["id"]), json!({"name": "fr"})).refused(400, &[text]);
}
