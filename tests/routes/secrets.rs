//! Secrets of every kind, in every answer, the audit, the log and the database: nobody sees one who may not.

use crate::harness::{Server, TOKEN, program};
use crate::tenants_apart::document;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use tempfile::TempDir;

/// Somebody who changes nothing and knows no password.
const MONITOR: &str = "cordboard_monitor";
/// Hex, as an MD5 digest is written.
const DIGEST: &str = "0123456789abcdef0123456789abcdef";

/// What an administrator sees again.
const SHOWN: [&str; 28] = [
    "hush-sip",
    "hush-out",
    "hush-reg",
    "hush-templ",
    "hush-agent",
    "hush-iaxreg",
    "hush-iax-one",
    "hush-turn",
    "hush-hep",
    "hush-app",
    "hush-own",
    DIGEST,
    "7770001",
    "7770002",
    "7770003",
    "7770004",
    "7770005",
    "7770006",
    "7770007",
    "7770008",
    "7770009",
    "7770010",
    "7770011",
    "7770012",
    "7770013",
    "7770014",
    "7770015",
    "7770016",
];
/// What nobody sees again, nor the database.
const KEPT: [&str; 3] = ["hush-login", "hush-changed", "hush-imported"];

fn disa(pin: &str) -> Value {
    json!({"type": "application", "application": "disa", "context": "default", "pin": pin})
}

/// Makes something with each secret; gives the user's uuid.
fn furnish(server: &Server) -> String {
    let auth = |secret: &str| json!([["username", "u"], ["password", secret]]);
    let user = json!({"firstname": "Ada", "call_permission_password": "7770001",
        "lines": [{"context": "default", "extensions": [{"exten": "1001"}],
            "endpoint_sip": {"auth_section_options": auth("hush-sip")}}],
        "voicemail": {"number": "1001", "context": "default", "name": "Ada", "password": "7770002"},
        "agent": {"password": "hush-agent"}, "fallbacks": {"busy_destination": disa("7770003")},
        "auth": {"username": "ada", "password": "hush-login"}});
    let user = server.post("/users", user).expect(201);
    let uuid = user["uuid"].as_str().unwrap().to_owned();
    let context = server.get("/contexts").expect(200);
    assert!(context["items"].as_array().unwrap().iter().any(|one| one["name"] == "default"));
    let made = |path: &str, body: Value| server.post(path, body).expect(201);
    made(
        "/endpoints/sip",
        json!({"name": "out", "outbound_auth_section_options": auth("hush-out"),
            "registration_outbound_auth_section_options": auth("hush-reg"),
            "auth_section_options": [["username", "v"], ["md5_cred", DIGEST]]}),
    );
    made("/endpoints/sip/templates", json!({"label": "t", "auth_section_options": auth("hush-templ")}));
    made("/conferences", json!({"name": "room", "pin": "7770004", "admin_pin": "7770005"}));
    made("/callpermissions", json!({"name": "far", "password": "7770006"}));
    made("/incalls", json!({"destination": disa("7770007")}));
    made("/registers/iax", json!({"remote_host": "h", "auth_username": "n", "auth_password": "hush-iaxreg"}));
    made("/endpoints/iax", json!({"options": [["secret", "hush-iax-one"]]}));
    made(
        "/ivr",
        json!({"name": "menu", "menu_sound": "beep", "abort_destination": disa("7770008"),
            "choices": [{"exten": "1", "destination": disa("7770009")}]}),
    );
    made(
        "/schedules",
        json!({"name": "hours", "timezone": "Europe/Paris", "closed_destination": disa("7770010")}),
    );
    made("/queues", json!({"name": "q", "wait_time_threshold": 1, "wait_time_destination": disa("7770011")}));
    let fallbacks = |path: &str, id: &Value, event: &str, pin: &str| {
        let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        server.put(&format!("{path}/{id}/fallbacks"), json!({event: disa(pin)})).expect(204);
    };
    let group = made("/groups", json!({"label": "sales"}));
    fallbacks("/groups", &group["uuid"], "noanswer_destination", "7770012");
    let queue = made("/queues", json!({"name": "r"}));
    fallbacks("/queues", &queue["id"], "busy_destination", "7770013");
    let board = made("/switchboards", json!({"name": "desk"}));
    fallbacks("/switchboards", &board["uuid"], "noanswer_destination", "7770014");
    let strategy = "all-recipients-then-all-surrogates";
    let filter = made("/callfilters", json!({"name": "f", "source": "all", "strategy": strategy}));
    fallbacks("/callfilters", &filter["id"], "noanswer_destination", "7770015");
    made("/voicemails", json!({"name": "v", "number": "1009", "context": "default", "password": "7770016"}));
    let put = |path: &str, options: Value| server.put(path, json!({"options": options})).expect(204);
    put("/asterisk/rtp/general", json!({"turnpassword": "hush-turn"}));
    put("/asterisk/hep/general", json!({"capture_password": "hush-hep"}));
    made("/external/apps/crm", json!({"configuration": {"password": "hush-app"}}));
    made(&format!("/users/{uuid}/external/apps/crm"), json!({"configuration": {"api_token": "hush-own"}}));
    let change = json!({"old_password": "hush-login", "new_password": "hush-changed"});
    server.admin("PUT", &format!("/users/{uuid}/password"), change).expect(204);
    uuid
}

/// Every GET route with everything that there is; what a token is answered, all in one.
fn all_answers(server: &Server, token: &str) -> String {
    let (confd, auth) = (document("confd"), document("auth"));
    let mut ids: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    let mut all = String::new();
    let ask = |api: &str, path: &str, token: &str| {
        let headers = [("X-Auth-Token", token)];
        let reply = match api {
            "auth" => server.auth("GET", path, None, &headers),
            _ => server.send("GET", path, None, &headers),
        };
        assert!(reply.status < 500 || reply.status == 503, "{path}: {}", reply.text);
        reply
    };
    for (api, document) in [("confd", &confd), ("auth", &auth)] {
        for (path, _) in
            document["paths"].as_object().unwrap().iter().filter(|(_, one)| one["get"].is_object())
        {
            if path.contains('{') {
                continue;
            }
            let items = ask(api, path, TOKEN).json["items"].clone();
            let id = |item: &Value, key: &str| {
                item[key].as_str().map(str::to_owned).or_else(|| item[key].as_i64().map(|id| id.to_string()))
            };
            let known = items.as_array().into_iter().flatten();
            let known = known.flat_map(|item| [id(item, "id"), id(item, "uuid"), id(item, "name")]).flatten();
            ids.insert((api, path.clone()), known.collect());
        }
        for (path, _) in
            document["paths"].as_object().unwrap().iter().filter(|(_, one)| one["get"].is_object())
        {
            let mut ways = vec![path.clone()];
            while let Some(at) = ways.iter().position(|way| way.contains('{')) {
                let way = ways.swap_remove(at);
                let (before, rest) = way.split_once('{').unwrap();
                let rest = rest.split_once('}').unwrap().1;
                let collection = before.trim_end_matches('/').rsplit('/').next().unwrap();
                let of_kind = ids
                    .iter()
                    .filter(|((of, list), _)| *of == api && list.ends_with(&format!("/{collection}")));
                let of_kind = of_kind.flat_map(|(_, ids)| ids.iter().map(String::as_str));
                ways.extend(of_kind.chain(["1", "crm"]).map(|id| format!("{before}{id}{rest}")));
            }
            for way in ways {
                all += &ask(api, &way, token).text;
            }
        }
    }
    for question in
        ["/cordboard/diagnose?exten=1001&context=default", "/status", "/users?view=summary", "/users/export"]
    {
        all += &ask("confd", question, token).text;
    }
    all
}

/// The bytes of all files of a database.
fn database(storage: &Path) -> String {
    ["cordboard.db", "cordboard.db-wal"]
        .iter()
        .filter_map(|name| std::fs::read(storage.join(name)).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

#[test]
fn a_secret_is_shown_to_who_may_change_it_and_to_nobody_else() {
    let storage = TempDir::new().unwrap();
    let log = storage.path().join("log");
    let mut serve = program(storage.path(), "serve");
    serve.env("CORDBOARD__LOG__LEVEL", "trace").stderr(File::create(&log).unwrap());
    let server = Server::run(serve);
    let uuid = furnish(&server);
    let mut tokens = Vec::new();
    let mut log_in = |name: &str, password: &str| {
        let offline = json!({"access_type": "offline", "client_id": "phone"});
        let data = server.log_in(name, password, offline).expect(200)["data"].clone();
        let token = data["token"].as_str().unwrap().to_owned();
        tokens.extend([token.clone(), data["refresh_token"].as_str().unwrap().to_owned()]);
        token
    };
    for name in ["mona", "ben"] {
        let auth = json!({"username": name, "password": "hush-login"});
        server.post("/users", json!({"firstname": name, "auth": auth})).expect(201);
    }
    let mona =
        server.get("/users?firstname=mona").expect(200)["items"][0]["uuid"].as_str().unwrap().to_owned();
    server.admin("PUT", &format!("/users/{mona}/policies/{MONITOR}"), json!({})).expect(204);
    let (mona, ben) = (log_in("mona", "hush-login"), log_in("ben", "hush-login"));
    log_in("ada", "hush-changed");
    let other = {
        let mut add = program(storage.path(), "tenant");
        let tenant = String::from_utf8(add.args(["add", "other"]).output().unwrap().stdout).unwrap();
        let mut add = program(storage.path(), "token");
        String::from_utf8(add.args(["add", "--tenant", tenant.trim()]).output().unwrap().stdout).unwrap()
    };
    let sheet = "firstname,context,exten,line_protocol,sip_secret,username,password\n\
        Ina,default,1010,sip,hush-sheet,ina,hush-imported\nIra,nowhere,1011,sip,hush-wrong,ira,hush-imported\n";
    let headers = [("X-Auth-Token", TOKEN), ("Content-Type", "text/csv; charset=utf-8")];
    // Whoever sent a row that is wrong gets it back; the next one is right.
    server.send("POST", "/users/import", Some(sheet.to_owned()), &headers).expect_status(400);
    let sheet = sheet.replace("nowhere", "default");
    server.send("POST", "/users/import", Some(sheet), &headers).expect_status(201);

    let seen = all_answers(&server, TOKEN);
    for secret in SHOWN {
        assert!(seen.contains(secret), "{secret} is nowhere, so that nothing is tested with it");
    }
    let secrets = || {
        let kept = KEPT.iter().chain(&SHOWN).map(|secret| (*secret).to_owned());
        kept.chain(tokens.iter().cloned()).chain(["hush".to_owned()])
    };
    for secret in KEPT.iter().map(|secret| (*secret).to_owned()).chain(tokens.clone()) {
        assert!(!seen.contains(&secret), "{secret} is shown to an administrator");
    }
    for (who, token) in
        [("the monitor", mona.as_str()), ("ben", &ben), ("another tenant", other.trim()), ("nobody", "")]
    {
        let seen = all_answers(&server, token).replace(token, "");
        let expected = if who == "the monitor" { "\"***\"" } else { "" };
        assert!(seen.contains(expected), "{who} sees nothing masked");
        for secret in secrets() {
            let at = seen.find(&secret);
            let near = at.map(|at| seen.get(at.saturating_sub(200)..at + 20));
            assert_eq!(near, None, "{who} sees {secret}");
        }
    }
    let audit = server.get("/cordboard/audit?limit=1000").expect(200);
    let entries = audit["items"].as_array().unwrap().len();
    assert!(entries > 25 && audit["total"] == json!(entries), "{entries}");
    let (log, database) = (std::fs::read_to_string(&log).unwrap(), database(storage.path()));
    assert!(log.len() > 1000, "{log}");
    for secret in secrets().chain([TOKEN.to_owned()]) {
        assert!(!audit.to_string().contains(&secret), "{secret} in the audit");
        let line = log.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{secret} in the log");
    }
    for secret in KEPT.iter().map(|secret| (*secret).to_owned()).chain(tokens.clone()) {
        assert!(!database.contains(&secret), "{secret} in the database");
    }
    assert!(database.contains("hush-sip") && !uuid.is_empty());
}

#[test]
fn a_refusal_does_not_repeat_a_secret() {
    let server = Server::start();
    let bad = "hush-bad\u{1}";
    for (path, body) in [
        ("/agents", json!({"number": "1", "password": bad})),
        ("/callpermissions", json!({"name": "a", "password": bad})),
        ("/conferences", json!({"name": "a", "pin": bad, "admin_pin": bad})),
        ("/voicemails", json!({"name": "a", "number": "1001", "context": "default", "password": bad})),
        ("/registers/iax", json!({"remote_host": "h", "auth_username": "a", "auth_password": bad})),
        ("/endpoints/sip", json!({"auth_section_options": [["password", bad]]})),
        ("/endpoints/iax", json!({"options": [["secret", bad]]})),
        ("/incalls", json!({"destination": disa(bad)})),
        ("/users", json!({"firstname": "a", "call_permission_password": bad})),
        ("/users", json!({"firstname": "a", "auth": {"username": "a", "password": [bad]}})),
        (
            "/users",
            json!({"firstname": "a", "lines": [{"context": "default",
                "endpoint_sip": {"auth_section_options": [["password", bad]]}}]}),
        ),
    ] {
        let reply = server.post(path, body);
        assert_eq!(reply.status, 400, "{path}: {}", reply.text);
        assert!(!reply.text.contains("hush"), "{path}: {}", reply.text);
    }
    let account = json!({"username": "a", "password": ["hush-bad"]});
    assert!(!server.admin("POST", "/users", account).text.contains("hush"));
    assert!(!server.log_in("nobody", "hush-bad", json!({})).text.contains("hush"));
}
