//! `/users/{user}/services`, and `services` in a whole user.

use super::{create, total};
use crate::harness::Server;
use serde_json::json;

#[test]
fn services_are_off_until_switched_on_and_are_merged() {
    let server = Server::start();
    let (user, uuid) = create(&server, json!({"firstname": "A"}));
    let path = format!("/users/{uuid}/services");
    assert_eq!(
        server.get(&path).expect(200),
        json!({"dnd": {"enabled": false}, "incallfilter": {"enabled": false}})
    );
    server.put(&path, json!({"dnd": {"enabled": true}, "vm": {"enabled": true}})).expect(204);
    server.put(&path, json!({"incallfilter": {"enabled": true}})).expect(204);
    server.put(&path, json!({})).expect(204);
    let both = json!({"dnd": {"enabled": true}, "incallfilter": {"enabled": true}});
    assert_eq!(server.get(&path).expect(200), both);
    assert_eq!(server.get(&format!("/users/{user}")).expect(200)["services"], both);
    assert_eq!(
        server.get("/users?view=line_presence").expect(200)["items"][0]["services"],
        json!({"dnd": {"enabled": true}})
    );
    server.put(&format!("{path}/dnd"), json!({"enabled": false})).expect(204);
    assert_eq!(server.get(&format!("{path}/dnd")).expect(200), json!({"enabled": false}));
    assert_eq!(server.get(&format!("{path}/incallfilter")).expect(200), json!({"enabled": true}));
    server.put(&format!("{path}/incallfilter"), json!({"enabled": false})).expect(204);
    assert_eq!(server.get(&path).expect(200)["incallfilter"], json!({"enabled": false}));
}

#[test]
fn what_is_no_service_is_refused_and_nothing_changes() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let path = format!("/users/{user}/services");
    for (body, texts) in [
        (json!({"dnd": {}}), vec!["Input Error - dnd: {'enabled': ['Missing data for required field.']}"]),
        (json!({"dnd": null}), vec!["Input Error - dnd: ['Field may not be null.']"]),
        (json!({"dnd": true}), vec!["Input Error - dnd: {'_schema': ['Invalid input type.']}"]),
        (
            json!({"dnd": {"enabled": 1}, "incallfilter": {"enabled": null}}),
            vec![
                "Input Error - dnd: {'enabled': ['Not a valid boolean.']}",
                "Input Error - incallfilter: {'enabled': ['Field may not be null.']}",
            ],
        ),
    ] {
        server.put(&path, body).refused(400, &texts);
    }
    for (body, text) in [
        (json!({}), "Input Error - enabled: ['Missing data for required field.']"),
        (json!({"enabled": null}), "Input Error - enabled: ['Field may not be null.']"),
        (json!({"enabled": "true"}), "Input Error - enabled: ['Not a valid boolean.']"),
    ] {
        server.put(&format!("{path}/dnd"), body).refused(400, &[text]);
    }
    assert_eq!(server.get(&format!("{path}/dnd")).expect(200), json!({"enabled": false}));
    assert_eq!(server.get(&format!("{path}/busy")).status, 404);
    let missing = "Resource Not Found - User was not found ('id': 999999)";
    for path in ["/users/999999/services", "/users/999999/services/dnd"] {
        server.get(path).refused(404, &[missing]);
        server.put(path, json!({"enabled": true})).refused(404, &[missing]);
    }
}

#[test]
fn another_tenants_services_are_out_of_sight() {
    let server = Server::start();
    let (user, _) = create(&server, json!({"firstname": "A"}));
    let tenant = server.add_tenant("other", None);
    let headers = [("X-Auth-Token", tenant.token.as_str())];
    for path in [format!("/users/{user}/services"), format!("/users/{user}/services/dnd")] {
        assert_eq!(server.send("GET", &path, None, &headers).status, 404);
        let body = Some(json!({"enabled": true}).to_string());
        assert_eq!(server.send("PUT", &path, body, &headers).status, 404);
    }
}

#[test]
fn a_whole_user_is_made_and_changed_with_services() {
    let server = Server::start();
    let services = json!({"dnd": {"enabled": true}});
    let made = server.post("/users", json!({"firstname": "A", "services": services})).expect(201);
    let shown = json!({"dnd": {"enabled": true}, "incallfilter": {"enabled": false}});
    assert_eq!(made["services"], shown);
    let path = format!("/users/{}", made["id"]);
    assert_eq!(server.get(&path).expect(200)["services"], shown);
    let services = json!({"dnd": {"enabled": false}, "incallfilter": {"enabled": true}});
    server
        .put(&format!("{path}?recursive=true"), json!({"firstname": "A", "services": services}))
        .expect(204);
    assert_eq!(server.get(&path).expect(200)["services"], services);
    server
        .post("/users", json!({"firstname": "B", "services": 1}))
        .refused(400, &["Input Error - services: {'_schema': ['Invalid input type.']}"]);
    assert_eq!(total(&server), 1);
}
