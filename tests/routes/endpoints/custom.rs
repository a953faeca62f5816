use crate::harness::Server;
use serde_json::{Value, json};

fn endpoint(server: &Server, interface: &str) -> i64 {
    let made = server.post("/endpoints/custom", json!({"interface": interface})).expect(201);
    made["id"].as_i64().unwrap()
}

#[test]
fn a_custom_endpoint_is_made_shown_changed_and_deleted() {
    let server = Server::start();
    let made = server.post("/endpoints/custom", json!({"interface": "Local/1001@default"}));
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    let made = made.expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["id", "tenant_uuid", "interface", "interface_suffix", "enabled", "links", "trunk", "line"]
    );
    assert_eq!((&made["enabled"], &made["interface_suffix"]), (&json!(true), &Value::Null));
    assert_eq!((&made["trunk"], &made["line"]), (&Value::Null, &Value::Null));
    let path = format!("/endpoints/custom/{}", made["id"]);
    let change = json!({"interface": "dahdi/g1", "interface_suffix": "/r", "enabled": false});
    server.put(&path, change).expect(204);
    server.put(&path, json!({})).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!(shown["interface"], "dahdi/g1");
    assert_eq!((&shown["interface_suffix"], &shown["enabled"]), (&json!("/r"), &json!(false)));
    assert_eq!(server.get("/endpoints/custom?search=dahdi").expect(200)["items"], json!([shown]));
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - CustomEndpoint was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn what_a_custom_endpoint_may_not_hold_is_named() {
    let server = Server::start();
    let post = |body: Value| server.post("/endpoints/custom", body);
    post(json!({})).refused(400, &["Input Error - interface: ['Missing data for required field.']"]);
    for interface in ["", "a b", "a,b", "a&b", "${X}", &"a".repeat(129)] {
        post(json!({"interface": interface}))
            .refused(400, &["Input Error - interface: ['String does not match expected pattern.']"]);
    }
    post(json!({"interface": "a", "interface_suffix": "x".repeat(33), "enabled": 1})).refused(
        400,
        &[
            "Input Error - interface_suffix: ['Longer than maximum length 32.']",
            "Input Error - enabled: ['Not a valid boolean.']",
        ],
    );
    post(json!({"interface": "a", "interface_suffix": ",,U(x)"}))
        .refused(400, &["Input Error - interface_suffix: ['String does not match expected pattern.']"]);
    assert_eq!(server.get("/endpoints/custom").expect(200)["total"], 0);
}

#[test]
fn an_interface_is_there_once() {
    let server = Server::start();
    let (first, second) = (endpoint(&server, "a/b"), endpoint(&server, "a/c"));
    let text = "Resource Error - CustomEndpoint already exists ('interface': 'a/b')";
    server.post("/endpoints/custom", json!({"interface": "a/b"})).refused(400, &[text]);
    server.put(&format!("/endpoints/custom/{second}"), json!({"interface": "a/b"})).refused(400, &[text]);
    server.put(&format!("/endpoints/custom/{first}"), json!({"interface": "a/b"})).expect(204);
}

#[test]
fn an_endpoint_of_another_tenant_is_not_seen() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let id = endpoint(&server, "a/b");
    let path = format!("/endpoints/custom/{id}");
    let headers = [("X-Auth-Token", tenant.token.as_str())];
    assert_eq!(server.send("GET", &path, None, &headers).status, 404);
    assert_eq!(server.send("GET", "/endpoints/custom", None, &headers).expect(200)["total"], 0);
}

#[test]
fn a_line_is_made_with_its_custom_endpoint() {
    let server = Server::start();
    let body = json!({"context": "default", "endpoint_custom": {"interface": "Local/1@x"},
        "caller_id_num": "12", "extensions": [{"exten": "1001"}]});
    let made = server.post("/lines", body).expect(201);
    assert_eq!((&made["name"], &made["protocol"]), (&json!("Local/1@x"), &json!("custom")));
    assert_eq!(made["endpoint_custom"]["enabled"], true);
    assert_eq!(made["endpoint_custom"]["line"]["id"], made["id"]);
    assert_eq!((&made["endpoint_sip"], &made["caller_id_num"]), (&Value::Null, &Value::Null));
    assert_eq!(made["extensions"][0]["lines"][0]["name"], "Local/1@x");
    let line = format!("/lines/{}", made["id"]);
    let shown = server.get(&line).expect(200);
    let keys: Vec<_> = shown["endpoint_custom"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "interface", "links"]);
    assert_eq!(server.get("/lines?protocol=custom&name=Local/1@x").expect(200)["total"], 1);
    server.delete(&line).expect(204);
    assert_eq!(server.get("/endpoints/custom").expect(200)["total"], 0);
}

#[test]
fn a_custom_line_has_no_caller_id() {
    let server = Server::start();
    let body = json!({"context": "default", "endpoint_custom": {"interface": "a"}, "caller_id_name": "Bob"});
    server.post("/lines", body).refused(400, &["Cannot set caller id on endpoint of type 'custom'"]);
    let body = json!({"context": "default", "endpoint_custom": {"interface": "a"}});
    let line = format!("/lines/{}", server.post("/lines", body).expect(201)["id"]);
    server
        .put(&line, json!({"caller_id_name": "Bob"}))
        .refused(400, &["Cannot set caller id on endpoint of type 'custom'"]);
    server
        .put(&line, json!({"caller_id_num": "12"}))
        .refused(400, &["Cannot set caller id num on endpoint of type 'custom'"]);
    server.put(&line, json!({"caller_id_name": null})).refused(400, &["Cannot set caller id to None"]);
}

#[test]
fn a_line_and_a_custom_endpoint_are_joined_and_parted() {
    let server = Server::start();
    let line = server.post("/lines", json!({"context": "default"})).expect(201)["id"].clone();
    let (own, other) = (endpoint(&server, "a"), endpoint(&server, "b"));
    let path = format!("/lines/{line}/endpoints/custom/{own}");
    server.delete(&path).expect(204);
    server.associate(&path).expect(204);
    server.associate(&path).expect(204);
    assert_eq!(server.get(&format!("/endpoints/custom/{own}")).expect(200)["line"]["id"], line);
    server.associate(&format!("/lines/{line}/endpoints/custom/{other}")).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Endpoint ('line_id': {line}, 'endpoint': 'custom', \
             'endpoint_id': {own})"
        )],
    );
    let second = server.post("/lines", json!({"context": "default"})).expect(201)["id"].clone();
    server.associate(&format!("/lines/{second}/endpoints/custom/{own}")).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Endpoint ('line_id': {line}, 'endpoint': 'custom', \
             'endpoint_id': {own})"
        )],
    );
    server.delete(&path).expect(204);
    server
        .associate(&format!("/lines/{line}/endpoints/custom/999"))
        .refused(404, &["Resource Not Found - CustomEndpoint was not found ('id': 999)"]);
    let trunk = server.post("/trunks", json!({})).expect(201)["id"].clone();
    server.associate(&format!("/trunks/{trunk}/endpoints/custom/{own}")).expect(204);
    server.associate(&path).refused(
        400,
        &[&format!(
            "Resource Error - Trunk is associated with a Endpoint ('trunk_id': {trunk}, 'endpoint': 'custom', \
             'endpoint_id': {own})"
        )],
    );
}

#[test]
fn a_user_has_a_custom_line_and_keeps_it_through_a_recursive_change() {
    let server = Server::start();
    let body = json!({"firstname": "Doors", "lines": [{"context": "default",
        "endpoint_custom": {"interface": "Local/1@x"}, "extensions": [{"exten": "1001"}]}]});
    let user = server.post("/users", body).expect(201);
    let path = format!("/users/{}", user["id"]);
    let line = &user["lines"][0];
    assert_eq!(line["endpoint_custom"]["interface"], "Local/1@x");
    let change = |line: Value| {
        let body = json!({"firstname": "Doors", "lines": [line]});
        server.put(&format!("{path}?recursive=true"), body)
    };
    change(json!({"id": line["id"], "context": "default", "endpoint_custom": {"interface": "Local/2@x"}}))
        .expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!(shown["lines"][0]["endpoint_custom"]["interface"], "Local/2@x");
    assert_eq!(shown["lines"][0]["id"], line["id"]);
    change(json!({"id": line["id"], "context": "default", "endpoint_sip": {"name": "x"}})).refused(
        400,
        &["There is already an endpoint associated to the line that is not of type SIP. Cannot update the line \
           with another endpoint type (at lines[0])"],
    );
    let summary = server.get("/users?view=summary").expect(200);
    assert_eq!(summary["items"][0]["protocol"], "custom");
}

#[test]
fn an_interface_calls_nobody_of_another_tenant() {
    let server = Server::start();
    let other = server.add_tenant("other", None);
    server.post("/endpoints/sip", json!({"name": "provider"})).expect(201);
    let sent = |method: &str, path: &str, interface: &str| {
        server.send_in(&other, method, path, Some(json!({"interface": interface})))
    };
    let context =
        |name: &str| format!("Input Error - field 'context': Context was not found ('context': '{name}')");
    let endpoint = "Input Error - field 'interface': SIPEndpoint was not found ('name': 'provider')";
    for (interface, text) in [
        ("Local/0900@to-extern", context("to-extern")),
        ("local/0900@to-extern/n", context("to-extern")),
        ("Local/s@cordboard-out", context("cordboard-out")),
        ("PJSIP/provider", endpoint.to_owned()),
        ("pjsip/0900@provider", endpoint.to_owned()),
        ("PJSIP/provider/sip:0900@example.org", endpoint.to_owned()),
    ] {
        sent("POST", "/endpoints/custom", interface).refused(400, &[&text]);
    }
    let made = sent("POST", "/endpoints/custom", "Local/1@not-yet-there/n").expect(201);
    let path = format!("/endpoints/custom/{}", made["id"]);
    sent("PUT", &path, "Local/0900@to-extern").refused(400, &[&context("to-extern")]);
    sent("PUT", &path, "PJSIP/nobody").expect(204);
    server.post("/endpoints/custom", json!({"interface": "PJSIP/0900@provider"})).expect(201);
}
