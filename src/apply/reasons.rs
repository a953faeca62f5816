//! What the applier's task waits for.

use std::collections::BTreeSet;

use tokio::sync::watch;

use super::custom::Custom;
use super::link::{Change, Link};
use crate::asterisk::ProcessState;

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
