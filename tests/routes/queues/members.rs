use super::{queue, shown, user};
use crate::harness::{MASTER, Reply, Server};
use serde_json::{Value, json};

fn put(server: &Server, queue: &Value, user: &str, body: Value) -> Reply {
    server.put(&format!("/queues/{}/members/users/{user}", queue["id"]), body)
}

#[test]
fn users_are_members_by_priority() {
    let server = Server::start();
    let made = queue(&server, "q1");
    let (ada, bob) = (user(&server, "ada"), user(&server, "bob"));
    put(&server, &made, &ada, json!({"priority": 5})).expect(204);
    put(&server, &made, &bob, json!({})).expect(204);
    let users = shown(&server, &made)["members"]["users"].clone();
    assert_eq!((&users[0]["uuid"], &users[0]["priority"]), (&json!(bob), &json!(0)));
    assert_eq!((&users[1]["uuid"], &users[1]["priority"]), (&json!(ada), &json!(5)));
    let keys: Vec<_> = users[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["priority", "uuid", "firstname", "lastname", "links"]);
    let of_user = server.get(&format!("/users/{ada}")).expect(200);
    let expected = json!([{"id": made["id"], "name": "q1", "label": null, "links": made["links"]}]);
    assert_eq!(of_user["queues"], expected);
    put(&server, &made, &of_user["id"].to_string(), json!({"priority": 0, "penalty": 3})).expect(204);
    let users = shown(&server, &made)["members"]["users"].clone();
    assert_eq!((&users[0]["uuid"], &users[0]["penalty"]), (&json!(ada), &json!(3)));
    put(&server, &made, &ada, json!({})).expect(204);
    assert_eq!(shown(&server, &made)["members"]["users"][0]["penalty"], Value::Null);
    for _ in 0..2 {
        server.delete(&format!("/queues/{}/members/users/{ada}", made["id"])).expect(204);
    }
    assert_eq!(shown(&server, &made)["members"]["users"].as_array().unwrap().len(), 1);
    server.delete(&format!("/users/{bob}")).expect(204);
    assert_eq!(shown(&server, &made)["members"]["users"], json!([]));
}

#[test]
fn a_member_is_known_has_a_line_and_shares_it_with_no_other() {
    let server = Server::start();
    let made = queue(&server, "q1");
    let ada = user(&server, "ada");
    put(&server, &json!({"id": 999}), &ada, json!({}))
        .refused(404, &["Resource Not Found - Queue was not found ('id': 999)"]);
    put(&server, &made, "999", json!({}))
        .refused(404, &["Resource Not Found - User was not found ('id': 999)"]);
    put(&server, &made, &ada, json!({"priority": -1}))
        .refused(400, &["Input Error - priority: ['Must be greater than or equal to 0.']"]);
    let path = format!("/queues/{}/members/users/{ada}", made["id"]);
    assert_eq!(server.associate(&path).status, 400);
    let zoe =
        server.post("/users", json!({"firstname": "Zoe"})).expect(201)["uuid"].as_str().unwrap().to_owned();
    let text = format!("Resource Error - User must be associated with a Line ('user_uuid': '{zoe}')");
    put(&server, &made, &zoe, json!({})).refused(400, &[&text]);
    put(&server, &made, &ada, json!({})).expect(204);
    let line = server.get(&format!("/users/{ada}")).expect(200)["lines"][0]["id"].clone();
    server.associate(&format!("/users/{zoe}/lines/{line}")).expect(204);
    let text = format!(
        "Resource Error - Operation not permitted. Cannot associate different users with the same line \
         ('line_id': {line})"
    );
    put(&server, &made, &zoe, json!({})).refused(400, &[&text]);
    server.delete(&format!("/users/{zoe}/lines/{line}")).expect(204);
    server.delete(&format!("/users/{ada}/lines/{line}")).expect(204);
    assert_eq!(shown(&server, &made)["members"]["users"], json!([]));
}

#[test]
fn members_are_of_the_queues_tenant() {
    let server = Server::start();
    let ada = user(&server, "ada");
    let other = server.add_tenant("other", None);
    let theirs = server.send_in(&other, "POST", "/queues", Some(json!({"name": "t"}))).expect(201);
    let text = format!(
        "Resource Error - different tenants ('queue_tenant_uuid': '{}', 'user_tenant_uuid': '{MASTER}')",
        other.uuid
    );
    put(&server, &theirs, &ada, json!({})).refused(400, &[&text]);
}

#[test]
fn a_queue_is_made_with_its_members() {
    let server = Server::start();
    let (ada, bob) = (user(&server, "ada"), user(&server, "bob"));
    let members = json!({"users": [{"uuid": ada, "priority": 2}, {"uuid": bob, "penalty": 1}]});
    let made = server.post("/queues", json!({"name": "q1", "members": members})).expect(201);
    assert_eq!(made["members"]["users"][0]["uuid"], json!(bob));
    assert_eq!(made["members"]["users"][1]["priority"], 2);
    // As it was answered, it can be sent again.
    let again = server.post("/queues", json!({"name": "q2", "members": made["members"]})).expect(201);
    assert_eq!(again["members"], made["members"]);
    let bad = json!({"users": [{"uuid": "zz"}], "agents": [{"id": 7}]});
    server.post("/queues", json!({"name": "q3", "members": bad})).refused(
        400,
        &[
            "Input Error - field 'agents': Agent was not found ('id': 7) (at members)",
            "Input Error - field 'users': User was not found ('uuid': 'zz') (at members)",
        ],
    );
    assert_eq!(server.get("/queues").expect(200)["total"], 2);
}
