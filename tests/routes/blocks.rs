//! `/cordboard/blocks`: who is kept out for attacking SIP. Nobody attacks here: the rows are the guard's.

use crate::harness::{Server, program};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Puts rows in as the guard would, the first one first.
fn block(server: &Server, rows: &[(&str, u8, bool)]) {
    let database = server.database();
    for (address, bits, active) in rows {
        let sql = "INSERT INTO block (address, bits, active, since, until, reason, count, accounts, times)
            VALUES (?1, ?2, ?3, '2026-01-01T00:00:00.000000', '2099-01-01T00:00:00.000000',
                    '20 wrong passwords within about 60 s', 20, '[\"ann\"]', 1)";
        database.execute(sql, (address, bits, active)).unwrap();
    }
}

fn addresses(server: &Server, query: &str) -> Vec<Value> {
    let page = server.get(&format!("/cordboard/blocks{query}")).expect(200);
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["address"].clone()).collect()
}

#[test]
fn blocks_are_listed_shown_and_released() {
    let server = Server::start();
    assert_eq!(server.get("/cordboard/blocks").expect(200), json!({"total": 0, "items": []}));
    block(&server, &[("192.0.2.1", 32, true), ("2001:db8:1:2::", 64, true), ("192.0.2.9", 32, false)]);
    assert_eq!(addresses(&server, ""), ["2001:db8:1:2::", "192.0.2.1"], "the newest first, ended ones not");
    assert_eq!(addresses(&server, "?order=address"), ["192.0.2.1", "2001:db8:1:2::"]);
    assert_eq!(addresses(&server, "?search=192.0.2&limit=1"), ["192.0.2.1"]);
    let shown = json!({"address": "192.0.2.1", "network": "192.0.2.1", "since": "2026-01-01T00:00:00.000000",
        "until": "2099-01-01T00:00:00.000000", "reason": "20 wrong passwords within about 60 s", "count": 20,
        "accounts": ["ann"]});
    assert_eq!(server.get("/cordboard/blocks/192.0.2.1").expect(200), shown);
    // Any address of a network of IPv6 stands for it.
    let network = server.get("/cordboard/blocks/2001:db8:1:2:3::4").expect(200);
    assert_eq!(network["network"], "2001:db8:1:2::/64");
    server.delete("/cordboard/blocks/2001:db8:1:2:3::4").expect_status(204);
    server.delete("/cordboard/blocks/192.0.2.1").expect_status(204);
    assert_eq!(addresses(&server, ""), [Value::Null; 0]);
    for gone in ["192.0.2.1", "192.0.2.9", "nonsense", "192.0.2.0%2F24"] {
        server.get(&format!("/cordboard/blocks/{gone}")).expect_status(404);
        server.delete(&format!("/cordboard/blocks/{gone}")).expect_status(404);
    }
}

#[test]
fn a_release_is_remembered() {
    let server = Server::start();
    block(&server, &[("192.0.2.1", 32, true)]);
    server.delete("/cordboard/blocks/192.0.2.1").expect_status(204);
    let entry = &server.get("/cordboard/audit").expect(200)["items"][0];
    assert_eq!(entry["path"], "/cordboard/blocks/192.0.2.1");
    assert_eq!((&entry["method"], &entry["before"]["count"]), (&json!("DELETE"), &json!(20)));
}

#[test]
fn blocks_are_the_installations_and_no_other_tenants() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    block(&server, &[("192.0.2.1", 32, true)]);
    for method in ["GET", "DELETE"] {
        for path in ["/cordboard/blocks", "/cordboard/blocks/192.0.2.1"] {
            if method == "GET" || path.ends_with('1') {
                let headers = [("X-Auth-Token", tenant.token.as_str())];
                assert_eq!(server.send(method, path, None, &headers).status, 401, "{method} {path}");
            }
        }
    }
    assert_eq!(addresses(&server, ""), ["192.0.2.1"]);
}

#[test]
fn the_blocked_are_refused_in_the_rendered_files() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    let database = rusqlite::Connection::open(storage.path().join("cordboard.db")).unwrap();
    let sql = "INSERT INTO block (address, bits, active, since, until, reason, count, accounts, times)
        VALUES ('192.0.2.1', 32, 1, '', '2099', '', 1, '[]', 1), ('2001:db8::', 64, 1, '', '2099', '', 1, '[]', 1),
               ('192.0.2.2', 32, 0, '', '2099', '', 1, '[]', 1)";
    database.execute(sql, []).unwrap();
    drop(server);
    let folder = TempDir::new().unwrap();
    let output = program(storage.path(), "render").arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(folder.path().join("pjsip_acl.conf")).unwrap();
    assert!(
        text.contains("[cordboard-blocks]\ntype = acl\ndeny = 192.0.2.1\ndeny = 2001:db8::/64\n"),
        "{text}"
    );
    assert!(!text.contains("192.0.2.2"), "{text}");
}

#[test]
fn the_status_says_how_sip_is_guarded() {
    let server = Server::start();
    let abuse = server.get("/status").expect(200)["cordboard"]["abuse"].clone();
    assert_eq!(abuse, json!({"watching": false, "blocked": 0, "failures": 0, "by": [], "error": null}));
}
