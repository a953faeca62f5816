use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

fn new(server: &Server, exten: &str) -> i64 {
    let body = json!({"exten": exten, "context": "default"});
    server.post("/extensions", body).expect(201)["id"].as_i64().unwrap()
}

#[test]
fn an_extension_is_made_shown_changed_and_deleted() {
    let server = Server::start();
    let made = server.post("/extensions", json!({"exten": "1100", "context": "default", "zz": 1}));
    assert_eq!(made.status, 201);
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    let keys: Vec<_> = made.json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "id",
            "tenant_uuid",
            "exten",
            "context",
            "commented",
            "enabled",
            "links",
            "conference",
            "parking_lot",
            "group",
            "incall",
            "lines",
            "outcall",
            "queue",
        ]
    );
    assert_eq!(made.json["tenant_uuid"], MASTER);
    assert_eq!((&made.json["commented"], &made.json["enabled"]), (&json!(false), &json!(true)));
    let path = format!("/extensions/{}", made.json["id"]);
    server.put(&path, json!({"exten": "1101", "enabled": "off"})).expect(204);
    let changed = server.get(&path).expect(200);
    assert_eq!((&changed["exten"], &changed["commented"]), (&json!("1101"), &json!(true)));
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), changed);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Extension was not found ('id': {})", made.json["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn every_mistake_of_a_body_is_named_at_once() {
    let server = Server::start();
    let body = json!({"exten": "1".repeat(41), "context": 5, "enabled": "maybe", "commented": null});
    server.post("/extensions", body).refused(
        400,
        &[
            "Input Error - exten: ['Longer than maximum length 40.']",
            "Input Error - context: ['Not a valid string.']",
            "Input Error - enabled: ['Not a valid boolean.']",
            "Input Error - commented: ['Field may not be null.']",
        ],
    );
    server.post("/extensions", json!({})).refused(
        400,
        &[
            "Input Error - exten: ['Missing data for required field.']",
            "Input Error - context: ['Missing data for required field.']",
        ],
    );
    assert_eq!(server.get("/extensions").expect(200)["total"], 0);
}

#[test]
fn an_exten_must_suit_the_type_of_its_context() {
    let server = Server::start();
    let text = "exten: ['String does not match expected pattern.']";
    for exten in ["+1555", "1a", "_", "_+1X", "", "10 0"] {
        let body = json!({"exten": exten, "context": "default"});
        server.post("/extensions", body).refused(400, &[text]);
    }
    for exten in ["1100", "*10", "#5", "_1XXX", "99999"] {
        new(&server, exten);
    }
    for exten in ["+1555", "_+1NXX."] {
        server.post("/extensions", json!({"exten": exten, "context": "to-extern"})).expect(201);
    }
    server.post("/extensions", json!({"exten": "abc", "context": "to-extern"})).refused(400, &[text]);
    let id = new(&server, "1102");
    server.put(&format!("/extensions/{id}"), json!({"exten": "x"})).refused(400, &[text]);
}

#[test]
fn an_exten_is_unique_in_its_context() {
    let server = Server::start();
    new(&server, "1100");
    let other = new(&server, "1101");
    let text = "Resource Error - Extension already exists ('exten': '1100', 'context': 'default')";
    let body = json!({"exten": "1100", "context": "default"});
    server.post("/extensions", body.clone()).refused(400, &[text]);
    server.put(&format!("/extensions/{other}"), body).refused(400, &[text]);
    server.put(&format!("/extensions/{other}"), json!({"exten": "1101"})).expect(204);
    server.post("/extensions", json!({"exten": "1100", "context": "from-extern"})).expect(201);
    assert_eq!(server.get("/extensions").expect(200)["total"], 3);
}

#[test]
fn patterns_that_mean_the_same_are_one() {
    let server = Server::start();
    new(&server, "_1XX");
    let text = "Resource Error - Extension already exists ('exten': '_1x[0-9]', 'context': 'default')";
    let body = json!({"exten": "_1x[0-9]", "context": "default"});
    server.post("/extensions", body.clone()).refused(400, &[text]);
    let other = new(&server, "_1XZ");
    server.put(&format!("/extensions/{other}"), body).refused(400, &[text]);
    server.put(&format!("/extensions/{other}"), json!({"exten": "_1xz"})).expect(204);
    let unpaired = "exten: ['String does not match expected pattern.']";
    server.post("/extensions", json!({"exten": "_1[2", "context": "default"})).refused(400, &[unpaired]);
    server.post("/extensions", json!({"exten": "1-2", "context": "to-extern"})).expect(201);
    let text = "Resource Error - Extension already exists ('exten': '12', 'context': 'to-extern')";
    server.post("/extensions", json!({"exten": "12", "context": "to-extern"})).refused(400, &[text]);
}

#[test]
fn the_context_must_exist() {
    let server = Server::start();
    let text = "Input Error - field 'context': Context was not found ('context': 'nope')";
    server.post("/extensions", json!({"exten": "1", "context": "nope"})).refused(400, &[text]);
    let id = new(&server, "1100");
    server.put(&format!("/extensions/{id}"), json!({"context": "nope"})).refused(400, &[text]);
}

#[test]
fn enabled_wins_over_its_old_name() {
    let server = Server::start();
    let made = |body: serde_json::Value| {
        let mut extension = json!({"context": "default"});
        extension.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        server.post("/extensions", extension).expect(201)["enabled"].clone()
    };
    assert_eq!(made(json!({"exten": "1", "commented": true})), false);
    assert_eq!(made(json!({"exten": "2", "commented": "yes", "enabled": 1})), true);
    assert_eq!(made(json!({"exten": "3", "enabled": "0"})), false);
}

/// A line with a SIP endpoint and this extension: the line, and the extension's id.
fn line(server: &Server, exten: &str) -> (Value, Value) {
    let body = json!({"context": "default", "endpoint_sip": {"name": format!("sip{exten}")},
                      "extensions": [{"exten": exten, "context": "default"}]});
    let line = server.post("/lines", body).expect(201);
    let extension = line["extensions"][0]["id"].clone();
    (line["id"].clone(), extension)
}

#[test]
fn the_lines_of_an_extension_are_shown_and_keep_it() {
    let server = Server::start();
    let (line, extension) = line(&server, "1100");
    let path = format!("/extensions/{extension}");
    let shown = &server.get(&path).expect(200)["lines"];
    let keys: Vec<_> = shown[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "name", "links"]);
    assert_eq!((&shown[0]["id"], &shown[0]["name"]), (&line, &json!("sip1100")));
    let text = format!(
        "Resource Error - Extension is associated with a line ('extension_id': {extension}, 'associated_ids': [{line}])"
    );
    server.delete(&path).refused(400, &[&text]);
    server.delete(&format!("/lines/{line}")).expect(204);
    assert_eq!(server.get(&path).expect(200)["lines"], json!([]));
    server.delete(&path).expect(204);
}

#[test]
fn the_extension_of_a_line_stays_where_a_line_can_be() {
    let server = Server::start();
    let (_, extension) = line(&server, "1100");
    let path = format!("/extensions/{extension}");
    let range = "Input Error - Extension '5555' is outside of range for context 'default'";
    server.put(&path, json!({"exten": "5555"})).refused(400, &[range]);
    let code = "Input Error - Extension '*10' is outside of range for context 'default'";
    server.put(&path, json!({"exten": "*10"})).refused(400, &[code]);
    let kind = "Resource Error - ContextType 'incall' cannot be associated";
    server.put(&path, json!({"context": "from-extern"})).refused(400, &[kind]);
    let branch = server.add_tenant("branch", None);
    let below = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", branch.uuid.as_str())];
    let body = json!({"label": "Branch", "user_ranges": [{"start": "1000", "end": "1999"}]}).to_string();
    let context = server.send("POST", "/contexts", Some(body), &below).expect(201)["name"].clone();
    let tenants = format!(
        "Resource Error - different tenants ('current_tenant_uuid': '{MASTER}', 'context_tenant_uuid': '{}')",
        branch.uuid
    );
    server.put(&path, json!({"context": context})).refused(400, &[&tenants]);
    assert_eq!(server.get(&path).expect(200)["exten"], "1100");
    server.put(&path, json!({"exten": "_11XX"})).expect(204);
}

#[test]
fn what_a_line_is_called_by_follows_its_extension() {
    let server = Server::start();
    let (line, extension) = line(&server, "1100");
    let user = server.post("/users", json!({"firstname": "Ann"})).expect(201)["id"].clone();
    server.associate(&format!("/users/{user}/lines/{line}")).expect(204);
    let body = json!({"label": "Other", "user_ranges": [{"start": "1000", "end": "1999"}]});
    let context = server.post("/contexts", body).expect(201)["name"].clone();
    let change = json!({"exten": "1200", "context": context});
    server.put(&format!("/extensions/{extension}"), change).expect(204);
    let line = server.get(&format!("/lines/{line}")).expect(200);
    assert_eq!((&line["caller_id_num"], &line["context"]), (&json!("1200"), &context));
}
