//! Asterisk's own logs stay small: a file that has grown large is set aside, and the one that was set aside before goes.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};

use super::link::Link;
use super::settings::Mode;
use super::worker::{Worker, blocking};

/// How often they are looked at.
const PAUSE: Duration = Duration::from_secs(60);

/// Behind the name of a file that was set aside.
const OLD: &str = ".old";

impl Worker {
    /// Sets aside what has grown too large, and has the managed Asterisk begin anew.
    pub async fn bound_logs(&mut self) {
        let managed = matches!(self.settings.mode, Mode::Managed { .. });
        let due = self.logs_seen.is_none_or(|seen| seen.elapsed() > PAUSE);
        let folder = self.settings.asterisk_log.as_ref().and_then(|log| log.parent()).map(Path::to_owned);
        let (Some(folder), true) = (folder, managed && due) else { return };
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return };
        self.logs_seen = Some(Instant::now());
        let most = self.settings.log_bytes;
        let aside = blocking(move || Ok(set_aside(&folder, most))).await.unwrap_or_default();
        if aside.is_empty() {
            return;
        }
        // It writes on into what was renamed until it is told.
        match client.action("Reload", &[("Module", "logger")]).await {
            Ok(_) => info!(files = aside.join(", "), "logs of Asterisk begin anew"),
            Err(error) => self.lost(&error),
        }
    }
}

/// Renames every file of the folder that has more than so many bytes; gives their names.
fn set_aside(folder: &Path, most: u64) -> Vec<String> {
    let mut aside = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let large = entry.metadata().is_ok_and(|meta| meta.is_file() && meta.len() > most);
        if !large || name.ends_with(OLD) {
            continue;
        }
        match fs::rename(entry.path(), folder.join(format!("{name}{OLD}"))) {
            Ok(()) => aside.push(name),
            Err(error) => warn!("{name} of Asterisk's logs can't be set aside: {error}"),
        }
    }
    aside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_grown_is_set_aside_once() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, bytes: usize| fs::write(folder.path().join(name), vec![b'x'; bytes]).unwrap();
        let size = |name: &str| fs::metadata(folder.path().join(name)).map(|meta| meta.len()).ok();
        write("queue_log", 101);
        write("queue_log.old", 500);
        write("messages", 100);
        assert_eq!(set_aside(folder.path(), 100), ["queue_log"]);
        assert_eq!(
            (size("queue_log"), size("queue_log.old"), size("messages")),
            (None, Some(101), Some(100))
        );
        assert_eq!(set_aside(folder.path(), 100), Vec::<String>::new());
        assert_eq!(set_aside(&folder.path().join("nowhere"), 100), Vec::<String>::new());
    }
}
