//! Finds the Asterisk to run: the one that is set, the one on the PATH, or the one that `tools/get-asterisk` put in the cache.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// An Asterisk on disk. All paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Installation {
    /// The program, or a wrapper that becomes it by `exec`.
    pub binary: PathBuf,
    /// `astmoddir`.
    pub modules: PathBuf,
    /// `astdatadir`: sounds, and the documentation that modules need to load.
    pub data: PathBuf,
}

/// Why there is no Asterisk.
#[derive(Debug, thiserror::Error)]
pub enum LocateError {
    #[error(
        "no Asterisk was found: neither on the PATH nor as {0}. `make run` or `tools/get-asterisk` gets one, or set asterisk.binary"
    )]
    NotFound(PathBuf),
    #[error("{0} is not a program that can be run")]
    NotProgram(PathBuf),
    #[error("the modules of {0} were not found (looked in {1})")]
    NoModules(PathBuf, String),
    #[error("{0}: {1}")]
    BadCache(PathBuf, String),
}

/// Where the cache says which Asterisk it holds:
/// `${CORDBOARD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cordboard}/asterisk/cordboard-asterisk.toml`.
pub fn cache_file(variable: impl Fn(&str) -> Option<PathBuf>) -> PathBuf {
    cache(variable).join("asterisk").join("cordboard-asterisk.toml")
}

/// `${CORDBOARD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cordboard}`.
fn cache(variable: impl Fn(&str) -> Option<PathBuf>) -> PathBuf {
    let home = || variable("HOME").unwrap_or_else(|| PathBuf::from("/")).join(".cache");
    variable("CORDBOARD_CACHE")
        .unwrap_or_else(|| variable("XDG_CACHE_HOME").unwrap_or_else(home).join("cordboard"))
}

/// The folder with cordboard's own prompts, made by `tools/get-sounds`: of the machine, else in the cache.
pub fn sounds() -> Option<PathBuf> {
    let cache = cache(environment).join("sounds");
    ["/usr/local/share/cordboard/sounds", "/usr/share/cordboard/sounds"]
        .into_iter()
        .map(PathBuf::from)
        .chain([cache])
        .find(|folder| folder.join("en").is_dir())
}

fn environment(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The Asterisk to run. `binary` is the setting `asterisk.binary`.
pub fn locate(binary: Option<&Path>) -> Result<Installation, LocateError> {
    let cache = cache_file(environment);
    let cached = read_cache(&cache)?;
    if let Some(binary) = binary {
        let binary = fs::canonicalize(binary).map_err(|_| LocateError::NotProgram(binary.to_owned()))?;
        return match cached {
            Some(cached) if fs::canonicalize(&cached.binary).is_ok_and(|path| path == binary) => Ok(cached),
            _ => installed(binary),
        };
    }
    if let Some(binary) = on_path(env::var_os("PATH").unwrap_or_default().as_os_str()) {
        return installed(binary);
    }
    cached.ok_or(LocateError::NotFound(cache))
}

fn read_cache(path: &Path) -> Result<Option<Installation>, LocateError> {
    let Ok(text) = fs::read_to_string(path) else { return Ok(None) };
    let found: Installation = toml::from_str(&text)
        .map_err(|error| LocateError::BadCache(path.to_owned(), error.message().to_owned()))?;
    // A cache that has been cleaned by hand is no cache.
    Ok(is_program(&found.binary).then_some(found))
}

/// Asterisk lives in `sbin`, which is not on everybody's PATH.
fn on_path(path: &std::ffi::OsStr) -> Option<PathBuf> {
    let usual = ["/usr/local/sbin", "/usr/sbin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from);
    env::split_paths(path)
        .chain(usual)
        .map(|folder| folder.join("asterisk"))
        .find(|binary| is_program(binary))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Modules and data of an Asterisk at `<prefix>/sbin/asterisk`: Debian puts modules below the triplet.
fn installed(binary: PathBuf) -> Result<Installation, LocateError> {
    if !is_program(&binary) {
        return Err(LocateError::NotProgram(binary));
    }
    let prefix = binary.parent().and_then(Path::parent).unwrap_or(Path::new("/usr")).to_owned();
    let prefixes = [prefix, PathBuf::from("/usr")];
    let triplet = format!("lib/{}-linux-gnu", env::consts::ARCH);
    let folders: Vec<PathBuf> = prefixes
        .iter()
        .flat_map(|prefix| {
            [triplet.as_str(), "lib", "lib64"].map(|lib| prefix.join(lib).join("asterisk/modules"))
        })
        .collect();
    let Some(modules) = folders.iter().find(|folder| folder.join("res_pjsip.so").exists()).cloned() else {
        let looked = folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(LocateError::NoModules(binary, looked));
    };
    let data = prefixes
        .iter()
        .flat_map(|prefix| [prefix.join("share/asterisk"), PathBuf::from("/var/lib/asterisk")])
        .find(|folder| folder.join("documentation").exists() || folder.join("sounds").exists())
        .unwrap_or_else(|| PathBuf::from("/usr/share/asterisk"));
    Ok(Installation { binary, modules, data })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn modules_and_data_are_found_beside_the_binary() {
        let root = tempfile::tempdir().unwrap();
        let binary = root.path().join("sbin/asterisk");
        program(&binary);
        let modules = root.path().join(format!("lib/{}-linux-gnu/asterisk/modules", env::consts::ARCH));
        fs::create_dir_all(&modules).unwrap();
        fs::write(modules.join("res_pjsip.so"), "").unwrap();
        let data = root.path().join("share/asterisk");
        fs::create_dir_all(data.join("sounds")).unwrap();
        let found = locate(Some(&binary)).unwrap();
        let root = fs::canonicalize(root.path()).unwrap();
        assert_eq!(found.modules, root.join(modules.strip_prefix(&root).unwrap_or(&modules)));
        assert_eq!(found.data, data);
    }

    #[test]
    fn a_binary_without_modules_is_refused_with_where_it_looked() {
        let root = tempfile::tempdir().unwrap();
        let binary = root.path().join("sbin/asterisk");
        program(&binary);
        if Path::new("/usr/sbin/asterisk").exists() {
            return;
        }
        let error = locate(Some(&binary)).unwrap_err().to_string();
        assert!(error.contains("asterisk/modules"), "{error}");
        assert!(matches!(locate(Some(&root.path().join("none"))), Err(LocateError::NotProgram(_))));
    }

    #[test]
    fn the_cache_is_where_the_environment_says() {
        let only = |name: &'static str, value: &'static str| {
            move |asked: &str| (asked == name).then(|| PathBuf::from(value))
        };
        let file = "asterisk/cordboard-asterisk.toml";
        assert_eq!(cache_file(only("CORDBOARD_CACHE", "/c")), Path::new("/c").join(file));
        assert_eq!(cache_file(only("XDG_CACHE_HOME", "/x")), Path::new("/x/cordboard").join(file));
        assert_eq!(cache_file(only("HOME", "/h")), Path::new("/h/.cache/cordboard").join(file));
    }

    #[test]
    fn a_cache_of_which_the_binary_is_gone_is_none() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("cordboard-asterisk.toml");
        assert_eq!(read_cache(&file).unwrap(), None);
        let binary = root.path().join("asterisk");
        let text = format!("binary = {binary:?}\nmodules = \"/m\"\ndata = \"/d\"\n");
        fs::write(&file, text).unwrap();
        assert_eq!(read_cache(&file).unwrap(), None);
        program(&binary);
        assert_eq!(read_cache(&file).unwrap().unwrap().modules, Path::new("/m"));
        fs::write(&file, "binary = 1").unwrap();
        assert!(matches!(read_cache(&file), Err(LocateError::BadCache(..))));
    }
}
