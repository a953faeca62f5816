use crate::harness::Server;
use serde_json::{Value, json};

const UNKNOWN: &str = "99999999-9999-4999-8999-999999999999";

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn template(server: &Server, label: &str) -> String {
    let list = server.get(&format!("/endpoints/sip/templates?label={label}")).expect(200);
    text(&list["items"][0]["uuid"]).to_owned()
}

#[test]
fn an_endpoint_without_a_body_has_empty_lists_and_a_random_name() {
    let server = Server::start();
    let made = server.post("/endpoints/sip", json!({}));
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    assert_eq!(made.json["links"][0]["rel"], "endpoint_sip");
    let keys: Vec<_> = made.json.as_object().unwrap().keys().map(String::as_str).collect();
    let order = [
        "uuid",
        "tenant_uuid",
        "name",
        "label",
        "aor_section_options",
        "auth_section_options",
        "endpoint_section_options",
        "identify_section_options",
        "registration_section_options",
        "registration_outbound_auth_section_options",
        "outbound_auth_section_options",
        "templates",
        "transport",
        "asterisk_id",
        "links",
        "trunk",
        "line",
    ];
    assert_eq!(keys, order);
    assert_eq!(text(&made.json["name"]).len(), 8);
    assert_eq!(made.json["aor_section_options"], json!([]));
    assert_eq!(made.json["transport"], Value::Null);
    let uuid = text(&made.json["uuid"]);
    assert_eq!(server.get(&format!("/endpoints/sip/{uuid}")).expect(200), made.json);
}

#[test]
fn a_username_that_can_be_a_name_is_the_name() {
    let server = Server::start();
    let auth = json!({"auth_section_options": [["username", "anna"], ["password", "s3cret"]]});
    assert_eq!(server.post("/endpoints/sip", auth.clone()).expect(201)["name"], "anna");
    let second = server.post("/endpoints/sip", auth).expect(201);
    assert_eq!(text(&second["name"]).len(), 8, "the name is taken");
    let odd = json!({"auth_section_options": [["username", "a b"]]});
    assert_eq!(text(&server.post("/endpoints/sip", odd).expect(201)["name"]).len(), 8);
}

#[test]
fn only_the_first_mistake_of_a_name_is_told() {
    let server = Server::start();
    let long = "x".repeat(80);
    for (name, message) in [
        (json!(""), "Shorter than minimum length 1"),
        (json!(long), "Longer than maximum length 79"),
        (json!("global"), "Reserved Asterisk section name"),
        (json!("system"), "Reserved Asterisk section name"),
        (json!("a b"), "Not a valid Asterisk section name"),
        (json!(null), "Field may not be null."),
        (json!(7), "Not a valid string."),
    ] {
        let text = format!("Input Error - name: ['{message}']");
        server.post("/endpoints/sip", json!({"name": name})).refused(400, &[&text]);
    }
    assert_eq!(server.get("/endpoints/sip").expect(200)["total"], 0);
}

#[test]
fn every_badly_formed_field_is_named() {
    let server = Server::start();
    let many: Vec<_> = (0..513).map(|_| json!(["contact", "x"])).collect();
    let body = json!({
        "label": "x".repeat(129),
        "aor_section_options": [["contact"]],
        "auth_section_options": [["username", ""]],
        "endpoint_section_options": null,
        "identify_section_options": many,
        "registration_section_options": "x",
        "outbound_auth_section_options": [["username", 3]],
        "templates": [{}],
        "transport": {"uuid": "x"},
        "asterisk_id": "x".repeat(1025),
    });
    server.post("/endpoints/sip", body).refused(
        400,
        &[
            "Input Error - label: ['Longer than maximum length 128.']",
            "Input Error - aor_section_options: {0: ['Length must be between 2 and 2.']}",
            "Input Error - auth_section_options: {0: {1: ['Length must be between 1 and 4092.']}}",
            "Input Error - endpoint_section_options: ['Field may not be null.']",
            "Input Error - identify_section_options: ['Longer than maximum length 512.']",
            "Input Error - registration_section_options: ['Not a valid list.']",
            "Input Error - outbound_auth_section_options: {0: {1: ['Not a valid string.']}}",
            "Input Error - templates: {0: {'uuid': ['Missing data for required field.']}}",
            "Input Error - transport: {'uuid': ['Not a valid UUID.']}",
            "Input Error - asterisk_id: ['Longer than maximum length 1024.']",
        ],
    );
    let blank = json!({"auth_section_options": [["password", "secret "]]});
    server.post("/endpoints/sip", blank).refused(
        400,
        &["Input Error - auth_section_options: {0: {1: ['Blanks at the ends are not allowed.']}}"],
    );
    let line_break = json!({"auth_section_options": [["password", "a\nb"]]});
    server.post("/endpoints/sip", line_break).refused(
        400,
        &["Input Error - auth_section_options: {0: {1: ['Control characters are not allowed.']}}"],
    );
}

#[test]
fn an_unknown_option_is_refused_with_the_known_ones_in_the_order_of_the_lists() {
    let server = Server::start();
    let body = json!({
        "outbound_auth_section_options": [["zz", "x"]],
        "aor_section_options": [["auth_type", "x"], ["zz", "x"]],
        "identify_section_options": [["@own", "x"]],
    });
    server.post("/endpoints/sip", body).refused(
        400,
        &[
            "Input Error - 'aor_section_options: invalid variable (auth_type)' must be one of (contact, \
             default_expiration, mailboxes, voicemail_extension, maximum_expiration, max_contacts, \
             minimum_expiration, remove_existing, qualify_frequency, qualify_timeout, authenticate_qualify, \
             outbound_proxy, support_path)",
            "Input Error - 'identify_section_options: invalid variable (@own)' must be one of (match, endpoint, \
             srv_lookups, match_header)",
            "Input Error - 'outbound_auth_section_options: invalid variable (zz)' must be one of (auth_type, \
             nonce_lifetime, md5_cred, password, realm, username)",
        ],
    );
    let own = json!({"aor_section_options": [["@own", "x"]], "endpoint_section_options": [["@own", "x"]]});
    server.post("/endpoints/sip", own).expect(201);
}

#[test]
fn an_unknown_template_or_transport_is_refused() {
    let server = Server::start();
    let endpoint = server.post("/endpoints/sip", json!({"name": "e"})).expect(201);
    for uuid in [UNKNOWN, text(&endpoint["uuid"])] {
        server.post("/endpoints/sip", json!({"templates": [{"uuid": uuid}]})).refused(
            400,
            &[&format!(
                "Input Error - field 'templates': endpoint_sip was not found ('templates': \
                 OrderedDict([('uuid', UUID('{uuid}'))]))"
            )],
        );
    }
    server.post("/endpoints/sip", json!({"transport": {"uuid": UNKNOWN}})).refused(
        400,
        &[&format!(
            "Input Error - field 'transport': SIPTransport was not found ('uuid': UUID('{UNKNOWN}'))"
        )],
    );
    assert_eq!(server.get("/endpoints/sip").expect(200)["total"], 1);
}

#[test]
fn a_name_is_one_section_among_endpoints_templates_and_transports() {
    let server = Server::start();
    server.post("/endpoints/sip", json!({"name": "dup"})).expect(201);
    server.post("/endpoints/sip/templates", json!({"name": "tpl1"})).expect(201);
    for path in ["/endpoints/sip", "/endpoints/sip/templates"] {
        for (name, resource) in
            [("dup", "SIPEndpoint"), ("tpl1", "SIPEndpointTemplate"), ("transport-udp", "Transport")]
        {
            let text = format!("Resource Error - {resource} already exists ('name': '{name}')");
            server.post(path, json!({"name": name})).refused(400, &[&text]);
        }
    }
    let other = server.post("/endpoints/sip", json!({"name": "other"})).expect(201);
    let path = format!("/endpoints/sip/{}", text(&other["uuid"]));
    server
        .put(&path, json!({"name": "dup"}))
        .refused(400, &["Resource Error - SIPEndpoint already exists ('name': 'dup')"]);
    server.put(&path, json!({"name": "other"})).expect(204);
}

#[test]
fn a_given_list_replaces_the_stored_one_and_the_rest_stays() {
    let server = Server::start();
    let global = template(&server, "global");
    let body = json!({
        "name": "e", "label": "desk",
        "auth_section_options": [["username", "u"], ["password", "p"]],
        "endpoint_section_options": [["set_var", "A=1"], ["set_var", "B=2"]],
        "templates": [{"uuid": global}],
    });
    let made = server.post("/endpoints/sip", body).expect(201);
    assert_eq!(made["endpoint_section_options"], json!([["set_var", "A=1"], ["set_var", "B=2"]]));
    assert_eq!(made["templates"], json!([{"uuid": global, "label": "global"}]));
    let path = format!("/endpoints/sip/{}", text(&made["uuid"]));
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), made);
    server.put(&path, json!({"auth_section_options": [], "label": null, "templates": []})).expect(204);
    let changed = server.get(&path).expect(200);
    assert_eq!(changed["auth_section_options"], json!([]));
    assert_eq!(changed["label"], Value::Null);
    assert_eq!(changed["templates"], json!([]));
    assert_eq!(changed["endpoint_section_options"], made["endpoint_section_options"]);
    server.put(&path, json!({"name": null, "templates": null})).refused(
        400,
        &[
            "Input Error - name: ['Field may not be null.']",
            "Input Error - templates: ['Field may not be null.']",
        ],
    );
    server.delete(&path).expect(204);
    let uuid = text(&made["uuid"]);
    server
        .get(&path)
        .refused(404, &[&format!("Resource Not Found - SIPEndpoint was not found ('uuid': UUID('{uuid}'))")]);
}

#[test]
fn a_merged_view_has_one_entry_a_key_and_its_lists_at_the_end() {
    let server = Server::start();
    let webrtc = template(&server, "webrtc");
    let body = json!({"name": "e", "templates": [{"uuid": webrtc}], "endpoint_section_options": [["language", "fr_FR"]]});
    let made = server.post("/endpoints/sip", body).expect(201);
    let path = format!("/endpoints/sip/{}", text(&made["uuid"]));
    let merged = server.get(&format!("{path}?view=merged")).expect(200);
    let keys: Vec<_> = merged.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys[4..10], ["templates", "transport", "asterisk_id", "links", "trunk", "line"]);
    assert_eq!(keys[10], "aor_section_options");
    let options = merged["endpoint_section_options"].as_array().unwrap();
    assert_eq!(options[6], json!(["language", "fr_FR"]), "the place of the first, the value of the last");
    assert_eq!(options.iter().filter(|pair| pair[0] == "set_var").count(), 1);
    assert_eq!(merged["aor_section_options"][5], json!(["max_contacts", "10"]));
    assert_eq!(merged["auth_section_options"], json!([]));
    server.get(&format!("{path}?view=x")).refused(400, &["Input Error - view: ['Must be one of: merged.']"]);
    server.get("/endpoints/sip?view=x").expect(200);
}

#[test]
fn endpoints_are_found_by_their_columns() {
    let server = Server::start();
    let first = server.post("/endpoints/sip", json!({"name": "bb", "label": "Zoé"})).expect(201);
    server.post("/endpoints/sip", json!({"name": "aa"})).expect(201);
    server.post("/endpoints/sip", json!({"name": "cc", "label": "Anna"})).expect(201);
    let names = |query: &str| -> Vec<String> {
        let list = server.get(&format!("/endpoints/sip?{query}")).expect(200);
        list["items"].as_array().unwrap().iter().map(|item| text(&item["name"]).to_owned()).collect()
    };
    assert_eq!(names(""), ["cc", "bb", "aa"]);
    assert_eq!(names("order=name&direction=desc"), ["cc", "bb", "aa"]);
    assert_eq!(names("search=zoe"), ["bb"]);
    assert_eq!(names("label=Anna"), ["cc"]);
    assert_eq!(names(&format!("uuid={},{UNKNOWN}", text(&first["uuid"]))), ["bb"]);
    assert_eq!(names("template=true"), Vec::<String>::new());
    server.get("/endpoints/sip?order=zz").refused(400, &["Input Error - order: column 'zz' was not found"]);
}

#[test]
fn a_value_that_asterisk_would_drop_the_phone_for_is_refused() {
    let server = Server::start();
    let body = json!({
        "aor_section_options": [["max_contacts", "2"], ["qualify_frequency", "often"], ["contact", "me"]],
        "endpoint_section_options": [["timers_min_se", "10"], ["allow", "ulaw,zz"], ["dtmf_mode", "rfc2833"]],
    });
    server.post("/endpoints/sip", body).refused(
        400,
        &[
            "Input Error - aor_section_options: {1: {1: ['Not a valid integer.']}, 2: {1: ['Not a valid SIP URI.']}}",
            "Input Error - endpoint_section_options: {0: {1: ['Must be greater than or equal to 90 and less than or \
             equal to 4294967295.']}, 1: {1: ['Unknown codec: zz.']}, 2: {1: ['Must be one of: rfc4733, inband, info, \
             auto, auto_info, none.']}}",
        ],
    );
    assert_eq!(server.get("/endpoints/sip").expect(200)["total"], 0);
}

#[test]
fn who_may_use_a_phone_is_said_in_addresses_and_once() {
    let server = Server::start();
    let post = |options: Value| server.post("/endpoints/sip", json!({"endpoint_section_options": options}));
    for option in ["deny", "permit", "contact_deny", "contact_permit"] {
        for wrong in ["office", "10.0.0.0/33", "10.0.0.1,,10.0.0.2", "10.0.0.0/8 10.1.0.0/16", "10.0.0.1-9"] {
            let text =
                "Input Error - endpoint_section_options: {0: {1: ['Not a valid address or network.']}}";
            post(json!([[option, wrong]])).refused(400, &[text]);
        }
        post(json!([[option, "192.0.2.0/24,2001:db8::/32,198.51.100.7/255.255.255.255"]])).expect(201);
    }
    let text = "Input Error - endpoint_section_options: {0: {0: ['Must be given once, with commas between addresses.']}}";
    post(json!([["deny", "10.0.0.1"], ["permit", "10.0.0.2"], ["deny", "10.0.0.3"]])).refused(400, &[text]);
}

#[test]
fn a_tenant_sees_its_own_endpoints_and_templates() {
    let server = Server::start();
    let tenant = server.add_tenant("branch", None);
    let as_tenant = |method: &str, path: &str, body: Value| {
        server.send(method, path, Some(body.to_string()), &[("X-Auth-Token", &tenant.token)])
    };
    let own = as_tenant("GET", "/endpoints/sip/templates", json!({})).expect(200);
    assert_eq!(own["total"], 5, "the default templates of a tenant come with it");
    assert_eq!(own["items"][0]["tenant_uuid"], tenant.uuid);
    let foreign = template(&server, "global");
    let refusal = format!(
        "Input Error - field 'templates': endpoint_sip was not found ('templates': OrderedDict([('uuid', \
         UUID('{foreign}'))]))"
    );
    as_tenant("POST", "/endpoints/sip", json!({"templates": [{"uuid": foreign}]})).refused(400, &[&refusal]);
    let made = server.post("/endpoints/sip", json!({"name": "e"})).expect(201);
    let uuid = text(&made["uuid"]).to_owned();
    let refusal = format!("Resource Not Found - SIPEndpoint was not found ('uuid': UUID('{uuid}'))");
    for method in ["GET", "PUT", "DELETE"] {
        as_tenant(method, &format!("/endpoints/sip/{uuid}"), json!({})).refused(404, &[&refusal]);
    }
    as_tenant("POST", "/endpoints/sip", json!({"name": "e"}))
        .refused(400, &["Resource Error - SIPEndpoint already exists ('name': 'e')"]);
    as_tenant("POST", "/endpoints/sip", json!({"name": "f"})).expect(201);
    assert_eq!(server.get("/endpoints/sip").expect(200)["total"], 1);
    assert_eq!(server.get("/endpoints/sip?recurse=true").expect(200)["total"], 2);
}
