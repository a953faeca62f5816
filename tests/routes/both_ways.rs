//! The page that ordered this product prints two ways to make a user: one request with everything, and one request for
//! each thing. Both end in the same.

use crate::harness::Server;
use serde_json::{Value, json};

/// What both users need: the ids of a group, a queue, a schedule and a permission.
struct Office {
    group: Value,
    queue: Value,
    schedule: Value,
    permission: Value,
}

fn office(server: &Server) -> Office {
    let group = server.post("/groups", json!({"label": "Sales"})).expect(201)["uuid"].clone();
    let id = |list: &str, body: Value| server.post(list, body).expect(201)["id"].clone();
    Office {
        group,
        queue: id("/queues", json!({"name": "help"})),
        schedule: id("/schedules", json!({"name": "day", "closed_destination": {"type": "none"}})),
        permission: id("/callpermissions", json!({"name": "abroad"})),
    }
}

fn endpoint(name: &str) -> Value {
    json!({"name": name, "auth_section_options": [["username", name], ["password", "s3cr3t99"]]})
}

fn forwards() -> Value {
    json!({"busy": {"enabled": true, "destination": "1999"}, "noanswer": {"enabled": false, "destination": null},
           "unconditional": {"enabled": false, "destination": null}})
}

fn fallbacks() -> Value {
    json!({"noanswer_destination": {"type": "hangup", "cause": "busy", "timeout": 5.0}, "busy_destination": null,
           "congestion_destination": null, "fail_destination": null})
}

fn keys() -> Value {
    json!({"1": {"destination": {"type": "service", "service": "enablednd"}, "label": "DND"}})
}

fn at_once(server: &Server, office: &Office) -> Value {
    let body = json!({
        "firstname": "Ada", "lastname": "Lovelace", "email": "ada@x.org", "ring_seconds": 20,
        "lines": [{"context": "default", "extensions": [{"exten": "1001"}], "endpoint_sip": endpoint("ada")}],
        "voicemail": {"number": "1001", "context": "default"},
        "incalls": [{"extensions": [{"exten": "5001", "context": "from-extern"}]}],
        "groups": [{"uuid": office.group}], "queues": [{"id": office.queue}],
        "agent": {"number": "1001"}, "switchboards": [],
        "schedules": [{"id": office.schedule}], "call_permissions": [{"id": office.permission}],
        "forwards": forwards(), "fallbacks": fallbacks(), "services": {"dnd": {"enabled": true}},
        "func_keys": keys(), "auth": {"username": "ada", "password": "secret"},
    });
    server.post("/users", body).expect(201)["id"].clone()
}

fn step_by_step(server: &Server, office: &Office) -> Value {
    let id = |list: &str, body: Value| server.post(list, body).expect(201)["id"].clone();
    let user = server
        .post(
            "/users",
            json!({"firstname": "Ben", "lastname": "Lovelace", "email": "ben@x.org", "ring_seconds": 20}),
        )
        .expect(201);
    let (user, uuid) = (user["id"].clone(), user["uuid"].clone());
    let line = id("/lines", json!({"context": "default"}));
    let sip = server.post("/endpoints/sip", endpoint("ben")).expect(201)["uuid"].as_str().unwrap().to_owned();
    let extension = id("/extensions", json!({"exten": "1002", "context": "default"}));
    let voicemail =
        id("/voicemails", json!({"name": "Ben Lovelace", "number": "1002", "context": "default"}));
    let outside = id("/extensions", json!({"exten": "5002", "context": "from-extern"}));
    let incall = id("/incalls", json!({"destination": {"type": "user", "user_id": user}}));
    let agent = id("/agents", json!({"number": "1002", "firstname": "Ben", "lastname": "Lovelace"}));
    for path in [
        format!("/lines/{line}/endpoints/sip/{sip}"),
        format!("/lines/{line}/extensions/{extension}"),
        format!("/users/{user}/lines/{line}"),
        format!("/users/{user}/voicemails/{voicemail}"),
        format!("/incalls/{incall}/extensions/{outside}"),
        format!("/users/{user}/agents/{agent}"),
        format!("/users/{user}/schedules/{}", office.schedule),
        format!("/users/{user}/callpermissions/{}", office.permission),
    ] {
        server.associate(&path).expect(204);
    }
    let groups = json!({"groups": [{"uuid": office.group}]});
    for (path, body) in [
        (format!("/users/{user}/groups"), groups),
        (format!("/queues/{}/members/users/{uuid}", office.queue).replace('"', ""), json!({})),
        (format!("/users/{user}/forwards"), forwards()),
        (format!("/users/{user}/fallbacks"), fallbacks()),
        (format!("/users/{user}/services/dnd"), json!({"enabled": true})),
        (format!("/users/{user}/funckeys"), json!({"keys": keys()})),
    ] {
        server.put(&path, body).expect(204);
    }
    user
}

/// A user without what must differ: ids, names, numbers, times, addresses.
fn shape(value: &Value) -> Value {
    const OWN: [&str; 19] = [
        "id",
        "uuid",
        "links",
        "created_at",
        "firstname",
        "email",
        "caller_id",
        "name",
        "exten",
        "number",
        "provisioning_code",
        "provisioning_extension",
        "caller_id_name",
        "caller_id_num",
        "auth_section_options",
        "href",
        "user_id",
        "line_id",
        "endpoint_uuid",
    ];
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(key, _)| !OWN.contains(&key.as_str()));
            Value::Object(kept.map(|(key, value)| (key.clone(), shape(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(shape).collect()),
        other => other.clone(),
    }
}

#[test]
fn one_request_and_many_requests_make_the_same_user() {
    let server = Server::start();
    let office = office(&server);
    let (ada, ben) = (at_once(&server, &office), step_by_step(&server, &office));
    let get = |user: &Value, rest: &str| server.get(&format!("/users/{user}{rest}")).expect(200);
    let (one, other) = (get(&ada, ""), get(&ben, ""));
    assert_eq!(shape(&one), shape(&other));
    for key in ["lines", "incalls", "groups", "queues", "schedules", "call_permissions"] {
        assert_eq!(one[key].as_array().unwrap().len(), 1, "{key}");
    }
    assert_eq!((&one["agent"]["number"], &other["agent"]["number"]), (&json!("1001"), &json!("1002")));
    assert_eq!(
        (&one["voicemail"]["name"], &one["services"]["dnd"]["enabled"]),
        (&json!("Ada Lovelace"), &json!(true))
    );
    assert_eq!(shape(&get(&ada, "/funckeys")["keys"]), shape(&get(&ben, "/funckeys")["keys"]));
    let line = |user: &Value| server.get(&format!("/lines/{}", user["lines"][0]["id"])).expect(200);
    assert_eq!(shape(&line(&one)), shape(&line(&other)));
    for user in [&ada, &ben] {
        server.delete(&format!("/users/{user}?recursive=true")).expect(204);
    }
    for list in ["/users", "/lines", "/endpoints/sip", "/voicemails", "/agents"] {
        assert_eq!(server.get(list).expect(200)["total"], 0, "{list}");
    }
}
