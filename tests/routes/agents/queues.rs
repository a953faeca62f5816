//! `/queues/{queue}/members/agents/{agent}`, and `queues` of an agent.

use super::{agent, queue};
use crate::harness::Server;
use serde_json::json;

#[test]
fn an_agent_joins_a_queue_and_leaves_it() {
    let server = Server::start();
    let (agent, queue) = (agent(&server, "1001"), queue(&server, "sales"));
    let path = format!("/queues/{}/members/agents/{}", queue["id"], agent["id"]);
    let members = || server.get(&format!("/queues/{}", queue["id"])).expect(200)["members"]["agents"].clone();
    server.put(&path, json!({"penalty": 2, "priority": 3})).expect(204);
    let member = json!({"priority": 3, "penalty": 2, "id": agent["id"], "number": "1001", "firstname": null,
        "lastname": null, "links": agent["links"]});
    assert_eq!(members(), json!([member]));
    assert_eq!(
        super::keys(&members()[0]),
        ["priority", "penalty", "id", "number", "firstname", "lastname", "links"]
    );
    let shown = server.get(&format!("/agents/{}", agent["id"])).expect(200);
    let brief =
        json!({"penalty": 2, "id": queue["id"], "name": "sales", "label": null, "links": queue["links"]});
    assert_eq!(shown["queues"], json!([brief]));
    // Both are replaced: what is absent is 0.
    server.put(&path, json!({"priority": 1})).expect(204);
    assert_eq!((&members()[0]["penalty"], &members()[0]["priority"]), (&json!(0), &json!(1)));
    server.delete(&path).expect(204);
    server.delete(&path).expect(204);
    assert_eq!(members(), json!([]));
}

#[test]
fn who_joins_what_must_be_known_and_of_one_tenant() {
    let server = Server::start();
    let (agent, queue) = (agent(&server, "1001"), queue(&server, "sales"));
    let path = |queue: &serde_json::Value, agent: &serde_json::Value| {
        format!("/queues/{queue}/members/agents/{agent}")
    };
    let own = path(&queue["id"], &agent["id"]);
    server.associate(&own).expect(400);
    server.put(&own, json!({"penalty": -1, "priority": "x"})).refused(
        400,
        &[
            "Input Error - penalty: ['Must be greater than or equal to 0.']",
            "Input Error - priority: ['Not a valid integer.']",
        ],
    );
    let unknown = json!(999);
    for method in ["PUT", "DELETE"] {
        let send = |path: String| {
            server.send(method, &path, Some("{}".to_owned()), &[("X-Auth-Token", crate::harness::TOKEN)])
        };
        send(path(&unknown, &agent["id"]))
            .refused(404, &["Resource Not Found - Queue was not found ('id': 999)"]);
        send(path(&queue["id"], &unknown))
            .refused(404, &["Resource Not Found - Agent was not found ('id': 999)"]);
    }
    let branch = server.add_tenant("branch", None);
    let theirs = server.send_in(&branch, "POST", "/agents", Some(json!({"number": "1"}))).expect(201);
    let text = format!(
        "Resource Error - different tenants ('queue_tenant_uuid': '{}', 'agent_tenant_uuid': '{}')",
        crate::harness::MASTER,
        branch.uuid
    );
    server.put(&path(&queue["id"], &theirs["id"]), json!({})).refused(400, &[&text]);
}

#[test]
fn an_agent_comes_with_queues_and_a_queue_with_agents() {
    let server = Server::start();
    let sales = queue(&server, "sales");
    let body = json!({"number": "1", "queues": [{"id": sales["id"], "penalty": 4}]});
    let made = server.post("/agents", body).expect(201);
    assert_eq!((&made["queues"][0]["name"], &made["queues"][0]["penalty"]), (&json!("sales"), &json!(4)));
    server
        .post("/agents", json!({"number": "2", "queues": [{"id": 999}]}))
        .refused(404, &["Resource Not Found - Queue was not found ('id': 999)"]);
    server
        .post("/agents", json!({"number": "2", "queues": [{"penalty": 1}]}))
        .refused(400, &["Input Error - queues: {0: {'id': ['Missing data for required field.']}}"]);
    assert_eq!(server.get("/agents?number=2").expect(200)["total"], 0);
    let members = json!({"agents": [{"id": made["id"], "penalty": 1, "priority": 2}]});
    let help = server.post("/queues", json!({"name": "help", "members": members})).expect(201);
    assert_eq!(
        (&help["members"]["agents"][0]["number"], &help["members"]["agents"][0]["penalty"]),
        (&json!("1"), &json!(1))
    );
    // What goes leaves no trace.
    server.delete(&format!("/agents/{}", made["id"])).expect(204);
    let left = server.get(&format!("/queues/{}", help["id"])).expect(200);
    assert_eq!(left["members"]["agents"], json!([]));
    let other = agent(&server, "3");
    server.put(&format!("/queues/{}/members/agents/{}", help["id"], other["id"]), json!({})).expect(204);
    server.delete(&format!("/queues/{}", help["id"])).expect(204);
    assert_eq!(server.get(&format!("/agents/{}", other["id"])).expect(200)["queues"], json!([]));
}
