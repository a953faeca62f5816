//! The certificate that Asterisk shows to phones and browsers. Asterisk reads its files again at every reload, whatever
//! state they are in, so an Asterisk of cordboard's reads a copy: a pair that belongs together, in one file.

use super::files::{Pair, fingerprint, read};
use super::watch::Watch;
use crate::error::Result;
use crate::settings::{AsteriskMode, Settings};
use crate::storage;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use tracing::{info, warn};

/// In the storage folder.
const COPY: &str = "phones.pem";

/// The files of the settings, the copy of them if there is one, and what was read last.
pub struct Phones {
    pair: Pair,
    copy: Option<PathBuf>,
    taken: RwLock<Taken>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Taken {
    text: String,
    /// SHA-256 of the certificate and of each above it.
    prints: Vec<String>,
}

impl Phones {
    /// Reads the files of the settings.
    ///
    /// # Errors
    /// They can't be read, don't belong together, or the copy can't be written.
    pub fn start(settings: &Settings) -> Result<Phones> {
        let phones = Phones { pair: Pair::of_sip(settings), copy: copy(settings), taken: RwLock::default() };
        phones.take()?;
        Ok(phones)
    }

    /// What Asterisk is told to read.
    pub fn files(settings: &Settings) -> Pair {
        match copy(settings) {
            Some(copy) => Pair { certificate: copy.clone(), key: copy },
            None => Pair::of_sip(settings),
        }
    }

    /// SHA-256 of the certificate and of each above it, as they were read last.
    pub fn fingerprints(&self) -> Vec<String> {
        self.taken.read().unwrap_or_else(PoisonError::into_inner).prints.clone()
    }

    /// Watches the files from now on: a new pair is copied, then `told` is called.
    pub fn follow(self: &Arc<Self>, told: impl Fn() + Send + 'static) -> Option<Watch> {
        let phones = Arc::clone(self);
        let watch = Watch::start(&self.pair, move || match phones.take() {
            Ok(false) => {}
            Ok(true) => {
                let prints = phones.fingerprints();
                info!("A new certificate for phones, SHA-256 {}", prints.first().map_or("", String::as_str));
                told();
            }
            Err(error) => warn!("The changed certificate is not shown to phones: {error}"),
        });
        if let Err(error) = &watch {
            warn!("The certificate's files are not watched, a new one for phones needs a restart: {error}");
        }
        watch.ok()
    }

    /// Reads the files and copies them; true when they are other ones than before. What is read is what is copied.
    fn take(&self) -> Result<bool> {
        let (certificate, key) = (read(&self.pair.certificate)?, read(&self.pair.key)?);
        let loaded = self.pair.parse(&certificate, &key)?;
        let prints = loaded.cert.iter().map(|one| fingerprint(one)).collect();
        let [certificate, key] = [&certificate, &key].map(|bytes| String::from_utf8_lossy(bytes));
        let taken = Taken { text: format!("{}\n{}", certificate.trim(), key.trim()), prints };
        if *self.taken.read().unwrap_or_else(PoisonError::into_inner) == taken {
            return Ok(false);
        }
        if let Some(copy) = &self.copy {
            storage::keep(copy, &taken.text)?;
        }
        *self.taken.write().unwrap_or_else(PoisonError::into_inner) = taken;
        Ok(true)
    }
}

/// Somebody else's Asterisk can't read the storage.
fn copy(settings: &Settings) -> Option<PathBuf> {
    let is_ours = settings.asterisk.mode == AsteriskMode::Managed;
    is_ours.then(|| settings.storage.dir.join(COPY))
}
