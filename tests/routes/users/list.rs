//! `GET /users`: order, search, filters and views.

use super::create;
use crate::harness::Server;
use serde_json::{Value, json};

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|user| user["firstname"].as_str().unwrap()).collect()
}

#[track_caller]
fn listed(server: &Server, query: &str, expected: &[&str]) {
    let list = server.get(&format!("/users?{query}")).expect(200);
    assert_eq!(names(&list), expected, "{query}");
}

fn people(server: &Server) {
    for body in [
        json!({"firstname": "Léeroy", "lastname": "Jénkins", "email": "leeroy@x.com", "userfield": "50%"}),
        json!({"firstname": "bob", "mobile_phone_number": "5551"}),
        json!({"firstname": "Alice", "lastname": "adams", "description": "Zebra", "mobile_phone_number": "5552"}),
        json!({"firstname": "Éric", "lastname": "Zorn", "subscription_type": 2, "enabled": false}),
    ] {
        create(server, body);
    }
}

#[test]
fn the_list_is_ordered_by_last_name_without_one_last() {
    let server = Server::start();
    people(&server);
    listed(&server, "", &["Alice", "Léeroy", "Éric", "bob"]);
    listed(&server, "direction=desc", &["bob", "Éric", "Léeroy", "Alice"]);
    listed(&server, "limit=2&offset=1", &["Léeroy", "Éric"]);
    assert_eq!(server.get("/users?limit=1").expect(200)["total"], 4);
}

#[test]
fn an_order_folds_names_and_puts_nothing_last() {
    let server = Server::start();
    people(&server);
    listed(&server, "order=firstname", &["Alice", "bob", "Éric", "Léeroy"]);
    listed(&server, "order=description", &["Alice", "Léeroy", "bob", "Éric"]);
    listed(&server, "order=mobile_phone_number&direction=desc", &["Éric", "Léeroy", "Alice", "bob"]);
    for _ in 0..7 {
        create(&server, json!({"firstname": "x"}));
    }
    let ids = server.get("/users?order=id").expect(200);
    let ids: Vec<_> =
        ids["items"].as_array().unwrap().iter().map(|user| user["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_search_ignores_case_and_accents() {
    let server = Server::start();
    people(&server);
    listed(&server, "search=leeroy%20jenk", &["Léeroy"]);
    listed(&server, "search=L%C3%A9eroy%20j%C3%A9nk", &["Léeroy"]);
    listed(&server, "search=ERIC", &["Éric"]);
    listed(&server, "search=zebr", &["Alice"]);
    listed(&server, "search=555", &["Alice", "bob"]);
    listed(&server, "search=nobody", &[]);
}

#[test]
fn filters_are_exact_and_some_take_lists() {
    let server = Server::start();
    people(&server);
    let (_, uuid) = create(&server, json!({"firstname": "Zed", "lastname": "Z"}));
    listed(&server, "firstname=bob", &["bob"]);
    listed(&server, "firstname=Bob", &[]);
    listed(&server, "fullname=Alice%20adams", &["Alice"]);
    listed(&server, "fullname=bob", &["bob"]);
    listed(&server, "email=LEEROY@X.com", &["Léeroy"]);
    listed(&server, "mobile_phone_number=5551,5552", &["Alice", "bob"]);
    listed(&server, &format!("uuid={uuid},zz"), &["Zed"]);
    listed(&server, "enabled=false", &["Éric"]);
    listed(&server, "subscription_type=2", &["Éric"]);
    listed(&server, "subscription_type=two", &[]);
    listed(&server, "search=e&enabled=false", &["Éric"]);
    listed(&server, "unknown=x&limit=1", &["Alice"]);
}

#[test]
fn bad_parameters_are_named() {
    let server = Server::start();
    for (query, text) in [
        ("order=zz", "Input Error - order: column 'zz' was not found"),
        ("direction=up", "Input Error - direction: must be 'asc' or 'desc'"),
        ("limit=0", "Input Error - field 'limit': wrong type. Should be a positive number"),
        ("view=foo", "Input Error - view 'foo' does not exist"),
    ] {
        server.get(&format!("/users?{query}")).refused(400, &[text]);
    }
    for name in ["limit", "offset"] {
        for value in ["-42", "invalid"] {
            let reply = server.get(&format!("/users?{name}={value}"));
            assert_eq!(reply.status, 400);
            assert!(reply.text.contains(name), "{}", reply.text);
        }
    }
}

#[test]
fn the_directory_and_the_summary_are_short() {
    let server = Server::start();
    let (id, uuid) = create(&server, json!({"firstname": "A", "lastname": "B", "userfield": "u"}));
    assert_eq!(
        server.get("/users?view=directory").expect(200)["items"][0],
        json!({"id": id, "uuid": uuid, "line_id": null, "agent_id": null, "firstname": "A", "lastname": "B",
            "email": null, "exten": null, "mobile_phone_number": null, "voicemail_number": null, "userfield": "u",
            "description": null, "context": null})
    );
    assert_eq!(
        server.get("/users?view=summary").expect(200)["items"][0],
        json!({"id": id, "uuid": uuid, "firstname": "A", "lastname": "B", "email": null, "extension": null,
            "context": null, "provisioning_code": null, "protocol": null, "enabled": true, "subscription_type": 0,
            "is_webrtc": false})
    );
    let presence = server.get("/users?view=line_presence").expect(200);
    assert_eq!(presence["items"][0]["services"], json!({"dnd": {"enabled": false}}));
    assert_eq!(server.get("/users?view=&search=A").expect(200)["items"][0]["caller_id"], "\"A B\"");
}
