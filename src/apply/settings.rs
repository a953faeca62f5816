//! What the applier is told at start.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::plan::{self, Reload};
use crate::asterisk::Launch;

/// Where the configuration goes and which Asterisk reads it.
#[derive(Debug, Clone)]
pub struct ApplySettings {
    pub mode: Mode,
    /// The folder in which Asterisk looks for its files; `custom/` in it is the administrator's.
    pub etc: PathBuf,
    /// The folder of the generations, in the data folder.
    pub generations: PathBuf,
    /// The file into which Asterisk logs warnings and errors, quoted when it refuses something.
    pub asterisk_log: Option<PathBuf>,
    /// A log of the managed Asterisk that has more bytes begins anew.
    pub log_bytes: u64,
    /// The folder of the mailboxes (`voicemail/` in Asterisk's spool), when it is known.
    pub voicemail: Option<PathBuf>,
    /// The folder of the sounds that were sent in, when there is one.
    pub sounds: Option<PathBuf>,
    pub reload_for: fn(&str) -> Reload,
    pub bounds: Bounds,
}

/// Who runs Asterisk.
#[derive(Debug, Clone)]
pub enum Mode {
    /// cordboard starts, watches and stops it.
    Managed { launch: Launch, ami: AmiAccount },
    /// Somebody else does.
    External { ami: AmiAccount },
    /// There is none: files only.
    None,
}

/// A manager account. Needs `read=system,user` and `write=system,config,reporting,user`.
#[derive(Clone)]
pub struct AmiAccount {
    /// `host:port`.
    pub address: String,
    pub user: String,
    pub secret: String,
}

impl fmt::Debug for AmiAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AmiAccount({}@{})", self.user, self.address)
    }
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// An AMI action without an answer.
    pub action: Duration,
    /// From the answer of a reload until the objects are what was promised. A reload answers when it is
    /// done (res_pjsip, pbx_config and app_voicemail of 22.10), so this is a reserve.
    pub verify: Duration,
    /// From the start of Asterisk until it is fully booted.
    pub boot: Duration,
    /// Before a refused revision is tried once more, when nothing has changed.
    pub retry: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            action: Duration::from_secs(10),
            verify: Duration::from_secs(1),
            boot: Duration::from_secs(60),
            retry: Duration::from_secs(30),
        }
    }
}

impl ApplySettings {
    /// Settings with the usual bounds and reload table, no log to quote and no mailboxes to look after.
    pub fn new(mode: Mode, etc: PathBuf, generations: PathBuf) -> Self {
        Self {
            mode,
            etc,
            generations,
            asterisk_log: None,
            log_bytes: u64::MAX,
            voicemail: None,
            sounds: None,
            reload_for: plan::reload_for,
            bounds: Bounds::default(),
        }
    }
}
