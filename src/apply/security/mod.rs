//! Watches Asterisk's security events and keeps out who guesses passwords: a counter for each address (`tally`), blocks
//! in the database (so that they outlive both programs), from there into `pjsip_acl.conf`, and into nftables where that is
//! allowed (`firewall`). What must not be here: SQL, HTTP.

pub mod event;
mod firewall;
mod guard;
pub(super) mod homes;
mod providers;
mod tally;

use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;
use tokio::sync::watch;

use super::{AmiAccount, Handle};
use crate::domain::network::Network;
use crate::settings::Firewall as Wanted;
pub use tally::Limit;

/// What the guard is told at start.
#[derive(Debug, Clone)]
pub struct GuardSettings {
    /// None: there is no Asterisk to watch.
    pub account: Option<AmiAccount>,
    pub limit: Limit,
    /// If not, offenders are only told of.
    pub block: bool,
    /// Who is never blocked.
    pub trusted: Vec<Network>,
    pub firewall: Wanted,
    pub ports: Ports,
}

/// What Asterisk listens on for SIP.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ports {
    pub udp: Vec<u16>,
    pub tcp: Vec<u16>,
}

/// An address that has failed too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offence {
    pub network: Network,
    pub reason: String,
    pub failures: u32,
    /// Names that were tried: printable.
    pub accounts: Vec<String>,
    /// It may be somebody else's doing: for a moment only.
    pub brief: bool,
}

/// What the guard needs of the database. All are called on a thread that may block.
pub trait BlockList: Send + Sync + 'static {
    /// The newest committed revision.
    fn revision(&self) -> Result<i64, String>;
    /// Blocks them, durably.
    fn block(&self, offences: &[Offence]) -> Result<(), String>;
    /// Releases them, durably.
    fn release(&self, networks: &[Network]) -> Result<(), String>;
    /// Ends the blocks whose time has come, durably.
    fn end_blocks(&self) -> Result<(), String>;
    /// Who is blocked, and until when.
    fn blocked(&self) -> Result<Vec<(Network, SystemTime)>, String>;
    /// Addresses, networks and names of hosts that trunks lead to and calls over them come from.
    fn providers(&self) -> Result<Vec<String>, String>;
}

/// What the outside may know of the guard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Guarding {
    /// Asterisk's security events are seen.
    pub watching: bool,
    /// Addresses that are blocked now.
    pub blocked: usize,
    /// Refused requests and wrong passwords since the start.
    pub failures: u64,
    /// Who keeps the blocked out.
    pub by: Vec<&'static str>,
    /// What stands in the way.
    pub error: Option<String>,
}

/// Starts the guard on the current tokio runtime; it ends with it.
pub fn spawn(
    settings: GuardSettings,
    list: Arc<dyn BlockList>,
    applier: Handle,
) -> watch::Receiver<Guarding> {
    let (sender, status) = watch::channel(Guarding::default());
    if let Some(account) = settings.account.clone() {
        tokio::spawn(guard::run(settings, account, list, applier, sender));
    }
    status
}
