//! The storage folder: one cordboard at a time, files that only its owner reads, secrets made at first start.

use crate::error::{Error, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The storage folder, held by this process for as long as the value lives.
#[derive(Debug)]
pub struct Storage {
    dir: PathBuf,
    _lock: File,
}

impl Storage {
    /// Makes the folder if there is none and takes it.
    ///
    /// # Errors
    /// It can't be written, or another cordboard holds it.
    pub fn take(dir: &Path) -> Result<Storage> {
        make_private(dir)?;
        let lock = private().write(true).create(true).truncate(false).open(dir.join("lock"));
        let lock = lock.map_err(|error| cannot(dir, &error))?;
        lock.try_lock().map_err(|_| {
            Error::Unavailable(format!(
                "Another cordboard runs on storage.dir = {}. Stop it first, or give this one a folder of its own",
                dir.display()
            ))
        })?;
        Ok(Storage { dir: dir.to_owned(), _lock: lock })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// A secret that is made once, 32 hexadecimal digits, in a file that only the owner reads.
    ///
    /// # Errors
    /// The file can't be read or made.
    pub fn secret(&self, name: &str) -> Result<Made> {
        let file = self.dir.join(name);
        match fs::read_to_string(&file) {
            Ok(text) if !text.trim().is_empty() => {
                return Ok(Made { value: text.trim().to_owned(), is_new: false, file });
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(cannot(&file, &error)),
        }
        let value = random_hex()?;
        keep(&file, &value)?;
        Ok(Made { value, is_new: true, file })
    }
}

/// A secret in a file.
pub struct Made {
    pub value: String,
    /// Made by this very call.
    pub is_new: bool,
    pub file: PathBuf,
}

/// The database's file in a storage folder.
pub fn database(dir: &Path) -> PathBuf {
    dir.join("cordboard.db")
}

/// Makes a folder that only its owner enters.
///
/// # Errors
/// It can't be made.
pub fn make_private(dir: &Path) -> Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|error| cannot(dir, &error))
}

/// 128 random bits in hexadecimal digits.
///
/// # Errors
/// The system has no randomness.
pub fn random_hex() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Internal(format!("The system gives no random numbers: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Keeps a secret text in a file that only its owner reads.
///
/// # Errors
/// It can't be written.
pub fn keep(file: &Path, text: &str) -> Result<()> {
    write_private(file, text).map_err(|error| cannot(file, &error))
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Written whole or not at all.
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let half = file.with_extension("new");
    let mut writer = private().write(true).create(true).truncate(true).open(&half)?;
    writeln!(writer, "{text}")?;
    writer.sync_all()?;
    fs::rename(&half, file)
}

fn cannot(path: &Path, error: &std::io::Error) -> Error {
    Error::Unavailable(format!("{} can't be used: {error}", path.display()))
}
