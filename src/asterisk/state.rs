//! What cordboard must remember of its Asterisk, so that the next cordboard can go on with a running one.

use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::process::Launch;

/// Name of the manager account.
pub const AMI_USER: &str = "cordboard";

/// Port and secret of the manager interface, kept in a file that only its owner reads.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedState {
    /// On 127.0.0.1.
    pub ami_port: u16,
    /// 64 hexadecimal digits.
    pub ami_secret: String,
}

/// The state cannot be read, made or kept.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    #[error("no random bytes: {0}")]
    Random(String),
}

impl std::fmt::Debug for ManagedState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ManagedState(127.0.0.1:{})", self.ami_port)
    }
}

impl ManagedState {
    /// Loads the state from `storage` (file `asterisk.json`) or makes it. Call it before the first render.
    /// While no Asterisk of ours runs, a port that somebody else has taken is changed for a free one.
    pub fn prepare(storage: &Path, launch: &Launch) -> Result<Self, StateError> {
        let path = storage.join("asterisk.json");
        let old = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        if let Some(old) = &old
            && (launch.running().is_some() || is_free(old.ami_port))
        {
            return Ok(old.clone());
        }
        let ami_secret = match old {
            Some(old) => old.ami_secret,
            None => random_secret()?,
        };
        let state = Self {
            ami_port: free_port().map_err(|error| StateError::File(path.clone(), error))?,
            ami_secret,
        };
        state.save(&path).map_err(|error| StateError::File(path, error))?;
        Ok(state)
    }

    /// `127.0.0.1:port`.
    pub fn ami_address(&self) -> String {
        format!("127.0.0.1:{}", self.ami_port)
    }

    fn save(&self, path: &Path) -> io::Result<()> {
        let temporary = path.with_extension("json.tmp");
        if temporary.exists() {
            fs::remove_file(&temporary)?;
        }
        let mut file = fs::File::options().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    }
}

fn random_secret() -> Result<String, StateError> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| StateError::Random(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn launch(folder: &Path) -> Launch {
        Launch {
            binary: folder.join("asterisk"),
            config: folder.join("etc/asterisk.conf"),
            run: folder.join("run"),
            folders: Vec::new(),
            output: folder.join("out"),
        }
    }

    #[test]
    fn the_state_is_kept_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let launch = launch(folder.path());
        let first = ManagedState::prepare(folder.path(), &launch).unwrap();
        assert_eq!(ManagedState::prepare(folder.path(), &launch).unwrap(), first);
        assert_eq!(first.ami_secret.len(), 64);
        assert!(!format!("{first:?}").contains(&first.ami_secret));
        let mode = fs::metadata(folder.path().join("asterisk.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_port_that_somebody_else_took_is_changed_and_the_secret_stays() {
        let folder = tempfile::tempdir().unwrap();
        let launch = launch(folder.path());
        let first = ManagedState::prepare(folder.path(), &launch).unwrap();
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, first.ami_port)).unwrap();
        let second = ManagedState::prepare(folder.path(), &launch).unwrap();
        assert_ne!(second.ami_port, first.ami_port);
        assert_eq!(second.ami_secret, first.ami_secret);
    }
}
