use crate::harness::{MASTER, Server, wav};
use serde_json::json;

#[test]
fn a_category_holds_sounds_by_language_and_format() {
    let server = Server::start();
    let made = server.post("/sounds", json!({"name": "playback"})).expect(201);
    assert_eq!(made["links"][0]["rel"], "sounds");
    assert_eq!(
        (&made["name"], &made["files"], &made["tenant_uuid"]),
        (&json!("playback"), &json!([]), &json!(MASTER))
    );
    server
        .post("/sounds", json!({"name": "playback"}))
        .refused(400, &["Resource Error - Sound already exists ('name': 'playback')"]);
    let file = "/sounds/playback/files/hello";
    let (english, french) = (wav(1, 8000, 16, 20), wav(1, 16_000, 16, 20));
    assert_eq!(server.put_bytes(&format!("{file}?language=en_US"), &english).status, 204);
    assert_eq!(server.put_bytes(&format!("{file}?language=fr_FR"), &french).status, 204);
    assert_eq!(server.put_bytes(&format!("{file}?format=ulaw"), b"raw").status, 204);
    let files = server.get("/sounds/playback").expect(200)["files"].clone();
    assert_eq!(files.as_array().unwrap().len(), 1);
    let formats: Vec<_> = files[0]["formats"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["language"].clone(), one["format"].clone()))
        .collect();
    let expected =
        [(json!(null), json!("ulaw")), (json!("en_US"), json!("slin")), (json!("fr_FR"), json!("slin16"))];
    assert_eq!(formats, expected);
    let end = format!("cordboard/sounds/{MASTER}/playback/hello");
    assert!(files[0]["formats"][0]["path"].as_str().unwrap().ends_with(&end), "{files}");
    assert_eq!(server.get_bytes(&format!("{file}?language=fr_FR")), french);
    assert_eq!(server.get_bytes(&format!("{file}?format=ulaw")), b"raw");
    server.delete(&format!("{file}?format=ulaw")).expect(204);
    server.get(&format!("{file}?format=ulaw")).expect(404);
    server.delete(file).expect(204);
    server.delete(file).expect(404);
    server.delete("/sounds/playback").expect(204);
    server
        .get("/sounds/playback")
        .refused(404, &["Resource Not Found - Sound was not found ('name': 'playback')"]);
}

#[test]
fn what_is_no_sound_or_no_plain_name_is_refused() {
    let server = Server::start();
    let text = "Input Error - name: ['String does not match expected pattern.']";
    for name in ["..", "-x", "a/b", "a b"] {
        server.post("/sounds", json!({"name": name})).refused(400, &[text]);
    }
    server.post("/sounds", json!({"name": "acd"})).expect(201);
    let sound = wav(1, 8000, 16, 20);
    for path in [
        "/sounds/acd/files/.x",
        "/sounds/acd/files/a%2Fb",
        "/sounds/acd/files/a&b",
        "/sounds/acd/files/a?language=..%2F..",
    ] {
        let reply = server.put_bytes(path, &sound);
        assert!([400, 404].contains(&reply.status), "{path}: {}", reply.status);
    }
    assert_eq!(server.put_bytes("/sounds/acd/files/a", &wav(2, 8000, 16, 20)).status, 400);
    assert_eq!(server.put_bytes("/sounds/acd/files/a?format=exe", b"x").status, 400);
    assert_eq!(server.get("/sounds/acd").expect(200)["files"], json!([]));
    let other = server.add_tenant("other", None);
    server.send_in(&other, "GET", "/sounds/acd", None).expect(404);
    assert_eq!(server.send_in(&other, "GET", "/sounds", None).expect(200)["total"], 0);
}

#[test]
fn what_came_with_asterisk_is_only_read() {
    let server = Server::start();
    server.get("/sounds/system").expect(200);
    server.get("/sounds/languages").expect(200);
    server.delete("/sounds/system").expect(400);
    assert_eq!(server.put_bytes("/sounds/system/files/beep", &wav(1, 8000, 16, 20)).status, 400);
    server.post("/sounds", json!({"name": "system"})).expect(400);
    server.get("/sounds/system/files/..%2F..%2Fetc").expect(404);
}
