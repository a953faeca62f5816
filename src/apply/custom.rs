//! The administrator's own files below `etc/custom/`: read by Asterisk, never written by cordboard, watched for changes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tracing::warn;

use super::generation::make_folder;
use super::plan::{Manifest, Names, Reload};

/// The watcher and its inbox of changed files, by path below `custom/`.
pub struct Custom {
    inbox: mpsc::Receiver<String>,
    /// Watches until it is dropped; nothing when the system has no watch to spare.
    _watcher: Option<RecommendedWatcher>,
}

impl Custom {
    /// Watches `etc/custom/`, making it when it is missing; the group `reader` may enter it.
    pub fn watch(etc: &Path, reader: Option<u32>) -> Self {
        let folder = etc.join("custom");
        let (sender, inbox) = mpsc::channel(64);
        let made = if folder.is_dir() { Ok(()) } else { make_folder(&folder, reader) };
        let watcher = made.map_err(|error| notify::Error::generic(&error.to_string())).and_then(|()| {
            let root = folder.clone();
            let mut watcher = notify::recommended_watcher(move |event| report(&sender, &root, event))?;
            watcher.watch(&folder, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        if let Err(error) = &watcher {
            warn!("{} is not watched: {error}", folder.display());
        }
        Self { inbox, _watcher: watcher.ok() }
    }

    /// Files that changed: waits for the first, takes the others that are there already.
    pub async fn changed(&mut self) -> BTreeSet<String> {
        let Some(first) = self.inbox.recv().await else { return std::future::pending().await };
        let mut files = BTreeSet::from([first]);
        while let Ok(file) = self.inbox.try_recv() {
            files.insert(file);
        }
        files
    }
}

fn report(sender: &mpsc::Sender<String>, root: &Path, event: notify::Result<Event>) {
    let Ok(event) = event else { return };
    if matches!(event.kind, EventKind::Access(_)) {
        return;
    }
    for path in event.paths {
        let name = path.strip_prefix(root).ok().and_then(Path::to_str).filter(|name| name.ends_with(".conf"));
        // A full inbox holds enough reasons to look.
        name.map(|name| sender.try_send(name.to_owned()));
    }
}

/// The rendered files that have to be read again when these custom files have changed: Asterisk takes a file for
/// unchanged by its own time, and does not notice that an included one came or went.
pub fn includers(
    custom: &BTreeSet<String>,
    manifest: &Manifest,
    reload_for: fn(&str) -> Reload,
) -> BTreeSet<String> {
    let mut touched = BTreeSet::new();
    for file in custom {
        if manifest.files.contains_key(file) {
            touched.insert(file.clone());
        } else if let Reload::Module(module) = reload_for(file) {
            let same = |name: &&String| reload_for(name) == Reload::Module(module);
            touched.extend(manifest.files.keys().filter(same).cloned());
        }
    }
    touched
}

/// The names that are not in the administrator's files: what stands there is theirs, also after we removed ours.
pub fn without_theirs(mut names: Names, etc: &Path) -> Names {
    if names.is_empty() {
        return names;
    }
    let Ok(entries) = fs::read_dir(etc.join("custom")) else { return names };
    let theirs: String =
        entries.flatten().filter_map(|entry| fs::read_to_string(entry.path()).ok()).collect();
    for names in names.values_mut() {
        names.retain(|name| !theirs.contains(name.split('@').next().unwrap_or(name)));
    }
    names
}
