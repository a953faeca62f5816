//! `incalls` in `POST /users` and in a recursive PUT and DELETE.

use super::create;
use crate::harness::Server;
use serde_json::{Value, json};

fn extension(server: &Server, exten: &str, context: &str) -> i64 {
    let body = json!({"exten": exten, "context": context});
    server.post("/extensions", body).expect(201)["id"].as_i64().unwrap()
}

fn post(server: &Server, incalls: Value) -> crate::harness::Reply {
    server.post("/users", json!({"firstname": "Ada", "incalls": incalls}))
}

/// The incalls that GET shows of a user, with the numbers of each.
fn of(server: &Server, user: &Value) -> Vec<(Value, Vec<Value>)> {
    let user = server.get(&format!("/users/{user}")).expect(200);
    let numbers = |incall: &Value| {
        let extensions = incall["extensions"].as_array().unwrap();
        extensions.iter().map(|extension| extension["exten"].clone()).collect()
    };
    user["incalls"].as_array().unwrap().iter().map(|incall| (incall["id"].clone(), numbers(incall))).collect()
}

#[test]
fn a_user_is_made_with_numbers_from_outside() {
    let server = Server::start();
    let known = extension(&server, "2001", "from-extern");
    let incalls = json!([
        {"extensions": [{"exten": "2000", "context": "from-extern"}], "caller_id_name": "x"},
        {"extensions": [{"id": known}]},
    ]);
    let made = post(&server, incalls).expect(201);
    let shown = &made["incalls"];
    assert_eq!(shown[0]["extensions"][0]["exten"], "2000");
    assert_eq!(shown[0]["caller_id_name"], "x");
    assert!(shown[0]["id"].is_i64() && shown[0]["extensions"][0]["id"].is_i64());
    assert_eq!(shown[1]["extensions"], json!([{"id": known}]));
    let ids = [shown[0]["id"].clone(), shown[1]["id"].clone()];
    assert_eq!(
        of(&server, &made["id"]),
        [(ids[0].clone(), vec![json!("2000")]), (ids[1].clone(), vec![json!("2001")])]
    );
    let incall = server.get(&format!("/incalls/{}", ids[0])).expect(200);
    assert_eq!(incall["destination"]["user_id"], made["id"]);
    assert_eq!(incall["caller_id_name"], Value::Null, "stored only by /incalls");
}

#[test]
fn a_number_outside_of_every_range_gets_one() {
    let server = Server::start();
    let ranges = || {
        let list = server.get("/contexts?name=from-extern").expect(200);
        list["items"][0]["incall_ranges"].clone()
    };
    let before = ranges().as_array().unwrap().len();
    post(&server, json!([{"extensions": [{"exten": "5000", "context": "from-extern"}]}])).expect(201);
    assert_eq!(ranges().as_array().unwrap().len(), before);
    post(&server, json!([{"extensions": [{"exten": "0123456", "context": "from-extern"}]}])).expect(201);
    let new = ranges().as_array().unwrap().last().unwrap().clone();
    assert_eq!(new, json!({"start": "0123456", "end": "0123456", "did_length": 7}));
}

#[test]
fn a_number_that_leads_nowhere_is_taken_over() {
    let server = Server::start();
    let incall = server.post("/incalls", json!({"destination": {"type": "none"}})).expect(201)["id"].clone();
    let number = extension(&server, "2000", "from-extern");
    server.associate(&format!("/incalls/{incall}/extensions/{number}")).expect(204);
    let body = json!([{"extensions": [{"exten": "2000", "context": "from-extern"}]}]);
    let made = post(&server, body.clone()).expect(201);
    assert_eq!(of(&server, &made["id"]), [(incall, vec![json!("2000")])]);
    let text = "Existing incall does not have the new user as a destination (at incalls[0].extensions[0])";
    post(&server, body).refused(400, &[text]);
    assert_eq!(server.get("/users").expect(200)["total"], 1);
}

#[test]
fn every_mistake_of_incalls_is_named() {
    let server = Server::start();
    let refused = |incalls: Value, texts: &[&str]| post(&server, incalls).refused(400, texts);
    refused(
        json!([{}, {"extensions": [{}], "caller_id_mode": "zz"}]),
        &[
            "Input Error - incalls: {0: {'extensions': ['Missing data for required field.']}, 1: {'extensions': {0: \
           {'exten': ['Missing data for required field.'], 'context': ['Missing data for required field.']}}, \
           'caller_id_mode': ['Must be one of: prepend, overwrite, append.']}}",
        ],
    );
    refused(json!(null), &["Input Error - incalls: ['Field may not be null.']"]);
    let inside = extension(&server, "1000", "default");
    refused(
        json!([
            {"extensions": [{"exten": "1", "context": "nope"}]},
            {"extensions": [{"id": inside}]},
            {"extensions": [{"exten": "1001", "context": "default"}]},
            {"extensions": [{"exten": "abc", "context": "from-extern"}, {"exten": "1", "context": "default"}]},
        ]),
        &[
            "Input Error - field 'context': Context was not found ('context': 'nope') (at incalls[0].extensions[0])",
            "Context associated to the extension is not of type 'incall' (at incalls[1].extensions[0])",
            "Context associated to the extension is not of type 'incall' (at incalls[2].extensions[0])",
            "exten: ['String does not match expected pattern.'] (at incalls[3].extensions[0])",
            "Context associated to the extension is not of type 'incall' (at incalls[3].extensions[1])",
        ],
    );
    post(&server, json!([{"extensions": [{"id": 999_999}]}])).refused(
        404,
        &["Resource Not Found - Extension was not found ('id': 999999) (at incalls[0].extensions[0])"],
    );
    for path in ["/users", "/incalls"] {
        assert_eq!(server.get(path).expect(200)["total"], 0);
    }
}

#[test]
fn a_recursive_put_sets_the_incalls() {
    let server = Server::start();
    let one = json!([
        {"extensions": [{"exten": "2000", "context": "from-extern"}]},
        {"extensions": [{"exten": "2001", "context": "from-extern"}]},
    ]);
    let made = post(&server, one).expect(201);
    let path = format!("/users/{}?recursive=true", made["id"]);
    let (first, second) = (made["incalls"][0].clone(), made["incalls"][1].clone());
    let number = first["extensions"][0]["id"].clone();
    let body = json!({"firstname": "Ada", "incalls": [
        {"id": first["id"], "extensions": [{"id": number, "exten": "2010"}], "greeting_sound": "hello"},
        {"extensions": [{"exten": "2002", "context": "from-extern"}], "description": "new"},
    ]});
    server.put(&path, body).expect(204);
    let now = of(&server, &made["id"]);
    assert_eq!(now[0], (first["id"].clone(), vec![json!("2010")]));
    assert_eq!(now[1].1, [json!("2002")]);
    let shown = server.get(&format!("/incalls/{}", first["id"])).expect(200);
    assert_eq!(shown["greeting_sound"], "hello");
    assert_eq!(server.get(&format!("/incalls/{}", now[1].0)).expect(200)["description"], "new");
    assert_eq!(server.get(&format!("/incalls/{}", second["id"])).status, 404);
    assert_eq!(server.get("/extensions?exten=2001").expect(200)["total"], 0);
    let body = json!({"firstname": "Ada", "incalls": [{"id": 999, "extensions": []}, {"id": first["id"]}]});
    server
        .put(&path, body)
        .refused(400, &["Input Error - incalls: {1: {'extensions': ['Missing data for required field.']}}"]);
    let body = json!({"firstname": "Ada", "incalls": [{"id": 999, "extensions": []}]});
    let text = "Resource Not Found - Incall was not found ('id': 999) (at incalls[0])";
    server.put(&path, body).refused(404, &[text]);
    assert_eq!(of(&server, &made["id"]), now);
    server.put(&path, json!({"firstname": "Ada"})).expect(204);
    assert_eq!(of(&server, &made["id"]), []);
    assert_eq!(server.get("/incalls").expect(200)["total"], 0);
}

#[test]
fn an_incall_outlives_its_user() {
    let server = Server::start();
    let made =
        post(&server, json!([{"extensions": [{"exten": "2000", "context": "from-extern"}]}])).expect(201);
    server.delete(&format!("/users/{}?recursive=true", made["id"])).expect(204);
    let left = server.get("/incalls").expect(200);
    assert_eq!(left["items"][0]["destination"], json!({"type": "none"}));
    assert_eq!(left["items"][0]["extensions"][0]["exten"], "2000");
    let (ada, _) = create(
        &server,
        json!({"firstname": "New", "incalls": [
        {"extensions": [{"exten": "2000", "context": "from-extern"}]}]}),
    );
    assert_eq!(of(&server, &json!(ada)).len(), 1);
}
