//! The commands, also while the server runs.

use crate::harness::{Server, program};
use std::process::{Command, Output};
use tempfile::TempDir;

fn said(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

#[test]
fn tenants_and_tokens_are_added_while_the_server_runs() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    let tenant = "22222222-2222-4222-8222-222222222222";
    let added = program(storage.path(), "tenant").args(["add", "branch", "--uuid", tenant]).output().unwrap();
    assert_eq!(said(&added).trim(), tenant);
    let token = program(storage.path(), "token")
        .args(["add", "--tenant", tenant, "--value", "branch-token"])
        .output()
        .unwrap();
    assert_eq!(said(&token).trim(), "branch-token");
    let reply = server.send("GET", "/contexts", None, &[("X-Auth-Token", "branch-token")]);
    assert_eq!(reply.expect(200)["total"], 0);
    let again = program(storage.path(), "tenant").args(["add", "branch"]).output().unwrap();
    assert!(said(&again).contains("Tenant already exists ('slug': 'branch')"), "{}", said(&again));
    let nobody =
        program(storage.path(), "token").args(["add", "--tenant", &tenant.replace('2', "3")]).output();
    assert!(said(&nobody.unwrap()).contains("Tenant was not found"));
}

#[test]
fn a_tenant_gets_a_country_with_its_emergency_numbers() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    let set = |arguments: &[&str]| program(storage.path(), "tenant").args(arguments).output().unwrap();
    let french = set(&["country", "fr"]);
    assert!(french.status.success() && said(&french).contains("FR: 15, 17, 18, 112"), "{}", said(&french));
    let user = server.post("/users", serde_json::json!({"firstname": "Ada"})).expect(201);
    assert_eq!(user["country"], "FR");
    let nowhere = set(&["country", "zz"]);
    assert!(!nowhere.status.success() && said(&nowhere).contains("112 and 911"), "{}", said(&nowhere));
    let nobody = set(&["country", "fr", "--tenant", "33333333-3333-4333-8333-333333333333"]);
    assert!(said(&nobody).contains("Tenant was not found"), "{}", said(&nobody));
}

#[test]
fn an_unknown_setting_is_named() {
    let storage = TempDir::new().unwrap();
    let file = storage.path().join("settings.toml");
    std::fs::write(&file, "[http]\nlisten = \"127.0.0.1:0\"\nlisten_on = \"x\"\n").unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_cordboard")).arg("check").arg("--config").arg(&file).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("listen_on"), "{}", said(&output));
    let output = program(storage.path(), "check").env("CORDBOARD__SIPP__UDP", "x").output().unwrap();
    assert!(said(&output).contains("sipp"), "{}", said(&output));
    let output = program(storage.path(), "check").env("CORDBOARD__SIP__RTP_PORTS", "7").output().unwrap();
    assert!(said(&output).contains("sip.rtp_ports"), "{}", said(&output));
}

#[test]
fn the_token_that_a_first_start_makes_is_printed_once_and_kept_private() {
    use std::os::unix::fs::PermissionsExt;
    let storage = TempDir::new().unwrap();
    let start = || {
        let mut serve = program(storage.path(), "serve");
        serve.env_remove("CORDBOARD__AUTH__BOOTSTRAP_TOKEN");
        Server::run(serve)
    };
    drop(start());
    let file = storage.path().join("administrator-token");
    let token = std::fs::read_to_string(&file).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let server = start();
    let reply = server.send("GET", "/contexts", None, &[("X-Auth-Token", token.trim())]);
    reply.expect(200);
}

#[test]
fn the_rendered_files_are_written_into_a_new_folder_while_the_server_runs() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    server.post("/users", serde_json::json!({"firstname": "Ada"})).expect(201);
    let folder = storage.path().join("rendered");
    let output = program(storage.path(), "render").arg(&folder).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let contexts = std::fs::read_to_string(folder.join("extensions.conf")).unwrap();
    assert!(contexts.contains("[default]"), "{contexts}");
    let again = program(storage.path(), "render").arg(&folder).output().unwrap();
    assert!(said(&again).contains("is not empty"), "{}", said(&again));
}

#[test]
fn users_are_imported_while_the_server_runs_or_every_bad_row_is_told() {
    let storage = TempDir::new().unwrap();
    let server = Server::run(program(storage.path(), "serve"));
    let file = storage.path().join("users.csv");
    let import = |text: &str| {
        std::fs::write(&file, text).unwrap();
        program(storage.path(), "import").arg(&file).output().unwrap()
    };
    let rows: String = (0..1000).map(|n| format!("User{n},default,sip,{},s\n", 1000 + n)).collect();
    let head = "firstname,context,line_protocol,exten,shoe_size\n";
    let bad = import(&format!("{head}Ada,nope,sip,1001,38\n,default,sip,1002,38\n"));
    assert!(!bad.status.success());
    for text in ["row 1: Resource Not Found - Context", "row 2: {'firstname'", "2 of 2 rows", "shoe_size"] {
        assert!(said(&bad).contains(text), "{text}: {}", said(&bad));
    }
    assert_eq!(server.get("/users").expect(200)["total"], 0);
    let good = import(&format!("{head}{rows}"));
    assert!(good.status.success(), "{}", said(&good));
    assert!(said(&good).contains("Storing: 1000 of 1000\n"), "{}", said(&good));
    assert!(said(&good).contains("1000 users are stored"), "{}", said(&good));
    assert_eq!(server.get("/users").expect(200)["total"], 1000);
    let other = program(storage.path(), "import")
        .args(["--tenant", "33333333-3333-4333-8333-333333333333"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(said(&other).contains("Tenant was not found"), "{}", said(&other));
}
