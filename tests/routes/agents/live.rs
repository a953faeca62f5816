//! agentd's routes without an Asterisk: what is found out before it is asked, and what is said when it is not there.

use super::{agent, queue};
use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

const AWAY: &str = "There is no Asterisk to ask: asterisk.mode is \"none\" in the settings";

/// A request to a path of agentd's own.
fn send(server: &Server, method: &str, url: &str, body: Option<Value>) -> (u16, Value) {
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("http://{}{url}", server.address()))
        .header("X-Auth-Token", TOKEN)
        .body(body.map(|body| body.to_string()).unwrap_or_default())
        .unwrap();
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true).build(),
    );
    let mut response = agent.run(request).unwrap();
    let text = response.body_mut().read_to_string().unwrap();
    (response.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
}

#[test]
fn without_asterisk_every_action_says_so() {
    let server = Server::start();
    let (agent, queue) = (agent(&server, "*7"), queue(&server, "sales"));
    server.put(&format!("/queues/{}/members/agents/{}", queue["id"], agent["id"]), json!({})).expect(204);
    let line = json!({"context": "default", "endpoint_sip": {"name": "desk"},
        "extensions": [{"exten": "1001", "context": "default"}]});
    server.post("/users", json!({"firstname": "Ada", "lines": [line]})).expect(201);
    let login = json!({"extension": "1001", "context": "default"});
    let id = &agent["id"];
    let actions = [
        ("POST", format!("/agents/by-id/{id}/login"), login.clone()),
        ("POST", "/agents/by-number/*7/login".to_owned(), login),
        ("POST", format!("/agents/by-id/{id}/logoff"), Value::Null),
        ("POST", "/agents/by-number/*7/logoff".to_owned(), Value::Null),
        ("POST", format!("/agents/by-id/{id}/pause"), json!({"reason": "lunch"})),
        ("POST", "/agents/by-number/*7/pause".to_owned(), json!({})),
        ("POST", format!("/agents/by-id/{id}/unpause"), Value::Null),
        ("POST", "/agents/by-number/*7/unpause".to_owned(), Value::Null),
        ("PUT", format!("/agents/{id}/queues/{}/login", queue["id"]), Value::Null),
        ("PUT", format!("/agents/{id}/queues/{}/logoff", queue["id"]), Value::Null),
        ("POST", "/agents/logoff".to_owned(), Value::Null),
        ("POST", "/agents/relog".to_owned(), Value::Null),
        ("GET", format!("/agents/by-id/{id}"), Value::Null),
        ("GET", "/agents/by-number/*7".to_owned(), Value::Null),
    ];
    for (method, path, body) in &actions {
        for prefix in ["/1.1", "/1.0", "/api/agentd/1.0"] {
            let body = (!body.is_null()).then(|| body.clone());
            let answer = send(&server, method, &format!("{prefix}{path}"), body);
            assert_eq!(answer, (503, json!({"error": AWAY})), "{method} {prefix}{path}");
        }
    }
    // confd's list is below /1.1, agentd's at its own addresses.
    assert_eq!(server.get("/agents").expect(200)["total"], 1);
    for prefix in ["/1.0", "/api/agentd/1.0"] {
        assert_eq!(send(&server, "GET", &format!("{prefix}/agents"), None), (503, json!({"error": AWAY})));
    }
}

#[test]
fn who_and_where_must_be_known_to_log_in() {
    let server = Server::start();
    let agent = agent(&server, "7");
    let refused = |path: &str, body: Value, status: u16, text: &str| {
        let reply = server.post(path, body);
        assert_eq!((reply.status, &reply.json["error"]), (status, &json!(text)), "{path}");
    };
    let own = format!("/agents/by-id/{}/login", agent["id"]);
    let anywhere = json!({"extension": "1", "context": "default"});
    refused("/agents/by-id/999/login", anywhere.clone(), 404, "no such agent");
    refused("/agents/by-number/999/login", anywhere.clone(), 404, "no such agent");
    refused(&own, anywhere, 404, "no such extension and context");
    let missing = "['Missing data for required field.']";
    let text = format!("Input Error - extension: {missing}; Input Error - context: {missing}");
    refused(&own, json!({}), 400, &text);
    refused("/agents/by-id/999/pause", json!({}), 404, "no such agent");
    let long = "r".repeat(81);
    let pause = format!("/agents/by-id/{}/pause", agent["id"]);
    refused(&pause, json!({"reason": long}), 400, "Input Error - reason: ['Longer than maximum length 80.']");
    // A token that is no user's has no agent of its own.
    for path in ["login", "logoff", "pause", "unpause"] {
        refused(&format!("/users/me/agents/{path}"), json!({"line_id": 1}), 404, "no such agent");
    }
    assert_eq!(server.get("/users/me/agents").expect(404), json!({"error": "no such agent"}));
    // Another tenant's agent is nobody.
    let branch = server.add_tenant("branch", None);
    let reply = server.send_in(&branch, "POST", "/agents/by-number/7/logoff", None);
    assert_eq!(reply.expect(404), json!({"error": "no such agent"}));
}

#[test]
fn a_phone_of_another_tenant_is_none_to_log_in_at() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let theirs = server.send_in(&branch, "POST", "/agents", Some(json!({"number": "7"}))).expect(201);
    let line = json!({"context": "default", "endpoint_sip": {"name": "desk"},
        "extensions": [{"exten": "1001", "context": "default"}]});
    server.post("/users", json!({"firstname": "Ada", "lines": [line]})).expect(201);
    let login = json!({"extension": "1001", "context": "default"});
    let path = format!("/agents/by-id/{}/login", theirs["id"]);
    let text = "agent and context are not in the same tenant";
    assert_eq!(server.post(&path, login.clone()).expect(400), json!({"error": text}));
    let unseen = json!({"error": "no such extension and context"});
    assert_eq!(server.send_in(&branch, "POST", &path, Some(login)).expect(404), unseen);
}

#[test]
fn a_queue_is_given_to_an_agent_and_taken() {
    let server = Server::start();
    let (agent, queue) = (agent(&server, "7"), queue(&server, "sales"));
    let path = |verb: &str| format!("/agents/by-id/{}/{verb}", agent["id"]);
    let body = json!({"queue_id": queue["id"]});
    let queues =
        || server.get(&format!("/agents/{}", agent["id"])).expect(200)["queues"].as_array().unwrap().len();
    assert_eq!(
        server.post(&path("remove"), body.clone()).expect(409),
        json!({"error": "agent not in queue"})
    );
    server.post(&path("add"), body.clone()).expect(204);
    assert_eq!(queues(), 1);
    assert_eq!(
        server.post(&path("add"), body.clone()).expect(409),
        json!({"error": "agent already in queue"})
    );
    server.post(&path("remove"), body.clone()).expect(204);
    assert_eq!(queues(), 0);
    let unknown = json!({"error": "no such queue"});
    assert_eq!(server.post(&path("add"), json!({"queue_id": 999})).expect(404), unknown);
    assert_eq!(
        server.put(&format!("/agents/{}/queues/999/login", agent["id"]), json!({})).expect(404),
        unknown
    );
    let not_in = server.put(&format!("/agents/{}/queues/{}/login", agent["id"], queue["id"]), json!({}));
    assert_eq!(not_in.expect(409), json!({"error": "agent not in queue"}));
    let branch = server.add_tenant("branch", None);
    let theirs = server.send_in(&branch, "POST", "/agents", Some(json!({"number": "7"}))).expect(201);
    let reply = server.post(&format!("/agents/by-id/{}/add", theirs["id"]), body);
    assert_eq!(reply.expect(400), json!({"error": "agent and queue are not in the same tenant"}));
    assert_ne!(theirs["tenant_uuid"], json!(MASTER));
}

#[test]
fn access_to_agents_at_work_is_agentds() {
    let server = Server::start();
    let text = server.send("POST", "/agents/by-id/5/login", None, &[]).expect(401);
    assert_eq!(text, json!(["('', 'agentd.agents.by-id.5.login.create')"]));
    let text = server.send("PUT", "/agents/5/queues/6/logoff", None, &[]).expect(401);
    assert_eq!(text, json!(["('', 'agentd.agents.5.queues.6.logoff.update')"]));
}
