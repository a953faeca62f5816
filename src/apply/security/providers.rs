//! The addresses of trunks: nothing that comes in their name may cut an office off from its provider.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::lookup_host;
use tokio::time::{Instant, timeout};
use tracing::warn;

use super::BlockList;
use crate::apply::error::ApplyError;
use crate::apply::worker::blocking;
use crate::domain::network::Network;

/// How long what was found counts.
const FRESH: Duration = Duration::from_secs(60);
const BOUND: Duration = Duration::from_secs(2);
/// Most names that are looked up.
const MOST: usize = 200;

/// What was found, and when.
#[derive(Debug, Default)]
pub struct Providers {
    found: Vec<Network>,
    at: Option<Instant>,
}

impl Providers {
    /// The networks of every provider. A name that has no address now keeps those that it had.
    pub async fn networks(&mut self, list: &Arc<dyn BlockList>) -> &[Network] {
        if self.at.is_some_and(|at| at.elapsed() < FRESH) {
            return &self.found;
        }
        let source = Arc::clone(list);
        let hosts = match blocking(move || source.providers().map_err(ApplyError::Render)).await {
            Ok(hosts) => hosts,
            Err(error) => {
                warn!("which addresses are providers' is not known: {error}");
                return &self.found;
            }
        };
        let mut found = Vec::new();
        let mut missed = false;
        for host in hosts.iter().take(MOST) {
            match Network::read(host) {
                Some(network) => found.push(network),
                None => match timeout(BOUND, lookup_host((host.as_str(), 5060))).await {
                    Ok(Ok(addresses)) => {
                        found.extend(addresses.map(|address| Network::of_owner(address.ip())));
                    }
                    Ok(Err(_)) | Err(_) => missed = true,
                },
            }
        }
        if missed {
            found.append(&mut self.found);
        }
        found.sort_unstable();
        found.dedup();
        self.found = found;
        self.at = Some(Instant::now());
        &self.found
    }
}
