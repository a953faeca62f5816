//! Calls that Asterisk has refused since somebody, or a trunk, has as many as they may. The dialplan decides and tells;
//! it is kept in the database and said in the log.

use std::sync::Arc;

use tokio::time::Instant;
use tracing::warn;

use super::ami::Message;
use super::error::ApplyError;
use super::worker::{Worker, blocking};

/// So many wait to be kept; what comes beyond them between two looks is not told one by one.
const MOST: usize = 1000;

/// A call that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CeilingReached {
    /// `user` or `trunk`.
    pub kind: String,
    /// Id of the user or trunk.
    pub id: i64,
    /// `simultaneous` or `hourly`.
    pub reached: String,
    pub ceiling: i64,
    /// What would have been dialled: digits, `+`, `*`, `#`.
    pub number: String,
}

impl CeilingReached {
    /// What the dialplan tells.
    pub fn of_event(event: &Message) -> Option<Self> {
        if !event.is("UserEvent", "CordboardCeiling") {
            return None;
        }
        let known = |name: &str, words: [&str; 2]| {
            event.get(name).filter(|value| words.contains(value)).map(str::to_owned)
        };
        Some(Self {
            kind: known("Kind", ["user", "trunk"])?,
            id: event.get("Id")?.parse().ok()?,
            reached: known("Reached", ["simultaneous", "hourly"])?,
            ceiling: event.get("Ceiling")?.parse().ok()?,
            number: event.get("Number").unwrap_or_default().chars().take(80).collect(),
        })
    }
}

/// What is to be done about calls that go out.
#[derive(Debug, Default)]
pub(super) struct Ceilings {
    /// Refusals that were told since the last look.
    told: Vec<CeilingReached>,
    /// When Asterisk's counters are looked at again; at once when not yet.
    pub sweep_at: Option<Instant>,
}

impl Worker {
    pub(super) fn tell_of_ceiling(&mut self, reached: CeilingReached) {
        if self.ceilings.told.len() < MOST {
            self.ceilings.told.push(reached);
        }
    }

    /// Keeps what was told since the last look; old counters go.
    pub(super) async fn take_ceilings(&mut self) {
        self.sweep_counters().await;
        if self.ceilings.told.is_empty() {
            return;
        }
        let (source, told) = (Arc::clone(&self.source), std::mem::take(&mut self.ceilings.told));
        match blocking(move || source.note_ceilings(&told).map_err(ApplyError::Render)).await {
            Ok(news) => news.iter().for_each(|says| warn!("{says}")),
            Err(error) => warn!("that calls were refused could not be kept: {error}"),
        }
    }
}
