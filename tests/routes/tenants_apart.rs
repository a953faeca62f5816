//! Tenants never see each other: every route is asked with the ids of another tenant, and answers what it answers for
//! ids that nobody has. Things are made from the bodies that the OpenAPI document describes.

use crate::body_places::smallest;
use crate::harness::{Server, Tenant, program};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tempfile::TempDir;

pub const UUID: &str = "99999999-9999-4999-8999-999999999999";
pub const NUMBER: &str = "999999";

/// What belongs to no tenant.
pub const SHARED: [&str; 5] =
    ["registers/iax", "sip/transports", "extensions/features", "access_features", "ingresses/http"];

/// The ids of a thing: number, uuid.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    pub id: Option<String>,
    pub uuid: Option<String>,
}

pub fn document(api: &str) -> Value {
    let storage = TempDir::new().unwrap();
    let output = program(storage.path(), "openapi").arg(api).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Bodies that a schema alone does not tell; `CONTEXT` is the name of the tenant's own context.
pub fn known_bodies() -> BTreeMap<&'static str, Value> {
    let exten = |number: &str| json!({"exten": number, "context": "CONTEXT"});
    BTreeMap::from([
        ("users", json!({"firstname": "Ada", "auth": {"username": "ada-CONTEXT", "password": "x"}})),
        ("lines", json!({"context": "CONTEXT", "endpoint_sip": {}, "extensions": [exten("1001")]})),
        ("extensions", exten("1002")),
        ("voicemails", json!({"name": "Ada", "number": "1003", "context": "CONTEXT"})),
        ("incalls", json!({"destination": {"type": "none"}})),
        ("groups", json!({"label": "Sales"})),
        ("queues", json!({"name": "q-CONTEXT", "label": "Sales"})),
        ("agents", json!({"number": "1004"})),
        ("conferences", json!({"name": "Room"})),
        ("callpermissions", json!({"name": "no"})),
        ("outcalls", json!({"name": "out-CONTEXT"})),
        ("endpoints/custom", json!({"interface": "Local/1@CONTEXT"})),
        ("phone-numbers", json!({"number": "+33140506001"})),
        ("moh", json!({"name": "jazz", "mode": "files"})),
        (
            "schedules",
            json!({"name": "hours", "timezone": "Europe/Paris",
            "closed_destination": {"type": "none"}}),
        ),
        ("ivr", json!({"name": "menu", "menu_sound": "beep"})),
        (
            "callfilters",
            json!({"name": "boss", "strategy": "all-recipients-then-linear-surrogates",
            "source": "all"}),
        ),
        ("parkinglots", json!({"name": "lot", "slots_start": "701", "slots_end": "710"})),
        ("pagings", json!({"number": "80", "name": "all"})),
    ])
}

/// Makes one thing of every kind in a tenant: collection → ids. Numbers begin where no other number is.
pub fn furnish(server: &Server, tenant: &Tenant, api: &Value) -> BTreeMap<String, Ids> {
    let ranges = json!([{"start": "1000", "end": "1999"}]);
    let context = json!({"label": "Own", "user_ranges": ranges, "group_ranges": ranges, "queue_ranges": ranges,
        "conference_room_ranges": ranges});
    let context = server.send_in(tenant, "POST", "/contexts", Some(context)).expect(201);
    let mut made = BTreeMap::from([("contexts".to_owned(), ids(&context))]);
    let known = known_bodies();
    for (path, methods) in api["paths"].as_object().unwrap() {
        let collection = path.trim_start_matches('/');
        if !methods["post"].is_object() || collection.contains('{') || made.contains_key(collection) {
            continue;
        }
        let schema = &methods["post"]["requestBody"]["content"]["application/json"]["schema"];
        let body = known.get(collection).cloned().unwrap_or_else(|| smallest(schema)).to_string();
        let body = body.replace("CONTEXT", context["name"].as_str().unwrap());
        let reply = server.send_in(tenant, "POST", path, serde_json::from_str(&body).ok());
        if reply.status == 201 {
            made.insert(collection.to_owned(), ids(&reply.json));
        }
    }
    made.retain(|collection, _| !SHARED.contains(&collection.as_str()));
    made
}

/// The ids of what an answer shows.
pub fn ids(made: &Value) -> Ids {
    Ids { id: made["id"].as_i64().map(|id| id.to_string()), uuid: made["uuid"].as_str().map(str::to_owned) }
}

/// The path with the caller's own things in its placeholders; `text` where a text may stand that is the id of none.
pub fn own_path(path: &str, operation: &Value, own: &BTreeMap<String, Ids>, text: &str) -> String {
    let mut filled = path.to_owned();
    for parameter in operation["parameters"].as_array().unwrap() {
        let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
        let before = path.split(&name).next().unwrap().trim_end_matches('/');
        let kinds = own.iter().filter(|(kind, _)| before.ends_with(&format!("/{kind}")));
        let ids = kinds.max_by_key(|(kind, _)| kind.len()).map(|(_, ids)| ids);
        let schema = &parameter["schema"];
        let other = if schema["format"].is_null() && schema["type"] == "string" { text } else { "1" };
        filled = filled.replace(&name, ids.and_then(|ids| of_type(ids, schema)).unwrap_or(other));
    }
    filled
}

/// The id of a placeholder of this type among these ids.
pub fn of_type<'a>(ids: &'a Ids, schema: &Value) -> Option<&'a str> {
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer"), _) => ids.id.as_deref(),
        (_, Some("uuid")) => ids.uuid.as_deref(),
        _ => ids.id.as_deref().or(ids.uuid.as_deref()),
    }
}

/// The path with the other tenant's ids, the one with nobody's, and which of these stands for which of those.
type Asked = (String, String, Vec<(String, String)>);

/// A path with the other tenant's ids, with nobody's, and what stands for what: at and after placeholder `from`; those
/// before are the caller's own.
fn paths(
    path: &str,
    operation: &Value,
    (own, others): (&BTreeMap<String, Ids>, &BTreeMap<String, Ids>),
    from: usize,
) -> Option<Asked> {
    let (mut theirs, mut nobodys, mut pairs) = (path.to_owned(), path.to_owned(), Vec::new());
    for (index, parameter) in operation["parameters"].as_array().unwrap().iter().enumerate() {
        let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
        let before = path.split(&name).next().unwrap().trim_end_matches('/');
        let kind = |made: &'_ BTreeMap<String, Ids>| {
            let known = made.iter().filter(|(kind, _)| before.ends_with(&format!("/{kind}")));
            let longest = known.max_by_key(|(kind, _)| kind.len());
            longest.and_then(|(_, ids)| of_type(ids, &parameter["schema"]).map(str::to_owned))
        };
        let (mine, foreign) = (kind(own), kind(others));
        let (their, nobody) = match (index < from, mine, foreign) {
            (true, Some(mine), _) => (mine.clone(), mine),
            (true, None, _) => return None,
            (false, _, Some(foreign)) => {
                let nobody = if foreign.contains('-') { UUID } else { NUMBER };
                pairs.push((foreign.clone(), nobody.to_owned()));
                (foreign, nobody.to_owned())
            }
            (false, _, None) => ("1".to_owned(), "1".to_owned()),
        };
        (theirs, nobodys) = (theirs.replace(&name, &their), nobodys.replace(&name, &nobody));
    }
    (!pairs.is_empty()).then_some((theirs, nobodys, pairs))
}

#[test]
fn what_another_tenant_has_is_answered_as_what_nobody_has() {
    let server = Server::start();
    let (one, other) = (server.add_tenant("one", None), server.add_tenant("other", None));
    let api = document("confd");
    let own = furnish(&server, &one, &api);
    // Ids that no text holds by chance.
    server
        .database()
        .execute_batch(
            "UPDATE sqlite_sequence SET seq = 777000;
             INSERT INTO sqlite_sequence (name, seq) SELECT m.name, 777000 FROM sqlite_schema m
                 WHERE m.type = 'table' AND m.sql LIKE '%AUTOINCREMENT%'
                 AND m.name NOT IN (SELECT name FROM sqlite_sequence);",
        )
        .unwrap();
    server.send_in(&other, "POST", "/contexts", Some(json!({"label": "x"}))).expect(201);
    let others = furnish(&server, &other, &api);
    assert!(others.len() >= 12 && own.keys().eq(others.keys()), "{:?} {:?}", own.keys(), others.keys());
    let mut asked = 0;
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["security"] == json!([]) || SHARED.iter().any(|shared| path.contains(shared)) {
                continue;
            }
            for from in 0..operation["parameters"].as_array().unwrap().len() {
                let Some((theirs, nobodys, pairs)) = paths(path, operation, (&own, &others), from) else {
                    continue;
                };
                let method = method.to_uppercase();
                let ask = |path: &str| {
                    server.send(&method, path, Some("{}".to_owned()), &[("X-Auth-Token", &one.token)])
                };
                let (seen, unknown) = (ask(&theirs), ask(&nobodys));
                let text =
                    pairs.iter().fold(seen.text.clone(), |text, (id, nobody)| text.replace(id, nobody));
                assert_eq!(seen.status, unknown.status, "{method} {theirs}: {} {}", seen.text, unknown.text);
                assert_eq!(without_time(&text), without_time(&unknown.text), "{method} {theirs}");
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "only {asked} requests were compared");
}

/// A refusal that tells when it was made, without that.
pub fn without_time(text: &str) -> String {
    let Ok(Value::Object(mut body)) = serde_json::from_str(text) else { return text.to_owned() };
    body.remove("timestamp");
    Value::Object(body).to_string()
}

#[test]
fn accounts_of_another_tenant_are_answered_as_nobodys() {
    let server = Server::start();
    let (one, other) = (server.add_tenant("one", None), server.add_tenant("other", None));
    let within = |tenant: &Tenant, method: &str, path: &str, body: Value| {
        server.auth(method, path, Some(body), &[("X-Auth-Token", &tenant.token)])
    };
    let mut others = BTreeMap::new();
    for (kind, body) in [
        ("users", json!({"username": "ada"})),
        ("policies", json!({"name": "own"})),
        ("groups", json!({"name": "own"})),
    ] {
        others.insert(kind.to_owned(), ids(&within(&other, "POST", &format!("/{kind}"), body).expect(200)));
    }
    others.insert("tenants".to_owned(), Ids { id: None, uuid: Some(other.uuid.clone()) });
    let mut own = others.clone();
    own.clear();
    let api = document("auth");
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["security"] == json!([]) {
                continue;
            }
            let Some((theirs, nobodys, pairs)) = paths(path, operation, (&own, &others), 0) else { continue };
            let method = method.to_uppercase();
            let (seen, unknown) =
                (within(&one, &method, &theirs, json!({})), within(&one, &method, &nobodys, json!({})));
            let strip = |value: &Value| {
                let mut value = value.clone();
                value.as_object_mut().map(|value| value.remove("timestamp"));
                value.to_string()
            };
            let text = pairs.iter().fold(strip(&seen.json), |text, (id, nobody)| text.replace(id, nobody));
            assert_eq!(seen.status, unknown.status, "{method} {theirs}: {} {}", seen.text, unknown.text);
            assert_eq!(text, strip(&unknown.json), "{method} {theirs}");
        }
    }
}
