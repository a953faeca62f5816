//! What the outside may know of the applier.

use serde::Serialize;

use super::settings::Mode;

/// How the last attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Asterisk runs it, verified.
    Applied,
    /// The revision renders to what Asterisk runs already.
    Unchanged,
    /// Asterisk did not take it; the configuration before it runs again, verified.
    Restored,
    /// Asterisk did not take it, and going back could not be verified either.
    RestoreFailed,
    /// Not yet in Asterisk: it is under way, Asterisk is down, or `error` says what stands in the way.
    Pending,
}

/// State of the Asterisk behind the applier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AsteriskState {
    /// Mode `none`.
    None,
    Down,
    /// It answers, but is not fully booted.
    Starting,
    Running,
}

/// A snapshot of the applier.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Status {
    /// The newest revision of the database that has been seen.
    pub wanted_revision: i64,
    /// The revision that Asterisk runs.
    pub applied_revision: i64,
    /// The newest revision of which the fate is known: applied, or refused.
    pub settled_revision: i64,
    pub outcome: Outcome,
    /// From the render to the verified end of the last attempt, in milliseconds.
    pub duration_ms: f64,
    pub error: Option<String>,
    /// What is stored and cannot be rendered, so that the rest runs without it: a sentence each, the first
    /// twenty.
    pub left_out: Vec<String>,
    /// What the administrator should mend, though all runs.
    pub notes: Vec<String>,
    pub asterisk: AsteriskState,
    /// A change waits for a restart of Asterisk, which in managed mode is done when no call is in progress.
    pub restart_needed: bool,
    /// How often the managed Asterisk has ended without being asked.
    pub asterisk_crashes: u32,
}

impl Status {
    pub(super) fn new(mode: &Mode) -> Self {
        let asterisk = match mode {
            Mode::Managed { .. } | Mode::External { .. } => AsteriskState::Down,
            Mode::None => AsteriskState::None,
        };
        Self {
            wanted_revision: 0,
            applied_revision: 0,
            settled_revision: 0,
            outcome: Outcome::Pending,
            duration_ms: 0.0,
            error: None,
            left_out: Vec::new(),
            notes: Vec::new(),
            asterisk,
            restart_needed: false,
            asterisk_crashes: 0,
        }
    }
}
