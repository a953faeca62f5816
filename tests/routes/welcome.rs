//! What `make run` prints, taken at its word.

use crate::harness::program;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A cordboard that greets; it ends with this value.
struct Greeted {
    process: Child,
    text: String,
}

impl Greeted {
    fn start(mut serve: Command) -> Greeted {
        let mut process =
            serve.arg("--welcome").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut text = String::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok) {
            text += &format!("{line}\n");
            if line.ends_with("Stop everything with Ctrl-C.") {
                break;
            }
        }
        Greeted { process, text }
    }

    /// What follows `label`, up to the end of the line.
    fn field(&self, label: &str) -> &str {
        let said = self.text.split_once(label).map(|(_, said)| said);
        assert!(said.is_some(), "{label}: {}", self.text);
        said.unwrap().lines().next().unwrap().trim()
    }
}

impl Drop for Greeted {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// The settings of the file count for what is said, none of the environment's.
fn serve(folder: &Path) -> Command {
    let file = folder.join("cordboard.toml");
    let storage = folder.join("elsewhere");
    let text = format!(
        "[http]\nlisten = \"127.0.0.1:0\"\n[storage]\ndir = {storage:?}\n[asterisk]\nmode = \"none\"\n\
         [sip]\nudp = \"127.0.0.1:5080\"\ntcp = \"\"\ntls = \"127.0.0.1:5081\"\n"
    );
    std::fs::write(&file, text).unwrap();
    let mut serve = program(folder, "serve");
    for name in ["HTTP__LISTEN", "STORAGE__DIR", "ASTERISK__MODE", "AUTH__BOOTSTRAP_TOKEN"] {
        serve.env_remove(format!("CORDBOARD__{name}"));
    }
    serve.arg("--config").arg(file);
    serve
}

#[test]
fn the_line_that_is_to_be_pasted_makes_the_first_user_and_is_not_said_again() {
    let folder = TempDir::new().unwrap();
    let first = Greeted::start(serve(folder.path()));
    assert_eq!(first.field("SIP    "), "127.0.0.1:5080 (UDP), 127.0.0.1:5081 (TLS)");
    let kept = std::fs::read_to_string(folder.path().join("elsewhere/administrator-token")).unwrap();
    assert_eq!(first.field("token  "), kept.trim());
    let (line, rest) = first.text.split_once("curl -s ").unwrap().1.split_once(" -d '").unwrap();
    let body: Value = serde_json::from_str(rest.split_once('\'').unwrap().0).unwrap();
    assert_eq!(line, format!("{}/users -H 'X-Auth-Token: {}'", first.field("API    "), kept.trim()));
    let mut made = ureq::post(format!("{}/users", first.field("API    ")))
        .header("X-Auth-Token", kept.trim())
        .send_json(&body)
        .unwrap();
    let made: Value = made.body_mut().read_json().unwrap();
    assert_eq!(made["lines"][0]["extensions"][0]["exten"], "1001");
    let password = &made["lines"][0]["endpoint_sip"]["auth_section_options"][1][1];
    let typed = format!("server 127.0.0.1:5080   user alice   password {}", password.as_str().unwrap());
    assert_eq!(first.field("Then type into a phone:"), typed);
    drop(first);
    let second = Greeted::start(serve(folder.path()));
    assert!(!second.text.contains("Alice"), "{}", second.text);
    let users = format!("curl -s {}/users -H 'X-Auth-Token: {}'", second.field("API    "), kept.trim());
    assert!(second.text.contains(&users), "{}", second.text);
}
