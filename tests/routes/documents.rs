//! What is kept for clients without effect on calls: `/emails`, `/registrars`, `/external/apps` and the like.

use crate::harness::{Server, TOKEN};
use serde_json::{Value, json};

#[test]
fn a_single_document_has_a_default_and_is_kept_as_it_was_sent() {
    let server = Server::start();
    for (path, fresh, body) in [
        ("/asterisk/hep/general", json!({"options": {}}), json!({"options": {"enabled": "yes"}})),
        (
            "/asterisk/iax/general",
            json!({"options": {}}),
            json!({"options": {"bandwidth": "high", "x": null}}),
        ),
        (
            "/asterisk/iax/callnumberlimits",
            json!({"items": []}),
            json!({"items": [{"ip_address": "10.0.0.0", "netmask": "255.0.0.0", "calls_limit": 5}]}),
        ),
        ("/asterisk/rtp/general", json!({"options": {}}), json!({"options": {"rtpstart": "10000"}})),
        (
            "/asterisk/rtp/ice_host_candidates",
            json!({"options": {}}),
            json!({"options": {"10.0.0.1": "1.2.3.4"}}),
        ),
        ("/asterisk/voicemail/general", json!({"options": {}}), json!({"options": {"maxmsg": "50"}})),
        (
            "/dhcp",
            json!({"active": false, "pool_start": null, "pool_end": null, "network_interfaces": []}),
            json!({"active": true, "pool_start": "10.0.0.2", "pool_end": "10.0.0.9", "network_interfaces": ["eth0"]}),
        ),
        (
            "/emails",
            json!({"domain_name": null, "from": null, "address_rewriting_rules": [], "smtp_host": null,
                   "fallback_smtp_host": null}),
            json!({"domain_name": "x.org", "from": "pbx", "address_rewriting_rules": [{"match": "a",
                   "replacement": "b"}], "smtp_host": "mail.x.org", "fallback_smtp_host": null}),
        ),
        (
            "/ha",
            json!({"node_type": "disabled", "remote_address": null}),
            json!({"node_type": "master", "remote_address": "10.0.0.2"}),
        ),
        ("/voicemails/transcription", json!({"enabled": false}), json!({"enabled": true})),
    ] {
        assert_eq!(server.get(path).expect(200), fresh, "{path}");
        server.put(path, body.clone()).expect(204);
        assert_eq!(server.get(path).expect(200), body, "{path}");
        let refused = server.put(
            path,
            json!({"options": 3, "items": 3, "active": 3, "from": 3, "node_type": 3, "enabled": 3}),
        );
        assert_eq!(refused.status, 400, "{path}: {}", refused.text);
    }
    let bad = json!({"options": {"a": "b\nc"}});
    server
        .put("/asterisk/rtp/general", bad)
        .refused(400, &["Input Error - options: ['Not a valid string.']"]);
}

#[test]
fn the_country_is_the_tenants_and_counts_for_users_at_once() {
    let server = Server::start();
    assert_eq!(server.get("/localization").expect(200), json!({"country": null}));
    server.put("/localization", json!({"country": "FR"})).expect(204);
    assert_eq!(server.get("/localization").expect(200), json!({"country": "FR"}));
    assert_eq!(server.post("/users", json!({"firstname": "Ada"})).expect(201)["country"], "FR");
    assert_eq!(server.put("/localization", json!({"country": "fr"})).status, 400);
    server.put("/localization", json!({"country": null})).expect(204);
    assert_eq!(server.get("/localization").expect(200), json!({"country": null}));
}

#[test]
fn what_is_the_whole_systems_is_not_for_other_tenants() {
    let server = Server::start();
    let other = server.add_tenant("other", None);
    for path in ["/emails", "/dhcp", "/ha", "/registrars", "/access_features", "/asterisk/rtp/general"] {
        let reply = server.send("GET", path, None, &[("X-Auth-Token", &other.token)]);
        reply.refused(401, &[&other.token]);
    }
    server.put("/voicemails/transcription", json!({"enabled": true})).expect(204);
    let own = server.send("GET", "/voicemails/transcription", None, &[("X-Auth-Token", &other.token)]);
    assert_eq!(own.expect(200), json!({"enabled": false}));
}

#[test]
fn asterisk_always_follows_and_the_api_describes_itself() {
    let server = Server::start();
    assert_eq!(server.get("/configuration/live_reload").expect(200), json!({"enabled": true}));
    server.put("/configuration/live_reload", json!({"enabled": true})).expect(204);
    assert_eq!(server.put("/configuration/live_reload", json!({"enabled": false})).status, 400);
    assert_eq!(server.get("/asterisk/pjsip/doc").expect(200)["endpoint"]["allow"]["name"], "allow");
    let api = server.send("GET", "/api/api.yml", None, &[]);
    assert_eq!((api.status, api.header("Content-Type")), (200, "application/x-yaml"));
    assert!(api.json["paths"]["/users"]["post"].is_object());
}

/// What a list has after making, changing and deleting one.
fn life(server: &Server, path: &str, key: &str, body: &Value, change: &Value) {
    let before = server.get(path).expect(200)["total"].as_i64().unwrap();
    let made = server.post(path, body.clone()).expect(201);
    let one = format!("{path}/{}", made[key].to_string().trim_matches('"'));
    assert!(made["links"][0]["href"].as_str().unwrap().ends_with(&one), "{made}");
    assert_eq!(server.get(&one).expect(200), made);
    assert_eq!(server.get(path).expect(200)["total"], before + 1);
    server.put(&one, change.clone()).expect(204);
    let changed = server.get(&one).expect(200);
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(&changed[name], value, "{path}");
    }
    server.delete(&one).expect(204);
    assert_eq!(server.get(&one).status, 404);
}

#[test]
fn documents_of_lists_are_made_changed_and_deleted() {
    let server = Server::start();
    let book = json!({"host": "10.0.0.1", "feature": "phonebook"});
    life(&server, "/access_features", "id", &book, &json!({"enabled": false}));
    let registrar = json!({"name": "far", "main_host": "10.0.0.1", "proxy_main_host": "10.0.0.1"});
    life(&server, "/registrars", "id", &registrar, &json!({"main_port": 5061}));
    life(
        &server,
        "/ingresses/http",
        "uuid",
        &json!({"uri": "https://x.org"}),
        &json!({"uri": "https://y.org"}),
    );
    server.post("/access_features", book.clone()).expect(201);
    server.post("/access_features", book).refused(
        400,
        &["Resource Error - AccessFeatures already exists ('host': '10.0.0.1', 'feature': 'phonebook')"],
    );
    server.post("/access_features", json!({"host": "a", "feature": "b"})).expect(400);
    server
        .get("/access_features/999")
        .refused(404, &["Resource Not Found - AccessFeatures was not found ('id': 999)"]);
    server.post("/ingresses/http", json!({"uri": "https://x.org"})).expect(201);
    server
        .post("/ingresses/http", json!({"uri": "https://z.org"}))
        .refused(400, &["Resource Error - IngressHTTP already exists"]);
}

#[test]
fn a_line_may_name_any_registrar_that_there_is_and_keeps_it() {
    let server = Server::start();
    assert_eq!(server.get("/registrars/default").expect(200)["deletable"], false);
    assert_eq!(server.delete("/registrars/default").status, 400);
    let body = json!({"name": "far", "main_host": "10.0.0.1", "proxy_main_host": "10.0.0.1"});
    let id = server.post("/registrars", body).expect(201)["id"].as_str().unwrap().to_owned();
    let line = server.post("/lines", json!({"context": "default", "registrar": id})).expect(201);
    assert_eq!(line["registrar"], id.as_str());
    server.delete(&format!("/registrars/{id}")).refused(
        400,
        &[&format!(
            "Resource Error - Registrar is associated with a Line ('registrar_id': '{id}', 'line_id': {})",
            line["id"]
        )],
    );
    server.delete(&format!("/lines/{}", line["id"])).expect(204);
    server.delete(&format!("/registrars/{id}")).expect(204);
}

#[test]
fn apps_have_names_and_a_users_own_come_before_the_tenants() {
    let server = Server::start();
    let user =
        server.post("/users", json!({"firstname": "Ada"})).expect(201)["uuid"].as_str().unwrap().to_owned();
    let app = json!({"label": "Map", "configuration": {"key": [1]}});
    let made = server.post("/external/apps/map", app.clone()).expect(201);
    assert_eq!((&made["name"], &made["configuration"]), (&json!("map"), &app["configuration"]));
    server
        .post("/external/apps/map", app)
        .refused(400, &["Resource Error - ExternalApp already exists ('name': 'map')"]);
    let all = server.send("POST", "/external/apps", Some("{}".to_owned()), &[("X-Auth-Token", TOKEN)]);
    assert_eq!((all.status, all.text.as_str()), (405, ""));
    let own = format!("/users/{user}/external/apps");
    server
        .get(&format!("{own}/map"))
        .refused(404, &["Resource Not Found - UserExternalApp was not found ('name': 'map')"]);
    assert_eq!(server.get(&format!("{own}?view=fallback")).expect(200)["total"], 1);
    server.post(&format!("{own}/map"), json!({"label": "Mine"})).expect(201);
    server.post(&format!("{own}/other"), json!({})).expect(201);
    server.put(&format!("{own}/other"), json!({"label": "Other"})).expect(204);
    let both = server.get(&format!("{own}?view=fallback")).expect(200);
    assert_eq!((&both["total"], &both["items"][0]["label"]), (&json!(2), &json!("Mine")));
    server.delete(&format!("/users/{user}")).expect(204);
    assert_eq!(server.get("/external/apps").expect(200)["total"], 1);
    server.delete("/external/apps/map").expect(204);
    assert_eq!(server.get("/external/apps").expect(200)["total"], 0);
}
