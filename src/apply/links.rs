//! The symlinks in Asterisk's folder, each to a file of the current generation. Nothing else there is ever touched.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::ApplyError;
use super::generation::{replace_link, sync_folder};

/// Refuses when a name is taken by a file that is not ours. Changes nothing.
pub fn check<'a>(
    etc: &Path,
    current: &Path,
    names: impl Iterator<Item = &'a String>,
) -> Result<(), ApplyError> {
    for name in names {
        let path = etc.join(name);
        let taken = fs::symlink_metadata(&path).is_ok();
        if taken && !is_ours(&path, current, name) {
            return Err(ApplyError::Foreign(path));
        }
    }
    Ok(())
}

/// Makes the missing symlinks, after [`check`].
pub fn make<'a>(
    etc: &Path,
    current: &Path,
    names: impl Iterator<Item = &'a String>,
) -> Result<(), ApplyError> {
    let mut changed = false;
    for name in names {
        let (path, target) = (etc.join(name), current.join(name));
        if fs::read_link(&path).is_ok_and(|old| old == target) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(ApplyError::file(parent))?;
        }
        replace_link(&path, &target)?;
        changed = true;
    }
    if changed { sync_folder(etc) } else { Ok(()) }
}

/// Removes our symlink to a file that is no longer rendered.
pub fn drop<'a>(
    etc: &Path,
    current: &Path,
    names: impl Iterator<Item = &'a String>,
) -> Result<(), ApplyError> {
    for name in names {
        let path = etc.join(name);
        if is_ours(&path, current, name) {
            fs::remove_file(&path).map_err(ApplyError::file(path))?;
        }
    }
    Ok(())
}

/// True for a symlink to our file, and for one that dangles since the data folder has been moved.
fn is_ours(path: &Path, current: &Path, name: &str) -> bool {
    let Ok(target) = fs::read_link(path) else { return false };
    let moved = || target.ends_with(PathBuf::from("current").join(name)) && !path.exists();
    target == current.join(name) || moved()
}
