//! HTTP as plainly as it goes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

pub const TOKEN: &str = "fuzz-administrator";

/// A connection that is kept.
pub struct Wire {
    stream: BufReader<TcpStream>,
    address: String,
}

pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    pub body: String,
}

impl Wire {
    pub fn to(address: &str) -> Wire {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Wire { stream: BufReader::new(stream), address: address.to_owned() }
    }

    /// Sends a request as an administrator; `target` is what stands in the first line.
    pub fn ask(&mut self, method: &str, target: &str, body: &str) -> Reply {
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nX-Auth-Token: {TOKEN}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        self.try_ask(&head, body).or_else(|| {
            // The server closes what has been idle for a while.
            *self = Wire::to(&self.address);
            self.try_ask(&head, body)
        })
        .unwrap_or_else(|| panic!("{method} {target} has no answer: {body}"))
    }

    fn try_ask(&mut self, head: &str, body: &str) -> Option<Reply> {
        self.stream.get_mut().write_all(head.as_bytes()).ok()?;
        self.stream.get_mut().write_all(body.as_bytes()).ok()?;
        let mut line = String::new();
        self.stream.read_line(&mut line).ok()?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let (mut length, mut location) = (0, None);
        loop {
            line.clear();
            self.stream.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().ok()?,
                "location" => location = Some(value.to_owned()),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        Some(Reply { status, location, body: String::from_utf8_lossy(&body).into_owned() })
    }
}
