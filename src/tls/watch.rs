//! Watches the files of a certificate and its key: whoever renews one replaces both, one after the other.

use super::files::Pair;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// Whoever replaces two files is given this long after the last change; at most [`TURNS`] times in a row.
const QUIET: Duration = Duration::from_millis(200);
const TURNS: usize = 10;

/// A watch, which ends with this value.
pub struct Watch {
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Calls `changed` on a thread of its own each time that files of this pair, or others beside them, have changed.
    ///
    /// # Errors
    /// The folders can't be watched.
    pub fn start(pair: &Pair, changed: impl Fn() + Send + 'static) -> notify::Result<Watch> {
        let (sender, changes) = sync_channel(1);
        let mut watcher = notify::recommended_watcher(move |event| report(&sender, event))?;
        for folder in folders(pair) {
            watcher.watch(&folder, RecursiveMode::NonRecursive)?;
        }
        let follow = move || follow(&changes, changed);
        std::thread::Builder::new().name("certificate".to_owned()).spawn(follow)?;
        Ok(Watch { _watcher: watcher })
    }
}

/// The folders are watched, not the files: a file that is replaced is another one. Where the names are, and where the
/// files are that they stand for.
fn folders(pair: &Pair) -> BTreeSet<PathBuf> {
    let files = [&pair.certificate, &pair.key];
    let real = files.iter().filter_map(|file| file.canonicalize().ok());
    let named = files.iter().filter_map(|file| std::path::absolute(file).ok());
    named.chain(real).filter_map(|file| file.parent().map(Path::to_owned)).collect()
}

fn report(sender: &SyncSender<()>, event: notify::Result<Event>) {
    if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
        // One that waits is reason enough to look.
        let _ = sender.try_send(());
    }
}

/// Until the watcher is gone.
fn follow(changes: &Receiver<()>, changed: impl Fn()) {
    while changes.recv().is_ok() {
        let mut turns = 1..TURNS;
        while turns.next().is_some() && changes.recv_timeout(QUIET).is_ok() {}
        changed();
    }
}
