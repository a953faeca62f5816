//! `POST /users` with all that a person needs, and nothing half done.

use super::create;
use crate::harness::{Reply, Server};
use serde_json::{Value, json};

const LISTS: [&str; 5] = ["/users", "/lines", "/endpoints/sip", "/extensions", "/voicemails"];

/// How many rows each list has.
fn totals(server: &Server) -> Vec<i64> {
    let total = |list: &&str| server.get(list).expect(200)["total"].as_i64().unwrap();
    LISTS.iter().map(total).collect()
}

fn line(exten: &str) -> Value {
    json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": exten}]})
}

fn whole(server: &Server) -> Reply {
    server.post(
        "/users",
        json!({
            "firstname": "Full", "lastname": "User", "email": "full@x.com",
            "auth": {"username": "fulluser", "password": "secret"},
            "lines": [{
                "context": "default", "extensions": [{"exten": "1001"}],
                "endpoint_sip": {
                    "name": "fullep", "auth_section_options": [["username", "fullep"], ["password", "pw"]]
                },
            }],
            "voicemail": {"number": "1001", "context": "default"},
            "incalls": [], "groups": [], "switchboards": [], "agent": null, "queues": [],
            "forwards": {"busy": {"enabled": false, "destination": null}},
            "fallbacks": {"noanswer_destination": null}, "services": {"dnd": {"enabled": false}},
        }),
    )
}

#[test]
fn one_request_makes_a_whole_person() {
    let server = Server::start();
    let made = whole(&server);
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(made.header("Location").ends_with(&format!("/1.1/users/{}", made.json["id"])));
    let line = &made.json["lines"][0];
    assert_eq!((&line["users"], &line["caller_id_name"]), (&json!([]), &Value::Null));
    assert_eq!(line["endpoint_sip"]["auth_section_options"][1], json!(["password", "pw"]));
    assert_eq!(line["endpoint_sip"]["endpoint_section_options"], json!([["context", "default"]]));
    assert_eq!(
        (&line["extensions"][0]["exten"], &line["extensions"][0]["enabled"]),
        (&json!("1001"), &json!(true))
    );
    assert_eq!(made.json["voicemail"]["name"], "Full User");
    assert_eq!(made.json["auth"]["username"], "fulluser");
    assert_eq!(totals(&server), [1, 1, 1, 1, 1]);

    let user = server.get(&format!("/users/{}", made.json["uuid"].as_str().unwrap())).expect(200);
    let line = &user["lines"][0];
    assert_eq!(line["caller_id_name"], "Full User");
    assert_eq!(line["caller_id_num"], "1001");
    assert_eq!((&line["name"], &line["protocol"]), (&json!("fullep"), &json!("sip")));
    assert_eq!(line["endpoint_sip"]["auth_section_options"], json!([["username", "fullep"]]));
    assert_eq!(line["users"][0]["uuid"], user["uuid"]);
    let keys: Vec<_> = user["voicemail"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["id", "name", "links"]);
    let endpoint = line["endpoint_sip"]["uuid"].as_str().unwrap();
    let options =
        server.get(&format!("/endpoints/sip/{endpoint}")).expect(200)["endpoint_section_options"].clone();
    assert_eq!(options, json!([["context", "default"], ["callerid", "\"Full User\" <1001>"]]));
}

#[test]
fn the_list_knows_the_main_line_and_its_number() {
    let server = Server::start();
    let user = whole(&server).expect(201);
    create(&server, json!({"firstname": "Z", "lastname": "Z", "lines": [line("1002")]}));
    let line = &user["lines"][0];
    let directory = server.get("/users?view=directory&exten=1001,1009").expect(200);
    assert_eq!(directory["total"], 1);
    assert_eq!(directory["items"][0]["line_id"], line["id"]);
    assert_eq!(directory["items"][0]["exten"], "1001");
    assert_eq!(directory["items"][0]["context"], "default");
    let summary = server.get("/users?view=summary&extension=1001").expect(200)["items"][0].clone();
    assert_eq!(summary["provisioning_code"], line["provisioning_code"]);
    assert_eq!((&summary["protocol"], &summary["is_webrtc"]), (&json!("sip"), &json!(false)));
    let presence = server.get("/users?view=line_presence").expect(200)["items"][0].clone();
    assert_eq!(presence["lines"], json!([{"id": line["id"], "name": "fullep", "protocol": "sip"}]));
    for query in ["context=default", "search=100", "extension=1002&context=default"] {
        let total = server.get(&format!("/users?{query}")).expect(200)["total"].clone();
        assert_eq!(total, if query.starts_with("ext") { 1 } else { 2 }, "{query}");
    }
    let ordered = server.get("/users?order=exten&direction=desc").expect(200);
    assert_eq!(ordered["items"][0]["firstname"], "Z");
    let code = line["provisioning_code"].as_str().unwrap();
    assert_eq!(server.get(&format!("/users?provisioning_code={code}")).expect(200)["total"], 1);
}

#[test]
fn two_lines_of_a_user_may_share_a_number() {
    let server = Server::start();
    let body = json!({"firstname": "Two", "lines": [line("1001"), line("1001"), line("1002")]});
    let user = server.post("/users", body).expect(201);
    assert_eq!(totals(&server), [1, 3, 3, 2, 0]);
    let shown = server.get(&format!("/users/{}", user["id"])).expect(200);
    let ids = |user: &Value| -> Vec<Value> {
        user["lines"].as_array().unwrap().iter().map(|line| line["id"].clone()).collect()
    };
    assert_eq!(ids(&shown), ids(&user));
    assert_eq!(shown["lines"][0]["extensions"], shown["lines"][1]["extensions"]);
    let other = server.post("/users", json!({"firstname": "Other", "lines": [line("1001")]}));
    assert_eq!(other.status, 400);
    assert!(other.text.contains("Line is associated with a Extension"), "{}", other.text);
    assert_eq!(totals(&server), [1, 3, 3, 2, 0]);
}

#[test]
fn every_mistake_of_every_part_is_in_one_answer_and_nothing_is_stored() {
    let server = Server::start();
    whole(&server).expect(201);
    let before = totals(&server);
    let body = json!({
        "firstname": "B", "email": "FULL@x.com", "ring_seconds": "soon",
        "lines": [
            {"context": "default", "endpoint_sip": {"name": "fullep"}, "extensions": [{"exten": "5000"}]},
            {"context": "nowhere", "endpoint_sip": {}},
            {"context": "default"},
        ],
        "voicemail": {"number": "1001", "context": "default"},
        "auth": {"username": "fulluser"},
        "groups": [{"uuid": "x"}],
    });
    server.post("/users", body).refused(
        400,
        &[
            "Input Error - ring_seconds: ['Not a valid integer.']",
            "Resource Error - User already exists ('email': 'FULL@x.com')",
            "Resource Error - Voicemail already exists ('number': '1001', 'context': 'default') (at voicemail)",
            "Resource Error - SIPEndpoint already exists ('name': 'fullep') (at lines[0])",
            "Input Error - Extension '5000' is outside of range for context 'default' (at lines[0].extensions[0])",
            "Input Error - field 'context': Context was not found ('context': 'nowhere') (at lines[1])",
            "Resource Error - Line must be associated with a Endpoint ('line_id': 2) (at lines[2])",
            "Input Error - field 'groups': Group was not found ('uuid': 'x') (at groups[0])",
            "409 Client Error: Conflict detected for url: http://localhost:80/api/auth/0.1/users",
        ],
    );
    assert_eq!(totals(&server), before);
}

#[test]
fn a_line_that_cannot_be_read_does_not_hide_the_mistakes_of_another() {
    let server = Server::start();
    let body = json!({"firstname": "B", "lines": [{"extensions": [{}]}, line("5000")]});
    server.post("/users", body).refused(
        400,
        &[
            "Input Error - lines: {0: {'context': ['Missing data for required field.'], 'extensions': {0: \
             {'exten': ['Missing data for required field.']}}}}",
            "Input Error - Extension '5000' is outside of range for context 'default' (at lines[1].extensions[0])",
        ],
    );
    assert_eq!(totals(&server), [0, 0, 0, 0, 0]);
}

#[test]
fn a_single_mistake_is_a_single_sentence() {
    let server = Server::start();
    let refusals = [
        (json!({"lines": null}), 400, "Input Error - lines: ['Field may not be null.']"),
        (json!({"lines": {}}), 400, "Input Error - lines: ['Invalid type.']"),
        (json!({"lines": [5]}), 400, "Input Error - lines: {0: {'_schema': ['Invalid input type.']}}"),
        (
            json!({"lines": [{"context": "default"}]}),
            400,
            "Resource Error - Line must be associated with a Endpoint ('line_id': 1) (at lines[0])",
        ),
        (
            json!({"lines": [{"context": "default", "endpoint_sip": {}, "device_id": "zz"}]}),
            404,
            "Resource Not Found - Device was not found ('id': 'zz') (at lines[0])",
        ),
        (
            json!({"device_id": "zz"}),
            400,
            "Input Error - device_id: ['A device belongs to a line: use lines[].device_id.']",
        ),
    ];
    for (mut body, status, text) in refusals {
        body["firstname"] = json!("A");
        server.post("/users", body).refused(status, &[text]);
    }
    assert_eq!(totals(&server), [0, 0, 0, 0, 0]);
}

#[test]
fn a_free_number_that_exists_is_taken_up() {
    let server = Server::start();
    let free = server.post("/extensions", json!({"exten": "1001", "context": "default"})).expect(201);
    let user = server.post("/users", json!({"firstname": "A", "lines": [line("1001")]})).expect(201);
    assert_eq!(user["lines"][0]["extensions"][0]["id"], free["id"]);
    assert_eq!(totals(&server), [1, 1, 1, 1, 0]);
}

#[test]
fn tenants_are_kept_apart() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    whole(&server).expect(201);
    let body = json!({"label": "Branch", "user_ranges": [{"start": "1000", "end": "1999"}]});
    let context = server.send_in(&branch, "POST", "/contexts", Some(body)).expect(201)["name"].clone();
    let person = |context: &Value| json!({"firstname": "B", "lines": [{"context": context, "endpoint_sip": {}, "extensions": [{"exten": "1001"}]}]});
    let made = server.send_in(&branch, "POST", "/users", Some(person(&context))).expect(201);
    assert_eq!(made["tenant_uuid"], json!(branch.uuid));
    assert_eq!(made["lines"][0]["tenant_uuid"], json!(branch.uuid));
    server.send_in(&branch, "POST", "/users", Some(person(&json!("default")))).refused(
        400,
        &["Input Error - field 'context': Context was not found ('context': 'default') (at lines[0])"],
    );
    let refused = server.post("/users", person(&context));
    assert!(
        refused.text.contains("Resource Error - different tenants ('user_tenant_uuid'"),
        "{}",
        refused.text
    );
    assert_eq!(server.get("/users").expect(200)["total"], 1);
    assert_eq!(server.get("/users?recurse=true").expect(200)["total"], 2);
    assert_eq!(server.send_in(&branch, "GET", "/users?recurse=true", None).expect(200)["total"], 1);
    assert_eq!(server.send_in(&branch, "GET", "/users/1", None).status, 404);
    assert_eq!(server.send_in(&branch, "PUT", "/users/1", Some(json!({}))).status, 404);
    assert_eq!(server.send_in(&branch, "DELETE", "/users/1?recursive=true", None).status, 404);
    assert_eq!(server.get(&format!("/users/{}", made["id"])).status, 200);
}
