//! Going back: the last good generation, in files and never in data.

use std::sync::Arc;

use tokio::time::Instant;
use tracing::error;

use super::ami::AmiError;
use super::custom;
use super::cycle::milliseconds;
use super::error::ApplyError;
use super::expect::{Expected, Read, summary};
use super::link::Link;
use super::plan::{data, modules, removed};
use super::reload::reload_and_verify;
use super::status::Outcome;
use super::worker::{Refused, Worker};

/// How going back went.
enum Restored {
    Verified,
    /// Asterisk starts with the old files; verified when it is up.
    Restarting,
}

impl Worker {
    /// Puts the last good generation back and verifies it.
    pub async fn go_back(
        &mut self,
        revision: i64,
        modules: &[&'static str],
        reason: String,
        started: Instant,
    ) {
        let (outcome, text) = match self.restore(modules).await {
            Ok(Restored::Verified) => (Outcome::Restored, reason.clone()),
            Ok(Restored::Restarting) => (Outcome::Pending, reason.clone()),
            Err(ApplyError::Ami(error)) if error.is_fatal() => return self.lost(&error),
            Err(error) => (Outcome::RestoreFailed, format!("{reason}; going back failed: {error}")),
        };
        self.in_doubt = outcome != Outcome::Restored;
        let retry = self.settings.bounds.retry;
        self.retry_later((outcome == Outcome::Restored).then_some(retry));
        self.obstacle = Some(text.clone());
        self.refused = Some(Refused { revision, reason, until: Instant::now() + retry });
        self.collect().await;
        error!(revision, ?outcome, "Asterisk did not take the configuration: {text}");
        self.publish(|status| {
            if outcome != Outcome::Pending {
                status.settled_revision = revision;
            }
            status.outcome = outcome;
            status.duration_ms = milliseconds(started);
            status.error = Some(text);
        });
    }

    async fn restore(&mut self, reloaded: &[&'static str]) -> Result<Restored, ApplyError> {
        let Some(good) = self.good.clone() else {
            return Err(ApplyError::Asterisk("there is no earlier configuration".to_owned()));
        };
        let current = self.current.clone().unwrap_or_else(|| Arc::clone(&good));
        if good.serial == current.serial {
            return Err(ApplyError::Asterisk(
                "it is the last good configuration that no longer holds".to_owned(),
            ));
        }
        self.point_to(&good).await?;
        let down = self.link.as_mut().and_then(Link::client).is_none();
        if self.in_doubt && (down || self.restart_needed()) && self.restart().await {
            return Ok(Restored::Restarting);
        }
        let reload_for = self.settings.reload_for;
        let modules = match (self.in_doubt, reloaded) {
            (true, _) | (_, []) => modules(good.manifest.files.keys(), reload_for),
            (false, some) => some.to_vec(),
        };
        let gone = custom::without_theirs(removed(&current.manifest, &good.manifest), &self.settings.etc);
        let data = data(good.manifest.files.keys(), reload_for);
        let read = Read { modules: &modules, data: &data };
        let expected = Expected::of(&good.manifest, &gone, Some(read), reload_for);
        let bound = self.settings.bounds.verify;
        let client = self.link.as_mut().and_then(Link::client).ok_or(AmiError::Closed)?;
        let found = reload_and_verify(client, &modules, &expected, bound).await?;
        if found.is_empty() { Ok(Restored::Verified) } else { Err(ApplyError::Mismatch(summary(&found))) }
    }
}
