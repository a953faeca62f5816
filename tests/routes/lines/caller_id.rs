use super::line;
use crate::harness::Server;
use serde_json::{Value, json};

const NO_ENDPOINT: &str = "Cannot set caller id if no endpoint associated";

fn option(server: &Server, line: &Value) -> Value {
    let uuid = line["endpoint_sip"]["uuid"].as_str().unwrap();
    server.get(&format!("/endpoints/sip/{uuid}")).expect(200)["endpoint_section_options"].clone()
}

#[test]
fn the_caller_id_is_an_option_of_the_endpoint() {
    let server = Server::start();
    let made = line(&server, "e");
    let path = format!("/lines/{}", made["id"]);
    server.put(&path, json!({"caller_id_name": "Bob"})).expect(204);
    assert_eq!(option(&server, &made)[1], json!(["callerid", "\"Bob\" <None>"]));
    let line = server.get(&path).expect(200);
    assert_eq!((&line["caller_id_name"], &line["caller_id_num"]), (&json!("Bob"), &Value::Null));
    server.put(&path, json!({"caller_id_num": "1001"})).expect(204);
    assert_eq!(option(&server, &made)[1], json!(["callerid", "\"Bob\" <1001>"]));
    server.put(&path, json!({"caller_id_name": "Zoé"})).expect(204);
    assert_eq!(option(&server, &made)[1], json!(["callerid", "\"Zoé\" <1001>"]));
}

#[test]
fn a_number_without_a_name_names_nobody() {
    let server = Server::start();
    let made = line(&server, "e");
    server.put(&format!("/lines/{}", made["id"]), json!({"caller_id_num": "1001"})).expect(204);
    assert_eq!(option(&server, &made)[1], json!(["callerid", "\"None\" <1001>"]));
}

#[test]
fn a_name_alone_reads_as_nothing() {
    let server = Server::start();
    let sip = json!({"endpoint_section_options": [["callerid", "\"Zed\""]]});
    let made = server.post("/lines", json!({"context": "default", "endpoint_sip": sip})).expect(201);
    assert_eq!((&made["caller_id_name"], &made["caller_id_num"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_caller_id_needs_an_endpoint_and_does_not_go_away() {
    let server = Server::start();
    let body = json!({"context": "default", "caller_id_name": "Bob"});
    server.post("/lines", body).refused(400, &[NO_ENDPOINT]);
    let bare = server.post("/lines", json!({"context": "default"})).expect(201);
    let path = format!("/lines/{}", bare["id"]);
    server.put(&path, json!({"caller_id_name": null, "caller_id_num": null})).expect(204);
    server.put(&path, json!({"caller_id_num": "1"})).refused(400, &[NO_ENDPOINT]);
    let path = format!("/lines/{}", line(&server, "e")["id"]);
    server.put(&path, json!({"caller_id_name": null})).refused(400, &["Cannot set caller id to None"]);
    server.put(&path, json!({"caller_id_num": null})).refused(400, &["Cannot set caller id num to None"]);
}
