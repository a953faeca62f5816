//! What the running Asterisk was started with: some files are read at start only, and a later cordboard must still know.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tracing::warn;

use super::generation::Generation;

/// Kept in the file `boot.json` beside the generations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Started {
    /// Process id and start time, as Asterisk tells them.
    process: String,
    /// [`super::plan::Manifest::boot_digest`] of the generation that was current then.
    digest: String,
}

/// What is known of the last start.
#[derive(Debug)]
pub struct Boot {
    path: PathBuf,
    started: Option<Started>,
    /// The last generation that Asterisk has started with, verified.
    pub good: Option<Arc<Generation>>,
    /// Until when a start with other files has to succeed.
    trial: Option<Instant>,
}

impl Boot {
    /// Reads what an earlier cordboard noted.
    pub fn load(generations: &Path) -> Self {
        let path = generations.join("boot.json");
        let started = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { path, started, good: None, trial: None }
    }

    /// True when Asterisk was started with something else.
    pub fn differs(&self, digest: &str) -> bool {
        self.started.as_ref().is_some_and(|started| started.digest != digest)
    }

    /// Notes which process runs; one that has not been seen before has read the current generation. Tells whether
    /// it is such a one.
    pub fn seen(&mut self, process: &str, digest: &str) -> bool {
        if self.started.as_ref().is_some_and(|started| started.process == process) {
            return false;
        }
        let started = Started { process: process.to_owned(), digest: digest.to_owned() };
        // Losing this costs one restart too many or too few at a quiet moment.
        let bytes = serde_json::to_vec(&started).unwrap_or_default();
        if let Err(error) = fs::write(&self.path, bytes) {
            warn!("{}: {error}", self.path.display());
        }
        self.started = Some(started);
        true
    }

    /// A restart for other files begins; gives the generation to go back to when it fails.
    pub fn begin_trial(&mut self, bound: Duration) -> Option<Arc<Generation>> {
        self.trial = Some(Instant::now() + bound);
        self.good.clone()
    }

    /// Asterisk runs this generation, verified.
    pub fn passed(&mut self, generation: &Arc<Generation>, digest: &str) {
        if !self.differs(digest) {
            self.trial = None;
            self.good = Some(Arc::clone(generation));
        }
    }

    /// True, once, when a restart for other files has not come up in time.
    pub fn trial_failed(&mut self) -> bool {
        let failed = self.trial.is_some_and(|until| Instant::now() >= until);
        if failed {
            self.trial = None;
        }
        failed
    }
}
