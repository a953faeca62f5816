use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

fn made(server: &Server, path: &str, body: Value) -> Value {
    server.post(path, body).expect(201)
}

#[test]
fn a_trunk_needs_nothing() {
    let server = Server::start();
    let reply = server.post("/trunks", json!({}));
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let trunk = reply.expect(201);
    let keys: Vec<_> = trunk.as_object().unwrap().keys().map(String::as_str).collect();
    let order = [
        "id",
        "tenant_uuid",
        "context",
        "twilio_incoming",
        "outgoing_caller_id_format",
        "links",
        "endpoint_sip",
        "endpoint_custom",
        "endpoint_iax",
        "outcalls",
        "register_iax",
    ];
    assert_eq!(keys, order);
    assert_eq!((&trunk["context"], &trunk["twilio_incoming"]), (&Value::Null, &json!(false)));
    assert_eq!((&trunk["outgoing_caller_id_format"], &trunk["outcalls"]), (&json!("+E164"), &json!([])));
}

#[test]
fn a_trunk_is_changed_in_parts_and_deleted() {
    let server = Server::start();
    let body = json!({"context": "from-extern", "twilio_incoming": null,
        "outgoing_caller_id_format": "national"});
    let trunk = made(&server, "/trunks", body);
    let path = format!("/trunks/{}", trunk["id"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), trunk);
    server.put(&path, json!({"twilio_incoming": true, "context": null})).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["twilio_incoming"], &shown["context"]), (&json!(true), &Value::Null));
    assert_eq!(shown["outgoing_caller_id_format"], "national");
    assert_eq!(server.get("/trunks?outgoing_caller_id_format=national").expect(200)["total"], 1);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Trunk was not found ('id': {})", trunk["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn what_a_trunk_may_not_hold_is_named() {
    let server = Server::start();
    server
        .post("/trunks", json!({"context": 3, "twilio_incoming": 1, "outgoing_caller_id_format": "x"}))
        .refused(
            400,
            &[
                "Input Error - context: ['Not a valid string.']",
                "Input Error - twilio_incoming: ['Not a valid boolean.']",
                "Input Error - outgoing_caller_id_format: ['Must be one of: +E164, E164, national.']",
            ],
        );
    server
        .post("/trunks", json!({"context": "nope"}))
        .refused(400, &["Input Error - field 'context': Context was not found ('context': 'nope')"]);
    assert_eq!(server.get("/trunks").expect(200)["total"], 0);
}

#[test]
fn a_trunk_and_its_context_are_of_one_tenant() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let headers = [("X-Auth-Token", tenant.token.as_str())];
    let body = json!({"label": "In", "type": "incall"}).to_string();
    let context = server.send("POST", "/contexts", Some(body), &headers).expect(201)["name"].clone();
    server.post("/trunks", json!({"context": context})).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('trunk_tenant_uuid': '{MASTER}', 'context_tenant_uuid': '{}')",
            tenant.uuid
        )],
    );
    let trunk = server.send("POST", "/trunks", Some("{}".to_owned()), &headers).expect(201);
    let sip = made(&server, "/endpoints/sip", json!({}))["uuid"].as_str().unwrap().to_owned();
    server.associate(&format!("/trunks/{}/endpoints/sip/{sip}", trunk["id"])).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('trunk_tenant_uuid': '{}', 'endpoint_tenant_uuid': '{MASTER}')",
            tenant.uuid
        )],
    );
    let own = made(&server, "/trunks", json!({}));
    assert_eq!(server.send("GET", &format!("/trunks/{}", own["id"]), None, &headers).status, 404);
}

#[test]
fn a_context_stays_while_a_trunk_uses_it() {
    let server = Server::start();
    let context = made(&server, "/contexts", json!({"label": "In", "type": "incall"}));
    let trunk = made(&server, "/trunks", json!({"context": context["name"]}));
    server.delete(&format!("/contexts/{}", context["id"])).refused(
        400,
        &[&format!(
            "Resource Error - Context is associated with a Trunk ('context_id': {}, 'trunk_id': {})",
            context["id"], trunk["id"]
        )],
    );
}

#[test]
fn a_trunk_shows_its_sip_endpoint_and_the_endpoint_its_trunk() {
    let server = Server::start();
    let trunk = made(&server, "/trunks", json!({}));
    let body = json!({"name": "fr", "label": "France",
        "auth_section_options": [["username", "u"], ["password", "p"]],
        "registration_section_options": [["client_uri", "sip:u@fr"], ["server_uri", "sip:fr"]]});
    let sip = made(&server, "/endpoints/sip", body);
    let uuid = sip["uuid"].as_str().unwrap();
    let path = format!("/trunks/{}/endpoints/sip/{uuid}", trunk["id"]);
    for method in ["DELETE", "PUT", "POST", "PUT"] {
        server.send(method, &path, None, &[("X-Auth-Token", TOKEN)]).expect(204);
    }
    let shown = server.get(&format!("/trunks/{}", trunk["id"])).expect(200);
    let endpoint = &shown["endpoint_sip"];
    let keys: Vec<_> = endpoint.as_object().unwrap().keys().map(String::as_str).collect();
    let order = ["uuid", "label", "name", "auth_section_options", "registration_section_options", "links"];
    assert_eq!(keys, order);
    assert_eq!(endpoint["auth_section_options"], json!([["username", "u"]]));
    assert_eq!(endpoint["registration_section_options"], json!([["client_uri", "sip:u@fr"]]));
    assert_eq!(server.get(&format!("/endpoints/sip/{uuid}")).expect(200)["trunk"]["id"], trunk["id"]);
    assert_eq!(server.get("/trunks?name=fr&label=France").expect(200)["total"], 1);
    server.delete(&path).expect(204);
    assert_eq!(server.get(&format!("/endpoints/sip/{uuid}")).expect(200)["trunk"], Value::Null);
    server.associate(&path).expect(204);
    server.delete(&format!("/trunks/{}", trunk["id"])).expect(204);
    assert_eq!(server.get(&format!("/endpoints/sip/{uuid}")).status, 404);
}

#[test]
fn a_trunk_has_one_endpoint_and_an_endpoint_one_trunk() {
    let server = Server::start();
    let (trunk, other) = (made(&server, "/trunks", json!({})), made(&server, "/trunks", json!({})));
    let (trunk, other) = (&trunk["id"], &other["id"]);
    let uuid = || made(&server, "/endpoints/sip", json!({}))["uuid"].as_str().unwrap().to_owned();
    let (own, free) = (uuid(), uuid());
    server.associate(&format!("/trunks/{trunk}/endpoints/sip/{own}")).expect(204);
    let refused = format!(
        "Resource Error - Trunk is associated with a Endpoint ('trunk_id': {trunk}, 'endpoint': 'sip', \
         'endpoint_id': UUID('{own}'))"
    );
    server.associate(&format!("/trunks/{trunk}/endpoints/sip/{free}")).refused(400, &[&refused]);
    server.associate(&format!("/trunks/{other}/endpoints/sip/{own}")).refused(400, &[&refused]);
    let line = made(&server, "/lines", json!({"context": "default", "endpoint_sip": {}}));
    let phone = line["endpoint_sip"]["uuid"].as_str().unwrap();
    server.associate(&format!("/trunks/{other}/endpoints/sip/{phone}")).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Endpoint ('trunk_id': {}, 'endpoint': 'sip', \
             'endpoint_id': UUID('{phone}'))",
            line["id"]
        )],
    );
    let bare = made(&server, "/lines", json!({"context": "default"}));
    server.associate(&format!("/lines/{}/endpoints/sip/{own}", bare["id"])).refused(
        400,
        &[&format!(
            "Resource Error - Trunk is associated with a Endpoint ('trunk_id': {trunk}, 'endpoint': 'sip', \
             'endpoint_uuid': UUID('{own}'))"
        )],
    );
}

#[test]
fn custom_and_iax_endpoints_are_given_like_sip_ones() {
    let server = Server::start();
    for (kind, body) in [("custom", json!({"interface": "dahdi/g1"})), ("iax", json!({"name": "fr"}))] {
        let trunk = made(&server, "/trunks", json!({}))["id"].clone();
        let endpoint = made(&server, &format!("/endpoints/{kind}"), body)["id"].clone();
        let path = format!("/trunks/{trunk}/endpoints/{kind}/{endpoint}");
        for method in ["DELETE", "PUT", "POST"] {
            server.send(method, &path, None, &[("X-Auth-Token", TOKEN)]).expect(204);
        }
        let shown = server.get(&format!("/trunks/{trunk}")).expect(200);
        assert_eq!(shown[format!("endpoint_{kind}")]["id"], endpoint);
        let owner = server.get(&format!("/endpoints/{kind}/{endpoint}")).expect(200)["trunk"]["id"].clone();
        assert_eq!(owner, trunk);
        server.delete(&format!("/trunks/{trunk}")).expect(204);
        assert_eq!(server.get(&format!("/endpoints/{kind}")).expect(200)["total"], 0);
    }
}

#[test]
fn an_unknown_trunk_or_endpoint_answers_404() {
    let server = Server::start();
    let trunk = made(&server, "/trunks", json!({}))["id"].clone();
    let uuid = made(&server, "/endpoints/sip", json!({}))["uuid"].as_str().unwrap().to_owned();
    let nil = "00000000-0000-0000-0000-000000000000";
    for method in ["PUT", "POST", "DELETE"] {
        let send = |path: &str| server.send(method, path, None, &[("X-Auth-Token", TOKEN)]);
        send(&format!("/trunks/999/endpoints/sip/{uuid}"))
            .refused(404, &["Resource Not Found - Trunk was not found ('id': 999)"]);
        let text = format!("Resource Not Found - SIPEndpoint was not found ('uuid': UUID('{nil}'))");
        send(&format!("/trunks/{trunk}/endpoints/sip/{nil}")).refused(404, &[&text]);
        send(&format!("/trunks/{trunk}/endpoints/iax/9"))
            .refused(404, &["Resource Not Found - IAXEndpoint was not found ('id': 9)"]);
        send(&format!("/trunks/{trunk}/endpoints/custom/9"))
            .refused(404, &["Resource Not Found - CustomEndpoint was not found ('id': 9)"]);
    }
}
