//! `cordboard healthcheck`: for containers and service managers.

use crate::settings::{Settings, Tls};
use crate::tls::{self, Pair};
use anyhow::Context;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `GET /1.1/status` of the address in the settings.
///
/// # Errors
/// Nobody answers, or not with 200.
pub fn healthcheck(settings: &Settings) -> anyhow::Result<()> {
    let (status, body) = ask(settings, "/1.1/status", administrator(settings).as_deref())?;
    anyhow::ensure!(status == 200, "cordboard is not well: {}", body.trim());
    println!("{}", body.trim());
    Ok(())
}

/// The administrator's token, for who may read it.
pub fn administrator(settings: &Settings) -> Option<String> {
    match &settings.auth.bootstrap_token {
        Some(token) => Some(token.expose().to_owned()),
        None => {
            let file = settings.storage.dir.join("administrator-token");
            std::fs::read_to_string(file).ok().map(|token| token.trim().to_owned())
        }
    }
}

/// Asks the cordboard that listens where the settings say; gives status and body.
///
/// # Errors
/// Nobody answers.
pub fn ask(settings: &Settings, path: &str, token: Option<&str>) -> anyhow::Result<(u16, String)> {
    let listen = settings.http.listen.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]");
    let address = listen.to_socket_addrs()?.next().context("http.listen names no address")?;
    let stream = TcpStream::connect_timeout(&address, PATIENCE)
        .with_context(|| format!("cordboard does not answer on {address}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let token = token.map(|token| format!("X-Auth-Token: {token}\r\n")).unwrap_or_default();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {listen}\r\n{token}Connection: close\r\n\r\n");
    let answer = match settings.http.tls {
        Tls::Off => exchange(stream, &request)?,
        Tls::On => {
            let certificate = Pair::of_http(settings).certificate;
            let why = || format!("cordboard does not answer with TLS and {}", certificate.display());
            exchange(tls::open(stream, &certificate)?, &request).with_context(why)?
        }
    };
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok((status.context("no answer of HTTP")?, body.to_owned()))
}

/// Sends the request and reads until the other end closes.
fn exchange(mut stream: impl Read + Write, request: &str) -> anyhow::Result<String> {
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    match stream.take(1024 * 1024).read_to_end(&mut answer) {
        // A connection of TLS that was cut instead of closed, after the answer.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof && !answer.is_empty() => {}
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    Ok(String::from_utf8(answer)?)
}
