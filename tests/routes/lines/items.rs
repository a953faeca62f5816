use super::{line, nothing_stored, numbered, other_tenant, total};
use crate::harness::Server;
use serde_json::{Value, json};

fn path(line: &Value) -> String {
    format!("/lines/{}", line["id"])
}

#[test]
fn a_line_is_changed_field_by_field() {
    let server = Server::start();
    let path = path(&line(&server, "e"));
    let before = server.get(&path).expect(200);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), before);
    let body = json!({"position": 3, "provisioning_code": "654321", "endpoint_sip": {}, "extensions": [], "name": "x"});
    server.put(&path, body).expect(204);
    let after = server.get(&path).expect(200);
    assert_eq!((&after["position"], &after["device_slot"]), (&json!(3), &json!(3)));
    assert_eq!(
        (&after["provisioning_code"], &after["provisioning_extension"]),
        (&json!("654321"), &json!("654321"))
    );
    assert_eq!((&after["name"], &after["context"]), (&json!("e"), &json!("default")));
    server.put(&path, json!({"provisioning_code": "654321"})).expect(204);
}

#[test]
fn a_change_refuses_null_and_what_it_refuses_on_creation() {
    let server = Server::start();
    let path = path(&line(&server, "e"));
    server.post("/lines", json!({"context": "default", "provisioning_code": "523621"})).expect(201);
    let null = "['Field may not be null.']";
    let body = json!({"context": null, "provisioning_code": null, "position": null, "registrar": null});
    server.put(&path, body).refused(
        400,
        &[
            &format!("Input Error - context: {null}"),
            &format!("Input Error - provisioning_code: {null}"),
            &format!("Input Error - position: {null}"),
            &format!("Input Error - registrar: {null}"),
        ],
    );
    let before = server.get(&path).expect(200);
    let body = json!({"context": "nope", "provisioning_code": "523621", "registrar": "zz", "position": 4});
    server.put(&path, body).refused(
        400,
        &[
            "Input Error - field 'context': Context was not found ('context': 'nope')",
            "Resource Error - Line already exists ('provisioning_code': '523621')",
            "Input Error - field 'registrar': Registrar was not found ('registrar': 'zz')",
        ],
    );
    assert_eq!(server.get(&path).expect(200), before);
    server
        .send("PUT", &path, None, &[("X-Auth-Token", crate::harness::TOKEN)])
        .refused(400, &["The browser (or proxy) sent a request that this server could not understand."]);
}

#[test]
fn an_unknown_line_answers_404() {
    let server = Server::start();
    let text = "Resource Not Found - Line was not found ('id': 999999)";
    server.get("/lines/999999").refused(404, &[text]);
    server.put("/lines/999999", json!({})).refused(404, &[text]);
    server.delete("/lines/999999").refused(404, &[text]);
}

#[test]
fn a_line_moves_between_contexts_of_its_tenant_unless_it_has_a_number() {
    let server = Server::start();
    let made = line(&server, "e");
    server.put(&path(&made), json!({"context": "to-extern"})).expect(204);
    assert_eq!(server.get(&path(&made)).expect(200)["context"], "to-extern");
    let numbered = numbered(&server, "f", "1001");
    server.put(&path(&numbered), json!({"context": "to-extern"})).expect(204);
    assert_eq!(server.get(&path(&numbered)).expect(200)["context"], "default");
}

#[test]
fn a_line_does_not_move_to_another_tenant() {
    let server = Server::start();
    let made = line(&server, "e");
    let (tenant, context) = other_tenant(&server);
    server.put(&path(&made), json!({"context": context})).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('line_tenant_uuid': '{}', 'context_tenant_uuid': '{}')",
            crate::harness::MASTER,
            tenant.uuid
        )],
    );
    let headers = [("X-Auth-Token", tenant.token.as_str())];
    server.send("GET", &path(&made), None, &headers).expect(404);
    let body = Some(json!({"context": "default"}).to_string());
    server
        .send("POST", "/lines", body, &headers)
        .refused(400, &["Input Error - field 'context': Context was not found ('context': 'default')"]);
}

#[test]
fn a_deleted_line_takes_its_endpoint_and_leaves_its_number() {
    let server = Server::start();
    let made = numbered(&server, "e", "1001");
    server.delete(&path(&made)).expect(204);
    assert_eq!(total(&server, "/lines"), 0);
    assert_eq!(total(&server, "/endpoints/sip"), 0);
    assert_eq!(server.get("/extensions").expect(200)["items"][0]["lines"], json!([]));
}

#[test]
fn a_line_deleted_recursively_takes_its_number_unless_it_is_shared() {
    let server = Server::start();
    let first = numbered(&server, "e", "1001");
    let second = numbered(&server, "f", "1001");
    server.delete(&format!("{}?recursive=true", path(&first))).expect(204);
    assert_eq!(total(&server, "/extensions"), 1);
    server.delete(&format!("{}?recursive=true", path(&second))).expect(204);
    nothing_stored(&server);
}

#[test]
fn a_line_whose_endpoint_is_deleted_or_renamed_follows() {
    let server = Server::start();
    let made = line(&server, "e");
    let endpoint = format!("/endpoints/sip/{}", made["endpoint_sip"]["uuid"].as_str().unwrap());
    server.put(&endpoint, json!({"name": "renamed"})).expect(204);
    assert_eq!(server.get(&path(&made)).expect(200)["name"], "renamed");
    assert_eq!(server.get(&endpoint).expect(200)["line"]["id"], made["id"]);
    server.delete(&endpoint).expect(204);
    let line = server.get(&path(&made)).expect(200);
    for key in ["name", "protocol", "endpoint_sip"] {
        assert_eq!(line[key], Value::Null);
    }
}

#[test]
fn a_line_is_for_a_browser_when_its_merged_endpoint_says_so() {
    let server = Server::start();
    let template =
        server.get("/endpoints/sip/templates?label=webrtc").expect(200)["items"][0]["uuid"].clone();
    let sip = json!({"templates": [{"uuid": template}]});
    let made = server.post("/lines", json!({"context": "default", "endpoint_sip": sip})).expect(201);
    assert_eq!(made["is_webrtc"], true);
    let uuid = made["endpoint_sip"]["uuid"].as_str().unwrap();
    let off = json!({"endpoint_section_options": [["webrtc", "no"]]});
    server.put(&format!("/endpoints/sip/{uuid}"), off).expect(204);
    assert_eq!(server.get(&path(&made)).expect(200)["is_webrtc"], false);
}

#[test]
fn lines_are_found_by_their_columns() {
    let server = Server::start();
    numbered(&server, "bb", "1002");
    server
        .post("/lines", json!({"context": "to-extern", "provisioning_code": "123456", "position": 2}))
        .expect(201);
    let body = json!({"context": "default", "endpoint_sip": {"name": "aa"}, "caller_id_name": "Zoé", "caller_id_num": "77"});
    server.post("/lines", body).expect(201);
    let names = |query: &str| -> Vec<Value> {
        let list = server.get(&format!("/lines?{query}")).expect(200);
        list["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect()
    };
    assert_eq!(names(""), [json!("aa"), json!("bb"), Value::Null]);
    for (query, name) in [
        ("context=to-extern", Value::Null),
        ("provisioning_code=123456", Value::Null),
        ("provisioning_extension=123456", Value::Null),
        ("position=2", Value::Null),
        ("device_slot=2", Value::Null),
        ("name=aa", json!("aa")),
        ("caller_id_name=Zo%C3%A9", json!("aa")),
        ("caller_id_num=77", json!("aa")),
        ("exten=1002", json!("bb")),
        ("search=zoe", json!("aa")),
        ("search=1002", json!("bb")),
        ("order=exten&limit=1", json!("bb")),
    ] {
        assert_eq!(names(query), [name], "{query}");
    }
    assert_eq!(names("order=exten"), [json!("bb"), Value::Null, json!("aa")], "without a number last");
    assert_eq!(names("order=name&direction=desc"), [Value::Null, json!("bb"), json!("aa")]);
    assert_eq!(names("protocol=sip").len(), 2);
    assert_eq!(names("position=zz").len(), 0);
    server.get("/lines?order=zz").refused(400, &["Input Error - order: column 'zz' was not found"]);
}
