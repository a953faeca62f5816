//! `/phone-numbers`.

use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

const UNKNOWN: &str = "99999999-9999-4999-8999-999999999999";

fn number(server: &Server, number: &str) -> Value {
    server.post("/phone-numbers", json!({"number": number})).expect(201)
}

#[test]
fn a_phone_number_is_made_shown_changed_and_deleted() {
    let server = Server::start();
    let made = server.post("/phone-numbers", json!({"number": "+15550100", "main": true, "uuid": "x"}));
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    let keys: Vec<_> = made.json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "tenant_uuid", "number", "caller_id_name", "main", "shared", "links"]);
    assert_eq!(
        (&made.json["tenant_uuid"], &made.json["links"][0]["rel"]),
        (&json!(MASTER), &json!("phone_numbers"))
    );
    assert_eq!((&made.json["main"], &made.json["shared"]), (&json!(false), &json!(false)));
    let path = format!("/phone-numbers/{}", made.json["uuid"].as_str().unwrap());
    server.put(&path, json!({"caller_id_name": "Firm", "shared": true})).expect(204);
    server.put(&path, json!({})).expect(204);
    let new = server.get(&path).expect(200);
    assert_eq!(
        (&new["caller_id_name"], &new["shared"], &new["number"]),
        (&json!("Firm"), &json!(true), &json!("+15550100"))
    );
    server.delete(&path).expect(204);
    let text = format!(
        "Resource Not Found - PhoneNumber was not found ('uuid': UUID('{}'))",
        made.json["uuid"].as_str().unwrap()
    );
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn every_mistake_of_a_body_is_named_at_once() {
    let server = Server::start();
    let body = json!({"number": "1-2", "caller_id_name": "", "shared": "x"});
    server.post("/phone-numbers", body).refused(
        400,
        &[
            "Input Error - number: ['String does not match expected pattern.']",
            "Input Error - caller_id_name: ['Length must be between 1 and 256.']",
            "Input Error - shared: ['Not a valid boolean.']",
        ],
    );
    let missing = "Input Error - number: ['Missing data for required field.']";
    server.post("/phone-numbers", json!({})).refused(400, &[missing]);
    let (first, _) = (number(&server, "1"), number(&server, "2"));
    let text = "Resource Error - PhoneNumber already exists ('number': '2')";
    server.post("/phone-numbers", json!({"number": "2"})).refused(400, &[text]);
    let path = format!("/phone-numbers/{}", first["uuid"].as_str().unwrap());
    server.put(&path, json!({"number": "2"})).refused(400, &[text]);
    let other = server.add_tenant("other", None);
    server.send_in(&other, "POST", "/phone-numbers", Some(json!({"number": "2"}))).expect(201);
}

#[test]
fn a_tenant_has_one_main_number() {
    let server = Server::start();
    let path = "/phone-numbers/main";
    server.get(path).refused(404, &["Resource Not Found - PhoneNumber was not found ('main': True)"]);
    for wanted in ["1", "2"] {
        let uuid = number(&server, wanted)["uuid"].clone();
        server.put(path, json!({"phone_number_uuid": uuid})).expect(204);
        let main = server.get(path).expect(200);
        assert_eq!((&main["number"], &main["main"]), (&json!(wanted), &json!(true)));
    }
    assert_eq!(server.get("/phone-numbers?main=true").expect(200)["total"], 1);
    let text = format!("Resource Not Found - PhoneNumber was not found ('uuid': '{UNKNOWN}')");
    server.put(path, json!({"phone_number_uuid": UNKNOWN})).refused(404, &[&text]);
    server
        .put(path, json!({"phone_number_uuid": "zz"}))
        .refused(400, &["Input Error - phone_number_uuid: ['Not a valid UUID.']"]);
}

#[test]
fn numbers_in_a_row_are_made_at_once() {
    let server = Server::start();
    let old = number(&server, "+15550101");
    let range = |start: &str, end: &str| {
        server.post("/phone-numbers/ranges", json!({"start_number": start, "end_number": end}))
    };
    let made = range("+15550099", "+15550101").expect(201);
    assert_eq!((&made["total"], made["created"].as_array().unwrap().len()), (&json!(3), 2));
    assert_eq!(made["links"].as_array().unwrap().len(), 3);
    assert_eq!(made["links"][2], old["links"][0]);
    let numbers = server.get("/phone-numbers").expect(200);
    let numbers: Vec<_> = numbers["items"].as_array().unwrap().iter().map(|item| &item["number"]).collect();
    assert_eq!(numbers, ["+15550099", "+15550100", "+15550101"]);
    range("2", "1")
        .refused(400, &["Input Error - _schema: ['start phone number must precede end phone number']"]);
    range("10000", "20000")
        .refused(400, &["Input Error - _schema: ['range size must be between 1 and 10000']"]);
    range("a", "1")
        .refused(400, &["Input Error - start_number: ['String does not match expected pattern.']"]);
}

#[test]
fn phone_numbers_are_listed_filtered_and_searched() {
    let server = Server::start();
    server
        .post("/phone-numbers", json!({"number": "+1", "caller_id_name": "Firm", "shared": true}))
        .expect(201);
    number(&server, "2");
    let total = |query: &str| server.get(&format!("/phone-numbers{query}")).expect(200)["total"].clone();
    for query in ["?shared=true", "?caller_id_name=Firm", "?search=firm", "?number=2", "?search=2"] {
        assert_eq!(total(query), 1, "{query}");
    }
    assert_eq!((total("?main=false"), total("?main=true")), (json!(2), json!(0)));
    let list = server.get("/phone-numbers?order=number&direction=desc").expect(200);
    assert_eq!(list["items"][0]["number"], "2");
    server.get("/phone-numbers?order=zz").refused(400, &["Input Error - order: column 'zz' was not found"]);
}
