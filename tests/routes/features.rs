//! `/extensions/features`.

use crate::harness::{Server, TOKEN, program};
use serde_json::{Value, json};
use tempfile::TempDir;

const UNKNOWN: &str = "99999999-9999-4999-8999-999999999999";

fn named(server: &Server, feature: &str) -> Value {
    let list = server.get(&format!("/extensions/features?feature={feature}")).expect(200);
    list["items"][0].clone()
}

fn path(feature: &Value) -> String {
    format!("/extensions/features/{}", feature["uuid"].as_str().unwrap())
}

#[test]
fn a_first_start_makes_the_31_codes() {
    let server = Server::start();
    let list = server.get("/extensions/features").expect(200);
    assert_eq!(list["total"], 31);
    let items = list["items"].as_array().unwrap();
    let off: Vec<_> =
        items.iter().filter(|item| item["enabled"] == false).map(|item| &item["feature"]).collect();
    assert_eq!(off, ["callrecord", "vmuserpurge", "pickup", "vmuserpurgeslt", "vmboxpurgeslt"]);
    assert_eq!((&items[0]["exten"], &items[0]["feature"]), (&json!("*10"), &json!("phonestatus")));
    assert_eq!(items[30]["exten"], "_*99.");
    let keys: Vec<_> = items[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "exten", "feature", "enabled", "links"]);
}

#[test]
fn a_code_shows_the_contracts_keys() {
    let server = Server::start();
    let feature = named(&server, "fwdunc");
    let whole = server.get(&path(&feature)).expect(200);
    let keys: Vec<_> = whole.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["uuid", "exten", "context", "feature", "enabled", "links"]);
    assert_eq!((&whole["exten"], &whole["context"]), (&json!("_*21."), &json!("xivo-features")));
    assert_eq!(whole["links"][0]["rel"], "extensions_features");
    assert!(whole["links"][0]["href"].as_str().unwrap().ends_with(&format!("/1.1{}", path(&feature))));
}

#[test]
fn codes_are_found_by_name_number_and_search() {
    let server = Server::start();
    assert_eq!(named(&server, "vmusermsg")["exten"], "*98");
    assert_eq!(server.get("/extensions/features?exten=*98").expect(200)["items"][0]["feature"], "vmusermsg");
    assert_eq!(server.get("/extensions/features?search=groupmember").expect(200)["total"], 3);
    let last = server.get("/extensions/features?order=feature&direction=desc&limit=1").expect(200);
    assert_eq!(last["items"][0]["feature"], "vmusermsg".replace("msg", "slt"));
    let text = "Input Error - order: column 'uuid' was not found";
    server.get("/extensions/features?order=uuid").refused(400, &[text]);
}

#[test]
fn a_code_is_moved_and_switched_off() {
    let server = Server::start();
    let path = path(&named(&server, "enablednd"));
    server.put(&path, json!({"exten": "*75"})).expect(204);
    let moved = server.get(&path).expect(200);
    assert_eq!((&moved["exten"], &moved["enabled"]), (&json!("*75"), &json!(true)));
    server.put(&path, json!({"enabled": "no"})).expect(204);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200)["enabled"], false);
    server.put(&path, json!({"exten": "*75", "enabled": true, "feature": "x"})).expect(204);
    let kept = server.get(&path).expect(200);
    assert_eq!((&kept["feature"], &kept["enabled"]), (&json!("enablednd"), &json!(true)));
}

#[test]
fn every_mistake_of_a_body_is_named() {
    let server = Server::start();
    let path = path(&named(&server, "enablednd"));
    server.put(&path, json!({"exten": null, "enabled": 5})).refused(
        400,
        &[
            "Input Error - exten: ['Field may not be null.']",
            "Input Error - enabled: ['Not a valid boolean.']",
        ],
    );
    let long = "Input Error - exten: ['Longer than maximum length 40.']";
    server.put(&path, json!({"exten": "1".repeat(41)})).refused(400, &[long]);
    for exten in ["abc", "", "_", "_*2[", "+33"] {
        let text = "exten: ['String does not match expected pattern.']";
        server.put(&path, json!({"exten": exten})).refused(400, &[text]);
    }
    for exten in ["*98", "_*21.", "_*2[1]."] {
        let text = format!("Resource Error - FeatureExtension already exists ('exten': '{exten}')");
        server.put(&path, json!({"exten": exten})).refused(400, &[&text]);
    }
    assert_eq!(server.get(&path).expect(200)["exten"], "*25");
}

#[test]
fn an_unknown_code_is_not_found_and_none_is_made_or_deleted() {
    let server = Server::start();
    let path = format!("/extensions/features/{UNKNOWN}");
    let text = format!("Resource Not Found - FeatureExtension was not found ('uuid': UUID('{UNKNOWN}'))");
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({"exten": "*1"})).refused(404, &[&text]);
    for reply in [server.post("/extensions/features", json!({})), server.delete(&path)] {
        assert_eq!((reply.status, reply.text.as_str()), (405, ""));
    }
}

#[test]
fn only_the_master_tenant_sees_codes() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let headers = [("X-Auth-Token", branch.token.as_str())];
    let reply = server.send("GET", "/extensions/features", None, &headers);
    reply.refused(401, &[&branch.token]);
}

#[test]
fn a_code_that_was_changed_is_so_after_a_restart() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    let feature = named(&server, "recsnd");
    server.put(&path(&feature), json!({"exten": "*999", "enabled": false})).expect(204);
    server.kill();
    let server = Server::run(program(storage.path(), "serve"));
    let list = server.send("GET", "/extensions/features", None, &[("X-Auth-Token", TOKEN)]).expect(200);
    assert_eq!(list["total"], 31);
    let kept = named(&server, "recsnd");
    assert_eq!(
        (&kept["exten"], &kept["enabled"], &kept["uuid"]),
        (&json!("*999"), &json!(false), &feature["uuid"])
    );
}
