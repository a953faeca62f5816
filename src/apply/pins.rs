//! PINs that were changed on the phone. app_voicemail writes them to `secret.conf` in the mailbox's folder of the spool,
//! which wins over `voicemail.conf`. The database takes them over, then the file goes: there is one truth.

use crate::domain::secret::unseen;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tracing::{info, warn};

use super::error::ApplyError;
use super::generation::sync_folder;
use super::worker::{Worker, blocking};

const FILE: &str = "secret.conf";
/// Rendered with every PIN, and read again when a PIN of the phone no longer counts.
const MAILBOXES: &str = "voicemail.conf";

/// A PIN as the phone has left it.
#[derive(Clone, PartialEq, Eq)]
pub struct PhonePin {
    pub context: String,
    pub number: String,
    /// Empty: no PIN is asked.
    pub pin: String,
    pub changed: SystemTime,
}

unseen!(PhonePin);

/// What the database says to a PIN of the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// None of our mailboxes, or a PIN that cannot be stored: Asterisk keeps its file.
    NotOurs,
    /// The database has this PIN now.
    Adopted,
    /// The API has set another one later.
    Superseded,
}

/// What is to be done about PINs of phones.
#[derive(Debug)]
pub(super) struct Pins {
    /// The spool has to be looked at, whether or not the database has moved.
    pub due: bool,
    /// Their files go when Asterisk runs what the database has.
    adopted: Vec<PhonePin>,
    /// Their files go before Asterisk reads the mailboxes again.
    superseded: Vec<PhonePin>,
}

impl Default for Pins {
    fn default() -> Self {
        Self { due: true, adopted: Vec::new(), superseded: Vec::new() }
    }
}

impl Worker {
    /// Takes over what phones have changed; gives the database's revision, which may have moved by that.
    pub async fn take_pins(&mut self, revision: i64) -> i64 {
        let Some(spool) = self.settings.voicemail.clone() else { return revision };
        if !self.pins.due && self.seen == Some(revision) {
            return revision;
        }
        let source = Arc::clone(&self.source);
        let taken = blocking(move || {
            let pins = scan(&spool);
            if pins.is_empty() {
                return Ok((pins, Vec::new(), revision));
            }
            let verdicts = source.adopt_pins(&pins).map_err(ApplyError::Render)?;
            Ok((pins, verdicts, source.revision().map_err(ApplyError::Render)?))
        });
        match taken.await {
            Ok((pins, verdicts, revision)) => {
                let mut taken = Pins { due: false, ..Pins::default() };
                for (pin, verdict) in pins.into_iter().zip(verdicts) {
                    match verdict {
                        Verdict::Adopted => taken.adopted.push(pin),
                        Verdict::Superseded => taken.superseded.push(pin),
                        Verdict::NotOurs => {}
                    }
                }
                if !taken.superseded.is_empty() {
                    self.touched.insert(MAILBOXES.to_owned());
                }
                self.pins = taken;
                revision
            }
            Err(error) => {
                warn!("PINs of phones are not taken over yet: {error}");
                revision
            }
        }
    }

    /// The files that say what the API has changed since; to be called before Asterisk reads the new mailboxes.
    pub async fn drop_superseded_pins(&mut self) {
        let pins = std::mem::take(&mut self.pins.superseded);
        self.drop_pins(pins).await;
    }

    /// The files that say what Asterisk has now from `voicemail.conf`.
    pub async fn drop_adopted_pins(&mut self) {
        let pins = std::mem::take(&mut self.pins.adopted);
        self.drop_pins(pins).await;
    }

    async fn drop_pins(&mut self, pins: Vec<PhonePin>) {
        let Some(spool) = self.settings.voicemail.clone().filter(|_| !pins.is_empty()) else { return };
        let dropped = blocking(move || {
            pins.iter().try_for_each(|pin| {
                let folder = spool.join(&pin.context).join(&pin.number);
                drop_file(&folder, pin).map_err(ApplyError::file(folder.join(FILE)))
            })
        });
        match dropped.await {
            Ok(()) => info!("took over PINs that were changed on the phone"),
            Err(error) => warn!("{error}"),
        }
    }
}

/// Removes the file, unless the phone has written another one since.
fn drop_file(folder: &Path, pin: &PhonePin) -> io::Result<()> {
    if read(folder, &pin.context, &pin.number).as_ref() == Some(pin) {
        fs::remove_file(folder.join(FILE))?;
        sync_folder(folder).map_err(io::Error::other)?;
    }
    Ok(())
}

/// Every `secret.conf` of the spool. What cannot be read is left for the next look.
fn scan(spool: &Path) -> Vec<PhonePin> {
    let mut pins = Vec::new();
    for (context, folder) in folders(spool) {
        for (number, folder) in folders(&folder) {
            pins.extend(read(&folder, &context, &number));
        }
    }
    pins
}

/// The real folders in a folder; a symlink leads elsewhere.
fn folders(of: &Path) -> impl Iterator<Item = (String, PathBuf)> {
    fs::read_dir(of).into_iter().flatten().flatten().filter_map(|entry| {
        let real = entry.file_type().is_ok_and(|kind| kind.is_dir());
        real.then(|| Some((entry.file_name().into_string().ok()?, entry.path())))?
    })
}

fn read(folder: &Path, context: &str, number: &str) -> Option<PhonePin> {
    let path = folder.join(FILE);
    let meta = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
    let pin = password(&fs::read_to_string(path).ok()?)?;
    Some(PhonePin {
        context: context.to_owned(),
        number: number.to_owned(),
        pin,
        changed: meta.modified().ok()?,
    })
}

/// The PIN in the text of a `secret.conf`; nothing while it is still being written.
pub fn password(text: &str) -> Option<String> {
    text.split_inclusive('\n').find_map(|line| {
        let (key, value) = line.strip_suffix('\n')?.split_once('=')?;
        let value = value.strip_prefix('>').unwrap_or(value);
        (key.trim() == "password").then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        ";!\n;! Automatically generated configuration file\n;!\n\n[general]\npassword = 5566\n";

    #[test]
    fn a_pin_is_read_and_a_half_written_one_is_not() {
        assert_eq!(password(TEXT).as_deref(), Some("5566"));
        assert_eq!(password("[general]\npassword = \n").as_deref(), Some(""));
        assert_eq!(password(TEXT.trim_end()), None);
        assert_eq!(password(""), None);
    }

    #[test]
    fn only_real_files_in_real_folders_are_read_and_removed() {
        let outside = tempfile::tempdir().unwrap();
        let spool = tempfile::tempdir().unwrap();
        let folder = spool.path().join("default/1001");
        for folder in [&folder, &outside.path().join("1002")] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join(FILE), TEXT).unwrap();
        }
        std::os::unix::fs::symlink(outside.path(), spool.path().join("other")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("1002"), spool.path().join("default/1002")).unwrap();
        let pins = scan(spool.path());
        assert_eq!(pins.iter().map(|pin| &*pin.number).collect::<Vec<_>>(), ["1001"]);
        let older = PhonePin { pin: "1".to_owned(), ..pins[0].clone() };
        drop_file(&folder, &older).unwrap();
        assert!(folder.join(FILE).exists());
        drop_file(&folder, &pins[0]).unwrap();
        assert!(!folder.join(FILE).exists());
    }
}
