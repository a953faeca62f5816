use crate::harness::{Server, TOKEN};
use serde_json::{Value, json};

const PATH: &str = "/asterisk/voicemail/zonemessages";

#[test]
fn a_fresh_system_knows_the_usual_zones() {
    let server = Server::start();
    let list = server.get(PATH).expect(200);
    assert_eq!(list.as_object().unwrap().keys().collect::<Vec<_>>(), ["items"]);
    let items = list["items"].as_array().unwrap();
    let france =
        json!({"name": "eu-fr", "timezone": "Europe/Paris", "message": "'vm-received' q 'digits/at' kM"});
    assert_eq!(items[0], france);
    let zones = server.get("/timezones").expect(200);
    let known: Vec<_> = zones["items"].as_array().unwrap().iter().map(|zone| &zone["zone_name"]).collect();
    let mut names = Vec::new();
    for item in items {
        assert!(known.contains(&&item["timezone"]), "{item}");
        names.push(item["name"].as_str().unwrap());
    }
    for name in ["na-newfoundland", "na-atlantic", "na-eastern", "na-central", "na-mountain", "na-pacific"] {
        assert!(names.contains(&name), "{name}");
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "a name is there twice");
}

#[test]
fn all_zones_are_replaced_at_once() {
    let server = Server::start();
    let zones = json!({"items": [
        {"name": "home", "timezone": "Europe/Vienna", "message": "'vm-received' Q"},
        {"name": "away", "timezone": "Asia/Tokyo"},
    ]});
    server.put(PATH, zones).expect(204);
    let list = server.get(PATH).expect(200);
    assert_eq!(list["items"][1], json!({"name": "away", "timezone": "Asia/Tokyo", "message": null}));
    let body =
        |timezone: &str| json!({"name": "A", "number": "1", "context": "default", "timezone": timezone});
    let text = "Input Error - field 'timezone': Timezone was not found ('timezone': 'eu-fr')";
    server.post("/voicemails", body("eu-fr")).refused(400, &[text]);
    let id = server.post("/voicemails", body("home")).expect(201)["id"].clone();
    server.put(PATH, json!({"items": []})).expect(204);
    assert_eq!(server.get(PATH).expect(200), json!({"items": []}));
    let path = format!("/voicemails/{id}");
    server.put(&path, json!({"name": "B"})).expect(204);
    assert_eq!(server.get(&path).expect(200)["timezone"], "home");
}

#[test]
fn every_mistake_of_a_body_is_named() {
    let server = Server::start();
    let before = server.get(PATH).expect(200);
    let missing = "Input Error - items: ['Missing data for required field.']";
    server.put(PATH, json!({})).refused(400, &[missing]);
    server
        .put(PATH, json!({"items": null}))
        .refused(400, &["Input Error - items: ['Field may not be null.']"]);
    server.put(PATH, json!({"items": "x"})).refused(400, &["Input Error - items: ['Invalid type.']"]);
    let items = json!([{"name": "x".repeat(129), "message": 1}, {"name": "a\nb", "timezone": null}, 5]);
    server.put(PATH, json!({"items": items})).refused(
        400,
        &["Input Error - items: {0: {'name': ['Longer than maximum length 128.'], \
           'timezone': ['Missing data for required field.'], 'message': ['Not a valid string.']}, \
           1: {'name': ['Control characters are not allowed.'], 'timezone': ['Field may not be null.']}, \
           2: {'_schema': ['Invalid input type.']}}"],
    );
    assert_eq!(server.get(PATH).expect(200), before);
}

#[test]
fn only_the_master_tenant_writes_them() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let headers = [("X-Auth-Token", branch.token.as_str())];
    server.send("GET", PATH, None, &headers).expect(200);
    let body = Some(json!({"items": []}).to_string());
    let text = format!("[\"{}\"]\n", branch.token);
    let reply = server.send("PUT", PATH, body.clone(), &headers);
    assert_eq!((reply.status, reply.text), (401, text));
    let acting = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", branch.uuid.as_str())];
    server.send("PUT", PATH, body, &acting).expect(204);
}

#[test]
fn the_servers_identity_stays_and_time_zones_have_names() {
    let server = Server::start();
    let infos = server.get("/infos").expect(200);
    assert_eq!(infos.as_object().unwrap().keys().collect::<Vec<_>>(), ["uuid", "wazo_version"]);
    assert_eq!(infos["uuid"].as_str().unwrap().len(), 36);
    assert_eq!(infos["wazo_version"], "26.09");
    let list = server.get("/timezones?limit=1&order=zz").expect(200);
    let zones = list["items"].as_array().unwrap();
    assert_eq!(list["total"], zones.len());
    assert_eq!(zones[0], json!({"zone_name": "Africa/Abidjan"}));
    let known = |name: &str| {
        zones.contains(&Value::from(serde_json::Map::from_iter([("zone_name".to_owned(), json!(name))])))
    };
    assert!(known("Europe/Paris") && known("UTC"));
}
