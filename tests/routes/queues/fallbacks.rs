use super::queue;
use crate::harness::Server;
use serde_json::json;

#[test]
fn four_things_can_happen_to_a_call_of_a_queue() {
    let server = Server::start();
    let made = queue(&server, "q1");
    let path = format!("/queues/{}/fallbacks", made["id"]);
    let nothing = json!({
        "noanswer_destination": null, "busy_destination": null, "congestion_destination": null,
        "fail_destination": null,
    });
    assert_eq!(server.get(&path).expect(200), nothing);
    let all = json!({
        "noanswer_destination": {"type": "none"},
        "busy_destination": {"type": "hangup", "cause": "normal"},
        "congestion_destination": {"type": "extension", "exten": "1000", "context": "default"},
        "fail_destination": {"type": "sound", "filename": "beep", "skip": false, "no_answer": false},
    });
    server.put(&path, all.clone()).expect(204);
    assert_eq!(server.get(&path).expect(200), all);
    server.put(&path, json!({"fail_destination": null, "zz": 1})).expect(204);
    assert_eq!(server.get(&path).expect(200), nothing);
    server
        .put(&path, json!({"busy_destination": {"type": "user"}}))
        .refused(400, &["Input Error - busy_destination: {'user_id': ['Missing data for required field.']}"]);
    server
        .put("/queues/999/fallbacks", json!({}))
        .refused(404, &["Resource Not Found - Queue was not found ('id': 999)"]);
}
