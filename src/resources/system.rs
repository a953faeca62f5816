//! What the server says of itself: `/status` and `/cordboard/revisions/{n}`.

use crate::apply::{Guarding, Outcome, Status};
use crate::error::Result;
use crate::http::{Answer, Call, Caller, Credentials, Route, Service, Waiting};
use serde::Serialize;
use std::time::Duration;

/// Longest `?wait=`, in seconds.
const PATIENCE: u64 = 60;

pub fn routes() -> Vec<Route> {
    vec![
        Route::wait("/status", "Is the server well, and is Asterisk in step?", get_status)
            .shows::<Everything>()
            .public(),
        Route::wait("/cordboard/revisions/{revision:int}", "Does a revision run in Asterisk?", get_revision)
            .shows::<RevisionView>()
            .unready("It does not run yet, or was refused: `outcome` says which"),
    ]
}

/// The applier's status, and the guard's within.
#[derive(Serialize, schemars::JsonSchema)]
struct Whole {
    #[serde(flatten)]
    applier: Status,
    abuse: Guarding,
}

/// The answer of `/status`: what the original has, and how cordboard itself is.
#[derive(Serialize, schemars::JsonSchema)]
struct Everything {
    rest_api: Part,
    bus_consumer: Part,
    master_tenant: Part,
    service_token: Part,
    cordboard: Whole,
}

/// A part that the original reports on; one that answers is well.
#[derive(Serialize, schemars::JsonSchema)]
struct Part {
    status: &'static str,
}

/// What became of one revision.
#[derive(Serialize, schemars::JsonSchema)]
struct RevisionView {
    revision: i64,
    applied: bool,
    outcome: Outcome,
    applied_revision: i64,
    wanted_revision: i64,
    duration_ms: f64,
    error: Option<String>,
}

/// What stands in the way names users, numbers and files: that is for the master tenant.
const WHY: &str = "a token of the master tenant with the right confd.status.read shows what";

impl Whole {
    /// How it is, without what is whose.
    fn for_strangers(mut self) -> Self {
        let hidden = |list: &[String]| match list.len() {
            0 => Vec::new(),
            count => vec![format!("{count}: {WHY}")],
        };
        let why = |error: &Option<String>| error.as_ref().map(|_| WHY.to_owned());
        self.applier.left_out = hidden(&self.applier.left_out);
        self.applier.notes = hidden(&self.applier.notes);
        self.applier.error = why(&self.applier.error);
        self.abuse.error = why(&self.abuse.error);
        self
    }
}

/// Is it somebody of the master tenant who may know more than that all is well?
fn may_know(call: &Call) -> bool {
    let credentials =
        Credentials { token: call.client.token.expose(), tenant: "", access: "confd.status.read" };
    Caller::identify(&call.app.keyring, credentials, Service::Confd).is_ok_and(|caller| caller.master)
}

fn get_status(call: Call) -> Waiting {
    Box::pin(async move {
        let status = Whole { applier: call.app.applier.status(), abuse: call.app.guard.borrow().clone() };
        let status = if may_know(&call) { status } else { status.for_strangers() };
        let ok = || Part { status: "ok" };
        Answer::json(&Everything {
            rest_api: ok(),
            bus_consumer: ok(),
            master_tenant: ok(),
            service_token: ok(),
            cordboard: status,
        })
    })
}

/// 200 when the revision runs (or a newer one does), 503 when it does not within `wait` seconds.
fn get_revision(call: Call) -> Waiting {
    Box::pin(async move {
        let revision = call.int("revision");
        let wait = call.query("wait").and_then(|text| text.parse().ok()).unwrap_or(0).min(PATIENCE);
        let status = call.app.applier.wait_for(revision, Duration::from_secs(wait)).await;
        answer(revision, status)
    })
}

fn answer(revision: i64, status: Status) -> Result<Answer> {
    let applied = status.applied_revision >= revision;
    let view = RevisionView {
        revision,
        applied,
        outcome: if applied || status.settled_revision >= revision {
            status.outcome
        } else {
            Outcome::Pending
        },
        applied_revision: status.applied_revision,
        wanted_revision: status.wanted_revision,
        duration_ms: status.duration_ms,
        error: status.error,
    };
    Answer::with_status(if applied { 200 } else { 503 }, &view)
}
