//! Folders of mailboxes: messages and greetings move with their mailbox, and go with it, once Asterisk runs the revision.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use tracing::{debug, info, warn};

use super::Source;
use super::ami::{AmiError, Client};
use super::error::ApplyError;
use super::generation::sync_folder;
use super::link::Link;
use super::worker::{Worker, blocking};

/// Something to be done with a mailbox's folder. Doing it twice does no harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderWork {
    /// Grows with time.
    pub id: i64,
    /// Context and number that the mailbox had.
    pub from: (String, String),
    /// Context and number that it has now; nothing: the folder is removed.
    pub to: Option<(String, String)>,
}

impl Worker {
    /// Does what is left to be done for the revisions up to `revision`, which Asterisk runs.
    pub async fn work_on_folders(&mut self, revision: i64) -> Result<(), AmiError> {
        let Some(spool) = self.settings.voicemail.clone() else { return Ok(()) };
        let source = Arc::clone(&self.source);
        let done = match blocking(move || work_all(&*source, &spool, revision)).await {
            Ok(done) if done.is_empty() => return Ok(()),
            Ok(done) => done,
            Err(error) => {
                warn!("folders of mailboxes wait: {error}");
                return Ok(());
            }
        };
        info!(done = done.len(), "folders of mailboxes moved or removed");
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return Ok(()) };
        for work in done {
            // A phone goes on looking at the number that a mailbox had until it registers anew: its lamp stays as it is
            // when the messages have only moved.
            refresh(client, &work.to.unwrap_or(work.from)).await?;
        }
        Ok(())
    }

    /// Has the lamps of mailboxes put out that phones have emptied.
    pub async fn tell_of_purged(&mut self) {
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return };
        for mailbox in std::mem::take(&mut self.purged) {
            if let Err(error) = refresh(client, &mailbox).await {
                return self.lost(&error);
            }
        }
    }
}

/// app_voicemail does not see what others do to its messages.
async fn refresh(client: &mut Client, (context, number): &(String, String)) -> Result<(), AmiError> {
    let mailbox = [("Context", context.as_str()), ("Mailbox", number.as_str())];
    match client.action("VoicemailRefresh", &mailbox).await {
        Err(error) if error.is_fatal() => return Err(error),
        Err(error) => debug!("{error}"),
        Ok(_) => {}
    }
    Ok(())
}

/// One after the other, each forgotten before the next is begun: a number may change hands twice.
fn work_all(source: &dyn Source, spool: &Path, revision: i64) -> Result<Vec<FolderWork>, ApplyError> {
    let works = source.folder_works(revision).map_err(ApplyError::Render)?;
    for work in &works {
        work_one(spool, work)?;
        source.folder_work_done(work.id).map_err(ApplyError::Render)?;
    }
    Ok(works)
}

fn work_one(spool: &Path, work: &FolderWork) -> Result<(), ApplyError> {
    let Some(from) = folder(spool, &work.from).filter(|from| is_inside(spool, from)) else { return Ok(()) };
    let Some(to) = &work.to else {
        return fs::remove_dir_all(&from).map_err(ApplyError::file(from));
    };
    let Some(to) = folder(spool, to) else { return Ok(()) };
    rename(spool, &from, &to).map_err(ApplyError::file(to))
}

fn rename(spool: &Path, from: &Path, to: &Path) -> io::Result<()> {
    let (Some(old), Some(new)) = (from.parent(), to.parent()) else { return Ok(()) };
    if !new.exists() {
        fs::create_dir(new)?;
        let meta = fs::metadata(old)?;
        fs::set_permissions(new, meta.permissions())?;
        if meta.uid() != fs::metadata(new)?.uid() {
            std::os::unix::fs::chown(new, Some(meta.uid()), Some(meta.gid()))?;
        }
    }
    if new.is_symlink() {
        warn!("{} is a symlink: {} stays where it is", new.display(), from.display());
        return Ok(());
    }
    // The number was free in the database: what is there was left by nobody who is known.
    if is_inside(spool, to) {
        fs::remove_dir_all(to)?;
    }
    fs::rename(from, to)?;
    [old, new].into_iter().try_for_each(|folder| sync_folder(folder).map_err(io::Error::other))
}

/// Where the messages of a mailbox are; nothing for a name that leads elsewhere.
fn folder(spool: &Path, (context, number): &(String, String)) -> Option<PathBuf> {
    let plain = |name: &str| {
        let mut parts = Path::new(name).components();
        matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
    };
    (plain(context) && plain(number)).then(|| spool.join(context).join(number))
}

fn is_real(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir())
}

/// True for a folder that is there, and is no symlink, and its context's is none.
fn is_inside(spool: &Path, folder: &Path) -> bool {
    folder.parent().is_some_and(|context| context.parent() == Some(spool) && is_real(context))
        && is_real(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn name(context: &str, number: &str) -> (String, String) {
        (context.to_owned(), number.to_owned())
    }

    fn work(from: (String, String), to: Option<(String, String)>) -> FolderWork {
        FolderWork { id: 1, from, to }
    }

    fn spool(boxes: &[(&str, &str)]) -> TempDir {
        let spool = tempfile::tempdir().unwrap();
        for (path, text) in boxes {
            let inbox = spool.path().join(path).join("INBOX");
            fs::create_dir_all(&inbox).unwrap();
            fs::write(inbox.join("msg0000.txt"), text).unwrap();
        }
        spool
    }

    fn message(spool: &TempDir, path: &str) -> Option<String> {
        fs::read_to_string(spool.path().join(path).join("INBOX/msg0000.txt")).ok()
    }

    #[test]
    fn a_folder_moves_to_a_new_context_and_takes_the_place_of_a_leftover() {
        let spool = spool(&[("default/1001", "ann"), ("default/1002", "left over")]);
        work_one(spool.path(), &work(name("default", "1001"), Some(name("default", "1002")))).unwrap();
        assert_eq!(message(&spool, "default/1002").as_deref(), Some("ann"));
        let again = work(name("default", "1002"), Some(name("other", "7")));
        work_one(spool.path(), &again).unwrap();
        work_one(spool.path(), &again).unwrap();
        assert_eq!(message(&spool, "other/7").as_deref(), Some("ann"));
        assert_eq!(message(&spool, "default/1002"), None);
    }

    #[test]
    fn a_removed_mailbox_takes_its_folder_along_and_no_other() {
        let spool = spool(&[("default/1001", "ann"), ("default/1002", "ben")]);
        work_one(spool.path(), &work(name("default", "1001"), None)).unwrap();
        work_one(spool.path(), &work(name("default", "1001"), None)).unwrap();
        assert!(!spool.path().join("default/1001").exists());
        assert_eq!(message(&spool, "default/1002").as_deref(), Some("ben"));
    }

    #[test]
    fn nothing_outside_the_spool_is_touched() {
        let outside = spool(&[("1001", "theirs"), ("default/1001", "theirs")]);
        let inside = spool(&[("default/1002", "ann")]);
        let link = |target: &Path, name: &str| {
            std::os::unix::fs::symlink(target, inside.path().join(name)).unwrap();
        };
        link(outside.path(), "linked");
        link(&outside.path().join("1001"), "default/1001");
        let up = format!("../{}", outside.path().file_name().unwrap().to_str().unwrap());
        for (context, number) in
            [("linked", "1001"), ("default", "1001"), (up.as_str(), "1001"), ("default", ".."), ("", "")]
        {
            let from = name(context, number);
            work_one(inside.path(), &work(from.clone(), None)).unwrap();
            let target = work(name("default", "1002"), Some(from));
            assert!(work_one(inside.path(), &target).is_ok() || context == "default");
        }
        assert_eq!(message(&outside, "1001").as_deref(), Some("theirs"));
        assert_eq!(message(&outside, "default/1001").as_deref(), Some("theirs"));
        assert_eq!(message(&inside, "default/1002").as_deref(), Some("ann"));
    }
}
