//! What holds for every list (confd.md 1.11), on contexts, extensions and voicemails.

use crate::harness::{Server, TOKEN};
use serde_json::{Value, json};

const LISTS: [&str; 10] = [
    "/contexts",
    "/extensions",
    "/voicemails",
    "/tenants",
    "/users",
    "/endpoints/sip",
    "/endpoints/sip/templates",
    "/groups",
    "/incalls",
    "/phone-numbers",
];

/// A server with five voicemails, by number.
fn office() -> Server {
    let server = Server::start();
    for (number, name, email) in [
        ("1005", "Léa Müller", "lea@office.example"),
        ("1001", "LEO", "leo@office.example"),
        ("1003", "Zoé_A", "zoe@home.example"),
        ("1002", "100% Ann", ""),
        ("1004", "Bob", "bob@home.example"),
    ] {
        let mut body = json!({"name": name, "number": number, "context": "default"});
        if !email.is_empty() {
            body["email"] = json!(email);
        }
        server.post("/voicemails", body).expect(201);
    }
    server
}

fn column(list: &Value, key: &str) -> Vec<String> {
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item[key].as_str().unwrap_or("-").to_owned())
        .collect()
}

/// The numbers of the voicemails that a query finds, in order, and the total.
fn numbers(server: &Server, query: &str) -> (i64, String) {
    let list = server.get(&format!("/voicemails?{query}")).expect(200);
    let last_digits: Vec<_> = column(&list, "number").iter().map(|number| number[3..].to_owned()).collect();
    (list["total"].as_i64().unwrap(), last_digits.concat())
}

#[test]
fn bad_parameters_are_named_on_every_list() {
    let server = Server::start();
    let integer = "{'message': 'Not a valid integer.', 'constraint_id': 'type', 'constraint': 'integer'}";
    let boolean = "{'message': 'Not a valid boolean.', 'constraint_id': 'type', 'constraint': 'boolean'}";
    let range = "[{'constraint_id': 'range', 'constraint': {'min': 0}, 'message': 'Must be greater than or \
                 equal to 0.'}]";
    for list in LISTS {
        let refused =
            |query: &str, texts: &[&str]| server.get(&format!("{list}?{query}")).refused(400, texts);
        let column = "Input Error - order: column 'invalid_column' was not found";
        refused("order=invalid_column", &[column]);
        refused("direction=invalid", &["Input Error - direction: must be 'asc' or 'desc'"]);
        refused("limit=-42", &[&format!("Input Error - limit: {range}")]);
        refused("limit=invalid", &[&format!("Input Error - limit: {integer}")]);
        refused("limit=", &[&format!("Input Error - limit: {integer}")]);
        refused("offset=-42", &[&format!("Input Error - offset: {range}")]);
        refused("offset=1.5", &[&format!("Input Error - offset: {integer}")]);
        refused("recurse=invalid", &[&format!("Input Error - recurse: {boolean}")]);
        let zero = "Input Error - field 'limit': wrong type. Should be a positive number";
        refused("limit=0", &[zero]);
        refused(
            "limit=x&offset=-1&recurse=x&order=invalid_column",
            &[
                &format!("Input Error - limit: {integer}"),
                &format!("Input Error - offset: {range}"),
                &format!("Input Error - recurse: {boolean}"),
            ],
        );
    }
}

#[test]
fn a_list_is_paged_and_its_total_counts_all() {
    let server = office();
    assert_eq!(numbers(&server, ""), (5, "12345".to_owned()));
    assert_eq!(numbers(&server, "limit=2"), (5, "12".to_owned()));
    assert_eq!(numbers(&server, "limit=2&offset=3"), (5, "45".to_owned()));
    assert_eq!(numbers(&server, "offset=0"), (5, "12345".to_owned()));
    assert_eq!(numbers(&server, "offset=4"), (5, "5".to_owned()));
    assert_eq!(numbers(&server, "offset=99&limit=1"), (5, String::new()));
    assert_eq!(numbers(&server, "limit=1&direction=desc&search=office"), (2, "5".to_owned()));
    let list = server.get("/voicemails").expect(200);
    assert_eq!(list.as_object().unwrap().keys().collect::<Vec<_>>(), ["total", "items"]);
}

#[test]
fn a_list_is_ordered_by_any_column_both_ways() {
    let server = office();
    assert_eq!(numbers(&server, "order=number&direction=asc").1, "12345");
    assert_eq!(numbers(&server, "direction=desc").1, "54321");
    assert_eq!(numbers(&server, "order=email&direction=desc").1.replace('2', ""), "3154");
    for column in ["name", "number", "email", "context", "language", "timezone", "pager", "accesstype"] {
        assert_eq!(numbers(&server, &format!("order={column}")).0, 5, "{column}");
    }
    for column in ["id", "name", "label", "description", "type"] {
        server.get(&format!("/contexts?order={column}&direction=desc")).expect(200);
    }
    for column in ["exten", "context", "type"] {
        server.get(&format!("/extensions?order={column}&direction=desc")).expect(200);
    }
}

#[test]
fn a_search_ignores_case_and_accents_and_knows_wildcards() {
    let server = office();
    assert_eq!(numbers(&server, "search=lea").1, "5");
    assert_eq!(numbers(&server, "search=L%C3%89O").1, "1");
    assert_eq!(numbers(&server, "search=MULLER").1, "5");
    assert_eq!(numbers(&server, "search=zoe_a").1, "3");
    assert_eq!(numbers(&server, "search=b%25home").1, "4");
    assert_eq!(numbers(&server, "search=%25").1, "12345");
    assert_eq!(numbers(&server, "search=l_o").1, "1");
    assert_eq!(numbers(&server, "search=default").1, "", "the context is not searched");
    assert_eq!(numbers(&server, "search=").1, "12345");
    assert_eq!(numbers(&server, "search=1005").1, "5");
    assert_eq!(numbers(&server, &format!("search={}", "x".repeat(40_000))).1, "");
}

#[test]
fn filters_are_exact_and_all_must_hold() {
    let server = office();
    assert_eq!(numbers(&server, "number=1003").1, "3");
    assert_eq!(numbers(&server, "name=LEO&number=1001").1, "1");
    assert_eq!(numbers(&server, "name=leo").1, "");
    assert_eq!(numbers(&server, "name=LEO&number=1002").1, "");
    assert_eq!(numbers(&server, "name=LEO&search=zoe").1, "");
    assert_eq!(numbers(&server, "name=%25").1, "");
    assert_eq!(numbers(&server, "zz=1&filter=x&name=Bob").1, "4");
    assert_eq!(numbers(&server, "context=default&accesstype=personal").0, 5);
    let ids = |query: &str| server.get(&format!("/contexts?{query}")).expect(200)["total"].clone();
    assert_eq!(
        (ids("id=1"), ids("id=x"), ids("id=1.0"), ids("type=incall")),
        (json!(1), json!(0), json!(0), json!(1))
    );
}

#[test]
fn extensions_are_found_by_their_contexts_type() {
    let server = Server::start();
    for (exten, context) in
        [("1100", "default"), ("1050", "default"), ("1100", "from-extern"), ("+1", "to-extern")]
    {
        server.post("/extensions", json!({"exten": exten, "context": context})).expect(201);
    }
    let extens = |query: &str| column(&server.get(&format!("/extensions?{query}")).expect(200), "exten");
    assert_eq!(extens(""), ["+1", "1050", "1100", "1100"]);
    assert_eq!(extens("type=internal"), ["1050", "1100"]);
    assert_eq!(extens("search=outcall"), ["+1"]);
    assert_eq!(extens("search=105"), ["1050"]);
    assert_eq!(extens("context=default&recurse=true"), ["1050", "1100"]);
    assert_eq!(extens("exten=1100&context=from-extern"), ["1100"]);
}

#[test]
fn only_what_recurse_asks_for_is_listed() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let desk = server.add_tenant("desk", Some(&branch));
    for tenant in [&branch, &desk] {
        let headers = [("X-Auth-Token", tenant.token.as_str())];
        let body = json!({"label": "Inside"}).to_string();
        server.send("POST", "/contexts", Some(body), &headers).expect(201);
    }
    let total = |query: &str, headers: &[(&str, &str)]| {
        server.send("GET", &format!("/contexts?{query}"), None, headers).expect(200)["total"]
            .as_i64()
            .unwrap()
    };
    let master = ("X-Auth-Token", TOKEN);
    assert_eq!(total("", &[master]), 3);
    for yes in ["true", "True", "1", "yes", "on"] {
        assert_eq!(total(&format!("recurse={yes}"), &[master]), 5, "{yes}");
    }
    assert_eq!(total("recurse=false", &[master]), 3);
    let below = ("Wazo-Tenant", branch.uuid.as_str());
    assert_eq!((total("", &[master, below]), total("recurse=1", &[master, below])), (1, 2));
    assert_eq!(total("recurse=1", &[("X-Auth-Token", desk.token.as_str())]), 1);
}
