//! Sounds that were sent in: they are in the database, and written where Asterisk reads them before the files that name
//! them are. What no revision names any more goes once the newest one runs.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use tracing::{info, warn};

use super::Source;
use super::error::ApplyError;
use super::generation::sync_folder;
use super::plan::digest_of;
use super::worker::{Worker, blocking};

/// Path below the folder of sounds, and the digest of what was sent.
pub type Sounds = BTreeMap<String, String>;

/// What is known of the folder of sounds.
#[derive(Debug, Default)]
pub struct Known {
    /// What this process has written or found; nothing before it has looked.
    there: Option<Sounds>,
    /// What the newest revision names.
    wanted: Sounds,
    /// Nothing else is there.
    swept: bool,
}

impl Worker {
    /// Writes the sounds of a revision that are not there yet.
    pub async fn bring_sounds(&mut self, wanted: &Sounds) -> Result<(), ApplyError> {
        let Some(root) = self.settings.sounds.clone() else { return Ok(()) };
        if self.sounds.there.is_some() && self.sounds.wanted == *wanted {
            return Ok(());
        }
        let (source, there) = (Arc::clone(&self.source), self.sounds.there.take());
        let (to_write, folder) = (wanted.clone(), root.clone());
        let written = blocking(move || {
            let mut there = there.unwrap_or_else(Sounds::new);
            for (path, digest) in &to_write {
                if there.get(path) != Some(digest) {
                    bring_one(&*source, &folder, path, digest)?;
                    there.insert(path.clone(), digest.clone());
                }
            }
            Ok(there)
        });
        let there = written.await?;
        if there.len() > self.sounds.wanted.len() {
            info!(files = there.len(), "sounds are in place");
        }
        let swept = self.sounds.swept && there.len() == wanted.len();
        self.sounds = Known { there: Some(there), wanted: wanted.clone(), swept };
        Ok(())
    }

    /// Removes what the revision that now runs does not name.
    pub async fn clear_sounds(&mut self) {
        let Some(root) = self.settings.sounds.clone().filter(|_| !self.sounds.swept) else { return };
        let wanted = self.sounds.wanted.clone();
        let swept = blocking(move || sweep(&root, &root, &wanted).map_err(ApplyError::file(root)));
        match swept.await {
            Ok(()) => {
                self.sounds.there = Some(self.sounds.wanted.clone());
                self.sounds.swept = true;
            }
            Err(error) => warn!("old sounds are left: {error}"),
        }
    }
}

fn bring_one(source: &dyn Source, root: &Path, path: &str, digest: &str) -> Result<(), ApplyError> {
    let Some(file) = below(root, path) else { return Ok(()) };
    let Some(content) = source.sound(digest).map_err(ApplyError::Render)? else { return Ok(()) };
    if fs::read(&file).is_ok_and(|there| digest_of(&there) == digest_of(&content)) {
        return Ok(());
    }
    write(root, &file, &content).map_err(ApplyError::file(file))
}

/// Whole or not at all, readable for whoever owns the spool.
fn write(root: &Path, file: &Path, content: &[u8]) -> io::Result<()> {
    let Some(folder) = file.parent() else { return Ok(()) };
    make_folder(root, folder)?;
    let half = file.with_extension("new");
    let mut options = fs::OpenOptions::new();
    let mut writer = options.mode(0o640).write(true).create(true).truncate(true).open(&half)?;
    writer.write_all(content)?;
    writer.sync_all()?;
    give(root, &half)?;
    fs::rename(&half, file)?;
    sync_folder(folder).map_err(io::Error::other)
}

fn make_folder(root: &Path, folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|_| folder != root) {
        make_folder(root, parent)?;
    }
    fs::DirBuilder::new().recursive(folder == root).mode(0o750).create(folder)?;
    give(root, folder)
}

/// An Asterisk of somebody else's runs as its own user: to them belongs the spool.
fn give(root: &Path, what: &Path) -> io::Result<()> {
    let Some(spool) = root.parent() else { return Ok(()) };
    let (owner, own) = (fs::metadata(spool)?, fs::metadata(what)?);
    if owner.uid() != own.uid() { chown(what, Some(owner.uid()), Some(owner.gid())) } else { Ok(()) }
}

/// Where a sound is; nothing for a path that leads elsewhere.
fn below(root: &Path, path: &str) -> Option<PathBuf> {
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !path.is_empty()).then(|| root.join(path))
}

/// Removes every file that is not wanted, and folders that are empty then.
fn sweep(root: &Path, folder: &Path, wanted: &Sounds) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if fs::symlink_metadata(&path)?.is_dir() {
            sweep(root, &path, wanted)?;
            // One that still has something in it stays.
            drop(fs::remove_dir(&path));
            continue;
        }
        let name = path.strip_prefix(root).ok().and_then(Path::to_str).unwrap_or_default();
        if !wanted.contains_key(name) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wanted_stays_and_nothing_outside_is_touched() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("theirs"), "x").unwrap();
        let spool = tempfile::tempdir().unwrap();
        let root = spool.path().join("cordboard");
        for path in ["moh/a/one.wav", "moh/a/two.wav", "moh/b/three.wav"] {
            write(&root, &below(&root, path).unwrap(), b"sound").unwrap();
        }
        std::os::unix::fs::symlink(outside.path(), root.join("moh/link")).unwrap();
        let wanted = Sounds::from([("moh/a/one.wav".to_owned(), String::new())]);
        sweep(&root, &root, &wanted).unwrap();
        assert!(root.join("moh/a/one.wav").is_file());
        assert!(!root.join("moh/a/two.wav").exists() && !root.join("moh/b").exists());
        assert!(outside.path().join("theirs").is_file());
        for path in ["../x", "/etc/x", "a/../../x", ""] {
            assert_eq!(below(&root, path), None, "{path}");
        }
    }

    #[test]
    fn a_sound_is_private_to_its_owner_and_group() {
        let spool = tempfile::tempdir().unwrap();
        let root = spool.path().join("cordboard");
        let file = root.join("moh/a/one.wav");
        write(&root, &file, b"sound").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o640);
        assert_eq!(fs::metadata(root.join("moh")).unwrap().mode() & 0o777, 0o750);
    }
}
