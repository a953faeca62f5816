//! Looks at what Asterisk shows where it speaks TLS: after a start, and after the files of the certificate have changed.
//! A reload is not believed here either: nothing in the manager interface tells which certificate is shown.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use super::worker::{Worker, blocking};
use crate::tls;

/// One handshake.
const HANDSHAKE: Duration = Duration::from_secs(2);
/// From the reload until the certificate is shown: a reserve.
const BOUND: Duration = Duration::from_secs(2);
/// Before a look that found something wrong is repeated.
const AGAIN: Duration = Duration::from_secs(10);

/// Where phones and browsers are shown which certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What is listened on.
    pub addresses: Vec<SocketAddr>,
    /// SHA-256, as [`tls::fingerprint`] writes it.
    pub sha256: String,
}

/// What was seen last.
#[derive(Debug, Default)]
pub struct Certificates {
    /// What was looked for, and when; nothing after Asterisk has started.
    last: Option<(Shown, Instant)>,
    /// A look that is under way: nothing waits for it.
    looking: Option<(Shown, JoinHandle<Vec<String>>)>,
    /// What the administrator should mend.
    pub notes: Vec<String>,
}

impl Certificates {
    /// Asterisk may have started anew.
    pub fn forget(&mut self) {
        self.last = None;
        self.looking = None;
    }

    fn is_due(&self, wanted: &Shown) -> bool {
        match &self.last {
            _ if self.looking.is_some() => false,
            Some((last, at)) if last == wanted => !self.notes.is_empty() && at.elapsed() >= AGAIN,
            _ => true,
        }
    }

    /// The end of a look, once.
    async fn seen(&mut self) -> Option<(Shown, Vec<String>)> {
        let (wanted, look) = self.looking.take_if(|(_, look)| look.is_finished())?;
        Some((wanted, look.await.unwrap_or_default()))
    }
}

impl Worker {
    /// Begins a look, when one is due and Asterisk runs what is wanted; publishes what the last one has seen.
    pub async fn look_at_certificates(&mut self) {
        if let Some((wanted, notes)) = self.certificates.seen().await {
            for note in notes.iter().filter(|note| !self.certificates.notes.contains(note)) {
                warn!("{note}");
            }
            if notes.is_empty() {
                info!("phones are shown the certificate with SHA-256 {}", wanted.sha256);
            }
            self.certificates.notes = notes;
            self.certificates.last = Some((wanted, Instant::now()));
            self.publish(|status| status.notes = self.all_notes());
        }
        let up = self.link.as_mut().is_some_and(|link| link.client().is_some());
        if !up || self.in_doubt || self.retry_at.is_some() {
            return;
        }
        if let Some(wanted) = self.source.shown().filter(|wanted| self.certificates.is_due(wanted)) {
            let look = tokio::spawn(patient_look(wanted.clone()));
            self.certificates.looking = Some((wanted, look));
        }
    }

    /// What the administrator should mend, though all runs.
    pub fn all_notes(&self) -> Vec<String> {
        self.notes.iter().chain(&self.certificates.notes).chain(&self.advice).cloned().collect()
    }
}

/// What is still wrong after a while.
async fn patient_look(wanted: Shown) -> Vec<String> {
    let end = Instant::now() + BOUND;
    loop {
        let notes = look(&wanted).await;
        if notes.is_empty() || Instant::now() >= end {
            return notes;
        }
        sleep(BOUND / 10).await;
    }
}

/// What is wrong, a sentence an address.
async fn look(wanted: &Shown) -> Vec<String> {
    let wanted = Arc::new(wanted.clone());
    let looked = blocking(move || {
        let addresses = wanted.addresses.iter();
        Ok(addresses.filter_map(|address| wrong_at(*address, &wanted.sha256)).collect())
    });
    looked.await.unwrap_or_else(|error| vec![error.to_string()])
}

fn wrong_at(address: SocketAddr, sha256: &str) -> Option<String> {
    match tls::shown_at(reachable(address), HANDSHAKE) {
        Ok(shown) if shown == sha256 => None,
        Ok(shown) => Some(format!(
            "Asterisk shows another certificate at {address} than that of the settings, SHA-256 {shown}: it has to be \
             restarted"
        )),
        Err(error) => Some(format!("Asterisk does not speak TLS at {address}, see its log: {error}")),
    }
}

/// What listens everywhere is asked on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
