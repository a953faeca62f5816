//! `/users/{user}/agents`, and `agent` in `POST /users` and a recursive PUT or DELETE.

use super::{agent, keys, queue};
use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn user(server: &Server, name: &str) -> Value {
    server.post("/users", json!({"firstname": name})).expect(201)
}

fn line(exten: &str) -> Value {
    json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": exten, "context": "default"}]})
}

fn of(server: &Server, user: &Value) -> Value {
    server.get(&format!("/users/{}", user["id"])).expect(200)["agent"].clone()
}

#[test]
fn a_user_has_one_agent_whom_others_may_share() {
    let server = Server::start();
    let (ada, bob) = (user(&server, "Ada"), user(&server, "Bob"));
    let (one, two) = (agent(&server, "1"), agent(&server, "2"));
    let path = |user: &Value, agent: &Value| {
        format!("/users/{}/agents/{}", user["uuid"].as_str().unwrap(), agent["id"])
    };
    server.associate(&path(&ada, &one)).expect(204);
    server.associate(&path(&ada, &one)).expect(204);
    assert_eq!(of(&server, &ada), json!({"id": one["id"], "number": "1", "links": one["links"]}));
    let text = format!(
        "Resource Error - User is associated with a Agent ('user_id': {}, 'agent': {})",
        ada["id"], two["id"]
    );
    server.associate(&path(&ada, &two)).refused(400, &[&text]);
    server.associate(&path(&bob, &one)).expect(204);
    let shown = server.get(&format!("/agents/{}", one["id"])).expect(200)["users"].clone();
    assert_eq!(keys(&shown[0]), ["uuid", "firstname", "lastname", "links"]);
    assert_eq!(
        (shown[0]["uuid"].clone(), shown[1]["uuid"].clone()),
        (ada["uuid"].clone(), bob["uuid"].clone())
    );
    let directory = server.get("/users?view=directory&firstname=Ada").expect(200);
    assert_eq!(directory["items"][0]["agent_id"], json!(one["id"].to_string()));
    let own = format!("/users/{}/agents", ada["id"]);
    server.delete(&own).expect(204);
    server.delete(&own).expect(204);
    assert_eq!(of(&server, &ada), Value::Null);
    // An agent who goes leaves their users free for another.
    server.delete(&format!("/agents/{}", one["id"])).expect(204);
    assert_eq!(of(&server, &bob), Value::Null);
    server.associate(&path(&bob, &two)).expect(204);
}

#[test]
fn user_and_agent_must_be_known_and_of_one_tenant() {
    let server = Server::start();
    let (ada, one) = (user(&server, "Ada"), agent(&server, "1"));
    server
        .associate(&format!("/users/{}/agents/999", ada["id"]))
        .refused(404, &["Resource Not Found - Agent was not found ('id': 999)"]);
    server
        .associate(&format!("/users/999/agents/{}", one["id"]))
        .refused(404, &["Resource Not Found - User was not found ('id': 999)"]);
    server.delete("/users/999/agents").refused(404, &["Resource Not Found - User was not found ('id': 999)"]);
    let branch = server.add_tenant("branch", None);
    let theirs = server.send_in(&branch, "POST", "/agents", Some(json!({"number": "1"}))).expect(201);
    let text = format!(
        "Resource Error - different tenants ('agent_tenant_uuid': '{}', 'user_tenant_uuid': '{MASTER}')",
        branch.uuid
    );
    server.associate(&format!("/users/{}/agents/{}", ada["id"], theirs["id"])).refused(400, &[&text]);
}

#[test]
fn a_user_comes_with_an_agent_in_queues() {
    let server = Server::start();
    let sales = queue(&server, "sales");
    let queues = json!([{"id": sales["id"], "penalty": 1, "priority": 2}]);
    let body = json!({"firstname": "Full", "lastname": "User", "lines": [line("1001")], "agent": {"queues": queues}});
    let made = server.post("/users", body).expect(201);
    let agent = &made["agent"];
    assert_eq!(
        (&agent["number"], &agent["firstname"], &agent["lastname"]),
        (&json!("1001"), &json!("Full"), &json!("User"))
    );
    assert_eq!(agent["queues"], queues);
    assert_eq!(of(&server, &made)["id"], agent["id"]);
    let members = server.get(&format!("/queues/{}", sales["id"])).expect(200)["members"]["agents"].clone();
    assert_eq!((&members[0]["penalty"], &members[0]["priority"]), (&json!(1), &json!(2)));
    let own = json!({"firstname": "Own", "agent": {"number": "77", "firstname": "Other", "password": "1"}});
    let own = server.post("/users", own).expect(201);
    assert_eq!((&own["agent"]["number"], &own["agent"]["firstname"]), (&json!("77"), &json!("Other")));
    assert_eq!((&own["agent"]["lastname"], &own["agent"]["queues"]), (&Value::Null, &json!([])));
    assert_eq!(
        server.post("/users", json!({"firstname": "None", "agent": null})).expect(201)["agent"],
        Value::Null
    );
}

#[test]
fn what_is_wrong_with_a_users_agent_is_told() {
    let server = Server::start();
    agent(&server, "1");
    let post = |agent: Value, texts: &[&str], status: u16| {
        server.post("/users", json!({"firstname": "A", "agent": agent})).refused(status, texts);
    };
    post(json!({}), &["Input Error - agent: {'number': ['Field may not be null.']}"], 400);
    post(json!({"number": null}), &["Input Error - agent: {'number': ['Field may not be null.']}"], 400);
    post(
        json!({"number": "x"}),
        &["Input Error - agent: {'number': ['String does not match expected pattern.']}"],
        400,
    );
    post(json!({"number": "1"}), &["Resource Error - Agent already exists ('number': '1') (at agent)"], 400);
    post(
        json!({"number": "2", "queues": [{"id": 999}]}),
        &["Resource Not Found - Queue was not found ('id': 999) (at agent)"],
        404,
    );
    post(
        json!({"number": "2", "queues": [{"id": 1, "penalty": -1}]}),
        &["Input Error - agent: {'queues': {0: {'penalty': ['Must be greater than or equal to 0.']}}}"],
        400,
    );
    let body = json!({"firstname": "A", "lines": [], "agent": {}});
    server
        .post("/users", body)
        .refused(400, &["Input Error - agent: {'number': ['Field may not be null.']}"]);
    assert_eq!(server.get("/users").expect(200)["total"], 0);
    assert_eq!(server.get("/agents").expect(200)["total"], 1);
}

#[test]
fn a_recursive_put_changes_or_replaces_the_agent() {
    let server = Server::start();
    let (sales, help) = (queue(&server, "sales"), queue(&server, "help"));
    let body = json!({"firstname": "Ada", "agent": {"number": "1", "password": "5", "queues": [{"id": sales["id"]}]}});
    let ada = server.post("/users", body).expect(201);
    let path = format!("/users/{}?recursive=true", ada["id"]);
    let id = ada["agent"]["id"].clone();
    let put = |agent: Value| server.put(&path, json!({"firstname": "Ada", "agent": agent}));
    let shown = |id: &Value| server.get(&format!("/agents/{id}")).expect(200);
    server.put(&path, json!({"firstname": "Ada"})).expect(204);
    put(Value::Null).expect(204);
    assert_eq!(of(&server, &ada)["id"], id);
    put(json!({"id": id, "number": "9", "lastname": "L"})).expect(204);
    let changed = shown(&id);
    assert_eq!(
        (&changed["number"], &changed["lastname"], &changed["password"]),
        (&json!("1"), &json!("L"), &json!("5"))
    );
    assert_eq!(changed["queues"][0]["name"], "sales");
    put(json!({"id": id, "number": "1", "queues": [{"id": help["id"]}]})).expect(204);
    assert_eq!(shown(&id)["queues"][0]["name"], "help");
    put(json!({"id": id})).refused(400, &["Input Error - agent: {'number': ['Field may not be null.']}"]);
    // Another one's id changes nothing.
    let other = agent(&server, "2");
    put(json!({"id": other["id"], "number": "2"})).expect(204);
    assert_eq!(of(&server, &ada)["id"], id);
    // Without an id a new one takes the place of the old.
    put(json!({"number": "3"})).expect(204);
    assert_eq!(of(&server, &ada)["number"], "3");
    server.get(&format!("/agents/{id}")).expect(404);
    // Who has none gets the one that is named.
    server.delete(&format!("/users/{}/agents", ada["id"])).expect(204);
    put(json!({"id": other["id"], "number": "2", "firstname": "ignored"})).expect(204);
    assert_eq!(
        (of(&server, &ada)["id"].clone(), shown(&other["id"])["firstname"].clone()),
        (other["id"].clone(), Value::Null)
    );
    put(json!({"id": 999, "number": "2"})).expect(204);
    server.delete(&format!("/users/{}/agents", ada["id"])).expect(204);
    put(json!({"id": 999, "number": "2"}))
        .refused(404, &["Resource Not Found - Agent was not found ('id': 999) (at agent)"]);
}

#[test]
fn an_agent_goes_with_a_user_who_is_deleted_with_everything() {
    let server = Server::start();
    let make = |number: &str| {
        server.post("/users", json!({"firstname": "A", "agent": {"number": number}})).expect(201)
    };
    let (alone, shared, kept, other) = (make("1"), make("2"), make("3"), user(&server, "B"));
    server.associate(&format!("/users/{}/agents/{}", other["id"], shared["agent"]["id"])).expect(204);
    server.delete(&format!("/users/{}?recursive=true", alone["id"])).expect(204);
    server.delete(&format!("/users/{}?recursive=true", shared["id"])).expect(204);
    server.delete(&format!("/users/{}", kept["id"])).expect(204);
    server.get(&format!("/agents/{}", alone["agent"]["id"])).expect(404);
    // Another user's agent, and that of a user who was deleted alone, stay.
    assert_eq!(of(&server, &other)["number"], "2");
    assert_eq!(server.get(&format!("/agents/{}", kept["agent"]["id"])).expect(200)["users"], json!([]));
}
