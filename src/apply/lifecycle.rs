//! The life of the managed Asterisk, as the worker leads it: its start, a restart when nobody talks, a bad start.

use tokio::time::Instant;
use tracing::info;

use super::link::Link;
use super::logtail::LogMark;
use super::settings::Mode;
use super::worker::Worker;
use crate::asterisk::Process;

impl Worker {
    /// Asterisk is going to start: what it logs from now on is about that.
    pub fn mark_boot(&mut self) {
        self.boot_mark = Some(LogMark::now(self.settings.asterisk_log.as_ref()));
    }

    /// Starts the managed Asterisk as soon as there is a configuration for it.
    pub fn run_asterisk(&mut self) {
        if let (Mode::Managed { launch, .. }, None, Some(_)) =
            (&self.settings.mode, &self.process, &self.current)
        {
            let process = Process::start(launch.clone());
            self.boot_mark = Some(LogMark::now(self.settings.asterisk_log.as_ref()));
            self.processes = Some(process.state());
            self.process = Some(process);
        }
    }

    /// Some files are read at start only: Asterisk starts again as soon as nobody is in a call.
    pub async fn restart_when_quiet(&mut self) {
        if self.in_doubt || self.retry_at.is_some() || !self.restart_needed() {
            return;
        }
        if self.process.is_none() {
            return;
        }
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return };
        let quiet = match client.action("CoreStatus", &[]).await {
            Ok(answer) => answer.is("CoreCurrentCalls", "0"),
            Err(_) => false,
        };
        if quiet {
            info!("Asterisk starts again, to read what it reads at start only");
            let back = self.boot.begin_trial(self.settings.bounds.boot);
            self.good = back.or(self.good.take());
            self.restart().await;
        }
    }

    /// Asterisk did not come up with other start-up files: it gets the old ones back.
    pub async fn end_trial(&mut self) {
        if self.boot.trial_failed() {
            let seconds = self.settings.bounds.boot.as_secs();
            let reason = format!("Asterisk did not start within {seconds} s with the changed configuration");
            self.go_back(self.seen.unwrap_or(0), &[], reason, Instant::now()).await;
        }
    }

    /// True when what Asterisk was started with is not what the current generation says.
    pub fn restart_needed(&self) -> bool {
        let Some(current) = &self.current else { return false };
        self.link.is_some() && self.boot.differs(&current.manifest.boot_digest(self.settings.reload_for))
    }
}
