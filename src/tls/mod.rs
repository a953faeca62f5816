//! TLS: which certificate is shown, how a new one is picked up, and how the command line trusts it. No HTTP and no
//! SIP here.

mod client;
mod files;
mod own;
mod server;

pub use client::open;
pub use files::{Pair, fingerprint};
pub use server::Server;

use rustls::crypto::{CryptoProvider, ring};
use std::sync::Arc;

/// The one implementation of ciphers of both ends.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
