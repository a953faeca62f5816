use crate::harness::Server;
use serde_json::{Value, json};

#[test]
fn an_application_is_stored_with_the_contracts_defaults() {
    let server = Server::start();
    let made = server.post("/applications", json!({})).expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.join(" "), "uuid tenant_uuid name destination destination_options links lines");
    assert_eq!((&made["destination"], &made["destination_options"]), (&Value::Null, &json!({})));
    let path = format!("/applications/{}", made["uuid"].as_str().unwrap());
    let node = json!({"name": "Robot", "destination": "node", "destination_options": {"type": "holding"}});
    server.put(&path, node).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!(shown["destination_options"]["answer"], false);
    assert_eq!(server.get("/applications?name=Robot").expect(200)["total"], 1);
    server.put(&path, json!({"destination": null})).expect(204);
    assert_eq!(server.get(&path).expect(200)["destination_options"], json!({}));
    server.post("/applications", json!({"destination": "x", "destination_options": {"type": "y"}})).refused(
        400,
        &[
            "Input Error - destination: ['Must be one of: node.']",
            "Input Error - destination_options: {'type': ['Must be one of: holding.']}",
        ],
    );
    server.delete(&path).expect(204);
    let uuid = made["uuid"].as_str().unwrap();
    let text = format!("Resource Not Found - Application was not found ('uuid': UUID('{uuid}'))");
    server.get(&path).refused(404, &[&text]);
}

#[test]
fn a_line_has_at_most_one_application() {
    let server = Server::start();
    let make = || server.post("/applications", json!({"name": "R"})).expect(201);
    let (one, two) = (make(), make());
    let line = server.post("/lines", json!({"context": "default"})).expect(201);
    let path = |application: &Value| {
        format!("/lines/{}/applications/{}", line["id"], application["uuid"].as_str().unwrap())
    };
    for _ in 0..2 {
        server.associate(&path(&one)).expect(204);
    }
    let shown = server.get(&format!("/lines/{}", line["id"])).expect(200);
    assert_eq!((&shown["application"]["uuid"], &shown["application"]["name"]), (&one["uuid"], &json!("R")));
    let of = format!("/applications/{}", one["uuid"].as_str().unwrap());
    assert_eq!(server.get(&of).expect(200)["lines"][0]["id"], line["id"]);
    server.associate(&path(&two)).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Application ('line_id': {}, 'application_uuid': '{}')",
            line["id"],
            one["uuid"].as_str().unwrap()
        )],
    );
    server.delete(&path(&two)).expect(204);
    server.delete(&path(&one)).expect(204);
    server.associate(&path(&two)).expect(204);
    let to = json!({"type": "application", "application": "custom", "application_uuid": two["uuid"]});
    let incall = server.post("/incalls", json!({"destination": to})).expect(201);
    assert_eq!(incall["destination"]["application_name"], "R");
    server.delete(&format!("/applications/{}", two["uuid"].as_str().unwrap())).expect(204);
    assert_eq!(server.get(&format!("/lines/{}", line["id"])).expect(200)["application"], Value::Null);
    assert_eq!(server.get(&format!("/incalls/{}", incall["id"])).expect(200)["destination"]["type"], "none");
}
