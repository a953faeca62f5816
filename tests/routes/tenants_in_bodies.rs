//! Ids of another tenant inside a body are answered as ids that nobody has, in every place of every body.

use crate::body_places::{Place, places};
use crate::harness::Server;
use crate::tenants_apart::{
    Ids, NUMBER, SHARED, UUID, document, furnish, known_bodies, own_path, without_time,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// Words for kinds of things that are not what their collection is called.
const WORDS: [(&str, &str); 14] = [
    ("user", "users"),
    ("users", "users"),
    ("main", "users"),
    ("recipients", "users"),
    ("surrogates", "users"),
    ("filter_member", "callfilters"),
    ("parking_lot", "parkinglots"),
    ("template", "endpoints/sip/templates"),
    ("func_key_template", "funckeys/templates"),
    ("permission", "callpermissions"),
    ("call_permissions", "callpermissions"),
    ("music_on_hold", "moh"),
    ("sip", "endpoints/sip"),
    ("skill_rule", "queues/skillrules"),
];

/// Is an id expected here?
fn is_reference(place: &Place) -> bool {
    let name = place.name();
    let is_number = name.ends_with("caller_id");
    !is_number && ["id", "uuid"].iter().any(|end| name == *end || name.ends_with(&format!("_{end}")))
}

/// The things of another tenant that the place may mean; all of them when its name tells none.
fn meant<'a>(place: &Place, things: &'a BTreeMap<String, Ids>) -> Vec<&'a Ids> {
    let mut names = place.names.iter().rev();
    let last = names.next().map_or("", String::as_str);
    let word = match last {
        "id" | "uuid" => names.next().map_or("", String::as_str),
        other => other.trim_end_matches("_uuid").trim_end_matches("_id"),
    };
    let word = word.trim_start_matches("endpoint_");
    let known = WORDS.iter().find(|(one, _)| *one == word).map(|(_, kind)| *kind);
    let fits = |kind: &str| {
        let short = kind.rsplit('/').next().unwrap_or_default();
        known == Some(kind) || short == word || short.strip_suffix('s') == Some(word)
    };
    let meant: Vec<&Ids> = things.iter().filter(|(kind, _)| fits(kind)).map(|(_, ids)| ids).collect();
    if meant.is_empty() { things.values().take(2).collect() } else { meant }
}

#[test]
fn ids_of_another_tenant_in_a_body_are_answered_as_nobodys() {
    let server = Server::start();
    let (one, other) = (server.add_tenant("one", None), server.add_tenant("other", None));
    let api = document("confd");
    let own = furnish(&server, &one, &api);
    server.database().execute_batch("UPDATE sqlite_sequence SET seq = 777000").unwrap();
    server.send_in(&other, "POST", "/contexts", Some(json!({"label": "x"}))).expect(201);
    let others = furnish(&server, &other, &api);
    let context = server.send("GET", "/contexts", None, &[("X-Auth-Token", &one.token)]).expect(200);
    let context = context["items"][0]["name"].as_str().unwrap().to_owned();
    let known = known_bodies();
    let mut asked = 0;
    for (path, methods) in api["paths"].as_object().unwrap() {
        for method in ["post", "put"] {
            let schema = &methods[method]["requestBody"]["content"]["application/json"]["schema"];
            if !schema.is_object() || SHARED.iter().any(|shared| path.contains(shared)) {
                continue;
            }
            let base = if method == "post" { known.get(path.trim_start_matches('/')) } else { None };
            let base = base.cloned().unwrap_or_else(|| json!({}));
            let target = own_path(path, &methods[method], &own, "1");
            let mut known = HashSet::new();
            for place in places(schema, &base).iter().filter(|place| is_reference(place)) {
                // One destination is as good as another.
                let way: Vec<_> = place.names.iter().map(|name| name.rsplit('_').next().unwrap()).collect();
                if way.contains(&"destination") && !known.insert(place.name().to_owned()) {
                    continue;
                }
                for ids in meant(place, &others) {
                    for theirs in [&ids.id, &ids.uuid].into_iter().flatten() {
                        let number = theirs.parse::<i64>();
                        let nobodys = if number.is_ok() { NUMBER } else { UUID };
                        let value =
                            |text: &str| text.parse::<i64>().map_or_else(|_| json!(text), Value::from);
                        let mut ask = |id: &str| {
                            asked += 1;
                            // Each makes something of its own.
                            let body = place.with(&value(id)).to_string().replace("CONTEXT", &context);
                            let body = body.replace("\"ada-", &format!("\"ada{asked}-"));
                            let headers = [("X-Auth-Token", one.token.as_str())];
                            (server.send(&method.to_uppercase(), &target, Some(body.clone()), &headers), body)
                        };
                        let ((seen, body), (unknown, _)) = (ask(theirs), ask(nobodys));
                        let text = without_time(&seen.text.replace(theirs, nobodys));
                        assert_eq!(
                            seen.status, unknown.status,
                            "{method} {target} {body}: {text} {}",
                            unknown.text
                        );
                        if seen.status >= 400 {
                            assert_eq!(text, without_time(&unknown.text), "{method} {target} {body}");
                        }
                    }
                }
            }
        }
    }
    assert!(asked > 400, "only {asked} requests");
}
