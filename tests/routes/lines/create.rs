use super::{nothing_stored, other_tenant, total};
use crate::harness::Server;
use serde_json::{Value, json};

const SIP_LIST: &str = "endpoint_section_options";

#[test]
fn a_line_needs_a_context_alone() {
    let server = Server::start();
    let made = server.post("/lines", json!({"context": "default"}));
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    let keys: Vec<_> = made.json.as_object().unwrap().keys().map(String::as_str).collect();
    let order = [
        "id",
        "tenant_uuid",
        "name",
        "protocol",
        "device_id",
        "device_slot",
        "provisioning_extension",
        "context",
        "provisioning_code",
        "position",
        "caller_id_name",
        "caller_id_num",
        "registrar",
        "links",
        "application",
        "endpoint_sip",
        "endpoint_sccp",
        "endpoint_custom",
        "extensions",
        "users",
        "is_webrtc",
    ];
    assert_eq!(keys, order);
    let line = &made.json;
    let code = line["provisioning_code"].as_str().unwrap();
    assert!(code.len() == 6 && code.parse::<u32>().unwrap() >= 100_000);
    assert_eq!(line["provisioning_extension"], code);
    assert_eq!((&line["position"], &line["device_slot"]), (&json!(1), &json!(1)));
    assert_eq!(line["registrar"], "default");
    for key in ["name", "protocol", "device_id", "caller_id_name", "caller_id_num", "endpoint_sip"] {
        assert_eq!(line[key], Value::Null, "{key}");
    }
    assert_eq!((&line["extensions"], &line["users"]), (&json!([]), &json!([])));
    assert_eq!(line["is_webrtc"], false);
    assert_eq!(server.get(&format!("/lines/{}", line["id"])).expect(200), made.json);
}

#[test]
fn a_line_comes_with_its_endpoint_and_its_number_in_one_call() {
    let server = Server::start();
    let body = json!({
        "context": "default", "position": 2, "provisioning_code": "123456", "caller_id_name": "Bob",
        "caller_id_num": "1001",
        "endpoint_sip": {"auth_section_options": [["username", "bob"], ["password", "s3cret"]]},
        "extensions": [{"exten": "1001"}],
    });
    let made = server.post("/lines", body).expect(201);
    assert_eq!((&made["name"], &made["protocol"]), (&json!("bob"), &json!("sip")));
    assert_eq!((&made["caller_id_name"], &made["caller_id_num"]), (&json!("Bob"), &json!("1001")));
    let sip = &made["endpoint_sip"];
    assert_eq!(sip["auth_section_options"], json!([["username", "bob"], ["password", "s3cret"]]));
    assert_eq!(sip[SIP_LIST], json!([["context", "default"], ["callerid", "\"Bob\" <1001>"]]));
    assert_eq!(sip["line"]["id"], made["id"]);
    let extension = &made["extensions"][0];
    assert_eq!((&extension["exten"], &extension["enabled"]), (&json!("1001"), &json!(true)));
    assert_eq!(extension["lines"][0]["name"], "bob");

    let line = server.get(&format!("/lines/{}", made["id"])).expect(200);
    let keys: Vec<_> = line["endpoint_sip"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "label", "name", "auth_section_options", "links"]);
    assert_eq!(line["endpoint_sip"]["auth_section_options"], json!([["username", "bob"]]));
    let keys: Vec<_> = line["extensions"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "exten", "context", "links"]);
}

#[test]
fn the_context_of_a_line_is_that_of_its_endpoint_unless_it_has_one() {
    let server = Server::start();
    let body = json!({"context": "default", "endpoint_sip": {SIP_LIST: [["context", "mine"]]}});
    let made = server.post("/lines", body).expect(201);
    assert_eq!(made["endpoint_sip"][SIP_LIST], json!([["context", "mine"]]));
    let made = server.post("/lines", json!({"context": "default", "endpoint_sip": {}})).expect(201);
    assert_eq!(made["endpoint_sip"][SIP_LIST], json!([["context", "default"]]));
}

#[test]
fn a_number_that_exists_is_shared() {
    let server = Server::start();
    let extension = server.post("/extensions", json!({"exten": "1005", "context": "default"})).expect(201);
    let body = json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": "1005"}]});
    for lines in [1, 2] {
        let made = server.post("/lines", body.clone()).expect(201);
        assert_eq!(made["extensions"][0]["id"], extension["id"]);
        assert_eq!(made["extensions"][0]["lines"].as_array().unwrap().len(), lines);
    }
    assert_eq!(total(&server, "/extensions"), 1);
}

#[test]
fn every_badly_formed_field_is_named() {
    let server = Server::start();
    let body = json!({
        "provisioning_code": "12a", "position": 0, "caller_id_num": "1a", "registrar": "x".repeat(129),
        "endpoint_sip": {"name": "a b"}, "endpoint_sccp": 3, "extensions": [{"exten": 3}, {}],
    });
    server.post("/lines", body).refused(
        400,
        &[
            "Input Error - context: ['Missing data for required field.']",
            "Input Error - provisioning_code: ['Invalid input.', 'Length must be 6.']",
            "Input Error - position: ['Must be greater than or equal to 1.']",
            "Input Error - caller_id_num: ['Invalid input.']",
            "Input Error - registrar: ['Longer than maximum length 128.']",
            "Input Error - endpoint_sip: {'name': ['Not a valid Asterisk section name']}",
            "Input Error - endpoint_sccp: {'_schema': ['Invalid input type.']}",
            "Input Error - extensions: {0: {'exten': ['Not a valid string.']}, \
             1: {'exten': ['Missing data for required field.']}}",
        ],
    );
    nothing_stored(&server);
}

#[test]
fn null_stands_for_the_default_where_there_is_one() {
    let server = Server::start();
    let body = json!({
        "context": "default", "provisioning_code": null, "position": null, "registrar": null, "endpoint_sip": null,
        "endpoint_sccp": null, "endpoint_custom": null, "caller_id_name": null, "caller_id_num": null,
    });
    let made = server.post("/lines", body).expect(201);
    assert_eq!((&made["position"], &made["registrar"]), (&json!(1), &json!("default")));
    server.post("/lines", json!({"context": null, "extensions": null})).refused(
        400,
        &[
            "Input Error - context: ['Field may not be null.']",
            "Input Error - extensions: ['Field may not be null.']",
        ],
    );
}

#[test]
fn what_a_line_names_must_exist_and_its_code_must_be_free() {
    let server = Server::start();
    server.post("/lines", json!({"context": "default", "provisioning_code": "523621"})).expect(201);
    let body = json!({"context": "nope", "provisioning_code": "523621", "registrar": "zz"});
    server.post("/lines", body).refused(
        400,
        &[
            "Resource Error - Line already exists ('provisioning_code': '523621')",
            "Input Error - field 'registrar': Registrar was not found ('registrar': 'zz')",
            "Input Error - field 'context': Context was not found ('context': 'nope')",
        ],
    );
    assert_eq!(total(&server, "/lines"), 1);
}

#[test]
fn a_line_has_one_endpoint_and_one_caller_id() {
    let server = Server::start();
    let body = json!({"context": "default", "endpoint_sip": {}, "endpoint_sccp": {"options": []}});
    server
        .post("/lines", body)
        .refused(400, &["Input Error - _schema: ['Only one endpoint should be configured on a line']"]);
    let body = json!({
        "context": "default", "caller_id_name": "Bob", "endpoint_sccp": {"options": [["cid_name", "A"]]},
    });
    server.post("/lines", body).refused(
        400,
        &["Input Error - _schema: ['Ambiguous caller ID: line.caller_id_name = Bob \
           endpoint_sccp.options[\"cid_name\"] = A']"],
    );
    let sip = json!({SIP_LIST: [["callerid", "\"A\" <1>"]]});
    let body = json!({"context": "default", "caller_id_name": "Bob", "endpoint_sip": sip});
    server.post("/lines", body).refused(
        400,
        &["Input Error - _schema: ['Ambiguous caller ID: line.caller_id_name = Bob \
           endpoint_sip.endpoint_section_options[\"callerid\"] = \"A\" <1>']"],
    );
    nothing_stored(&server);
}

#[test]
fn a_refused_part_leaves_nothing_behind() {
    let server = Server::start();
    let context =
        server.post("/contexts", json!({"label": "Out", "type": "outcall"})).expect(201)["name"].clone();
    let sip = json!({"name": "e"});
    let outside = json!({"context": "default", "endpoint_sip": sip, "extensions": [{"exten": "5000"}]});
    server
        .post("/lines", outside)
        .refused(400, &["Input Error - Extension '5000' is outside of range for context 'default'"]);
    let wrong = json!({"context": "default", "endpoint_sip": sip, "extensions": [{"exten": "1a"}]});
    server.post("/lines", wrong).refused(400, &["exten: ['String does not match expected pattern.']"]);
    let id = server.get(&format!("/contexts?name={}", context.as_str().unwrap())).expect(200);
    let out = json!({"context": "default", "endpoint_sip": sip, "extensions": [{"exten": "12", "context": context}]});
    server.post("/lines", out).refused(
        400,
        &[&format!(
            "Resource Error - ContextType 'outcall' cannot be associated ('id': {}, 'context': '{}')",
            id["items"][0]["id"],
            context.as_str().unwrap()
        )],
    );
    let endpoint = json!({"context": "default", "endpoint_sip": {"name": "transport-udp"}});
    server
        .post("/lines", endpoint)
        .refused(400, &["Resource Error - Transport already exists ('name': 'transport-udp')"]);
    nothing_stored(&server);
}

#[test]
fn a_number_without_an_endpoint_is_refused() {
    let server = Server::start();
    let reply = server.post("/lines", json!({"context": "default", "extensions": [{"exten": "1001"}]}));
    assert_eq!(reply.status, 400);
    let text = reply.json[0].as_str().unwrap();
    assert!(
        text.starts_with("Resource Error - Line must be associated with a Endpoint ('line_id': "),
        "{text}"
    );
    nothing_stored(&server);
}

#[test]
fn a_line_with_its_parts_belongs_to_the_tenant_of_its_context() {
    let server = Server::start();
    let (tenant, context) = other_tenant(&server);
    let body = json!({"context": context, "endpoint_sip": {}, "extensions": [{"exten": "1001"}]});
    let made = server.post("/lines", body).expect(201);
    for part in [&made, &made["endpoint_sip"], &made["extensions"][0]] {
        assert_eq!(part["tenant_uuid"], tenant.uuid);
    }
    assert_eq!(total(&server, "/lines"), 0);
    assert_eq!(total(&server, "/lines?recurse=true"), 1);
}
