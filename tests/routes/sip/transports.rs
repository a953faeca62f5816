use crate::harness::Server;
use serde_json::{Value, json};

const UNKNOWN: &str = "99999999-9999-4999-8999-999999999999";

fn named(server: &Server, name: &str) -> String {
    let list = server.get(&format!("/sip/transports?name={name}")).expect(200);
    list["items"][0]["uuid"].as_str().unwrap().to_owned()
}

#[test]
fn a_first_start_has_transports_for_udp_tcp_tls_and_websockets() {
    let server = Server::start();
    let list = server.get("/sip/transports").expect(200);
    let names: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| &item["name"]).collect();
    assert_eq!(names, ["transport-tcp", "transport-tls", "transport-udp", "transport-wss"]);
    let udp = &list["items"][2];
    assert_eq!(udp["options"], json!([["protocol", "udp"], ["bind", "0.0.0.0:5060"]]));
    let keys: Vec<_> = udp.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "name", "options"]);
    assert_eq!(server.get("/sip/transports?search=UDP").expect(200)["total"], 1);
}

#[test]
fn a_transport_is_made_changed_and_deleted() {
    let server = Server::start();
    let made = server.post("/sip/transports", json!({"name": "tr", "options": [["bind", "0.0.0.0:5080"]]}));
    assert_eq!(made.status, 201, "{}", made.text);
    let uuid = made.json["uuid"].as_str().unwrap();
    assert!(made.header("Location").ends_with(&format!("/1.1/sip/transports/{uuid}")));
    let path = format!("/sip/transports/{uuid}");
    server.put(&path, json!({"name": "tr2"})).expect(204);
    let changed = server.get(&path).expect(200);
    assert_eq!(changed["name"], "tr2");
    assert_eq!(changed["options"], json!([["bind", "0.0.0.0:5080"]]));
    server.put(&path, json!({"options": []})).expect(204);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Transport was not found ('uuid': UUID('{uuid}'))");
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn a_wrong_transport_is_refused_and_nothing_is_stored() {
    let server = Server::start();
    let post = |body: Value| server.post("/sip/transports", body);
    post(json!({})).refused(400, &["Input Error - name: ['Missing data for required field.']"]);
    post(json!({"name": "a b", "options": [["bind", "a b"], ["bind"]]})).refused(
        400,
        &[
            "Input Error - name: ['Not a valid Asterisk section name']",
            "Input Error - options: {0: {1: ['String does not match expected pattern.']}, \
             1: ['Length must be between 2 and 2.']}",
        ],
    );
    let many: Vec<_> = (0..129).map(|_| json!(["local_net", "10.0.0.0/8"])).collect();
    post(json!({"name": "tr", "options": many}))
        .refused(400, &["Input Error - options: ['Longer than maximum length 128.']"]);
    post(json!({"name": "tr", "options": [["zz", "1"]]})).refused(
        400,
        &["Input Error - 'options: invalid variable (zz)' must be one of (async_operations, bind, ca_list_file, \
           ca_list_path, cert_file, cipher, domain, external_media_address, external_signaling_address, \
           external_signaling_port, method, local_net, password, priv_key_file, protocol, require_client_cert, \
           verify_client, verify_server, tos, cos, websocket_write_timeout, allow_reload, symmetric_transport)"],
    );
    assert_eq!(server.get("/sip/transports").expect(200)["total"], 4);
}

#[test]
fn a_transport_has_a_name_of_its_own() {
    let server = Server::start();
    server.post("/endpoints/sip", json!({"name": "dup"})).expect(201);
    for name in ["transport-udp", "dup"] {
        let text = format!("Resource Error - name already exists ('name': '{name}')");
        server.post("/sip/transports", json!({"name": name})).refused(400, &[&text]);
    }
    let path = format!("/sip/transports/{}", named(&server, "transport-udp"));
    server
        .put(&path, json!({"name": "dup"}))
        .refused(400, &["Resource Error - SIPEndpoint already exists ('name': 'dup')"]);
    server
        .put(&path, json!({"name": "transport-tcp"}))
        .refused(400, &["Resource Error - Transport already exists ('name': 'transport-tcp')"]);
    server.put(&path, json!({"name": "transport-udp"})).expect(204);
}

#[test]
fn a_transport_in_use_goes_only_when_another_takes_over() {
    let server = Server::start();
    let (old, new) = (named(&server, "transport-tcp"), named(&server, "transport-udp"));
    let body = json!({"name": "e", "transport": {"uuid": old}});
    let endpoint = server.post("/endpoints/sip", body).expect(201);
    assert_eq!(endpoint["transport"], json!({"uuid": old}));
    let uuid = endpoint["uuid"].as_str().unwrap();
    let path = format!("/sip/transports/{old}");
    let used = format!(
        "Resource Error - Transport is associated with a EndpointSIP ('transport_uuid': UUID('{old}'), \
         'endpoint_sip_uuid': UUID('{uuid}'))"
    );
    server.delete(&path).refused(400, &[&used]);
    server
        .delete(&format!("{path}?fallback=zz"))
        .refused(400, &["Input Error - fallback: ['Not a valid UUID.']"]);
    let unknown = format!("Resource Not Found - Transport was not found ('uuid': UUID('{UNKNOWN}'))");
    server.delete(&format!("{path}?fallback={UNKNOWN}")).refused(404, &[&unknown]);
    server.delete(&format!("{path}?fallback={old}")).refused(400, &[&used]);
    server.delete(&format!("{path}?fallback={new}")).expect(204);
    let moved = server.get(&format!("/endpoints/sip/{uuid}")).expect(200);
    assert_eq!(moved["transport"], json!({"uuid": new}));
}

#[test]
fn only_the_master_tenant_changes_transports() {
    let server = Server::start();
    let tenant = server.add_tenant("branch", None);
    let udp = format!("/sip/transports/{}", named(&server, "transport-udp"));
    let as_tenant = |method: &str, path: &str| {
        server.send(method, path, Some(json!({"name": "tr"}).to_string()), &[("X-Auth-Token", &tenant.token)])
    };
    for (method, path) in [("POST", "/sip/transports"), ("PUT", udp.as_str()), ("DELETE", udp.as_str())] {
        as_tenant(method, path).refused(401, &[&tenant.token]);
    }
    as_tenant("GET", &udp).expect(200);
    as_tenant("GET", "/sip/transports").expect(200);
}
