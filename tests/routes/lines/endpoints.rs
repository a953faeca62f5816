use super::{line, numbered, other_tenant};
use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn bare(server: &Server) -> i64 {
    server.post("/lines", json!({"context": "default"})).expect(201)["id"].as_i64().unwrap()
}

fn endpoint(server: &Server, name: &str) -> String {
    server.post("/endpoints/sip", json!({"name": name})).expect(201)["uuid"].as_str().unwrap().to_owned()
}

#[test]
fn an_endpoint_is_given_and_taken_as_often_as_one_likes() {
    let server = Server::start();
    let (line, uuid) = (bare(&server), endpoint(&server, "e"));
    let path = format!("/lines/{line}/endpoints/sip/{uuid}");
    server.delete(&path).expect(204);
    server.associate(&path).expect(204);
    server.associate(&path).expect(204);
    let shown = server.get(&format!("/lines/{line}")).expect(200);
    assert_eq!((&shown["name"], &shown["protocol"]), (&json!("e"), &json!("sip")));
    assert_eq!(shown["endpoint_sip"]["uuid"], uuid);
    server.delete(&path).expect(204);
    server.delete(&path).expect(204);
    assert_eq!(server.get(&format!("/lines/{line}")).expect(200)["endpoint_sip"], Value::Null);
    server.get(&format!("/endpoints/sip/{uuid}")).expect(200);
}

#[test]
fn a_line_has_one_endpoint_and_an_endpoint_one_line() {
    let server = Server::start();
    let made = line(&server, "e");
    let (id, own) = (&made["id"], made["endpoint_sip"]["uuid"].as_str().unwrap());
    let free = endpoint(&server, "free");
    server.associate(&format!("/lines/{id}/endpoints/sip/{free}")).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Endpoint ('line_id': {id}, 'endpoint': 'sip', \
             'endpoint_id': UUID('{own}'))"
        )],
    );
    let other = bare(&server);
    server.associate(&format!("/lines/{other}/endpoints/sip/{own}")).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Endpoint ('line_id': {id}, 'endpoint': 'sip', \
             'endpoint_uuid': UUID('{own}'))"
        )],
    );
}

#[test]
fn a_line_and_its_endpoint_are_of_one_tenant() {
    let server = Server::start();
    let (tenant, context) = other_tenant(&server);
    let line = server.post("/lines", json!({"context": context})).expect(201);
    let uuid = endpoint(&server, "e");
    server.associate(&format!("/lines/{}/endpoints/sip/{uuid}", line["id"])).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('line_tenant_uuid': '{}', 'endpoint_tenant_uuid': '{MASTER}')",
            tenant.uuid
        )],
    );
}

#[test]
fn an_endpoint_stays_while_the_line_has_a_number() {
    let server = Server::start();
    let made = numbered(&server, "e", "1001");
    let uuid = made["endpoint_sip"]["uuid"].as_str().unwrap();
    server.delete(&format!("/lines/{}/endpoints/sip/{uuid}", made["id"])).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Extension ('line_id': {}, 'extension_ids': '{}')",
            made["id"], made["extensions"][0]["id"]
        )],
    );
}

#[test]
fn an_unknown_line_endpoint_or_a_template_answers_404() {
    let server = Server::start();
    let (line, uuid) = (bare(&server), endpoint(&server, "e"));
    let unknown_line = "Resource Not Found - Line was not found ('id': 999999)";
    let template = server.post("/endpoints/sip/templates", json!({})).expect(201);
    let template = template["uuid"].as_str().unwrap();
    let text = format!("Resource Not Found - SIPEndpoint was not found ('uuid': UUID('{template}'))");
    for method in ["PUT", "DELETE"] {
        let send =
            |path: String| server.send(method, &path, None, &[("X-Auth-Token", crate::harness::TOKEN)]);
        send(format!("/lines/999999/endpoints/sip/{uuid}")).refused(404, &[unknown_line]);
        send(format!("/lines/{line}/endpoints/sip/{template}")).refused(404, &[&text]);
    }
}
