//! Starts the built binary on a free port with a storage of its own, and speaks HTTP to it.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub const TOKEN: &str = "test-administrator";
pub const MASTER: &str = "11111111-1111-4111-8111-111111111111";

/// A running cordboard without an Asterisk; it ends with this value.
pub struct Server {
    process: Child,
    _storage: TempDir,
    base: String,
    agent: ureq::Agent,
}

/// What a request was answered with.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub json: Value,
    pub text: String,
    pub headers: ureq::http::HeaderMap,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts the status and gives the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json
    }

    /// Asserts a refusal with exactly these sentences.
    #[track_caller]
    pub fn refused(self, status: u16, texts: &[&str]) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.json, serde_json::json!(texts));
    }
}

impl Server {
    pub fn start() -> Server {
        let storage = TempDir::new().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_cordboard"))
            .arg("serve")
            .env("CORDBOARD__HTTP__LISTEN", "127.0.0.1:0")
            .env("CORDBOARD__STORAGE__DIR", storage.path())
            .env("CORDBOARD__ASTERISK__MODE", "none")
            .env("CORDBOARD__AUTH__MASTER_TENANT_UUID", MASTER)
            .env("CORDBOARD__AUTH__BOOTSTRAP_TOKEN", TOKEN)
            .env("CORDBOARD__LOG__LEVEL", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let base = lines.map_while(Result::ok).find_map(|line| {
            line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned)
        });
        let agent = ureq::Agent::new_with_config(
            ureq::Agent::config_builder()
                .http_status_as_error(false)
                .allow_non_standard_methods(true)
                .build(),
        );
        Server { process, _storage: storage, base: base.unwrap() + "/1.1", agent }
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None, &[("X-Auth-Token", TOKEN)])
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, Some(body.to_string()), &[("X-Auth-Token", TOKEN)])
    }

    pub fn put(&self, path: &str, body: Value) -> Reply {
        self.send("PUT", path, Some(body.to_string()), &[("X-Auth-Token", TOKEN)])
    }

    /// PUT without a body, as associations are made.
    pub fn associate(&self, path: &str) -> Reply {
        self.send("PUT", path, None, &[("X-Auth-Token", TOKEN)])
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None, &[("X-Auth-Token", TOKEN)])
    }

    pub fn send(&self, method: &str, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Reply {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = self.agent.run(request.body(body.unwrap_or_default()).unwrap()).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        Reply {
            status: response.status().as_u16(),
            json: serde_json::from_str(&text).unwrap_or_default(),
            headers: response.headers().clone(),
            text,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
