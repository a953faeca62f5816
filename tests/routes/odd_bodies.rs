//! Lines that would be something else in a file, in every text of every body and in the paths of both APIs: nothing fails,
//! and nothing of them is rendered.

use crate::body_places::places;
use crate::harness::{Reply, Server, TOKEN, Tenant, program};
use crate::tenants_apart::{Ids, document, furnish, ids, known_bodies, own_path};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// A line break, and after it what Asterisk would take for a section, an option, a file to read.
const LINES: &str = "a\nevil-option = 1\n[evil-section]\n#exec evil";

/// One thing of every kind of the auth API.
fn accounts(server: &Server, tenant: &Tenant) -> BTreeMap<String, Ids> {
    let made = |kind: &str, body: Value| {
        let headers = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", tenant.uuid.as_str())];
        (kind.to_owned(), ids(&server.auth("POST", &format!("/{kind}"), Some(body), &headers).expect(200)))
    };
    BTreeMap::from([
        made("users", json!({"username": "anna"})),
        made("groups", json!({"name": "own"})),
        made("policies", json!({"name": "own"})),
        made("tenants", json!({"name": "below"})),
    ])
}

/// Sends the lines to every text and path of an API; gives how many requests that were.
fn walk(
    api: &Value,
    own: &BTreeMap<String, Ids>,
    known: &BTreeMap<&'static str, Value>,
    send: impl Fn(&str, &str, Value) -> Reply,
) -> usize {
    let mut asked = 0;
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let target = own_path(path, operation, own, "a%0Aevil-option=1");
            let method = method.to_uppercase();
            let mut ask = |body: Value| {
                asked += 1;
                let reply = send(&method, &target, body.clone());
                let routine = reply.status < 500 || reply.status == 503;
                assert!(routine, "{method} {target} {body}: {} {}", reply.status, reply.text);
                reply
            };
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            if !schema.is_object() {
                if target.contains("%0A") {
                    ask(json!({}));
                }
                continue;
            }
            let base = if method == "POST" { known.get(path.trim_start_matches('/')) } else { None };
            let base = base.cloned().unwrap_or_else(|| json!({}));
            let mut known = HashSet::new();
            for place in places(schema, &base).iter().filter(|place| place.text) {
                // One destination is as good as another.
                let way: Vec<_> = place.names.iter().map(|name| name.rsplit('_').next().unwrap()).collect();
                if way.contains(&"destination") && !known.insert(place.name().to_owned()) {
                    continue;
                }
                ask(place.with(&json!(LINES)));
            }
        }
    }
    asked
}

#[test]
fn lines_in_texts_and_paths_fail_nothing_and_reach_no_file() {
    let server = Server::start();
    let tenant = server.add_tenant("one", None);
    let headers = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", tenant.uuid.as_str())];
    let api = document("confd");
    let own = furnish(&server, &tenant, &api);
    let asked = walk(&api, &own, &known_bodies(), |method, target, body| {
        server.send(method, target, Some(body.to_string()), &headers)
    });
    assert!(asked > 500, "only {asked} requests");
    let asked =
        walk(&document("auth"), &accounts(&server, &tenant), &BTreeMap::new(), |method, target, body| {
            server.auth(method, target, Some(body), &headers)
        });
    assert!(asked > 40, "only {asked} requests to the auth API");
    let storage = server.storage();
    let folder = storage.join("rendered");
    let output = program(storage, "render").arg(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut files = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        let file = file.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let evil =
            text.lines().find(|line| line.trim_start().starts_with(['e', '[', '#']) && line.contains("evil"));
        assert!(evil.is_none(), "{}: {evil:?}", file.display());
        files += 1;
    }
    assert!(files > 10, "only {files} files");
}
