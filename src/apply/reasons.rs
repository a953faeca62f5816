//! What the applier's task waits for.

use std::collections::BTreeSet;

use tokio::sync::{Notify, watch};

use super::custom::Custom;
use super::link::{Change, Link};
use crate::asterisk::ProcessState;

/// Has somebody called in the meantime? Then writes keep coming: those of the next moments share one round, and the
/// machine is left to requests for a while.
pub(super) async fn woken(wake: &Notify) -> bool {
    tokio::select! {
        biased;
        () = wake.notified() => true,
        () = std::future::ready(()) => false,
    }
}

pub(super) async fn changed(custom: &mut Option<Custom>) -> BTreeSet<String> {
    match custom {
        Some(custom) => custom.changed().await,
        None => std::future::pending().await,
    }
}

pub(super) async fn next(link: &mut Option<Link>) -> Change {
    match link {
        Some(link) => link.next().await,
        None => std::future::pending().await,
    }
}

pub(super) async fn next_process(processes: &mut Option<watch::Receiver<ProcessState>>) {
    if let Some(processes) = processes
        && processes.changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
}
