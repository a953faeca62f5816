//! The applier: brings what the database holds into the running Asterisk, verifies it, and goes back when it does not hold.
//! The only place that touches Asterisk and its files. What must not be here: HTTP, SQL.
//!
//! [`Source`] is the only door to the database: its revision, the rendered files of one snapshot, and what mailboxes and
//! their folders owe each other. Twenty writes
//! that arrive together cost one reload, and after a crash nothing is lost: the revision says that there is something to do.

pub mod agents;
pub mod ami;
mod boot;
pub mod canary;
mod ceilings;
mod certificates;
mod contacts;
mod counters;
mod custom;
mod cycle;
mod error;
pub mod expect;
mod external;
mod folders;
mod generation;
mod lamps;
mod lifecycle;
mod link;
mod links;
mod live;
mod logs;
pub mod logtail;
mod opening;
pub mod pins;
pub mod plan;
pub mod reading;
mod reasons;
mod reload;
mod restore;
pub mod security;
mod settings;
mod shown;
mod sounds;
mod status;
mod switches;
mod verify;
mod worker;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot, watch};

pub use agents::{Login, Seat};
pub use ami::Message;
pub use ceilings::CeilingReached;
pub use certificates::Shown;
pub use error::ApplyError;
pub use folders::FolderWork;
pub use generation::Generation;
pub use live::{Live, LiveError, Talk};
pub use pins::{PhonePin, Verdict};
pub use plan::{Reload, reload_for};
pub use security::{BlockList, GuardSettings, Guarding, Limit, Offence, Ports};
pub use settings::{AmiAccount, ApplySettings, Bounds, Mode};
pub use status::{AsteriskState, Outcome, Status};
pub use switches::{Dialled, SwitchedSince};

use crate::render::FileSet;

/// What the applier needs of the database. All are called on a thread that may block.
pub trait Source: Send + Sync + 'static {
    /// The newest committed revision.
    fn revision(&self) -> Result<i64, String>;
    /// One consistent snapshot, rendered, and its revision.
    fn render(&self) -> Result<(i64, FileSet), String>;
    /// Takes over, durably, the PINs that were changed on phones, unless the API has set others later. One verdict a PIN.
    fn adopt_pins(&self, pins: &[PhonePin]) -> Result<Vec<Verdict>, String>;
    /// Takes over, durably, what was switched on phones, unless the API has switched it later.
    fn adopt_switches(&self, dialled: &[Dialled]) -> Result<(), String>;
    /// What was switched after `mark`, a time of the database's own writing; without one, nothing but the mark.
    fn switched_since(&self, mark: Option<&str>) -> Result<SwitchedSince, String>;
    /// The lamps that are lit, by the numbers of their keys, and those that are known to be dark.
    fn lamps(&self) -> Result<BTreeMap<String, bool>, String>;
    /// Mirrors, durably, who is logged in; without [`Source::strangers`].
    fn adopt_logins(&self, logins: &[Login]) -> Result<(), String>;
    /// Those of agents that are gone, or at phones that are.
    fn strangers(&self, logins: &[Login]) -> Result<Vec<Login>, String>;
    /// What the agents answer who are logged in by the mirror.
    fn seats(&self) -> Result<Vec<Seat>, String>;
    /// A sound by the digest of what was sent, as Asterisk plays it.
    fn sound(&self, digest: &str) -> Result<Option<Vec<u8>>, String> {
        let _ = digest;
        Ok(None)
    }
    /// Keeps, durably, that calls were refused; gives a sentence for each that is news.
    fn note_ceilings(&self, reached: &[CeilingReached]) -> Result<Vec<String>, String> {
        let _ = reached;
        Ok(Vec::new())
    }
    /// Where phones and browsers are shown a certificate, if they are. Never waits.
    fn shown(&self) -> Option<Shown> {
        None
    }
    /// What the revisions up to this one have left to do with folders of mailboxes, oldest first.
    fn folder_works(&self, revision: i64) -> Result<Vec<FolderWork>, String>;
    /// Forgets, durably, a work that is done.
    fn folder_work_done(&self, id: i64) -> Result<(), String>;
}

/// The applier's door: wake it, look at it, wait for it, stop it.
#[derive(Debug, Clone)]
pub struct Handle {
    wake: Arc<Notify>,
    status: watch::Receiver<Status>,
    stop: mpsc::Sender<oneshot::Sender<()>>,
}

impl Handle {
    /// Says that the database has moved. Never waits; many calls may become one look.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// What is known now.
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// Waits until the fate of `revision` is known (it runs, or was refused) or `timeout` has passed. The answer's
    /// `applied_revision` says whether it runs.
    pub async fn wait_for(&self, revision: i64, timeout: Duration) -> Status {
        let mut status = self.status.clone();
        let known = status.wait_for(|status| status.settled_revision >= revision);
        let _ = tokio::time::timeout(timeout, known).await;
        self.status()
    }

    /// Ends the applier and, in managed mode, Asterisk. Returns when both have ended.
    pub async fn stop(self) {
        let (done, ended) = oneshot::channel();
        if self.stop.send(done).await.is_ok() {
            let _ = ended.await;
        }
    }
}

/// Starts the applier on the current tokio runtime. Dropping every [`Handle`] ends it and leaves Asterisk running.
pub fn spawn(settings: ApplySettings, source: Arc<dyn Source>) -> Handle {
    let wake = Arc::new(Notify::new());
    let (stop, orders) = mpsc::channel(1);
    let (sender, status) = watch::channel(Status::new(&settings.mode));
    tokio::spawn(worker::run(settings, source, Arc::clone(&wake), sender, orders));
    Handle { wake, status, stop }
}
