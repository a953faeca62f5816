use super::{extension, group, shown};
use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn put(server: &Server, group: &Value, extension: i64) -> crate::harness::Reply {
    server.associate(&format!("/groups/{}/extensions/{extension}", group["uuid"].as_str().unwrap()))
}

#[test]
fn a_group_gets_a_number_and_gives_it_back() {
    let server = Server::start();
    let group = group(&server, "Sales");
    let number = extension(&server, "2000", "default");
    let path = format!("/groups/{}/extensions/{number}", group["id"]);
    server.delete(&path).expect(204);
    for _ in 0..2 {
        put(&server, &group, number).expect(204);
    }
    let of_group = shown(&server, &group)["extensions"].clone();
    assert_eq!((&of_group[0]["id"], &of_group[0]["context"]), (&json!(number), &json!("default")));
    let keys: Vec<_> = of_group[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "exten", "context", "links"]);
    let of_extension = server.get(&format!("/extensions/{number}")).expect(200)["group"].clone();
    assert_eq!((&of_extension["uuid"], &of_extension["name"]), (&group["uuid"], &group["name"]));
    let keys: Vec<_> = of_extension.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "id", "name", "links"]);
    assert_eq!(of_extension["links"], group["links"]);
    let text = format!(
        "Resource Error - Extension is associated with a group ('extension_id': {number}, 'associated_id': '{}')",
        group["id"]
    );
    server.delete(&format!("/extensions/{number}")).refused(400, &[&text]);
    for _ in 0..2 {
        server.delete(&path).expect(204);
    }
    assert_eq!(shown(&server, &group)["extensions"], json!([]));
    server.delete(&format!("/extensions/{number}")).expect(204);
}

#[test]
fn a_number_of_a_group_is_free_internal_and_in_range() {
    let server = Server::start();
    let (sales, help) = (group(&server, "Sales"), group(&server, "Help"));
    let (first, second) = (extension(&server, "2000", "default"), extension(&server, "2001", "default"));
    put(&server, &sales, first).expect(204);
    let text = |group: &Value, number: i64| {
        let id = &group["id"];
        format!(
            "Resource Error - Group is associated with a Extension ('group_id': {id}, 'extension_id': {number})"
        )
    };
    put(&server, &sales, second).refused(400, &[&text(&sales, first)]);
    put(&server, &help, first).refused(400, &[&text(&sales, first)]);
    let line = json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": "1000"}]});
    let body = json!({"firstname": "Ada", "lines": [line]});
    let ada = server.post("/users", body).expect(201);
    let taken = ada["lines"][0]["extensions"][0]["id"].as_i64().unwrap();
    let text = format!(
        "Resource Error - Extension is associated with a user ('extension_id': {taken}, 'associated_id': '{}')",
        ada["id"]
    );
    put(&server, &help, taken).refused(400, &[&text]);
    let outside = extension(&server, "2000", "from-extern");
    let context = &server.get("/contexts?name=from-extern").expect(200)["items"][0]["id"];
    let text = format!(
        "Resource Error - ContextType 'incall' cannot be associated ('id': {context}, 'context': 'from-extern')"
    );
    put(&server, &help, outside).refused(400, &[&text]);
    let high = extension(&server, "3000", "default");
    let text = "Input Error - Extension '3000' is outside of range for context 'default'";
    put(&server, &help, high).refused(400, &[text]);
    let text = "Resource Not Found - Extension was not found ('id': 999999)";
    put(&server, &help, 999_999).refused(404, &[text]);
    put(&server, &help, extension(&server, "_2X", "default")).expect(204);
}

#[test]
fn a_number_of_a_group_stays_in_its_range() {
    let server = Server::start();
    let group = group(&server, "Sales");
    let number = extension(&server, "2000", "default");
    put(&server, &group, number).expect(204);
    let path = format!("/extensions/{number}");
    let text = "Input Error - Extension '1500' is outside of range for context 'default'";
    server.put(&path, json!({"exten": "1500"})).refused(400, &[text]);
    let text = "Resource Error - ContextType 'incall' cannot be associated";
    server.put(&path, json!({"context": "from-extern"})).refused(400, &[text]);
    server.put(&path, json!({"exten": "2999"})).expect(204);
    let line = json!({"context": "default", "endpoint_sip": {}});
    let line = server.post("/lines", line).expect(201)["id"].clone();
    let text = format!(
        "Resource Error - Extension is associated with a group ('id': {number}, 'associated_id': '{}')",
        group["id"]
    );
    server.associate(&format!("/lines/{line}/extensions/{number}")).refused(400, &[&text]);
}

#[test]
fn a_group_and_its_number_are_of_one_tenant() {
    let server = Server::start();
    let number = extension(&server, "2000", "default");
    let other = server.add_tenant("other", None);
    let theirs = server.send_in(&other, "POST", "/groups", Some(json!({"label": "T"}))).expect(201);
    let text = format!(
        "Resource Error - different tenants ('extension_tenant_uuid': '{MASTER}', 'group_tenant_uuid': '{}')",
        other.uuid
    );
    put(&server, &theirs, number).refused(400, &[&text]);
}
