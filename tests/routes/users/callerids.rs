//! `/users/{user}/callerids/outgoing`.

use crate::harness::Server;
use serde_json::json;

#[test]
fn a_user_may_show_the_main_number_their_own_the_shared_ones_or_none() {
    let server = Server::start();
    let incalls = json!([{"extensions": [{"exten": "5551234567", "context": "from-extern"}]},
        {"extensions": [{"exten": "2000", "context": "from-extern"}]}]);
    let user = server.post("/users", json!({"firstname": "A", "incalls": incalls})).expect(201)["id"].clone();
    let path = format!("/users/{user}/callerids/outgoing");
    let list = || server.get(&path).expect(200);
    assert_eq!(list()["total"], 3);
    assert_eq!(list()["items"][2], json!({"type": "anonymous"}));
    let number = |number: &str, name: serde_json::Value, shared: bool| {
        let body = json!({"number": number, "caller_id_name": name, "shared": shared});
        server.post("/phone-numbers", body).expect(201)["uuid"].clone()
    };
    let main = number("+15550000", json!("Firm"), true);
    number("+15551234567", json!("The same as the user's own"), true);
    number("+15559999", json!(null), true);
    number("+15558888", json!("Hidden"), false);
    server.put("/phone-numbers/main", json!({"phone_number_uuid": main})).expect(204);
    assert_eq!(
        list(),
        json!({"total": 5, "items": [
            {"number": "+15550000", "type": "main", "caller_id_name": "Firm"},
            {"number": "5551234567", "type": "associated", "caller_id_name": ""},
            {"number": "2000", "type": "associated", "caller_id_name": ""},
            {"number": "+15559999", "type": "shared", "caller_id_name": ""},
            {"type": "anonymous"},
        ]})
    );
    server
        .get("/users/999999/callerids/outgoing")
        .refused(404, &["Resource Not Found - User was not found ('id': 999999)"]);
}
