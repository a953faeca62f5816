//! Conferences, and what is heard while one waits.

use crate::domain::secret::unseen;

/// A room in which callers meet.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Conference {
    pub id: i64,
    pub tenant_uuid: String,
    /// A dialplan context of the administrator's, run once the PIN was typed.
    pub subroutine: Option<String>,
    /// Administrators do not count; 0 is no limit.
    pub max_users: i64,
    /// Digits. With either PIN, callers are asked.
    pub pin: Option<String>,
    pub admin_pin: Option<String>,
    pub record: bool,
    /// Nothing is heard when somebody comes or goes.
    pub quiet: bool,
    /// Callers say their name, which is played when they come and go.
    pub announce_join_leave: bool,
    pub announce_user_count: bool,
    /// Who is alone is told so.
    pub announce_only_user: bool,
    /// The class that somebody alone hears.
    pub music: Option<String>,
}

unseen!(Conference);

/// A class of music on hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MusicClass {
    /// `moh-<tenant slug>-<uuid>`.
    pub name: String,
    /// As shown to people. Free text.
    pub label: String,
    /// False for a program's output, which is the administrator's to configure.
    pub plays_files: bool,
    /// alphabetical, random, random_start.
    pub sort: Option<String>,
    /// By name.
    pub files: Vec<SoundFile>,
}

/// A sound that was sent in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoundFile {
    /// As the API calls it.
    pub name: String,
    /// SHA-256 of its content, in hexadecimal.
    pub digest: String,
    /// Samples a second.
    pub rate: u32,
}
