//! The page that ordered this product prints two ways to make a user: one request with everything, and one request for
//! each thing. Both end in the same.

use crate::harness::Server;
use serde_json::{Value, json};

/// What both users need: what they belong to, and a colleague whose calls they may take.
struct Office {
    group: Value,
    queue: Value,
    switchboard: Value,
    schedule: Value,
    permission: Value,
    colleague: Value,
}

fn office(server: &Server) -> Office {
    let uuid = |list: &str, body: Value| server.post(list, body).expect(201)["uuid"].clone();
    let id = |list: &str, body: Value| server.post(list, body).expect(201)["id"].clone();
    Office {
        group: uuid("/groups", json!({"label": "Sales"})),
        switchboard: uuid("/switchboards", json!({"name": "Desk"})),
        colleague: uuid("/users", json!({"firstname": "Colleague"})),
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
        "agent": {"number": "1001", "queues": [{"id": office.queue, "penalty": 2}]},
        "switchboards": [{"uuid": office.switchboard}],
        "call_pickup_target_users": [{"uuid": office.colleague}],
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
    let pickup = id("/callpickups", json!({"name": "Ben's"}));
    let ben = json!({"uuid": uuid});
    // The list of members is replaced as a whole.
    let mut operators =
        server.get(&plain("/switchboards/{}", &office.switchboard)).expect(200)["members"]["users"].clone();
    operators.as_array_mut().unwrap().push(ben.clone());
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
        (format!("/queues/{}/members/users/{user}", office.queue), json!({})),
        (format!("/queues/{}/members/agents/{agent}", office.queue), json!({"penalty": 2})),
        (plain("/switchboards/{}/members/users", &office.switchboard), json!({"users": operators})),
        (format!("/callpickups/{pickup}/interceptors/users"), json!({"users": [ben]})),
        (format!("/callpickups/{pickup}/targets/users"), json!({"users": [{"uuid": office.colleague}]})),
        (format!("/users/{user}/forwards"), forwards()),
        (format!("/users/{user}/fallbacks"), fallbacks()),
        (format!("/users/{user}/services/dnd"), json!({"enabled": true})),
        (format!("/users/{user}/funckeys"), json!({"keys": keys()})),
    ] {
        server.put(&path, body).expect(204);
    }
    let account = json!({"uuid": uuid, "username": "ben", "password": "secret", "firstname": "Ben"});
    server.admin("POST", "/users", account).expect(200);
    user
}

/// The path with a uuid in it.
fn plain(path: &str, uuid: &Value) -> String {
    path.replace("{}", uuid.as_str().unwrap())
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
    for key in [
        "lines",
        "incalls",
        "groups",
        "queues",
        "switchboards",
        "schedules",
        "call_permissions",
        "call_pickup_target_users",
    ] {
        assert_eq!(one[key].as_array().unwrap().len(), 1, "{key}");
    }
    assert_eq!((&one["agent"]["number"], &other["agent"]["number"]), (&json!("1001"), &json!("1002")));
    assert_eq!(
        (&one["voicemail"]["name"], &one["services"]["dnd"]["enabled"]),
        (&json!("Ada Lovelace"), &json!(true))
    );
    assert_eq!(shape(&get(&ada, "/funckeys")["keys"]), shape(&get(&ben, "/funckeys")["keys"]));
    let agent = |user: &Value| server.get(&format!("/agents/{}", user["agent"]["id"])).expect(200);
    assert_eq!(shape(&agent(&one)), shape(&agent(&other)));
    let members = server.get(&format!("/queues/{}", office.queue)).expect(200)["members"].clone();
    assert_eq!(shape(&members["agents"][0]), shape(&members["agents"][1]));
    assert_eq!(members["agents"][0]["penalty"], 2);
    for account in ["ada", "ben"] {
        assert!(!server.token_of(account, "secret").is_empty());
    }
    let line = |user: &Value| server.get(&format!("/lines/{}", user["lines"][0]["id"])).expect(200);
    assert_eq!(shape(&line(&one)), shape(&line(&other)));
    for user in [&ada, &ben] {
        server.delete(&format!("/users/{user}?recursive=true")).expect(204);
    }
    for list in ["/lines", "/endpoints/sip", "/voicemails", "/agents"] {
        assert_eq!(server.get(list).expect(200)["total"], 0, "{list}");
    }
    // Numbers from outside stay, and lead nowhere.
    let incalls = server.get("/incalls").expect(200)["items"].clone();
    assert!(
        incalls.as_array().unwrap().iter().all(|incall| incall["destination"] == json!({"type": "none"}))
    );
    assert_eq!(server.get("/users").expect(200)["total"], 1);
    let names = server.get("/callpickups").expect(200)["items"].clone();
    assert_eq!(names.as_array().unwrap().len(), 1, "{names}");
    for (name, password) in [("ada", "secret"), ("ben", "secret")] {
        assert_eq!(server.log_in(name, password, json!({})).status, 401, "{name}");
    }
}
