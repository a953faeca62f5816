//! `cordboard serve --welcome`: what somebody at a terminal needs to know to make a phone ring.

use crate::app::App;
use crate::apply::{AsteriskState, Handle, Status};
use crate::db;
use crate::resources::users;
use crate::settings::{Settings, Tls};
use crate::storage;
use crate::tls::Pair;
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// How long Asterisk is waited for before it is said what stands in its way.
const PATIENCE: Duration = Duration::from_secs(30);

/// What will be said when Asterisk runs what is stored.
pub struct Welcome {
    text: String,
    revision: i64,
}

impl Welcome {
    /// # Errors
    /// The database can't be read, or the system has no randomness for a password.
    pub fn new(settings: &Settings, app: &App) -> anyhow::Result<Welcome> {
        let is_new = app.db().read(users::store::is_empty)?;
        Ok(Welcome { text: text(settings, app, is_new)?, revision: app.db().read(db::revision)? })
    }

    /// Says it, half a minute later at the latest, and then what stands in the way.
    pub async fn say(self, applier: Handle) {
        if applier.status().asterisk != AsteriskState::None {
            applier.wait_for(self.revision, PATIENCE).await;
        }
        println!("\n{}{}", standing(&applier.status(), self.revision), self.text);
    }
}

/// A line on how it stands; what is in the way comes with it.
fn standing(status: &Status, revision: i64) -> String {
    let runs = status.asterisk == AsteriskState::None || status.applied_revision >= revision;
    let missing = (!runs).then_some("Asterisk has not started yet");
    let mut said = match status.error.as_deref().or(missing) {
        Some(why) => format!("cordboard is running, but phones may not ring: {why}.\n"),
        None => "cordboard is running.\n".to_owned(),
    };
    for note in &status.notes {
        let _ = writeln!(said, "  note   {note}");
    }
    said
}

/// The addresses, the token, and how a first user is made when there is none (`is_new`).
fn text(settings: &Settings, app: &App, is_new: bool) -> anyhow::Result<String> {
    let (api, trust) = api(settings, app);
    let token = match (&app.made_token, &settings.auth.bootstrap_token) {
        (Some(made), _) => made.value.clone(),
        (None, Some(token)) => token.expose().to_owned(),
        (None, None) => String::new(),
    };
    let (sip, server) = phones(settings);
    let header = format!("'X-Auth-Token: {}'", token.replace('\'', r"'\''"));
    let mut text = format!("  API    {api}\n  token  {token}\n  SIP    {sip}\n\n");
    if !is_new {
        let _ = write!(
            text,
            "Its users:\n\n  curl -s{trust} {api}/users -H {header}\n\nStop everything with Ctrl-C.\n"
        );
        return Ok(text);
    }
    let password: String = storage::random_hex()?.chars().take(16).collect();
    let _ = write!(
        text,
        r#"Make a first user (one request, in another terminal):

  curl -s{trust} {api}/users -H {header} -d '{{
    "firstname": "Alice",
    "lines": [{{"context": "default", "extensions": [{{"exten": "1001"}}],
               "endpoint_sip": {{"auth_section_options": [["username", "alice"], ["password", "{password}"]]}}}}],
    "voicemail": {{"number": "1001", "context": "default", "password": "1234"}}}}'

Then type into a phone:  server {server}   user alice   password {password}
Call *98 from it: the mailbox answers (PIN 1234). Stop everything with Ctrl-C.
"#
    );
    Ok(text)
}

/// The root of the API as this machine reaches it, and what `curl` needs to trust it.
fn api(settings: &Settings, app: &App) -> (String, String) {
    let api = app.address().replace("0.0.0.0", "localhost").replace("[::]", "localhost");
    let trust = match settings.http.tls {
        Tls::Off => String::new(),
        Tls::On => format!(" --cacert {}", Pair::of_http(settings).certificate.display()),
    };
    (format!("{api}/1.1"), trust)
}

/// Where phones find this machine, with the way to speak; and the first of these addresses alone.
fn phones(settings: &Settings) -> (String, String) {
    let sip = &settings.sip;
    let both = !sip.udp.is_empty() && sip.udp == sip.tcp;
    let ways = match both {
        true => vec![(&sip.udp, "UDP and TCP"), (&sip.tls, "TLS")],
        false => vec![(&sip.udp, "UDP"), (&sip.tcp, "TCP"), (&sip.tls, "TLS")],
    };
    let seen =
        |(address, way): (&String, &'static str)| Some((reached(address.parse().ok()?).to_string(), way));
    let ways: Vec<(String, &str)> = ways.into_iter().filter_map(seen).collect();
    let all: Vec<String> = ways.iter().map(|(address, way)| format!("{address} ({way})")).collect();
    let first = ways.into_iter().next().map_or_else(|| "none".to_owned(), |(address, _)| address);
    (if all.is_empty() { "none".to_owned() } else { all.join(", ") }, first)
}

/// An address that others can use in place of "all of this machine's".
fn reached(listen: SocketAddr) -> SocketAddr {
    match listen.ip().is_unspecified() {
        true => SocketAddr::new(own_address().unwrap_or(Ipv4Addr::LOCALHOST.into()), listen.port()),
        false => listen,
    }
}

/// This machine's address towards the network. Nothing is sent: the kernel only chooses the way.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}
