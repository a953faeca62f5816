//! `/agents/skills`, `/agents/{agent}/skills/{skill}`, `/queues/skillrules`.

use super::{agent, keys};
use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn skill(server: &Server, name: &str) -> Value {
    server.post("/agents/skills", json!({"name": name})).expect(201)
}

#[test]
fn a_skill_has_a_name_of_its_own() {
    let server = Server::start();
    let reply = server.post("/agents/skills", json!({"name": "english", "description": "well"}));
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let made = reply.expect(201);
    assert_eq!(keys(&made), ["id", "tenant_uuid", "name", "description", "links", "agents"]);
    assert_eq!(made["links"][0]["rel"], "skills");
    let path = format!("/agents/skills/{}", made["id"]);
    assert_eq!(server.get(&path).expect(200), made);
    let post = |body: Value| server.post("/agents/skills", body);
    post(json!({})).refused(400, &["Input Error - name: ['Missing data for required field.']"]);
    post(json!({"name": "a b"}))
        .refused(400, &["Input Error - name: ['String does not match expected pattern.']"]);
    post(json!({"name": "a".repeat(65)}))
        .refused(400, &["Input Error - name: ['Longer than maximum length 64.']"]);
    let taken = "Resource Error - Skill already exists ('name': 'english')";
    post(json!({"name": "english"})).refused(400, &[taken]);
    let other = skill(&server, "french");
    server.put(&format!("/agents/skills/{}", other["id"]), json!({"name": "english"})).refused(400, &[taken]);
    server.put(&path, json!({"name": "english", "description": null})).expect(204);
    assert_eq!(server.get(&path).expect(200)["description"], Value::Null);
    assert_eq!(server.get("/agents/skills?search=fren").expect(200)["total"], 1);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Skill was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn an_agent_has_skills_of_some_weight() {
    let server = Server::start();
    let (agent, skill) = (agent(&server, "1001"), skill(&server, "english"));
    let path = format!("/agents/{}/skills/{}", agent["id"], skill["id"]);
    server.put(&path, json!({"skill_weight": 50})).expect(204);
    let shown = server.get(&format!("/agents/{}", agent["id"])).expect(200);
    let brief = json!({"skill_weight": 50, "id": skill["id"], "name": "english", "links": skill["links"]});
    assert_eq!(shown["skills"], json!([brief]));
    let of_skill = server.get(&format!("/agents/skills/{}", skill["id"])).expect(200)["agents"].clone();
    assert_eq!(keys(&of_skill[0]), ["skill_weight", "id", "number", "firstname", "lastname", "links"]);
    assert_eq!((&of_skill[0]["number"], &of_skill[0]["skill_weight"]), (&json!("1001"), &json!(50)));
    server.put(&path, json!({})).expect(204);
    let shown = server.get(&format!("/agents/{}", agent["id"])).expect(200);
    assert_eq!(shown["skills"][0]["skill_weight"], 0);
    server.associate(&path).expect(400);
    server
        .put(&path, json!({"skill_weight": -1}))
        .refused(400, &["Input Error - skill_weight: ['Must be greater than or equal to 0.']"]);
    server
        .put(&format!("/agents/{}/skills/999", agent["id"]), json!({}))
        .refused(404, &["Resource Not Found - Skill was not found ('id': 999)"]);
    server
        .put(&format!("/agents/999/skills/{}", skill["id"]), json!({}))
        .refused(404, &["Resource Not Found - Agent was not found ('id': 999)"]);
    let branch = server.add_tenant("branch", None);
    let theirs =
        server.send_in(&branch, "POST", "/agents/skills", Some(json!({"name": "english"}))).expect(201);
    let text = format!(
        "Resource Error - different tenants ('agent_tenant_uuid': '{MASTER}', 'skill_tenant_uuid': '{}')",
        branch.uuid
    );
    server.put(&format!("/agents/{}/skills/{}", agent["id"], theirs["id"]), json!({})).refused(400, &[&text]);
    server.delete(&path).expect(204);
    server.delete(&path).expect(204);
    assert_eq!(server.get(&format!("/agents/{}", agent["id"])).expect(200)["skills"], json!([]));
}

#[test]
fn a_skill_rule_is_a_list_of_definitions() {
    let server = Server::start();
    let body = json!({"name": "support", "rules": [{"definition": "WT < 60, english > 50"}, {"definition": "english"}]});
    let reply = server.post("/queues/skillrules", body.clone());
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let made = reply.expect(201);
    assert_eq!(keys(&made), ["id", "tenant_uuid", "name", "rules", "links"]);
    assert_eq!((&made["name"], &made["rules"]), (&body["name"], &body["rules"]));
    assert_eq!(made["links"][0]["rel"], "skillrules");
    let path = format!("/queues/skillrules/{}", made["id"]);
    server.put(&path, json!({"name": "other"})).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["name"], &shown["rules"]), (&json!("other"), &body["rules"]));
    server.put(&path, json!({"rules": []})).expect(204);
    assert_eq!(server.get("/queues/skillrules?name=other").expect(200)["items"][0]["rules"], json!([]));
    let post = |body: Value| server.post("/queues/skillrules", body);
    post(json!({"name": "a".repeat(65), "rules": [{}]})).refused(
        400,
        &[
            "Input Error - name: ['Longer than maximum length 64.']",
            "Input Error - rules: {0: {'definition': ['Missing data for required field.']}}",
        ],
    );
    post(json!({"rules": 5})).refused(
        400,
        &[
            "Input Error - name: ['Missing data for required field.']",
            "Input Error - rules: ['Invalid type.']",
        ],
    );
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - SkillRule was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}
