use super::{line, numbered, other_tenant, total};
use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

fn extension(server: &Server, exten: &str, context: &str) -> i64 {
    let body = json!({"exten": exten, "context": context});
    server.post("/extensions", body).expect(201)["id"].as_i64().unwrap()
}

#[test]
fn a_number_is_given_and_taken_as_often_as_one_likes() {
    let server = Server::start();
    let made = line(&server, "e");
    let all = format!("/lines/{}/extensions", made["id"]);
    assert_eq!(server.get(&all).expect(200), json!({"total": 0, "items": []}));
    let path = format!("{all}/{}", extension(&server, "1001", "default"));
    server.delete(&path).expect(204);
    server.associate(&path).expect(204);
    server.associate(&path).expect(204);
    let list = server.get(&all).expect(200);
    assert_eq!((&list["total"], &list["items"][0]["exten"]), (&json!(1), &json!("1001")));
    server.delete(&path).expect(204);
    server.delete(&path).expect(204);
    assert_eq!(total(&server, &all), 0);
    assert_eq!(total(&server, "/extensions"), 1);
}

#[test]
fn a_line_goes_into_the_context_of_its_number() {
    let server = Server::start();
    let body = json!({"label": "Sales", "user_ranges": [{"start": "1000", "end": "1999"}]});
    let context = server.post("/contexts", body).expect(201)["name"].as_str().unwrap().to_owned();
    let made = line(&server, "e");
    let id = extension(&server, "1001", &context);
    server.associate(&format!("/lines/{}/extensions/{id}", made["id"])).expect(204);
    assert_eq!(server.get(&format!("/lines/{}", made["id"])).expect(200)["context"], context);
}

#[test]
fn a_number_is_made_and_given_in_one_call_or_not_at_all() {
    let server = Server::start();
    let made = line(&server, "e");
    let path = format!("/lines/{}/extensions", made["id"]);
    let reply = server.post(&path, json!({"exten": "1001", "context": "default"}));
    assert_eq!(reply.status, 201, "{}", reply.text);
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    assert_eq!(reply.json["lines"][0]["id"], made["id"]);
    server.post(&path, json!({"exten": "1002", "context": "default"})).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Extension ('line_id': {}, 'extension_id': {})",
            made["id"], reply.json["id"]
        )],
    );
    assert_eq!(total(&server, "/extensions"), 1);
    let missing = "Missing data for required field.";
    server.post("/lines/999999/extensions", json!({})).refused(
        400,
        &[&format!("Input Error - exten: ['{missing}']"), &format!("Input Error - context: ['{missing}']")],
    );
    server
        .post("/lines/999999/extensions", json!({"exten": "1002", "context": "default"}))
        .refused(404, &["Resource Not Found - Line was not found ('id': 999999)"]);
}

#[test]
fn a_number_needs_an_endpoint() {
    let server = Server::start();
    let made = server.post("/lines", json!({"context": "default"})).expect(201);
    let id = extension(&server, "5000", "default");
    server.associate(&format!("/lines/{}/extensions/{id}", made["id"])).refused(
        400,
        &[&format!("Resource Error - Line must be associated with a Endpoint ('line_id': {})", made["id"])],
    );
}

#[test]
fn a_line_has_one_number() {
    let server = Server::start();
    let made = numbered(&server, "e", "1001");
    let id = extension(&server, "5000", "default");
    server.associate(&format!("/lines/{}/extensions/{id}", made["id"])).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Extension ('line_id': {}, 'extension_id': {})",
            made["id"], made["extensions"][0]["id"]
        )],
    );
}

#[test]
fn the_context_of_a_number_is_internal() {
    let server = Server::start();
    let made = line(&server, "e");
    let id = extension(&server, "5000", "from-extern");
    let context = server.get("/contexts?name=from-extern").expect(200)["items"][0]["id"].clone();
    server.associate(&format!("/lines/{}/extensions/{id}", made["id"])).refused(
        400,
        &[&format!(
            "Resource Error - ContextType 'incall' cannot be associated ('id': {context}, 'context': 'from-extern')"
        )],
    );
}

#[test]
fn a_number_is_in_the_ranges_of_its_context_unless_it_is_a_pattern() {
    let server = Server::start();
    let made = line(&server, "e");
    for exten in ["5000", "*10"] {
        let path = format!("/lines/{}/extensions/{}", made["id"], extension(&server, exten, "default"));
        let text = format!("Input Error - Extension '{exten}' is outside of range for context 'default'");
        server.associate(&path).refused(400, &[&text]);
    }
    let pattern = extension(&server, "_5XXX", "default");
    server.associate(&format!("/lines/{}/extensions/{pattern}", made["id"])).expect(204);
}

#[test]
fn a_line_and_its_number_are_of_one_tenant() {
    let server = Server::start();
    let made = line(&server, "e");
    let (tenant, context) = other_tenant(&server);
    let id = extension(&server, "1001", &context);
    server.associate(&format!("/lines/{}/extensions/{id}", made["id"])).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('extension_tenant_uuid': '{}', 'line_tenant_uuid': '{MASTER}')",
            tenant.uuid
        )],
    );
}

#[test]
fn an_unknown_line_or_extension_answers_404() {
    let server = Server::start();
    let made = line(&server, "e");
    let id = extension(&server, "1001", "default");
    for method in ["PUT", "DELETE"] {
        let send = |path: String| server.send(method, &path, None, &[("X-Auth-Token", TOKEN)]);
        send(format!("/lines/999999/extensions/{id}"))
            .refused(404, &["Resource Not Found - Line was not found ('id': 999999)"]);
        send(format!("/lines/{}/extensions/999999", made["id"]))
            .refused(404, &["Resource Not Found - Extension was not found ('id': 999999)"]);
    }
    server
        .get("/lines/999999/extensions")
        .refused(404, &["Resource Not Found - Line was not found ('id': 999999)"]);
}

#[test]
fn a_used_number_is_not_deleted() {
    let server = Server::start();
    let made = numbered(&server, "e", "1001");
    let id: &Value = &made["extensions"][0]["id"];
    server.delete(&format!("/extensions/{id}")).refused(
        400,
        &[&format!(
            "Resource Error - Extension is associated with a line ('extension_id': {id}, 'associated_ids': [{}])",
            made["id"]
        )],
    );
}
