//! What a TLS server shows: the certificate of today. Its files are watched; a new pair is shown to the next client.

use super::files::{Pair, fingerprint};
use super::provider;
use crate::error::{Error, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tracing::{info, warn};

/// Whoever replaces two files is given this long after the last change; at most [`TURNS`] times in a row.
const QUIET: Duration = Duration::from_millis(200);
const TURNS: usize = 10;

/// A certificate that is shown, and the watch over its files, which ends with this value.
pub struct Server {
    shown: Arc<Shown>,
    _watcher: Option<RecommendedWatcher>,
}

#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl Shown {
    fn now(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
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
        let watcher = watch(pair, Arc::clone(&shown));
        if let Err(error) = &watcher {
            warn!("The certificate's files are not watched, a new one needs a restart: {error}");
        }
        Ok(Server { shown, _watcher: watcher.ok() })
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

/// The folders are watched, not the files: a file that is replaced is another one.
fn watch(pair: Pair, shown: Arc<Shown>) -> notify::Result<RecommendedWatcher> {
    let (sender, changes) = sync_channel(1);
    let mut watcher = notify::recommended_watcher(move |event| report(&sender, event))?;
    for folder in folders(&pair) {
        watcher.watch(&folder, RecursiveMode::NonRecursive)?;
    }
    std::thread::Builder::new()
        .name("certificate".to_owned())
        .spawn(move || follow(&pair, &shown, &changes))?;
    Ok(watcher)
}

/// Where the names are, and where the files are that they stand for.
fn folders(pair: &Pair) -> BTreeSet<PathBuf> {
    let files = [&pair.certificate, &pair.key];
    let real = files.iter().filter_map(|file| file.canonicalize().ok());
    let named = files.iter().filter_map(|file| std::path::absolute(file).ok());
    named.chain(real).filter_map(|file| file.parent().map(Path::to_owned)).collect()
}

fn report(sender: &SyncSender<()>, event: notify::Result<Event>) {
    if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
        // One that waits is reason enough to look.
        let _ = sender.try_send(());
    }
}

/// Until the watcher is gone.
fn follow(pair: &Pair, shown: &Shown, changes: &Receiver<()>) {
    while changes.recv().is_ok() {
        let mut turns = 1..TURNS;
        while turns.next().is_some() && changes.recv_timeout(QUIET).is_ok() {}
        match pair.load() {
            Ok(new) if new.cert == shown.now().cert => {}
            Ok(new) => {
                let print = new.cert.first().map(|leaf| fingerprint(leaf)).unwrap_or_default();
                *shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
                info!("A new certificate is shown from now on, SHA-256 {print}");
            }
            Err(error) => warn!("The changed certificate is not taken, the one before is shown: {error}"),
        }
    }
}
