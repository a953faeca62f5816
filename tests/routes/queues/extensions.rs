use super::{queue, shown};
use crate::harness::{MASTER, Reply, Server};
use serde_json::{Value, json};

fn extension(server: &Server, exten: &str, context: &str) -> i64 {
    let body = json!({"exten": exten, "context": context});
    server.post("/extensions", body).expect(201)["id"].as_i64().unwrap()
}

fn put(server: &Server, queue: &Value, extension: i64) -> Reply {
    server.associate(&format!("/queues/{}/extensions/{extension}", queue["id"]))
}

#[test]
fn a_queue_gets_a_number_and_gives_it_back() {
    let server = Server::start();
    let made = queue(&server, "q1");
    let number = extension(&server, "3000", "default");
    for _ in 0..2 {
        put(&server, &made, number).expect(204);
    }
    assert_eq!(shown(&server, &made)["extensions"][0]["exten"], "3000");
    let of_extension = server.get(&format!("/extensions/{number}")).expect(200)["queue"].clone();
    let expected = json!({"id": made["id"], "name": "q1", "label": null, "links": made["links"]});
    assert_eq!(of_extension, expected);
    assert_eq!(server.get("/queues?exten=3000").expect(200)["total"], 1);
    let text = format!(
        "Resource Error - Extension is associated with a queue ('extension_id': {number}, 'associated_id': '{}')",
        made["id"]
    );
    server.delete(&format!("/extensions/{number}")).refused(400, &[&text]);
    let path = format!("/queues/{}/extensions/{number}", made["id"]);
    for _ in 0..2 {
        server.delete(&path).expect(204);
    }
    put(&server, &made, number).expect(204);
    server.delete(&format!("/queues/{}", made["id"])).expect(204);
    assert_eq!(server.get(&format!("/extensions/{number}")).expect(200)["queue"], Value::Null);
}

#[test]
fn a_number_of_a_queue_is_free_internal_in_range_and_of_its_tenant() {
    let server = Server::start();
    let (one, two) = (queue(&server, "q1"), queue(&server, "q2"));
    let (first, second) = (extension(&server, "3000", "default"), extension(&server, "3001", "default"));
    put(&server, &one, first).expect(204);
    let text = format!(
        "Resource Error - Queue is associated with a Extension ('queue_id': {}, 'extension_id': {first})",
        one["id"]
    );
    put(&server, &one, second).refused(400, &[&text]);
    put(&server, &two, first).refused(400, &[&text]);
    let low = extension(&server, "2000", "default");
    let text = "Input Error - Extension '2000' is outside of range for context 'default'";
    put(&server, &two, low).refused(400, &[text]);
    let outside = extension(&server, "3000", "from-extern");
    let context = &server.get("/contexts?name=from-extern").expect(200)["items"][0]["id"];
    let text = format!(
        "Resource Error - ContextType 'incall' cannot be associated ('id': {context}, 'context': 'from-extern')"
    );
    put(&server, &two, outside).refused(400, &[&text]);
    let other = server.add_tenant("other", None);
    let theirs = server.send_in(&other, "POST", "/queues", Some(json!({"name": "t"}))).expect(201);
    let text = format!(
        "Resource Error - different tenants ('extension_tenant_uuid': '{MASTER}', 'queue_tenant_uuid': '{}')",
        other.uuid
    );
    put(&server, &theirs, second).refused(400, &[&text]);
    let moved = "Input Error - Extension '2500' is outside of range for context 'default'";
    server.put(&format!("/extensions/{first}"), json!({"exten": "2500"})).refused(400, &[moved]);
}
