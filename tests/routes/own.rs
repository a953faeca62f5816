//! What a plain user's token reaches: the own user, and nothing of others. Every route is asked, with the own ids and with
//! those of somebody else of the same tenant.

use crate::body_places::places;
use crate::harness::{Server, TOKEN};
use crate::tenants_apart::{UUID, document, without_time};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;

/// Somebody with all that a user can have.
struct Person {
    uuid: String,
    made: Value,
    token: String,
    session: String,
}

/// Makes somebody in whose every text `mark` stands.
fn person(server: &Server, mark: &str, number: &str) -> Person {
    let name = mark.to_lowercase();
    let forward = json!({"enabled": true, "destination": format!("{number}99")});
    let body = json!({
        "firstname": mark, "lastname": format!("{mark}son"), "email": format!("{name}@example.com"),
        "mobile_phone_number": format!("06{number}"), "userfield": format!("{mark} field"),
        "call_permission_password": format!("{number}1"), "outgoing_caller_id": format!("\"{mark}\" <{number}2>"),
        "lines": [{"context": "default", "extensions": [{"exten": number}], "endpoint_sip": {"name": format!("{name}phone"),
            "auth_section_options": [["username", format!("{name}auth")], ["password", format!("{name}secret")]]}}],
        "voicemail": {"number": number, "context": "default", "name": format!("{mark} box"), "password": format!("{number}3")},
        "agent": {}, "forwards": {"busy": forward},
        "func_keys": {"1": {"label": format!("{mark} key"), "destination": {"type": "custom", "exten": number}}},
        "auth": {"username": name, "password": "secret"},
    });
    let made = server.post("/users", body).expect(201);
    let offline = json!({"access_type": "offline", "client_id": format!("{name}-client")});
    let token = server.log_in(&name, "secret", offline).expect(200)["data"].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Person {
        uuid: text(&made["uuid"]),
        token: text(&token["token"]),
        session: text(&token["session_uuid"]),
        made,
    }
}

/// The path with this person's things; for what is nobody's, an id that fits.
fn filled(path: &str, operation: &Value, person: &Person) -> String {
    let line = &person.made["lines"][0];
    path.split('/')
        .scan("", |before, part| {
            let value = match (*before, part) {
                (_, part) if !part.starts_with('{') => part.to_owned(),
                ("users", _) => person.uuid.clone(),
                ("lines", _) => line["id"].to_string(),
                ("voicemails", _) => person.made["voicemail"]["id"].to_string(),
                ("agents" | "by-id", _) => person.made["agent"]["id"].to_string(),
                ("sip", _) => line["endpoint_sip"]["uuid"].as_str().unwrap().to_owned(),
                ("extensions", _) => line["extensions"][0]["id"].to_string(),
                ("sessions", _) => person.session.clone(),
                ("tokens", _) => {
                    format!("{}-client", person.made["firstname"].as_str().unwrap().to_lowercase())
                }
                ("token", _) => person.token.clone(),
                (_, name) => {
                    let named = |one: &&Value| format!("{{{}}}", one["name"].as_str().unwrap()) == name;
                    let parameter = operation["parameters"].as_array().unwrap().iter().find(named);
                    if parameter.unwrap()["schema"]["format"] == "uuid" { UUID } else { "1" }.to_owned()
                }
            };
            *before = part;
            Some(value)
        })
        .collect::<Vec<_>>()
        .join("/")
}

struct Asked<'a> {
    api: &'static str,
    method: &'a str,
    path: &'a str,
    operation: &'a Value,
}

impl Asked<'_> {
    fn name(&self) -> String {
        format!("{} {} {}", self.api, self.method.to_uppercase(), self.path)
    }

    /// Asks with a token for somebody's things; status and text.
    fn send(&self, server: &Server, token: &str, whose: &Person, body: Value) -> (u16, String) {
        let (path, method) = (filled(self.path, self.operation, whose), self.method.to_uppercase());
        let headers = [("X-Auth-Token", token)];
        let reply = match self.api {
            "auth" => server.auth(&method, &path, Some(body), &headers),
            _ => server.send(&method, &path, Some(body.to_string()), &headers),
        };
        (reply.status, reply.text)
    }
}

/// Every route that asks for a token.
fn routes<'a>(documents: &'a [(&'static str, Value)]) -> Vec<Asked<'a>> {
    let mut routes = Vec::new();
    for (api, document) in documents {
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if operation["security"] != json!([]) {
                    routes.push(Asked { api, method, path, operation });
                }
            }
        }
    }
    routes
}

/// All that an administrator sees of somebody, and of what belongs to nobody in particular.
fn seen(server: &Server, routes: &[Asked], whose: &Person) -> Vec<(String, String)> {
    let of_them = |route: &&Asked| {
        let path = route.path;
        let adas = path.starts_with("/funckeys/templates/");
        let moves = adas || path.contains("audit") || path.contains("sessions") || path.contains("revisions");
        route.method == "get" && !moves && (path.contains('{') || path == "/policies")
    };
    let seen = routes.iter().filter(of_them).map(|route| {
        let (status, text) = route.send(server, TOKEN, whose, json!({}));
        (route.name(), format!("{status} {}", without_time(&text)))
    });
    seen.collect()
}

/// What everybody may do, about themselves alone.
const OWN: &str = "
auth DELETE /users/me/tokens/{client}
auth DELETE /users/{user}/sessions/{session}
auth DELETE /users/{user}/tokens/{client}
auth GET /users/me/tokens
auth GET /users/{user}/sessions
auth GET /users/{user}/tokens
auth PUT /users/{user}/password
confd DELETE /users/{user}/funckeys/{position}
confd GET /users/{user}
confd GET /users/{user}/callerids/outgoing
confd GET /users/{user}/external/apps
confd GET /users/{user}/external/apps/{document}
confd GET /users/{user}/fallbacks
confd GET /users/{user}/forwards
confd GET /users/{user}/forwards/busy
confd GET /users/{user}/forwards/noanswer
confd GET /users/{user}/forwards/unconditional
confd GET /users/{user}/funckeys
confd GET /users/{user}/funckeys/templates
confd GET /users/{user}/funckeys/{position}
confd GET /users/{user}/lines/{line}/associated/endpoints/sip
confd GET /users/{user}/services
confd GET /users/{user}/services/dnd
confd GET /users/{user}/services/incallfilter
confd GET /users/{user}/voicemails
confd PUT /users/{user}
confd PUT /users/{user}/forwards
confd PUT /users/{user}/forwards/busy
confd PUT /users/{user}/forwards/noanswer
confd PUT /users/{user}/forwards/unconditional
confd PUT /users/{user}/funckeys
confd PUT /users/{user}/funckeys/{position}
confd PUT /users/{user}/services/dnd
confd PUT /users/{user}/services/incallfilter
";

/// What everybody may do without saying who they are: the token does.
const ANYBODYS: &str = "
auth DELETE /users/me/tokens/{client}
auth GET /users/me/tokens
confd GET /infos
confd GET /switchboards/{switchboard}/calls/held
confd GET /switchboards/{switchboard}/calls/queued
confd GET /users/me/agents
confd POST /users/me/agents/login
confd POST /users/me/agents/logoff
confd POST /users/me/agents/pause
confd POST /users/me/agents/unpause
confd PUT /switchboards/{switchboard}/calls/held/{call}
confd PUT /switchboards/{switchboard}/calls/held/{call}/answer
confd PUT /switchboards/{switchboard}/calls/queued/{call}/answer
confd PUT /users/me/agents/queues/{queue}/login
confd PUT /users/me/agents/queues/{queue}/logoff
";

fn lines(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_plain_token_reaches_its_own_user_and_nothing_of_others() {
    let server = Server::start();
    let (ada, ben) = (person(&server, "Adamaris", "1111"), person(&server, "Bennosuke", "1777"));
    let documents = [("confd", document("confd")), ("auth", document("auth"))];
    let routes = routes(&documents);
    let before = seen(&server, &routes, &ben);
    assert!(before.iter().any(|(_, text)| text.contains("bennosukesecret")), "{before:?}");

    let mut open = BTreeSet::new();
    for route in &routes {
        let (status, text) = route.send(&server, &ada.token, &ben, json!({}));
        // What was asked for may come back.
        let text = text.replace("bennosuke-client", "");
        assert!(!text.contains("ennosuke") && !text.contains("1777"), "{}: {text}", route.name());
        if status != 401 {
            open.insert(route.name());
        }
    }
    assert_eq!(open, lines(ANYBODYS));

    let mut own = BTreeSet::new();
    for route in routes.iter().filter(|route| route.path.starts_with("/users/") && route.method == "get") {
        let (status, text) = route.send(&server, &ada.token, &ada, json!({}));
        assert!(!text.contains("ennosuke") && !text.contains("1777"), "{}: {text}", route.name());
        if status != 401 {
            own.insert(route.name());
        }
    }
    // What is changed comes after what is read; what would end the session comes last.
    let (ends, changes): (Vec<_>, Vec<_>) = routes
        .iter()
        .filter(|route| route.path.starts_with("/users/") && route.method != "get")
        .partition(|route| route.path.contains("password") || route.path.contains("sessions"));
    for route in changes.into_iter().chain(ends) {
        let schema = &route.operation["requestBody"]["content"]["application/json"]["schema"];
        let mut bodies = vec![json!({}), ben.made.clone()];
        for place in places(schema, &json!({})) {
            for of_ben in [
                &ben.made["id"],
                &ben.made["uuid"],
                &ben.made["lines"][0]["id"],
                &ben.made["voicemail"]["id"],
            ] {
                bodies.push(place.with(of_ben));
            }
        }
        for body in bodies {
            let (status, text) = route.send(&server, &ada.token, &ada, body.clone());
            assert!(status < 500 || status == 503, "{} {body}: {text}", route.name());
            if status != 401 {
                own.insert(route.name());
            }
        }
    }
    let about: BTreeSet<String> = own.iter().filter(|name| !name.contains("/me/agents")).cloned().collect();
    assert_eq!(about, lines(OWN));
    for (was, is) in before.iter().zip(seen(&server, &routes, &ben)) {
        assert_eq!(*was, is, "ben is as he was");
    }
    let alive = server.auth("GET", &format!("/token/{}", ben.token), None, &[]);
    assert_eq!(alive.status, 200, "ben is still logged in");
    server.token_of("bennosuke", "secret");
}

#[test]
fn a_name_that_is_written_otherwise_is_nobody_else() {
    let server = Server::start();
    let (ada, ben) = (person(&server, "Adamaris", "1111"), person(&server, "Bennosuke", "1777"));
    let (own, other) = (&ada.uuid, &ben.uuid);
    let id = ben.made["id"].to_string();
    let dashed = other.replace('-', "%2d");
    let ways = [
        format!("/users/{}", other.to_uppercase()),
        format!("/users/{dashed}"),
        format!("/users/{}", other.replace('-', "")),
        format!("/users/00{id}"),
        format!("/users/{own}/../{other}"),
        format!("/users/{own}/..%2f{other}"),
        format!("/users/{own}%2f..%2f{other}"),
        format!("/users/{own}%00{other}"),
        format!("/users/{own};/../{other}"),
        format!("/users/{own}?user={other}"),
        format!("/users//{other}"),
        format!("//users/{other}"),
        format!("/users/{other}/"),
        format!("/users/{other}#{own}"),
        format!("/users/{own}/lines/{}/associated/endpoints/sip", ben.made["lines"][0]["id"]),
        format!("/users/{own}/external/apps/..%2f..%2f{other}"),
        format!("/users/{own}/funckeys/..%2f..%2f{other}"),
        format!("/users/me/../{other}"),
        format!("/USERS/{other}"),
    ];
    for prefix in ["/1.1", "/api/confd/1.1", "/1.1/../1.1", "/api/confd/1.1/../../auth/0.1"] {
        for way in &ways {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            let head = format!(
                "GET {prefix}{way} HTTP/1.1\r\nHost: {}\r\nX-Auth-Token: {}\r\nX-Original-URL: /1.1/users/{other}\r\n\
                 X-HTTP-Method-Override: GET\r\nConnection: close\r\n\r\n",
                server.address(),
                ada.token
            );
            stream.write_all(head.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            let answer = String::from_utf8_lossy(&answer);
            assert!(!answer.contains("ennosuke"), "{prefix}{way}: {answer}");
            assert!(answer.starts_with("HTTP/1.1 4") || way.contains("?user="), "{prefix}{way}: {answer}");
        }
    }
}

#[test]
fn the_calls_of_a_switchboard_are_for_its_members() {
    let server = Server::start();
    let (ada, ben) = (person(&server, "Adamaris", "1111"), person(&server, "Bennosuke", "1777"));
    let board = server.post("/switchboards", json!({"name": "desk"})).expect(201);
    let board = format!("/switchboards/{}", board["uuid"].as_str().unwrap());
    let members = json!({"users": [{"uuid": ada.uuid}]});
    server.put(&format!("{board}/members/users"), members).expect(204);
    for (method, rest) in [
        ("GET", "queued"),
        ("GET", "held"),
        ("PUT", "queued/1.1/answer"),
        ("PUT", "held/1.1"),
        ("PUT", "held/1.1/answer"),
    ] {
        let ask = |token: &str| {
            server.send(method, &format!("{board}/calls/{rest}"), None, &[("X-Auth-Token", token)]).status
        };
        // There is no Asterisk to ask.
        assert_eq!(
            (ask(&ada.token), ask(&ben.token), ask(TOKEN) != 404),
            (503, 404, true),
            "{method} {rest}"
        );
    }
}
