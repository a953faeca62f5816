//! Settings: a TOML file, every key of which `CORDBOARD__SECTION__KEY` in the environment overrides.

mod abuse;
mod http;
mod origins;
mod sip;

pub use abuse::{Abuse, Firewall};
pub use http::{Http, Tls};
pub use origins::Origins;
pub use sip::Sip;

use crate::domain::ceiling::{self, Ceiling, Ceilings};
use crate::domain::secret::Secret;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// All settings, each with a default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub http: Http,
    pub storage: Storage,
    pub asterisk: Asterisk,
    pub sip: Sip,
    pub calls: Calls,
    pub abuse: Abuse,
    pub auth: Auth,
    pub audit: Audit,
    pub log: Log,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// Database, secrets, generations of rendered files.
    pub dir: PathBuf,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AsteriskMode {
    /// cordboard starts, watches and stops its own Asterisk.
    #[default]
    Managed,
    /// Somebody else runs Asterisk; cordboard renders into its folder.
    External,
    /// Only render.
    None,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asterisk {
    pub mode: AsteriskMode,
    /// The program; found by itself when not given.
    pub binary: Option<PathBuf>,
    /// Root of etc, spool, run and log; `asterisk` in the storage when not given.
    pub dir: Option<PathBuf>,
    /// Where an `external` Asterisk reads its configuration; `etc` in `dir` when not given, else `/etc/asterisk`.
    pub etc: Option<PathBuf>,
    /// Where an `external` Asterisk writes its log; `log` in `dir` when not given, else `/var/log/asterisk`.
    pub log: Option<PathBuf>,
    /// How large each log of a managed Asterisk grows before it begins anew, in MiB; 20 when not given.
    pub log_megabytes: Option<u64>,
    /// The spool of an `external` Asterisk; `spool` in `dir` when not given, else `/var/spool/asterisk`.
    pub spool: Option<PathBuf>,
    /// Folder of Asterisk's modules, found by itself when not given.
    pub modules: Option<PathBuf>,
    /// Asterisk's data folder (sounds, documentation), found by itself when not given.
    pub data: Option<PathBuf>,
    /// cordboard's own prompts, as `tools/get-sounds` makes them; found by itself when not given.
    pub sounds: Option<PathBuf>,
    /// The manager account in `external` mode.
    pub ami: Ami,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ami {
    /// `host:port`.
    pub address: String,
    pub user: String,
    pub secret: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Calls {
    /// A caller is told before a user's own forward takes the call on.
    #[serde(deserialize_with = "switch")]
    pub announce_forwards: bool,
    /// Who may call numbers of other countries.
    pub international: International,
    /// How many calls a user may have outside at once, and begin within an hour.
    #[serde(deserialize_with = "number")]
    pub user_simultaneous: u32,
    #[serde(deserialize_with = "number")]
    pub user_hourly: u32,
    /// The same for a trunk.
    #[serde(deserialize_with = "number")]
    pub trunk_simultaneous: u32,
    #[serde(deserialize_with = "number")]
    pub trunk_hourly: u32,
}

impl Calls {
    /// What holds where nobody says otherwise.
    pub fn ceilings(&self) -> Ceilings<Ceiling> {
        Ceilings {
            user: Ceiling { simultaneous: self.user_simultaneous, hourly: self.user_hourly },
            trunk: Ceiling { simultaneous: self.trunk_simultaneous, hourly: self.trunk_hourly },
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum International {
    /// Whoever has a call permission that allows the number.
    #[default]
    Permission,
    /// Everybody whom no call permission denies it.
    Open,
}

/// A boolean; the environment only has its text.
fn switch<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Switch {
        Value(bool),
        Text(String),
    }
    match Switch::deserialize(from)? {
        Switch::Value(value) => Ok(value),
        Switch::Text(text) => text.parse().map_err(|_| serde::de::Error::custom("true or false is expected")),
    }
}

/// A list of texts; the environment only has one, with commas.
fn texts<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Texts {
        List(Vec<String>),
        Line(String),
    }
    let texts = match Texts::deserialize(from)? {
        Texts::List(list) => list,
        Texts::Line(line) => line.split(',').map(str::to_owned).collect(),
    };
    Ok(texts.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect())
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// Random when not given.
    pub master_tenant_uuid: Option<Uuid>,
    /// The administrator's token; made at first start when not given.
    pub bootstrap_token: Option<Secret>,
    /// The slug of the policy whose rights every login has.
    pub default_user_policy: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    /// How many days it is remembered who changed what.
    #[serde(deserialize_with = "number")]
    pub keep_days: u32,
}

/// A whole number; the environment only has its text.
fn number<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Value(u32),
        Text(String),
    }
    match Number::deserialize(from)? {
        Number::Value(value) => Ok(value),
        Number::Text(text) => {
            text.parse().map_err(|_| serde::de::Error::custom("a whole number is expected"))
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, or a filter such as `info,cordboard::apply=debug`.
    pub level: String,
}

impl Default for Storage {
    fn default() -> Self {
        Storage { dir: PathBuf::from("var") }
    }
}

impl Default for Calls {
    fn default() -> Self {
        let Ceilings { user, trunk } = ceiling::USUAL;
        Calls {
            announce_forwards: true,
            international: International::default(),
            user_simultaneous: user.simultaneous,
            user_hourly: user.hourly,
            trunk_simultaneous: trunk.simultaneous,
            trunk_hourly: trunk.hourly,
        }
    }
}

impl Default for Auth {
    fn default() -> Self {
        Auth {
            master_tenant_uuid: None,
            bootstrap_token: None,
            default_user_policy: "wazo_default_user_policy".to_owned(),
        }
    }
}

impl Default for Audit {
    fn default() -> Self {
        Audit { keep_days: 90 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Log { level: "info".to_owned() }
    }
}

impl std::fmt::Debug for Ami {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ami {{ address: {:?}, user: {:?}, secret: … }}", self.address, self.user)
    }
}

impl Settings {
    /// Reads the file (the defaults when there is none), then the environment.
    ///
    /// # Errors
    /// A sentence that names the file or key and what is wrong with it.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Settings, String> {
        let mut table = match file {
            Some(file) => read(file)?,
            None => toml::Table::new(),
        };
        let mut overrides: Vec<_> = environment.filter(|(name, _)| name.starts_with("CORDBOARD__")).collect();
        overrides.sort();
        for (name, value) in overrides {
            set(&mut table, &name, value)?;
        }
        let settings = Settings::deserialize(table).map_err(|error| format!("Settings: {error}"))?;
        settings.check()?;
        Ok(settings)
    }

    /// Root of the Asterisk's etc, spool, run and log.
    pub fn asterisk_dir(&self) -> PathBuf {
        self.asterisk.dir.clone().unwrap_or_else(|| self.storage.dir.join("asterisk"))
    }

    /// Where an external Asterisk reads its configuration, and where it logs.
    pub fn external_folders(&self) -> (PathBuf, PathBuf) {
        let Asterisk { etc, log, .. } = &self.asterisk;
        (self.external(etc, "etc", "/etc/asterisk"), self.external(log, "log", "/var/log/asterisk"))
    }

    /// Where an external Asterisk keeps its mailboxes' messages, in the folder `voicemail`.
    pub fn external_spool(&self) -> PathBuf {
        self.external(&self.asterisk.spool, "spool", "/var/spool/asterisk")
    }

    fn external(&self, own: &Option<PathBuf>, below: &str, usual: &str) -> PathBuf {
        match (own, &self.asterisk.dir) {
            (Some(own), _) => own.clone(),
            (None, Some(dir)) => dir.join(below),
            (None, None) => PathBuf::from(usual),
        }
    }

    fn check(&self) -> Result<(), String> {
        self.http.check()?;
        self.abuse.check()?;
        let external = self.asterisk.mode == AsteriskMode::External;
        self.sip.check()?;
        if external {
            self.sip.check_external(self.http.certificate.is_some())?;
        }
        let Asterisk { etc, log, spool, .. } = &self.asterisk;
        for (key, folder) in [("asterisk.etc", etc), ("asterisk.log", log), ("asterisk.spool", spool)] {
            if folder.is_some() && !external {
                return Err(format!(
                    "{key} is only for asterisk.mode = \"external\"; asterisk.dir is its root else"
                ));
            }
        }
        if external && self.asterisk.ami.address.is_empty() {
            return Err("asterisk.ami.address is needed when asterisk.mode is \"external\"".to_owned());
        }
        Ok(())
    }
}

fn read(file: &Path) -> Result<toml::Table, String> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("The settings file {} can't be read: {error}", file.display()))?;
    text.parse().map_err(|error| format!("The settings file {} is not valid TOML: {error}", file.display()))
}

/// `CORDBOARD__HTTP__LISTEN` is the key `http.listen`.
fn set(table: &mut toml::Table, name: &str, value: String) -> Result<(), String> {
    let path = name.trim_start_matches("CORDBOARD__").to_lowercase();
    let mut keys: Vec<&str> = path.split("__").collect();
    let last = keys.pop().unwrap_or_default();
    let mut table = table;
    for key in keys {
        let entry = table.entry(key).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        table = entry.as_table_mut().ok_or_else(|| format!("{name}: {key} is not a section"))?;
    }
    table.insert(last.to_owned(), toml::Value::String(value));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(text: &str) -> Result<(PathBuf, PathBuf), String> {
        let external = format!("[asterisk]\nmode = \"external\"\nami.address = \"127.0.0.1:5038\"\n{text}");
        let settings = Settings::deserialize(external.parse::<toml::Table>().unwrap()).unwrap();
        settings.check().map(|()| settings.external_folders())
    }

    #[test]
    fn the_folders_of_an_external_asterisk_are_debians_unless_told() {
        let debian = (PathBuf::from("/etc/asterisk"), PathBuf::from("/var/log/asterisk"));
        assert_eq!(folders("").unwrap(), debian);
        assert_eq!(folders("dir = \"/srv/a\"").unwrap(), ("/srv/a/etc".into(), "/srv/a/log".into()));
        let own = folders("dir = \"/srv/a\"\netc = \"/e\"\nlog = \"/l\"").unwrap();
        assert_eq!(own, ("/e".into(), "/l".into()));
    }

    #[test]
    fn a_folder_of_an_external_asterisk_is_refused_for_a_managed_one() {
        let mut settings = Settings::default();
        settings.asterisk.etc = Some("/etc/asterisk".into());
        assert!(settings.check().unwrap_err().contains("asterisk.etc"));
    }
}
