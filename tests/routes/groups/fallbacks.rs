use super::{group, shown, user};
use crate::harness::Server;
use serde_json::{Value, json};

#[test]
fn fallbacks_are_replaced_as_a_whole() {
    let server = Server::start();
    let group = group(&server, "Sales");
    let ada = user(&server, "ada");
    let id = server.get(&format!("/users/{ada}")).expect(200)["id"].clone();
    let path = format!("/groups/{}/fallbacks", group["id"]);
    let none = json!({"noanswer_destination": null, "congestion_destination": null});
    assert_eq!(server.get(&path).expect(200), none);
    let body = json!({
        "noanswer_destination": {"type": "user", "user_id": id},
        "congestion_destination": {"type": "hangup", "cause": "busy", "timeout": 5},
        "busy_destination": {"type": "none"},
    });
    server.put(&path, body).expect(204);
    let set = server.get(&path).expect(200);
    assert_eq!(set["noanswer_destination"]["user_firstname"], "ada");
    assert_eq!(set["congestion_destination"]["timeout"], json!(5.0));
    assert_eq!(set.as_object().unwrap().len(), 2);
    assert_eq!(shown(&server, &group)["fallbacks"], set);
    server.put(&path, json!({"congestion_destination": {"type": "none"}})).expect(204);
    let set = server.get(&path).expect(200);
    assert_eq!(
        (&set["noanswer_destination"], &set["congestion_destination"]["type"]),
        (&Value::Null, &json!("none"))
    );
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), none);
}

#[test]
fn a_fallback_must_lead_somewhere_known() {
    let server = Server::start();
    let group = group(&server, "Sales");
    let path = format!("/groups/{}/fallbacks", group["id"]);
    server.put(&path, json!({"noanswer_destination": {"type": "user"}})).refused(
        400,
        &["Input Error - noanswer_destination: {'user_id': ['Missing data for required field.']}"],
    );
    let unknown = json!({"congestion_destination": {"type": "group", "group_id": 999}});
    server
        .put(&path, unknown)
        .refused(400, &["Input Error - field 'actionarg1': Group was not found ('actionarg1': 999)"]);
    assert_eq!(server.get(&path).expect(200)["congestion_destination"], Value::Null);
}
