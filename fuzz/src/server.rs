//! A cordboard in this process, without an Asterisk, and HTTP to it as plainly as it goes.

use cordboard::app::App;
use cordboard::domain::secret::Secret;
use cordboard::settings::{AsteriskMode, Settings};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use tempfile::TempDir;

pub const TOKEN: &str = "fuzz-administrator";

/// A running cordboard and one connection to it.
pub struct Server {
    pub settings: Settings,
    stream: BufReader<TcpStream>,
    address: String,
    _storage: TempDir,
}

/// What a request was answered with.
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    pub body: String,
}

impl Server {
    /// With a storage of its own, below `TMPDIR`.
    pub fn start() -> Server {
        let storage = TempDir::new().expect("a folder");
        let mut settings = Settings::default();
        settings.http.listen = "127.0.0.1:0".to_owned();
        // What strangers send is what this is about.
        settings.http.strangers_per_minute = u32::MAX;
        settings.storage.dir = storage.path().to_owned();
        settings.asterisk.mode = AsteriskMode::None;
        settings.auth.bootstrap_token = Some(Secret::new(TOKEN));
        let app = App::build(&settings).expect("an application");
        let address = app.address().trim_start_matches("http://").to_owned();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            let system = actix_web::rt::System::with_tokio_rt(|| runtime.expect("a runtime"));
            system.block_on(app.run_until_stopped(|_| ()))
        });
        Server { settings, stream: connected(&address), address, _storage: storage }
    }

    /// Sends a request. `head` ends each of its lines, the first one too, with CR LF.
    ///
    /// # Panics
    /// There is no answer, or one that says that cordboard is at fault.
    pub fn ask(&mut self, head: &str, body: &[u8]) -> Reply {
        let request = || [head.as_bytes(), b"\r\n", body].concat();
        let reply = self.exchange(&request()).or_else(|| {
            // The server closes what has been idle, and what it does not want to read to the end.
            self.stream = connected(&self.address);
            self.exchange(&request())
        });
        let reply = reply.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(&request())));
        // Without an Asterisk some can't be answered now.
        let fault = reply.status >= 500 && reply.status != 503;
        assert!(!fault, "{} {}: {:?}", reply.status, reply.body, String::from_utf8_lossy(&request()));
        reply
    }

    /// Sends a request as the administrator.
    pub fn send(&mut self, method: &str, target: &str, body: &str) -> Reply {
        let length = body.len();
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: fuzz\r\nX-Auth-Token: {TOKEN}\r\nContent-Length: {length}\r\n"
        );
        self.ask(&head, body.as_bytes())
    }

    fn exchange(&mut self, request: &[u8]) -> Option<Reply> {
        self.stream.get_mut().write_all(request).ok()?;
        let mut line = String::new();
        self.stream.read_line(&mut line).ok()?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let (mut length, mut location, mut ends) = (0, None, false);
        loop {
            line.clear();
            self.stream.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().ok()?,
                "location" => location = Some(value.to_owned()),
                "connection" => ends = value == "close",
                _ => {}
            }
        }
        let mut body = vec![0; if request.starts_with(b"HEAD ") { 0 } else { length }];
        self.stream.read_exact(&mut body).ok()?;
        if ends {
            self.stream = connected(&self.address);
        }
        Some(Reply { status, location, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

fn connected(address: &str) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    BufReader::new(stream)
}
