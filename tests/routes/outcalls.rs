use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn made(server: &Server, path: &str, body: Value) -> Value {
    server.post(path, body).expect(201)
}

fn extension(server: &Server, exten: &str) -> Value {
    made(server, "/extensions", json!({"exten": exten, "context": "to-extern"}))
}

#[test]
fn an_outcall_needs_a_name() {
    let server = Server::start();
    let reply = server.post("/outcalls", json!({"name": "World"}));
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let outcall = reply.expect(201);
    let keys: Vec<_> = outcall.as_object().unwrap().keys().map(String::as_str).collect();
    let order = [
        "id",
        "tenant_uuid",
        "name",
        "internal_caller_id",
        "preprocess_subroutine",
        "ring_time",
        "description",
        "enabled",
        "links",
        "trunks",
        "extensions",
        "schedules",
        "call_permissions",
    ];
    assert_eq!(keys, order);
    assert_eq!((&outcall["internal_caller_id"], &outcall["enabled"]), (&json!(false), &json!(true)));
    assert_eq!((&outcall["ring_time"], &outcall["trunks"]), (&Value::Null, &json!([])));
}

#[test]
fn an_outcall_is_changed_in_parts_and_deleted() {
    let server = Server::start();
    let body = json!({"name": "o", "internal_caller_id": true, "preprocess_subroutine": "sub",
        "ring_time": 30, "description": "d", "enabled": false});
    let outcall = made(&server, "/outcalls", body);
    let path = format!("/outcalls/{}", outcall["id"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), outcall);
    server.put(&path, json!({"ring_time": null, "enabled": true})).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["ring_time"], &shown["enabled"]), (&Value::Null, &json!(true)));
    assert_eq!(shown["preprocess_subroutine"], "sub");
    assert_eq!(server.get("/outcalls?description=d").expect(200)["total"], 1);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Outcall was not found ('id': {})", outcall["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn what_an_outcall_may_not_hold_is_named() {
    let server = Server::start();
    server
        .post("/outcalls", json!({"name": "n".repeat(129), "internal_caller_id": 1, "ring_time": -1}))
        .refused(
            400,
            &[
                "Input Error - name: ['Longer than maximum length 128.']",
                "Input Error - internal_caller_id: ['Not a valid boolean.']",
                "Input Error - ring_time: ['Must be greater than or equal to 0.']",
            ],
        );
    server
        .post("/outcalls", json!({}))
        .refused(400, &["Input Error - name: ['Missing data for required field.']"]);
    assert_eq!(server.get("/outcalls").expect(200)["total"], 0);
}

#[test]
fn a_name_is_there_once_in_all_tenants() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    made(&server, "/outcalls", json!({"name": "o"}));
    let text = "Resource Error - Outcall already exists ('name': 'o')";
    server.post("/outcalls", json!({"name": "o"})).refused(400, &[text]);
    server.send_in(&tenant, "POST", "/outcalls", Some(json!({"name": "o"}))).refused(400, &[text]);
    let other = made(&server, "/outcalls", json!({"name": "p"}));
    server.put(&format!("/outcalls/{}", other["id"]), json!({"name": "o"})).refused(400, &[text]);
    let seen = server.send_in(&tenant, "GET", &format!("/outcalls/{}", other["id"]), None);
    assert_eq!(seen.status, 404);
}

#[test]
fn trunks_are_replaced_and_ordered() {
    let server = Server::start();
    let outcall = made(&server, "/outcalls", json!({"name": "o"}))["id"].clone();
    let (first, second) = (made(&server, "/trunks", json!({})), made(&server, "/trunks", json!({})));
    let sip = made(&server, "/endpoints/sip", json!({"name": "fr"}))["uuid"].as_str().unwrap().to_owned();
    server.associate(&format!("/trunks/{}/endpoints/sip/{sip}", first["id"])).expect(204);
    let path = format!("/outcalls/{outcall}/trunks");
    let ids = || {
        let shown = server.get(&format!("/outcalls/{outcall}")).expect(200);
        shown["trunks"].as_array().unwrap().iter().map(|trunk| trunk["id"].clone()).collect::<Vec<_>>()
    };
    server.put(&path, json!({"trunks": [{"id": second["id"]}, {"id": first["id"]}]})).expect(204);
    assert_eq!(ids(), [second["id"].clone(), first["id"].clone()]);
    let shown = server.get(&format!("/outcalls/{outcall}")).expect(200);
    let keys: Vec<_> = shown["trunks"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["tenant_uuid", "id", "endpoint_sip", "endpoint_custom", "links"]);
    assert_eq!(shown["trunks"][1]["endpoint_sip"]["name"], "fr");
    let trunk = server.get(&format!("/trunks/{}", first["id"])).expect(200);
    assert_eq!((&trunk["outcalls"][0]["id"], &trunk["outcalls"][0]["name"]), (&outcall, &json!("o")));
    server.put(&path, json!({"trunks": [{"id": first["id"]}]})).expect(204);
    assert_eq!(ids(), [first["id"].clone()]);
    server.delete(&format!("/trunks/{}", first["id"])).expect(204);
    assert!(ids().is_empty());
    server.put(&path, json!({"trunks": []})).expect(204);
}

#[test]
fn trunks_are_known_each_once_and_of_the_outcalls_tenant() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let outcall = made(&server, "/outcalls", json!({"name": "o"}))["id"].clone();
    let trunk = made(&server, "/trunks", json!({}))["id"].clone();
    let path = format!("/outcalls/{outcall}/trunks");
    server
        .put(&path, json!({"trunks": [{"id": 999}]}))
        .refused(400, &["Input Error - field 'trunks': Trunk was not found ('id': 999)"]);
    server.put(&path, json!({"trunks": [{"id": trunk}, {"id": trunk}]})).refused(
        400,
        &["Resource Error - Operation not permitted. Cannot associate same trunk more than once"],
    );
    server
        .put(&path, json!({}))
        .refused(400, &["Input Error - trunks: ['Missing data for required field.']"]);
    server
        .put(&path, json!({"trunks": [{}]}))
        .refused(400, &["Input Error - trunks: {0: {'id': ['Missing data for required field.']}}"]);
    let theirs = server.send_in(&tenant, "POST", "/trunks", Some(json!({}))).expect(201)["id"].clone();
    server.put(&path, json!({"trunks": [{"id": theirs}]})).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('outcall_tenant_uuid': '{MASTER}', 'trunk_tenant_uuid': '{}')",
            tenant.uuid
        )],
    );
    server
        .put("/outcalls/999/trunks", json!({"trunks": []}))
        .refused(404, &["Resource Not Found - Outcall was not found ('id': 999)"]);
}

#[test]
fn extensions_are_given_with_their_treatment_and_taken() {
    let server = Server::start();
    let outcall = made(&server, "/outcalls", json!({"name": "o"}))["id"].clone();
    let (first, second) = (extension(&server, "_0."), extension(&server, "_+."));
    let path = format!("/outcalls/{outcall}/extensions/{}", first["id"]);
    server.delete(&path).expect(204);
    let body = json!({"external_prefix": "+33", "prefix": "0", "strip_digits": 1, "caller_id": "\"A\" <12>"});
    server.put(&path, body).expect(204);
    server.put(&format!("/outcalls/{outcall}/extensions/{}", second["id"]), json!({})).expect(204);
    server.put(&path, json!({"caller_id": null})).expect(204);
    let shown = server.get(&format!("/outcalls/{outcall}")).expect(200);
    let keys: Vec<_> = shown["extensions"][0].as_object().unwrap().keys().map(String::as_str).collect();
    let order = ["external_prefix", "prefix", "strip_digits", "caller_id", "id", "exten", "context", "links"];
    assert_eq!(keys, order);
    assert_eq!(shown["extensions"][0]["external_prefix"], "+33");
    assert_eq!(shown["extensions"][0]["strip_digits"], 1);
    assert_eq!(shown["extensions"][0]["caller_id"], Value::Null);
    assert_eq!(shown["extensions"][1]["strip_digits"], 0);
    assert_eq!(shown["extensions"].as_array().unwrap().len(), 2);
    let reached = server.get(&format!("/extensions/{}", first["id"])).expect(200)["outcall"].clone();
    assert_eq!((&reached["id"], &reached["name"]), (&outcall, &json!("o")));
    server.delete(&path).expect(204);
    server.delete(&path).expect(204);
    assert_eq!(server.get(&format!("/extensions/{}", first["id"])).expect(200)["outcall"], Value::Null);
    server.delete(&format!("/outcalls/{outcall}")).expect(204);
    assert_eq!(server.get(&format!("/extensions/{}", second["id"])).expect(200)["outcall"], Value::Null);
}

#[test]
fn what_is_done_to_a_number_is_checked() {
    let server = Server::start();
    let outcall = made(&server, "/outcalls", json!({"name": "o"}))["id"].clone();
    let path = format!("/outcalls/{outcall}/extensions/{}", extension(&server, "_X.")["id"]);
    let body =
        json!({"external_prefix": "a", "prefix": "0&1", "strip_digits": -1, "caller_id": "c".repeat(81)});
    server.put(&path, body).refused(
        400,
        &[
            "Input Error - caller_id: ['Longer than maximum length 80.']",
            "Input Error - external_prefix: ['String does not match expected pattern.']",
            "Input Error - prefix: ['String does not match expected pattern.']",
            "Input Error - strip_digits: ['Must be greater than or equal to 0.']",
        ],
    );
    for good in ["+", "+33", "00#*"] {
        server.put(&path, json!({"external_prefix": good})).expect(204);
    }
    server
        .associate(&path)
        .refused(400, &["The browser (or proxy) sent a request that this server could not understand."]);
}

#[test]
fn an_extension_is_free_of_an_outcall_context_and_of_the_tenant() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let outcall = made(&server, "/outcalls", json!({"name": "o"}))["id"].clone();
    let other = made(&server, "/outcalls", json!({"name": "p"}))["id"].clone();
    let put = |outcall: &Value, extension: &Value| {
        server.put(&format!("/outcalls/{outcall}/extensions/{extension}"), json!({}))
    };
    let out = extension(&server, "_X.")["id"].clone();
    put(&outcall, &out).expect(204);
    put(&other, &out).refused(
        400,
        &[&format!(
            "Resource Error - Outcall is associated with a Extension ('outcall_id': {outcall}, 'extension_id': {out})"
        )],
    );
    server.delete(&format!("/extensions/{out}")).refused(
        400,
        &[&format!(
            "Resource Error - Extension is associated with a outcall ('extension_id': {out}, 'associated_id': \
             '{outcall}')"
        )],
    );
    let inner = made(&server, "/extensions", json!({"exten": "1001", "context": "default"}))["id"].clone();
    put(&outcall, &inner).refused(
        400,
        &[&format!(
            "Resource Error - ContextType 'internal' cannot be associated ('id': {inner}, 'context': 'default')"
        )],
    );
    let body = json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": "1001"}]});
    let line = made(&server, "/lines", body)["id"].clone();
    put(&outcall, &inner).refused(
        400,
        &[&format!(
            "Resource Error - Extension is associated with a line ('extension_id': {inner}, 'associated_ids': \
             [{line}])"
        )],
    );
    let body = Some(json!({"label": "Out", "type": "outcall"}));
    let context = server.send_in(&tenant, "POST", "/contexts", body).expect(201)["name"].clone();
    let body = Some(json!({"exten": "_X.", "context": context}));
    let theirs = server.send_in(&tenant, "POST", "/extensions", body).expect(201)["id"].clone();
    put(&outcall, &theirs).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('extension_tenant_uuid': '{}', 'outcall_tenant_uuid': '{MASTER}')",
            tenant.uuid
        )],
    );
    put(&outcall, &json!(999)).refused(404, &["Resource Not Found - Extension was not found ('id': 999)"]);
}
