//! TLS: which certificate is shown, how a new one is picked up, and how the command line trusts it. No HTTP and no
//! SIP here.

mod client;
mod files;
mod own;
mod phones;
mod server;
mod watch;

pub use client::{open, shown_at};
pub use files::{Pair, fingerprint};
pub use phones::Phones;
pub use server::Server;
pub use watch::Watch;

use rustls::crypto::{CryptoProvider, ring};
use std::sync::Arc;

/// The one implementation of ciphers of both ends.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
