//! `/cordboard/users/{user}/funckeys`.

use super::{key, user};
use crate::harness::Server;
use serde_json::{Value, json};

/// Type and number of each key, in order.
fn dialled(server: &Server, user: &Value) -> Vec<(String, Value)> {
    let list = server.get(&format!("/cordboard/users/{}/funckeys", user["id"])).expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(list["total"], items.len());
    items.iter().map(|item| (item["type"].as_str().unwrap().to_owned(), item["number"].clone())).collect()
}

#[test]
fn every_key_says_what_to_put_on_a_phone() {
    let server = Server::start();
    let body = json!({"firstname": "Ben", "lines": [{"context": "default", "endpoint_sip": {"name": "ben"},
        "extensions": [{"exten": "1001"}]}]});
    let ben = server.post("/users", body).expect(201);
    let ann = user(&server, "Ann");
    let id = &ann["id"];
    let cases = [
        (json!({"type": "user", "user_id": ben["id"]}), "blf", json!("1001")),
        (json!({"type": "user", "user_id": id}), "blf", Value::Null),
        (json!({"type": "service", "service": "enablednd"}), "blf", json!(format!("*735{id}***225"))),
        (json!({"type": "service", "service": "vmusermsg"}), "speeddial", json!("*98")),
        (json!({"type": "service", "service": "pickup"}), "speeddial", json!("*8")),
        (json!({"type": "service", "service": "vmuserpurge"}), "speeddial", Value::Null),
        (json!({"type": "forward", "forward": "busy"}), "blf", json!(format!("*735{id}***223"))),
        (
            json!({"type": "forward", "forward": "unconditional", "exten": "*12"}),
            "blf",
            json!(format!("*735{id}***221***312")),
        ),
        (json!({"type": "custom", "exten": "*55"}), "blf", json!("*55")),
        (json!({"type": "transfer", "transfer": "attended"}), "dtmf", json!("*2")),
        (json!({"type": "onlinerec"}), "dtmf", json!("*3")),
    ];
    let keys: serde_json::Map<_, _> =
        (1..).zip(&cases).map(|(position, (to, ..))| (position.to_string(), key(to.clone()))).collect();
    server.put(&format!("/users/{id}/funckeys"), json!({ "keys": keys })).expect(204);
    let expected: Vec<_> = cases.into_iter().map(|(_, kind, number)| (kind.to_owned(), number)).collect();
    assert_eq!(dialled(&server, &ann), expected);
}

#[test]
fn a_templates_keys_are_told_for_its_user_and_codes_as_they_are_now() {
    let server = Server::start();
    let keys =
        json!({"keys": {"3": {"label": "DND", "destination": {"type": "service", "service": "enablednd"}}}});
    let template = server.post("/funckeys/templates", keys).expect(201);
    let ann =
        server.post("/users", json!({"firstname": "A", "func_key_template_id": template["id"]})).expect(201);
    let feature =
        server.get("/extensions/features?feature=enablednd").expect(200)["items"][0]["uuid"].clone();
    let feature = format!("/extensions/features/{}", feature.as_str().unwrap());
    server.put(&feature, json!({"exten": "*75"})).expect(204);
    let list = server.get(&format!("/cordboard/users/{}/funckeys", ann["id"])).expect(200);
    let number = format!("*735{}***275", ann["id"]);
    let expected = json!([{"position": 3, "label": "DND", "type": "blf", "number": number}]);
    assert_eq!(list["items"].to_string(), expected.to_string());
    server.put(&feature, json!({"enabled": false})).expect(204);
    assert_eq!(dialled(&server, &ann), [("blf".to_owned(), Value::Null)]);
    server
        .get("/cordboard/users/99/funckeys")
        .refused(404, &["Resource Not Found - User was not found ('id': 99)"]);
}
