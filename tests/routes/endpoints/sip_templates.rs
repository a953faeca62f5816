use crate::harness::Server;
use serde_json::{Value, json};

fn make(server: &Server, body: Value) -> String {
    server.post("/endpoints/sip/templates", body).expect(201)["uuid"].as_str().unwrap().to_owned()
}

#[test]
fn a_tenant_has_its_default_templates_from_the_start() {
    let server = Server::start();
    let list = server.get("/endpoints/sip/templates").expect(200);
    let labels: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| &item["label"]).collect();
    assert_eq!(labels, ["global", "meeting_guest", "registration_trunk", "twilio_trunk", "webrtc"]);
    let global = &list["items"][0];
    assert_eq!(global["aor_section_options"][0], json!(["maximum_expiration", "3600"]));
    assert_eq!(global["endpoint_section_options"].as_array().unwrap().len(), 17);
    let transport = global["transport"]["uuid"].as_str().unwrap();
    assert_eq!(server.get(&format!("/sip/transports/{transport}")).expect(200)["name"], "transport-udp");
    assert_eq!(list["items"][1]["templates"][0]["label"], "webrtc");
    let twilio = &list["items"][3];
    assert_eq!(twilio["identify_section_options"].as_array().unwrap().len(), 32);
    assert_eq!(twilio["identify_section_options"][31], json!(["match", "54.244.51.3"]));
}

#[test]
fn a_template_has_no_line_and_no_trunk_and_its_own_links() {
    let server = Server::start();
    let made = server.post("/endpoints/sip/templates", json!({"label": "desk"}));
    let uuid = made.json["uuid"].as_str().unwrap();
    assert_eq!(made.status, 201);
    assert!(made.header("Location").ends_with(&format!("/1.1/endpoints/sip/{uuid}")));
    assert!(made.json.get("line").is_none() && made.json.get("trunk").is_none());
    assert_eq!(made.json["links"][0]["rel"], "endpoint_sip_templates");
    let path = format!("/endpoints/sip/templates/{uuid}");
    assert_eq!(server.get(&path).expect(200), made.json);
    server.get(&format!("{path}?view=x")).expect(200);
    server
        .get(&format!("/endpoints/sip/{uuid}"))
        .refused(404, &[&format!("Resource Not Found - SIPEndpoint was not found ('uuid': UUID('{uuid}'))")]);
    server.delete(&format!("/endpoints/sip/{uuid}")).expect(404);
}

#[test]
fn an_endpoint_is_no_template() {
    let server = Server::start();
    let made = server.post("/endpoints/sip", json!({})).expect(201);
    let uuid = made["uuid"].as_str().unwrap();
    let text = format!("Resource Not Found - SIPEndpointTemplate was not found ('uuid': UUID('{uuid}'))");
    let path = format!("/endpoints/sip/templates/{uuid}");
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
    assert_eq!(server.get("/endpoints/sip/templates").expect(200)["total"], 5);
}

#[test]
fn a_template_can_not_be_made_after_itself() {
    let server = Server::start();
    let a = make(&server, json!({"name": "a"}));
    let b = make(&server, json!({"name": "b", "templates": [{"uuid": a}]}));
    let c = make(&server, json!({"name": "c", "templates": [{"uuid": b}]}));
    let path = format!("/endpoints/sip/templates/{a}");
    server
        .put(&path, json!({"templates": [{"uuid": a}]}))
        .refused(400, &["Resource Error - Operation not permitted. Cannot use itself as template"]);
    for template in [&b, &c] {
        let text = format!(
            "Resource Error - Operation not permitted. SIPEndpointTemplate({b}) already include this template"
        );
        server.put(&path, json!({"templates": [{"uuid": template}]})).refused(400, &[&text]);
    }
    assert_eq!(server.get(&path).expect(200)["templates"], json!([]));
}

#[test]
fn a_deleted_template_leaves_those_that_were_made_after_it() {
    let server = Server::start();
    let a = make(&server, json!({"name": "a"}));
    let b = make(&server, json!({"name": "b"}));
    let body = json!({"templates": [{"uuid": b}, {"uuid": a}]});
    let endpoint = server.post("/endpoints/sip", body).expect(201);
    server.delete(&format!("/endpoints/sip/templates/{b}")).expect(204);
    let path = format!("/endpoints/sip/{}", endpoint["uuid"].as_str().unwrap());
    assert_eq!(server.get(&path).expect(200)["templates"], json!([{"uuid": a, "label": null}]));
}
