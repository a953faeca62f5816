//! `/endpoints/sccp` and its lines.

use crate::harness::Server;
use serde_json::{Value, json};

fn make(server: &Server, options: Value) -> Value {
    server.post("/endpoints/sccp", json!({"options": options})).expect(201)
}

#[test]
fn options_are_kept_in_the_contracts_order_and_replaced_by_put() {
    let server = Server::start();
    let endpoint = make(&server, json!([["allow", "ulaw"], ["cid_name", "Ada"], ["cid_num", ""]]));
    let id = &endpoint["id"];
    assert_eq!(endpoint["options"], json!([["cid_name", "Ada"], ["allow", "ulaw"]]));
    let keys: Vec<_> = endpoint.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["id", "tenant_uuid", "options", "links", "line"]);
    assert!(endpoint["links"][0]["href"].as_str().unwrap().ends_with(&format!("/endpoints/sccp/{id}")));
    let one = format!("/endpoints/sccp/{id}");
    server.put(&one, json!({})).expect(204);
    assert_eq!(server.get(&one).expect(200)["options"].as_array().unwrap().len(), 2);
    server.put(&one, json!({"options": [["disallow", "all"]]})).expect(204);
    assert_eq!(server.get(&one).expect(200)["options"], json!([["disallow", "all"]]));
    server.put(&one, json!({"options": [["zz", "1"]]})).refused(400, &["Unknown SCCP options: zz"]);
    server
        .post("/endpoints/sccp", json!({"options": [["zz", "1"]]}))
        .refused(400, &["Unknown SCCP options: zz"]);
    assert_eq!(make(&server, json!([]))["options"], json!([]));
    assert_eq!(server.get("/endpoints/sccp").expect(200)["total"], 2);
    server.delete(&one).expect(204);
    server
        .get(&one)
        .refused(404, &[&format!("Resource Not Found - SCCPEndpoint was not found ('id': {id})")]);
}

#[test]
fn a_line_takes_one_and_shows_its_caller_id() {
    let server = Server::start();
    let user = server.post("/users", json!({"firstname": "Ada"})).expect(201)["id"].clone();
    let line = server.post("/lines", json!({"context": "default"})).expect(201)["id"].clone();
    let (first, second) = (make(&server, json!([])), make(&server, json!([])));
    let put =
        |endpoint: &Value| server.associate(&format!("/lines/{line}/endpoints/sccp/{}", endpoint["id"]));
    put(&first).expect(204);
    put(&first).expect(204);
    put(&second).refused(
        400,
        &[&format!(
            "Resource Error - Line is associated with a Endpoint ('line_id': {line}, 'endpoint': 'sccp', \
             'endpoint_id': {})",
            first["id"]
        )],
    );
    server.associate("/lines/999/endpoints/sccp/1").expect(404);
    server.associate(&format!("/lines/{line}/endpoints/sccp/999")).expect(404);
    server.associate(&format!("/users/{user}/lines/{line}")).expect(204);
    server
        .post(&format!("/lines/{line}/extensions"), json!({"exten": "1001", "context": "default"}))
        .expect(201);
    let shown = server.get(&format!("/lines/{line}")).expect(200);
    assert_eq!((&shown["protocol"], &shown["caller_id_name"]), (&json!("sccp"), &json!("Ada")));
    assert_eq!((&shown["caller_id_num"], &shown["endpoint_sccp"]["id"]), (&json!("1001"), &first["id"]));
    assert_eq!(server.get(&format!("/endpoints/sccp/{}", first["id"])).expect(200)["line"]["id"], line);
    server
        .put(&format!("/lines/{line}"), json!({"caller_id_num": "5"}))
        .refused(400, &["Cannot set caller id num on endpoint of type 'sccp'"]);
    server.put(&format!("/lines/{line}"), json!({"caller_id_name": "Bob"})).expect(204);
    assert_eq!(server.get(&format!("/lines/{line}")).expect(200)["caller_id_name"], "Bob");
    let take = server.delete(&format!("/lines/{line}/endpoints/sccp/{}", first["id"]));
    assert!(take.text.contains("Line is associated with a User"), "{}", take.text);
    assert_eq!(server.get("/users?view=summary").expect(200)["items"][0]["protocol"], "sccp");
    assert_eq!(server.get("/lines?protocol=sccp").expect(200)["total"], 1);
    server.delete(&format!("/lines/{line}")).expect(204);
    assert_eq!(server.get("/endpoints/sccp").expect(200)["total"], 1);
}

#[test]
fn a_whole_user_and_an_import_may_have_one() {
    let server = Server::start();
    let made = server.post(
        "/users",
        json!({"firstname": "Ada", "lines": [{
            "context": "default", "extensions": [{"exten": "1001"}], "endpoint_sccp": {"options": [["allow", "ulaw"]]},
        }]}),
    );
    let made = made.expect(201);
    assert_eq!(made["lines"][0]["endpoint_sccp"]["options"], json!([["allow", "ulaw"]]));
    let user = &made["id"];
    let line = &made["lines"][0]["id"];
    let other = json!({"firstname": "Ada", "lines": [{"id": line, "endpoint_sip": {}}]});
    let refused = server.put(&format!("/users/{user}?recursive=true"), other);
    assert!(refused.text.contains("not of type SIP"), "{}", refused.text);
    let same = json!({"firstname": "Ada", "lines": [{"id": line, "endpoint_sccp": {"options": []}}]});
    server.put(&format!("/users/{user}?recursive=true"), same).expect(204);
    let empty = json!({"firstname": "B", "lines": [{"context": "default", "endpoint_sccp": {}}]});
    let refused = server.post("/users", empty);
    assert!(refused.text.contains("Line must be associated with a Endpoint"), "{}", refused.text);
    let csv = "firstname,context,line_protocol,exten\nBen,default,sccp,1002\n";
    let headers = [("X-Auth-Token", crate::harness::TOKEN), ("Content-Type", "text/csv")];
    let created = server.send("POST", "/users/import", Some(csv.to_owned()), &headers).expect(201);
    let id = &created["created"][0]["sccp_id"];
    assert_eq!(
        server.get(&format!("/endpoints/sccp/{id}")).expect(200)["line"]["id"],
        created["created"][0]["line_id"]
    );
}
