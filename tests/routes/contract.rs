//! Every route of the contract's section 7 is there, or the documentation says why not.

use crate::harness::Server;
use serde_json::Value;

/// A method and a path a line.
const ROUTES: &str = include_str!("contract_routes.txt");

/// The path with something in its placeholders.
fn filled(path: &str) -> String {
    let mut filled = path.to_owned();
    for (name, value) in [
        ("{uuid}", "99999999-9999-4999-8999-999999999999"),
        ("{sip_uuid}", "99999999-9999-4999-8999-999999999999"),
        ("{g}", "999999"),
        ("{u}", "999999"),
        ("{id}", "999999"),
        ("{pos}", "1"),
        ("{line_id}", "999999"),
        ("{agent_id}", "999999"),
    ] {
        filled = filled.replace(name, value);
    }
    while let Some((before, rest)) = filled.split_once('{') {
        let (_, after) = rest.split_once('}').unwrap();
        filled = format!("{before}something{after}");
    }
    filled
}

/// Is the path, with or without its method, one of a note's routes? `*` stands for any rest.
fn is_named(notes: &[Value], method: &str, path: &str) -> bool {
    let routes = notes.iter().flat_map(|note| note["routes"].as_array().unwrap());
    routes.filter_map(Value::as_str).any(|route| {
        let route = route.strip_prefix(&format!("{method} ")).unwrap_or(route);
        route.strip_suffix('*').map_or(route == path, |start| path.starts_with(start))
    })
}

#[test]
fn every_route_of_the_contract_is_there_or_a_note_says_why_not() {
    let server = Server::start();
    let notes = server.get("/cordboard/notes").expect(200)["items"].as_array().unwrap().clone();
    let absent: Vec<Value> = notes.iter().filter(|note| note["state"] == "absent").cloned().collect();
    let mut missing = Vec::new();
    for line in ROUTES.lines() {
        let (method, path) = line.split_once(' ').unwrap();
        let options = server.send("OPTIONS", &filled(path), None, &[]);
        let there =
            options.status == 200 && options.header("Allow").split(", ").any(|allowed| allowed == method);
        if !there && !is_named(&absent, method, path) {
            missing.push(line);
        }
    }
    assert!(missing.is_empty(), "neither there nor explained:\n{}", missing.join("\n"));
    assert!(ROUTES.lines().count() > 400);
}
