//! Generations: complete sets of files in folders of their own, of which one symlink picks the current one.
//!
//! ```text
//! generations/gen-000000000007/{pjsip.conf, …, manifest.json}
//! generations/current -> gen-000000000007      the one that Asterisk is told to read
//! generations/good    -> gen-000000000006      the last one that was verified
//! etc/pjsip.conf      -> …/generations/current/pjsip.conf
//! ```
//! A folder is complete before `current` names it, so `current` is whole at any moment. It is on disk too where
//! somebody else's Asterisk may start with it; our own is started only after the files were compared with their
//! manifest, and files that a power failure has torn are rendered anew.

use std::collections::BTreeSet;
use std::fs::{self, File, FileTimes};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::error::ApplyError;
use super::plan::{Manifest, digest_of};
use crate::render::FileSet;

const MANIFEST: &str = "manifest.json";
/// How many generations are kept.
const KEPT: usize = 5;
/// Asterisk takes a file for unchanged when size and mtime are equal, and the kernel's clock ticks every few ms:
/// the mtimes of two generations differ by at least this.
const MTIME_STEP: Duration = Duration::from_millis(1);

/// A whole set of files on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generation {
    pub serial: u64,
    /// The database revision that it was rendered from.
    pub revision: i64,
    pub manifest: Manifest,
    /// Time of the youngest file in nanoseconds since 1970.
    newest_mtime: u64,
}

impl Generation {
    fn folder(&self) -> String {
        folder(self.serial)
    }
}

fn folder(serial: u64) -> String {
    format!("gen-{serial:012}")
}

fn serial_of(folder: &str) -> Option<u64> {
    folder.strip_prefix("gen-")?.parse().ok()
}

/// The folder of generations.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    next_serial: u64,
    newest_mtime: u64,
    /// Group that may read the files, when Asterisk runs as somebody else.
    reader: Option<u32>,
    /// Waits for the disk.
    durable: bool,
}

/// What a start finds.
#[derive(Debug, Default)]
pub struct Found {
    pub current: Option<Generation>,
    pub good: Option<Generation>,
}

impl Store {
    /// Opens the folder, making it when needed, and removes what a killed process left half made.
    /// A generation whose files are not what its manifest says counts as not there.
    pub fn open(root: &Path, reader: Option<u32>, durable: bool) -> Result<(Self, Found), ApplyError> {
        make_folder(root, reader)?;
        let mut store = Self { root: root.to_owned(), next_serial: 1, newest_mtime: 0, reader, durable };
        for name in store.entries()? {
            if name.ends_with(".tmp") {
                let path = store.root.join(&name);
                let gone = if path.is_symlink() { fs::remove_file(&path) } else { fs::remove_dir_all(&path) };
                gone.map_err(ApplyError::file(path))?;
            } else if let Some(serial) = serial_of(&name) {
                store.next_serial = store.next_serial.max(serial + 1);
                store.newest_mtime = store.newest_mtime.max(newest_in(&store.root.join(&name)));
            }
        }
        let found = Found { current: store.read("current"), good: store.read("good") };
        Ok((store, found))
    }

    /// Path of the symlink that Asterisk's files go through.
    pub fn current(&self) -> PathBuf {
        self.root.join("current")
    }

    fn read(&self, link: &str) -> Option<Generation> {
        let folder = self.root.join(link);
        let generation: Generation = serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()?;
        let whole = generation.manifest.files.iter().all(|(name, entry)| {
            fs::read(folder.join(name)).is_ok_and(|bytes| digest_of(&bytes) == entry.digest)
        });
        whole.then_some(generation)
    }

    fn entries(&self) -> Result<Vec<String>, ApplyError> {
        let entries = fs::read_dir(&self.root).map_err(ApplyError::file(&self.root))?;
        Ok(entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
    }

    /// Writes a complete generation; `current` still names the old one. Files that `base`
    /// has with the same bytes are hard links to them and keep their mtime, but for those in `touched`.
    pub fn stage(
        &mut self,
        revision: i64,
        set: &FileSet,
        manifest: &Manifest,
        base: Option<&Generation>,
        touched: &BTreeSet<String>,
    ) -> Result<Generation, ApplyError> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let mtime = nanoseconds(now).max(self.newest_mtime + nanoseconds(MTIME_STEP));
        let generation = Generation {
            serial: self.next_serial,
            revision,
            manifest: manifest.clone(),
            newest_mtime: mtime,
        };
        let temporary = self.root.join(format!("{}.tmp", generation.folder()));
        let written = self.fill(&temporary, set, &generation, base, touched).and_then(|()| {
            let path = self.root.join(generation.folder());
            fs::rename(&temporary, &path).map_err(ApplyError::file(path))
        });
        if written.is_err() {
            // A disk that is full must not stay full of our attempts.
            let _ = fs::remove_dir_all(&temporary);
        }
        written?;
        self.next_serial += 1;
        self.newest_mtime = mtime;
        Ok(generation)
    }

    fn fill(
        &self,
        folder: &Path,
        set: &FileSet,
        generation: &Generation,
        base: Option<&Generation>,
        touched: &BTreeSet<String>,
    ) -> Result<(), ApplyError> {
        make_folder(folder, self.reader)?;
        let mut folders = BTreeSet::from([folder.to_owned()]);
        let mut written = Vec::new();
        for (name, file) in &set.files {
            let path = folder.join(name);
            if let Some(parent) = path.parent().filter(|parent| !folders.contains(*parent)) {
                make_folder(parent, self.reader)?;
                folders.insert(parent.to_owned());
            }
            let digest = generation.manifest.files.get(*name).map(|entry| &entry.digest);
            let same = base.filter(|base| {
                !touched.contains(*name)
                    && base.manifest.files.get(*name).map(|entry| &entry.digest) == digest
            });
            let linked = same
                .is_some_and(|base| fs::hard_link(self.root.join(base.folder()).join(name), &path).is_ok());
            if !linked {
                written.push(self.write(&path, file.text().as_bytes(), Some(generation.newest_mtime))?);
            }
        }
        let manifest = serde_json::to_vec(generation)
            .map_err(|error| ApplyError::Render(format!("the manifest cannot be written: {error}")))?;
        written.push(self.write(&folder.join(MANIFEST), &manifest, None)?);
        if !self.durable {
            return Ok(());
        }
        sync_all(written)?;
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }

    fn write(&self, path: &Path, bytes: &[u8], mtime: Option<u64>) -> Result<Written, ApplyError> {
        let mode = if self.reader.is_some() { 0o640 } else { 0o600 };
        let put = || {
            let mut file = File::options().write(true).create_new(true).mode(mode).open(path)?;
            file.write_all(bytes)?;
            if let Some(group) = self.reader {
                std::os::unix::fs::fchown(&file, None, Some(group))?;
                // Whatever the umask says.
                file.set_permissions(fs::Permissions::from_mode(mode))?;
            }
            if let Some(mtime) = mtime {
                file.set_times(
                    FileTimes::new().set_modified(SystemTime::UNIX_EPOCH + Duration::from_nanos(mtime)),
                )?;
            }
            Ok(file)
        };
        let file = put().map_err(ApplyError::file(path))?;
        Ok(Written { path: path.to_owned(), file })
    }

    /// Makes `generation` the one that Asterisk reads, in one step.
    pub fn swap(&self, generation: &Generation) -> Result<(), ApplyError> {
        replace_link(&self.current(), Path::new(&generation.folder()))?;
        // Puts the folder's own name on disk too, which was given before.
        if self.durable { sync_folder(&self.root) } else { Ok(()) }
    }

    /// Notes that `generation` runs as promised. Not worth a sync: an older note costs a reload at most.
    pub fn mark_good(&self, generation: &Generation) -> Result<(), ApplyError> {
        replace_link(&self.root.join("good"), Path::new(&generation.folder()))
    }

    /// Removes old generations, but never those in `in_use`.
    pub fn collect(&self, in_use: &[u64]) -> Result<(), ApplyError> {
        let mut serials: Vec<u64> = self.entries()?.iter().filter_map(|name| serial_of(name)).collect();
        serials.sort_unstable_by(|a, b| b.cmp(a));
        for serial in serials.into_iter().skip(KEPT).filter(|serial| !in_use.contains(serial)) {
            let path = self.root.join(folder(serial));
            fs::remove_dir_all(&path).map_err(ApplyError::file(path))?;
        }
        Ok(())
    }
}

/// A file that is written, but not on disk yet.
struct Written {
    path: PathBuf,
    file: File,
}

/// Puts the files on disk all at once: they share the journal's commits, and one costs nearly what ten cost.
fn sync_all(written: Vec<Written>) -> Result<(), ApplyError> {
    std::thread::scope(|scope| {
        let syncs: Vec<_> = written.iter().map(|one| (one, scope.spawn(|| one.file.sync_all()))).collect();
        for (one, sync) in syncs {
            let result = sync.join().unwrap_or_else(|_| Err(io::Error::other("the sync died")));
            result.map_err(ApplyError::file(&one.path))?;
        }
        Ok(())
    })
}

/// Makes `link` a symlink to `target` in one step, whatever it was before.
pub(super) fn replace_link(link: &Path, target: &Path) -> Result<(), ApplyError> {
    let mut name = link.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let temporary = link.with_file_name(name);
    if temporary.is_symlink() {
        fs::remove_file(&temporary).map_err(ApplyError::file(&temporary))?;
    }
    symlink(target, &temporary).map_err(ApplyError::file(&temporary))?;
    fs::rename(&temporary, link).map_err(ApplyError::file(link))
}

/// Makes a folder that its owner enters, and the group `reader`, whatever the umask says.
pub(super) fn make_folder(path: &Path, reader: Option<u32>) -> Result<(), ApplyError> {
    let mode = if reader.is_some() { 0o750 } else { 0o700 };
    let make = || {
        fs::DirBuilder::new().recursive(true).mode(mode).create(path)?;
        if let Some(group) = reader {
            std::os::unix::fs::chown(path, None, Some(group))?;
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
        Ok(())
    };
    make().map_err(ApplyError::file(path))
}

pub(super) fn sync_folder(path: &Path) -> Result<(), ApplyError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(ApplyError::file(path))
}

/// Time of the youngest configuration file below `folder`; what cannot be read counts as old.
fn newest_in(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let times = entries.flatten().filter_map(|entry| {
        let meta = entry.metadata().ok()?;
        if meta.is_dir() {
            return Some(newest_in(&entry.path()));
        }
        u64::try_from(meta.mtime()).ok().map(|seconds| {
            seconds
                .saturating_mul(1_000_000_000)
                .saturating_add(u64::try_from(meta.mtime_nsec()).unwrap_or(0))
        })
    });
    times.max().unwrap_or(0)
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX / 2)
}
