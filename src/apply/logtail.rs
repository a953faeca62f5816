//! What Asterisk wrote to its log since a moment: its own reason for a refusal.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::{Instant, sleep};

const MOST_BYTES: u64 = 64 * 1024;
const MOST_LINES: usize = 4;
/// Asterisk's log is written by a thread of its own.
const LOG_BOUND: Duration = Duration::from_millis(300);

/// A place in the log.
#[derive(Debug, Clone)]
pub struct LogMark {
    path: Option<PathBuf>,
    /// Which file it was.
    inode: u64,
    at: u64,
}

impl LogMark {
    /// The log's end now. Without a log nothing will be found.
    pub fn now(path: Option<&PathBuf>) -> Self {
        let meta = path.and_then(|path| path.metadata().ok());
        let (inode, at) = meta.map_or((0, 0), |meta| (meta.ino(), meta.len()));
        Self { path: path.cloned(), inode, at }
    }

    /// True when there is no log to read.
    pub fn is_blind(&self) -> bool {
        self.path.is_none()
    }

    /// Errors and warnings since then, the first few.
    pub fn complaints(&self) -> Vec<String> {
        let text = self.read().unwrap_or_default();
        let complaint = |line: &&str| line.contains("] ERROR[") || line.contains("] WARNING[");
        text.lines().filter(complaint).take(MOST_LINES).map(without_head).collect()
    }

    /// Transports that could not be started since then: nothing else tells that no phone can register.
    fn deaf(&self) -> Option<String> {
        let text = self.read()?;
        text.lines().find(|line| line.contains("could not be started")).map(without_head)
    }

    fn read(&self) -> Option<String> {
        let mut file = File::open(self.path.as_ref()?).ok()?;
        // Another file, or a shorter one: the log has been rotated, and all in it is new.
        let meta = file.metadata().ok()?;
        let at = if meta.ino() != self.inode || meta.len() < self.at { 0 } else { self.at };
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut bytes = Vec::new();
        file.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// `[date] ERROR[pid] file.c: text` without date and process.
fn without_head(line: &str) -> String {
    let text = line.split_once("] ").map_or(line, |(_, rest)| rest);
    let text = text.split_once(": ").map_or(text, |(_, rest)| rest);
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// Waits a moment for errors and warnings since `mark`.
async fn complaints(mark: &LogMark) -> Vec<String> {
    let end = Instant::now() + LOG_BOUND;
    loop {
        let lines = mark.complaints();
        if !lines.is_empty() || mark.is_blind() || Instant::now() >= end {
            return lines;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// What Asterisk said to changed custom files, if anything.
pub async fn complaint_of(custom: &BTreeSet<String>, mark: &LogMark) -> Option<String> {
    let lines = complaints(mark).await;
    (!lines.is_empty()).then(|| format!("{} changed, and Asterisk says: {}", named(custom), lines.join("; ")))
}

/// `reason`, with the custom files that may be behind it and what Asterisk said.
pub async fn with_complaints(reason: String, custom: &BTreeSet<String>, mark: &LogMark) -> String {
    let lines = complaints(mark).await;
    let mut text = reason;
    if !custom.is_empty() {
        text = format!("{} changed, and then: {text}", named(custom));
    }
    if !lines.is_empty() {
        text.push_str(&format!(" (Asterisk says: {})", lines.join("; ")));
    }
    text
}

fn named(custom: &BTreeSet<String>) -> String {
    custom.iter().map(|file| format!("custom/{file}")).collect::<Vec<_>>().join(", ")
}

/// What is wrong since the start of Asterisk, although everything is there that was promised.
pub fn boot_complaint(mark: Option<&LogMark>) -> Option<String> {
    let line = mark?.deaf()?;
    Some(format!("{line}; another program has the port: free it, or set another one, and restart"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn only_new_complaints_are_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("messages");
        std::fs::write(&path, "[x] ERROR[1] a.c: old\n").unwrap();
        let mark = LogMark::now(Some(&path));
        assert!(mark.complaints().is_empty());
        let mut log = File::options().append(true).open(&path).unwrap();
        log.write_all(b"[x] NOTICE[1] a.c: fine\n[x] ERROR[1][C-1] b.c: bad 'x'\n").unwrap();
        assert_eq!(mark.complaints(), ["bad 'x'"]);
        // A log that is emptied, and one that is moved away for one that is soon longer.
        std::fs::write(&path, "[x] ERROR[1] c: y\n").unwrap();
        assert_eq!(mark.complaints(), ["y"]);
        std::fs::rename(&path, folder.path().join("messages.0")).unwrap();
        std::fs::write(&path, format!("[x] ERROR[1] c: {}\n", "z".repeat(100))).unwrap();
        assert_eq!(mark.complaints(), ["z".repeat(100)]);
        assert!(LogMark::now(None).complaints().is_empty());
    }
}
