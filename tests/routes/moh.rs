use crate::harness::{MASTER, Server, wav};
use serde_json::{Value, json};

fn class(server: &Server, body: Value) -> Value {
    server.post("/moh", body).expect(201)
}

fn path(class: &Value) -> String {
    format!("/moh/{}", class["uuid"].as_str().unwrap())
}

#[test]
fn a_class_has_the_contracts_keys_and_a_name_for_ever() {
    let server = Server::start();
    let made = class(&server, json!({"label": "Jazz", "mode": "files", "name": "ignored"}));
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.join(" "), "uuid tenant_uuid name label mode application sort files links");
    let uuid = made["uuid"].as_str().unwrap();
    let name = made["name"].as_str().unwrap();
    assert!(name.starts_with("moh-") && name.ends_with(uuid), "{name}");
    assert_eq!((&made["tenant_uuid"], &made["files"]), (&json!(MASTER), &json!([])));
    server.put(&path(&made), json!({"label": "Blues", "sort": "random", "name": "x"})).expect(204);
    let changed = server.get(&path(&made)).expect(200);
    assert_eq!(
        (&changed["label"], &changed["sort"], &changed["name"]),
        (&json!("Blues"), &json!("random"), &made["name"])
    );
    assert_eq!(class(&server, json!({"name": "Old", "mode": "mp3"}))["label"], "Old");
    assert_eq!(server.get("/moh?search=blu").expect(200)["total"], 1);
    server.delete(&path(&made)).expect(204);
    server
        .get(&path(&made))
        .refused(404, &[&format!("Resource Not Found - MOH was not found ('uuid': '{uuid}')")]);
    server.get("/moh/zz").refused(404, &["Resource Not Found - MOH was not found ('uuid': 'zz')"]);
}

#[test]
fn a_wrong_class_is_refused() {
    let server = Server::start();
    let texts = [
        "Input Error - label: ['Missing data for required field.']",
        "Input Error - mode: ['Must be one of: custom, files, mp3.']",
        "Input Error - sort: ['Must be one of: alphabetical, random, random_start.']",
    ];
    server.post("/moh", json!({"mode": "x", "sort": "up"})).refused(400, &texts);
    let text = "Input Error - application: ['Missing data for required field.']";
    server.post("/moh", json!({"label": "x", "mode": "custom"})).refused(400, &[text]);
    class(&server, json!({"label": "x", "mode": "custom", "application": "/usr/bin/radio"}));
}

#[test]
fn a_file_is_sent_listed_fetched_and_deleted() {
    let server = Server::start();
    let made = class(&server, json!({"label": "Jazz", "mode": "files"}));
    let file = format!("{}/files/one.wav", path(&made));
    server.get(&file).expect(404);
    for rate in [16_000, 8000] {
        let bytes = wav(1, rate, 16, 100);
        assert_eq!(server.put_bytes(&file, &bytes).status, 204);
        assert_eq!(server.get_bytes(&file), bytes);
    }
    assert_eq!(server.get(&path(&made)).expect(200)["files"], json!([{"name": "one.wav"}]));
    let other = server.add_tenant("other", None);
    server.send_in(&other, "GET", &file, None).expect(404);
    server.send_in(&other, "DELETE", &file, None).expect(404);
    server.delete(&file).expect(204);
    server.delete(&file).expect(404);
    assert_eq!(server.get(&path(&made)).expect(200)["files"], json!([]));
}

#[test]
fn only_telephone_sound_under_a_plain_name_is_taken() {
    let server = Server::start();
    let made = class(&server, json!({"label": "Jazz", "mode": "files"}));
    let good = wav(1, 8000, 16, 10);
    let text = "Input Error - content: ['A mono WAV file of 8 or 16 kHz and at most 16 bits is needed.']";
    let file = format!("{}/files/one.wav", path(&made));
    for bytes in [wav(2, 8000, 16, 10), wav(1, 44_100, 16, 10), b"ID3 music".to_vec(), Vec::new()] {
        server.put_bytes(&file, &bytes).refused(400, &[text]);
    }
    let text = "Input Error - filename: ['String does not match expected pattern.']";
    for name in ["..", ".hidden", "..%2Fx.wav", "%2Fetc%2Fx", "a;b", "a%0Ab", "a%5Bb"] {
        let reply = server.put_bytes(&format!("{}/files/{name}", path(&made)), &good);
        assert!(
            reply.status == 404 || (reply.status == 400 && reply.json[0] == text),
            "{name}: {}",
            reply.text
        );
    }
    assert_eq!(server.get(&path(&made)).expect(200)["files"], json!([]));
    assert_eq!(server.put_bytes(&file, &vec![0; 40 * 1024 * 1024 + 1]).status, 413);
}

#[test]
fn whatever_names_a_class_must_have_it_and_loses_it() {
    let server = Server::start();
    let made = class(&server, json!({"label": "Jazz", "mode": "files"}));
    let other = server.add_tenant("other", None);
    let theirs =
        server.send_in(&other, "POST", "/moh", Some(json!({"label": "T", "mode": "files"}))).expect(201);
    let bodies = [
        ("/users", json!({"firstname": "Ada"})),
        ("/groups", json!({"label": "Sales"})),
        ("/conferences", json!({})),
    ];
    let mut named = Vec::new();
    for (route, mut body) in bodies {
        let text = |name: &Value| {
            format!(
                "Input Error - field 'music_on_hold': MOH was not found ('music_on_hold': '{}')",
                name.as_str().unwrap()
            )
        };
        for unknown in [json!("zz"), theirs["name"].clone()] {
            body["music_on_hold"] = unknown.clone();
            server.post(route, body.clone()).refused(400, &[&text(&unknown)]);
        }
        body["music_on_hold"] = made["name"].clone();
        let id = server.post(route, body).expect(201)["id"].clone();
        named.push(format!("{route}/{id}"));
        assert_eq!(server.get(named.last().unwrap()).expect(200)["music_on_hold"], made["name"]);
    }
    let user = server.get(&named[0]).expect(200)["id"].clone();
    let to = json!({"type": "user", "user_id": user, "moh_uuid": made["uuid"]});
    let incall = server.post("/incalls", json!({"destination": to})).expect(201)["id"].clone();
    let to = json!({"type": "user", "user_id": user, "moh_uuid": theirs["uuid"]});
    let hidden = server.send_in(&other, "POST", "/incalls", Some(to)).status;
    assert_eq!(hidden, 400);
    server.delete(&path(&made)).expect(204);
    for path in named {
        assert_eq!(server.get(&path).expect(200)["music_on_hold"], Value::Null, "{path}");
    }
    let incall = server.get(&format!("/incalls/{incall}")).expect(200);
    assert_eq!(incall["destination"].get("moh_uuid").unwrap_or(&Value::Null), &Value::Null);
}
