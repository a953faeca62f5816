//! What a TLS server of cordboard's shows: the certificate of today. A new pair is shown to the next client.

use super::files::{Pair, fingerprint};
use super::provider;
use super::watch::Watch;
use crate::error::{Error, Result};
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::sync::{Arc, PoisonError, RwLock};
use tracing::{info, warn};

/// A certificate that is shown, and the watch over its files, which ends with this value.
pub struct Server {
    shown: Arc<Shown>,
    _watch: Option<Watch>,
}

#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl Shown {
    fn now(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn take(&self, pair: &Pair) {
        match pair.load() {
            Ok(new) if new.cert == self.now().cert => {}
            Ok(new) => {
                let print = new.cert.first().map(|leaf| fingerprint(leaf)).unwrap_or_default();
                *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
                info!("A new certificate is shown from now on, SHA-256 {print}");
            }
            Err(error) => warn!("The changed certificate is not taken, the one before is shown: {error}"),
        }
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }
}

impl Server {
    /// Reads the files and watches them from now on.
    ///
    /// # Errors
    /// They can't be read, or don't belong together.
    pub fn start(pair: Pair) -> Result<Server> {
        let shown = Arc::new(Shown(RwLock::new(Arc::new(pair.load()?))));
        let taking = Arc::clone(&shown);
        let watched = pair.clone();
        let watch = Watch::start(&watched, move || taking.take(&pair));
        if let Err(error) = &watch {
            warn!("The certificate's files are not watched, a new one needs a restart: {error}");
        }
        Ok(Server { shown, _watch: watch.ok() })
    }

    /// SHA-256 of the certificate that is shown now.
    pub fn fingerprint(&self) -> String {
        self.shown.now().cert.first().map(|leaf| fingerprint(leaf)).unwrap_or_default()
    }

    /// TLS 1.2 and 1.3, no certificates of clients.
    ///
    /// # Errors
    /// The ciphers don't fit the protocol: a fault of ours.
    pub fn config(&self) -> Result<ServerConfig> {
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Internal(error.to_string()))?;
        Ok(config.with_no_client_auth().with_cert_resolver(self.shown.clone()))
    }
}
