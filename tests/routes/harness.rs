//! Starts the built binary on a free port with a storage of its own, and speaks HTTP to it.

use crate::shapes::assert_told;
use base64::Engine;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;
use tempfile::TempDir;

pub const TOKEN: &str = "test-administrator";
pub const MASTER: &str = "11111111-1111-4111-8111-111111111111";

/// A tenant of a test, and a token of its own.
pub struct Tenant {
    pub uuid: String,
    pub token: String,
}

/// A running cordboard without an Asterisk; it ends with this value.
pub struct Server {
    process: Child,
    /// The storage, when it is this server's own; it goes with it.
    _own: Option<TempDir>,
    base: String,
    agent: ureq::Agent,
}

/// The program with a storage, not yet started.
pub fn program(storage: &Path, command: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cordboard"));
    program.arg(command);
    settings(&mut program, storage);
    program
}

/// Adds the settings of a test to a command.
pub fn settings(program: &mut Command, storage: &Path) {
    program
        .env("CORDBOARD__HTTP__LISTEN", "127.0.0.1:0")
        .env("CORDBOARD__STORAGE__DIR", storage)
        .env("CORDBOARD__ASTERISK__MODE", "none")
        .env("CORDBOARD__AUTH__MASTER_TENANT_UUID", MASTER)
        .env("CORDBOARD__AUTH__BOOTSTRAP_TOKEN", TOKEN)
        .env("CORDBOARD__LOG__LEVEL", "warn");
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
    /// Reads an answer, which is as the OpenAPI document says.
    #[track_caller]
    fn of(method: &str, uri: &str, mut response: ureq::http::Response<ureq::Body>) -> Reply {
        let text = response.body_mut().read_to_string().unwrap();
        let reply = Reply {
            status: response.status().as_u16(),
            json: serde_json::from_str(&text).unwrap_or_default(),
            headers: response.headers().clone(),
            text,
        };
        assert_told(method, uri, reply.status, reply.header("Content-Type"), &reply.text);
        reply
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts the status and gives the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json
    }

    #[track_caller]
    pub fn expect_status(self, status: u16) {
        assert_eq!(self.status, status, "{}", self.text);
    }

    /// Asserts a refusal with exactly these sentences.
    #[track_caller]
    pub fn refused(self, status: u16, texts: &[&str]) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.json, serde_json::json!(texts));
    }
}

impl Server {
    /// On a storage of its own.
    pub fn start() -> Server {
        let storage = TempDir::new().unwrap();
        let mut server = Server::run(program(storage.path(), "serve"));
        server._own = Some(storage);
        server
    }

    /// Runs a prepared `serve` and waits until it listens.
    pub fn run(mut program: Command) -> Server {
        let mut process = program.stdout(Stdio::piped()).spawn().unwrap();
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
        Server { process, _own: None, base: base.unwrap() + "/1.1", agent }
    }

    /// Asks it to end (SIGTERM), and tells whether it did within `bound`.
    pub fn stop(mut self, bound: Duration) -> bool {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let (done, ended) = channel();
        std::thread::scope(|scope| {
            scope.spawn(|| done.send(self.process.wait()));
            let stopped = ended.recv_timeout(bound).is_ok();
            if !stopped {
                assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
            }
            stopped
        })
    }

    /// As pulling the plug: SIGKILL, nothing is tidied.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Makes a tenant below `parent` (the master tenant when not given), as an administrator does. Only for a
    /// server with a storage of its own.
    pub fn add_tenant(&self, slug: &str, parent: Option<&Tenant>) -> Tenant {
        let storage = self._own.as_ref().unwrap().path();
        let run = |command: &mut Command| {
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        let mut add = program(storage, "tenant");
        add.args(["add", slug]);
        if let Some(parent) = parent {
            add.args(["--parent", &parent.uuid]);
        }
        let uuid = run(&mut add);
        let token = run(program(storage, "token").args(["add", "--tenant", &uuid]));
        Tenant { uuid, token }
    }

    /// The `host:port` that is listened on.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://").trim_end_matches("/1.1")
    }

    /// Sends a POST and does not wait for the answer.
    pub fn unanswered_post(&self, path: &str, body: &Value) -> TcpStream {
        let address = self.address();
        let body = body.to_string();
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "POST /1.1{path} HTTP/1.1\r\nHost: {address}\r\nX-Auth-Token: {TOKEN}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
        stream
    }

    /// Sends a request as the administrator of another tenant.
    pub fn send_in(&self, tenant: &Tenant, method: &str, path: &str, body: Option<Value>) -> Reply {
        let headers = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", tenant.uuid.as_str())];
        self.send(method, path, body.map(|body| body.to_string()), &headers)
    }

    /// Logs in and gives the answer.
    pub fn log_in(&self, name: &str, password: &str, body: Value) -> Reply {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"));
        let basic = format!("Basic {basic}");
        self.auth("POST", "/token", Some(body), &[("Authorization", &basic)])
    }

    /// A token of somebody who can log in.
    #[track_caller]
    pub fn token_of(&self, name: &str, password: &str) -> String {
        let data = self.log_in(name, password, serde_json::json!({})).expect(200);
        data["data"]["token"].as_str().unwrap().to_owned()
    }

    /// Sends a request to the auth API.
    pub fn auth(&self, method: &str, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> Reply {
        let base = self.base.trim_end_matches("/1.1");
        self.send_to(method, &format!("{base}/0.1{path}"), body.map(|body| body.to_string()), headers)
    }

    /// As the administrator.
    pub fn admin(&self, method: &str, path: &str, body: Value) -> Reply {
        self.auth(method, path, Some(body), &[("X-Auth-Token", TOKEN)])
    }

    /// The storage of a server that has its own.
    pub fn storage(&self) -> &Path {
        self._own.as_ref().unwrap().path()
    }

    /// The database of a server with a storage of its own.
    pub fn database(&self) -> rusqlite::Connection {
        let file = self._own.as_ref().unwrap().path().join("cordboard.db");
        let database = rusqlite::Connection::open(file).unwrap();
        database.busy_timeout(Duration::from_secs(5)).unwrap();
        database
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

    /// PUT of bytes, as files are sent.
    pub fn put_bytes(&self, path: &str, body: &[u8]) -> Reply {
        let uri = format!("{}{path}", self.base);
        let request = ureq::http::Request::builder().method("PUT").uri(&uri);
        let request =
            request.header("X-Auth-Token", TOKEN).header("Content-Type", "application/octet-stream");
        Reply::of("PUT", &uri, self.agent.run(request.body(body).unwrap()).unwrap())
    }

    /// The bytes of a file.
    pub fn get_bytes(&self, path: &str) -> Vec<u8> {
        let request = ureq::http::Request::builder().uri(format!("{}{path}", self.base));
        let request = request.header("X-Auth-Token", TOKEN).body(()).unwrap();
        let mut response = self.agent.run(request).unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        response.body_mut().read_to_vec().unwrap()
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None, &[("X-Auth-Token", TOKEN)])
    }

    pub fn send(&self, method: &str, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Reply {
        self.send_to(method, &format!("{}{path}", self.base), body, headers)
    }

    /// To a whole address.
    pub fn send_to(&self, method: &str, uri: &str, body: Option<String>, headers: &[(&str, &str)]) -> Reply {
        let mut request = ureq::http::Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::of(method, uri, self.agent.run(request.body(body.unwrap_or_default()).unwrap()).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Killed already: nothing to do.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A WAV file of so many samples.
pub fn wav(channels: u16, rate: u32, bits: u16, samples: u32) -> Vec<u8> {
    let size = samples * u32::from(channels) * u32::from(bits / 8);
    let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0".to_vec();
    file.extend_from_slice(&channels.to_le_bytes());
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&[0; 6]);
    file.extend_from_slice(&bits.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&size.to_le_bytes());
    file.extend((0..size).map(|at| u8::try_from(at % 251).unwrap_or_default()));
    file
}
