use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

/// The blocks of `/contexts/1/ranges/…` as `start-end`, and the total.
fn blocks(server: &Server, query: &str) -> (i64, Vec<String>) {
    let list = server.get(&format!("/contexts/1/ranges/{query}")).expect(200);
    let text = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    let items = list["items"].as_array().unwrap();
    let blocks = items.iter().map(|item| format!("{}-{}", text(item, "start"), text(item, "end"))).collect();
    (list["total"].as_i64().unwrap(), blocks)
}

#[test]
fn a_first_start_makes_contexts_that_a_call_works_with() {
    let server = Server::start();
    let list = server.get("/contexts").expect(200);
    assert_eq!(list["total"], 3);
    assert_eq!(list["items"][0]["name"], "default");
    assert_eq!(list["items"][0]["user_ranges"], json!([{"start": "1000", "end": "1999"}]));
}

#[test]
fn every_mistake_of_a_body_is_named_at_once() {
    let server = Server::start();
    let body = json!({"type": "x", "user_ranges": [{"start": "12", "end": "1"}, {"start": "a"}]});
    server.post("/contexts", body).refused(
        400,
        &[
            "Input Error - label: ['Missing data for required field.']",
            "Input Error - type: ['Must be one of: internal, incall, outcall, services, others.']",
            "Input Error - user_ranges: {0: {'_schema': ['Start and end must be of the same length']}, \
             1: {'start': ['Invalid input.']}}",
        ],
    );
}

#[test]
fn a_context_is_changed_included_and_deleted() {
    let server = Server::start();
    let made = server.post("/contexts", json!({"label": "Back office"}));
    assert_eq!(made.status, 201);
    assert_eq!(made.header("Location"), made.json["links"][0]["href"]);
    let id = &made.json["id"];
    let path = format!("/contexts/{id}");
    server.put(&path, json!({"enabled": false})).expect(204);
    server.put(&format!("{path}/contexts"), json!({"contexts": [{"id": 1}]})).expect(204);
    let context = server.get(&path).expect(200);
    assert_eq!(context["enabled"], false);
    assert_eq!(context["contexts"][0]["name"], "default");
    server.delete(&path).expect(204);
    server.get(&path).refused(404, &[&format!("Resource Not Found - Context was not found ('id': {id})")]);
    let page = server.associate("/users/zz").text;
    assert!(page.starts_with("<!doctype html>"));
}

#[test]
fn a_context_has_the_contracts_keys_and_defaults() {
    let server = Server::start();
    let made = server.post("/contexts", json!({"label": "Office"})).expect(201);
    let (id, uuid) = (&made["id"], made["uuid"].as_str().unwrap());
    let expected = json!({
        "id": id, "uuid": uuid, "name": format!("ctx-master-internal-{uuid}"), "label": "Office",
        "type": "internal", "user_ranges": [], "group_ranges": [], "queue_ranges": [],
        "conference_room_ranges": [], "incall_ranges": [], "description": null, "tenant_uuid": MASTER,
        "enabled": true, "links": made["links"], "contexts": [],
    });
    assert_eq!(made.to_string(), expected.to_string());
}

#[test]
fn the_old_name_of_a_label_is_taken() {
    let server = Server::start();
    let made = server.post("/contexts", json!({"name": "Office"})).expect(201);
    assert_eq!(made["label"], "Office");
    let path = format!("/contexts/{}", made["id"]);
    server.put(&path, json!({"name": "House"})).expect(204);
    server.put(&path, json!({"name": "no", "label": "Home"})).expect(204);
    let context = server.get(&path).expect(200);
    assert_eq!((&context["label"], &context["name"]), (&json!("Home"), &made["name"]));
}

#[test]
fn ranges_are_stored_and_replaced_list_by_list() {
    let server = Server::start();
    let made = server
        .post(
            "/contexts",
            json!({"label": "x", "user_ranges": [{"start": "0100", "end": "0199"}, {"start": "5"}],
                   "incall_ranges": [{"start": "100", "end": "199", "did_length": 3}, {"start": "7"}]}),
        )
        .expect(201);
    let path = format!("/contexts/{}", made["id"]);
    let users = json!([{"start": "0100", "end": "0199"}, {"start": "5", "end": "5"}]);
    assert_eq!(made["user_ranges"], users);
    let incalls =
        json!([{"start": "100", "end": "199", "did_length": 3}, {"start": "7", "end": "7", "did_length": 0}]);
    assert_eq!(made["incall_ranges"], incalls);
    server.put(&path, json!({"incall_ranges": []})).expect(204);
    let context = server.get(&path).expect(200);
    assert_eq!((&context["user_ranges"], &context["incall_ranges"]), (&users, &json!([])));
}

#[test]
fn every_mistake_of_a_range_is_named() {
    let server = Server::start();
    let refused = |ranges: Value, text: &str| {
        server.put("/contexts/1", json!({"incall_ranges": ranges})).refused(400, &[text]);
    };
    let order = "Start of range must be lower than or equal to the end";
    refused(
        json!([{"start": "2", "end": "1"}]),
        &format!("Input Error - incall_ranges: {{0: {{'_schema': ['{order}']}}}}"),
    );
    refused(
        json!([{"start": "12345678901234567"}, {"end": "1", "did_length": -1}]),
        "Input Error - incall_ranges: {0: {'start': ['Longer than maximum length 16.']}, \
         1: {'start': ['Missing data for required field.'], \
         'did_length': ['Must be greater than or equal to 0.']}}",
    );
    refused(json!({}), "Input Error - incall_ranges: ['Invalid type.']");
    refused(json!(null), "Input Error - incall_ranges: ['Field may not be null.']");
    refused(json!(["1"]), "Input Error - incall_ranges: {0: {'_schema': ['Invalid input type.']}}");
    let label = "Input Error - label: ['Length must be between 1 and 128.']";
    server.put("/contexts/1", json!({"label": ""})).refused(400, &[label]);
    server.put("/contexts/1", json!({"label": "x".repeat(129)})).refused(400, &[label]);
    let enabled = "Input Error - enabled: ['Not a valid boolean.']";
    server.put("/contexts/1", json!({"enabled": "yes"})).refused(400, &[enabled]);
}

#[test]
fn includes_are_ordered_and_checked() {
    let server = Server::start();
    let path = "/contexts/1/contexts";
    let put = |ids: &[i64]| {
        let contexts: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
        server.put(path, json!({"contexts": contexts}))
    };
    put(&[3, 2]).expect(204);
    let included = &server.get("/contexts/1").expect(200)["contexts"];
    let keys: Vec<_> = included[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "name", "label", "links"]);
    assert_eq!((&included[0]["name"], &included[1]["name"]), (&json!("to-extern"), &json!("from-extern")));
    put(&[2, 9999]).refused(400, &["Input Error - field 'contexts': Context was not found ('id': 9999)"]);
    let twice = "Resource Error - Operation not permitted. Cannot include same context more than once";
    put(&[2, 2]).refused(400, &[twice]);
    let itself = "Resource Error - Operation not permitted. Cannot include context inside itself";
    put(&[2, 1]).refused(400, &[itself]);
    let missing = "Input Error - contexts: ['Missing data for required field.']";
    server.put(path, json!({})).refused(400, &[missing]);
    server
        .put(path, json!({"contexts": null}))
        .refused(400, &["Input Error - contexts: ['Field may not be null.']"]);
    assert_eq!(server.get("/contexts/1").expect(200)["contexts"].as_array().unwrap().len(), 2);
    put(&[]).expect(204);
    assert_eq!(server.get("/contexts/1").expect(200)["contexts"], json!([]));
    let unknown = "Resource Not Found - Context was not found ('id': 99)";
    server.put("/contexts/99/contexts", json!({"contexts": []})).refused(404, &[unknown]);
}

#[test]
fn a_context_in_use_is_not_deleted() {
    let server = Server::start();
    let extension = server.post("/extensions", json!({"exten": "1", "context": "default"})).expect(201);
    let voicemail = json!({"name": "A", "number": "1", "context": "default"});
    let voicemail = server.post("/voicemails", voicemail).expect(201);
    let text = |resource: &str, key: &str, id: &Value| {
        format!("Resource Error - Context is associated with a {resource} ('context_id': 1, '{key}': {id})")
    };
    let extension_id = &extension["id"];
    server.delete("/contexts/1").refused(400, &[&text("Extension", "extension_id", extension_id)]);
    server.delete(&format!("/extensions/{extension_id}")).expect(204);
    let voicemail_id = &voicemail["id"];
    server.delete("/contexts/1").refused(400, &[&text("Voicemail", "voicemail_id", voicemail_id)]);
    server.delete(&format!("/voicemails/{voicemail_id}")).expect(204);
    server.delete("/contexts/1").expect(204);
    assert_eq!(server.get("/contexts").expect(200)["total"], 2);
}

#[test]
fn a_context_in_which_an_agent_is_logged_in_stays() {
    let server = Server::start();
    let context = server.post("/contexts", json!({"label": "Floor"})).expect(201);
    let agent = server.post("/agents", json!({"number": "7"})).expect(201)["id"].as_i64().unwrap();
    let row = (agent, "phone", "1001", context["name"].as_str().unwrap());
    server.database().execute("INSERT INTO agent_login VALUES (?1, ?2, ?3, ?4)", row).unwrap();
    let path = format!("/contexts/{}", context["id"]);
    let text = format!(
        "Resource Error - Context is associated with a AgentLoginStatus ('context_id': {}, 'agent_id': {agent})",
        context["id"]
    );
    server.delete(&path).refused(400, &[&text]);
    server.delete(&format!("/agents/{agent}")).expect(204);
    server.delete(&path).expect(204);
}

#[test]
fn free_numbers_are_shown_in_blocks() {
    let server = Server::start();
    assert_eq!(blocks(&server, "user"), (1, vec!["1000-1999".to_owned()]));
    for exten in ["1000", "1002", "1500", "_15XX", "*10", "2500"] {
        server.post("/extensions", json!({"exten": exten, "context": "default"})).expect(201);
    }
    let free = ["1001-1001", "1003-1499", "1501-1999"].map(str::to_owned);
    assert_eq!(blocks(&server, "user"), (3, free.to_vec()));
    assert_eq!(
        blocks(&server, "user?availability=available&limit=1&offset=1"),
        (3, vec!["1003-1499".to_owned()])
    );
    assert_eq!(blocks(&server, "user?availability=all"), (1, vec!["1000-1999".to_owned()]));
    assert_eq!(blocks(&server, "group"), (2, vec!["2000-2499".to_owned(), "2501-2999".to_owned()]));
    assert_eq!(blocks(&server, "queue"), (1, vec!["3000-3999".to_owned()]));
    assert_eq!(blocks(&server, "conference"), (1, vec!["4000-4999".to_owned()]));
    assert_eq!(blocks(&server, "incall"), (0, vec![]));
    let incalls = server.get("/contexts/2/ranges/incall").expect(200);
    assert_eq!(incalls, json!({"total": 1, "items": [{"start": "1000", "end": "9999"}]}));
}

#[test]
fn numbers_are_searched_in_ranges() {
    let server = Server::start();
    server.post("/extensions", json!({"exten": "1001", "context": "default"})).expect(201);
    let found = ["1000-1000", "1002-1009", "1100-1100"].map(str::to_owned);
    assert_eq!(blocks(&server, "user?search=100"), (3, found.to_vec()));
    assert_eq!(blocks(&server, "user?search=100&availability=all").1, ["1000-1009", "1100-1100"]);
    assert_eq!(blocks(&server, "user?search=100&limit=1&offset=2"), (3, vec!["1100-1100".to_owned()]));
    assert_eq!(blocks(&server, "user?search=x").0, 0);
}

#[test]
fn bad_parameters_of_ranges_are_named() {
    let server = Server::start();
    let choice = "Input Error - availability: ['Must be one of: available, all.']";
    server.get("/contexts/1/ranges/user?availability=zz").refused(400, &[choice]);
    let zero = "Input Error - field 'limit': wrong type. Should be a positive number";
    server.get("/contexts/1/ranges/user?limit=0").refused(400, &[zero]);
    let integer = "Input Error - limit: {'message': 'Not a valid integer.', 'constraint_id': 'type', \
                   'constraint': 'integer'}";
    server.get("/contexts/1/ranges/user?limit=x&availability=zz").refused(400, &[integer, choice]);
    let wide = json!([{"start": "0000000000000000", "end": "9999999999999999"}]);
    server.put("/contexts/1", json!({"user_ranges": wide})).expect(204);
    assert_eq!(blocks(&server, "user").1, ["0000000000000000-9999999999999999"]);
    let many = "Input Error - search: ['Cannot search in more than 1000000 numbers.']";
    server.get("/contexts/1/ranges/user?search=1").refused(400, &[many]);
    let unknown = "Resource Not Found - Context was not found ('id': 99)";
    server.get("/contexts/99/ranges/user").refused(404, &[unknown]);
    assert_eq!(server.get("/contexts/1/ranges/agent").status, 404);
}

#[test]
fn the_lines_of_a_context_go_with_it_and_their_endpoints_stay() {
    let server = Server::start();
    let context = server.post("/contexts", json!({"label": "x"})).expect(201);
    let body = json!({"context": context["name"], "endpoint_sip": {"name": "left"}});
    let line = server.post("/lines", body).expect(201);
    server.delete(&format!("/contexts/{}", context["id"])).expect(204);
    assert_eq!(server.get(&format!("/lines/{}", line["id"])).status, 404);
    assert_eq!(server.get("/endpoints/sip?name=left").expect(200)["total"], 1);
}
