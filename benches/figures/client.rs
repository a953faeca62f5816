//! The built binary, and a client that costs next to nothing: one kept connection, one read buffer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub const TOKEN: &str = "bench";

/// A running cordboard; it ends with this value.
pub struct Server {
    process: Child,
    pub address: String,
    /// From the start of the process to its first answer.
    pub start: Duration,
}

impl Server {
    /// Starts on `storage`; `settings` are further environment variables.
    pub fn start(storage: &Path, settings: &[(&str, String)]) -> Server {
        let began = Instant::now();
        let mut process = Command::new(env!("CARGO_BIN_EXE_cordboard"))
            .arg("serve")
            .env("CORDBOARD__HTTP__LISTEN", "127.0.0.1:0")
            .env("CORDBOARD__STORAGE__DIR", storage)
            .env("CORDBOARD__ASTERISK__MODE", "none")
            .env("CORDBOARD__AUTH__BOOTSTRAP_TOKEN", TOKEN)
            .env("CORDBOARD__LOG__LEVEL", "error")
            .envs(settings.iter().map(|(key, value)| (key, value)))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.map_while(Result::ok).find_map(|line| {
            line.split_whitespace().find_map(|word| word.strip_prefix("http://")).map(str::to_owned)
        });
        let address = address.unwrap();
        assert_eq!(Client::connect(&address).get("/1.1/infos").0, 200);
        Server { process, address, start: began.elapsed() }
    }

    /// Resident memory in bytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let ended = Command::new("kill").arg(self.process.id().to_string()).status();
        drop(ended);
        drop(self.process.wait());
    }
}

/// One kept connection.
pub struct Client {
    reader: BufReader<TcpStream>,
    address: String,
}

impl Client {
    pub fn connect(address: &str) -> Client {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { reader: BufReader::new(stream), address: address.to_owned() }
    }

    pub fn get(&mut self, path: &str) -> (u16, String, i64) {
        self.send("GET", path, "")
    }

    pub fn post(&mut self, path: &str, body: &str) -> (u16, String, i64) {
        self.send("POST", path, body)
    }

    /// Status, body, and the revision of a write.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> (u16, String, i64) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nX-Auth-Token: {TOKEN}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        self.reader.get_mut().write_all((head + body).as_bytes()).unwrap();
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let (mut length, mut revision) = (0, 0);
        loop {
            line.clear();
            self.reader.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name {
                "content-length" => length = value.parse().unwrap(),
                "config-revision" => revision = value.parse().unwrap(),
                _ => {}
            }
        }
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes).unwrap();
        (status, String::from_utf8(bytes).unwrap(), revision)
    }
}
