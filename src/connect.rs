//! Connects the pieces: settings → the Asterisk that is configured, the site that reaches the rendered files, and
//! the database as the applier's source.

mod blocks;

use crate::apply::{
    AmiAccount, ApplySettings, CeilingReached, Dialled, FolderWork, Login, Mode, PhonePin, Reload, Seat,
    Shown, Source, SwitchedSince, Verdict,
};
use crate::asterisk::{self, AMI_USER, Installation, Launch, ManagedState, locate};
use crate::clock;
use crate::db::{self, Db, WriteTx};
use crate::error::{Error, Result};
use crate::load;
use crate::model::{Ami, Directories, SipTls, Site};
use crate::render::{self, FileSet, OUTPUTS, SOUNDS_FOLDER, render};
use crate::resources::agents::logged;
use crate::resources::call_limits;
use crate::resources::func_keys::lamps;
use crate::resources::phone_switches::{self, Switched};
use crate::resources::sounds::{Folders, for_asterisk};
use crate::resources::voicemails::spool::{self, Judgement};
use crate::settings::{AsteriskMode, International, Settings};
use crate::storage::{Storage, make_private};
use crate::tls::Phones;
pub use blocks::{Blocks, guard};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How large a log of the managed Asterisk grows when the settings don't say, in MiB.
const LOG_MEGABYTES: u64 = 20;

/// What a start needs to know of Asterisk.
pub struct Connection {
    pub site: Site,
    pub apply: ApplySettings,
}

/// Finds the Asterisk of the settings and prepares its folders.
///
/// # Errors
/// There is none, or a folder can't be made.
pub fn connect(settings: &Settings, storage: &Storage) -> Result<Connection> {
    let root = absolute(&settings.asterisk_dir())?;
    let mut site = site(settings, &root, storage.secret("site-secret")?.value)?;
    let etc = PathBuf::from(&site.directories.etc);
    let mode = match settings.asterisk.mode {
        AsteriskMode::None => Mode::None,
        AsteriskMode::External if !etc.is_dir() => {
            return Err(Error::Unavailable(format!(
                "{} is not a folder: set asterisk.etc to the one in which your Asterisk reads its configuration",
                etc.display()
            )));
        }
        AsteriskMode::External => Mode::External { ami: external_account(settings) },
        AsteriskMode::Managed => managed(settings, storage, &root, &mut site)?,
    };
    let generations = match mode {
        // Nobody but its owner enters the storage, and this Asterisk may be somebody else's.
        Mode::External { .. } => etc.join("cordboard"),
        Mode::Managed { .. } | Mode::None => absolute(storage.dir())?.join("generations"),
    };
    let mut apply = ApplySettings::new(mode, etc, generations);
    apply.reload_for = reload_for;
    apply.sounds = Some(PathBuf::from(&site.directories.spool).join(SOUNDS_FOLDER));
    apply.voicemail = Some(PathBuf::from(&site.directories.spool).join("voicemail"));
    apply.asterisk_log = Some(messages(Path::new(&site.directories.log)));
    apply.log_bytes = settings.asterisk.log_megabytes.unwrap_or(LOG_MEGABYTES).saturating_mul(1 << 20);
    Ok(Connection { site, apply })
}

/// The site as `cordboard render` shows it: cordboard's own secrets are masked.
///
/// # Errors
/// The folders of the settings can't be made absolute.
pub fn site_to_read(settings: &Settings) -> Result<Site> {
    let mask = "masked".to_owned();
    let mut site = site(settings, &absolute(&settings.asterisk_dir())?, mask.clone())?;
    site.managed = settings.asterisk.mode == AsteriskMode::Managed;
    site.ami = Ami { port: 5038, user: AMI_USER.to_owned(), secret: mask };
    Ok(site)
}

fn site(settings: &Settings, root: &Path, secret: String) -> Result<Site> {
    let mut directories = directories(root, None);
    if settings.asterisk.mode == AsteriskMode::External {
        let (etc, log) = settings.external_folders();
        directories.etc = absolute(&etc)?.display().to_string();
        directories.log = absolute(&log)?.display().to_string();
        directories.spool = absolute(&settings.external_spool())?.display().to_string();
    }
    Ok(Site {
        directories,
        sip_udp: settings.sip.udp.clone(),
        sip_tcp: settings.sip.tcp.clone(),
        sip_tls: encrypted(settings, &settings.sip.tls)?,
        sip_wss: encrypted(settings, &settings.sip.wss)?,
        rtp_ports: settings.sip.rtp_range().map_err(Error::Internal)?,
        sounds: prompts(settings),
        announce_forwards: settings.calls.announce_forwards,
        ceilings: settings.calls.ceilings(),
        abroad_is_open: settings.calls.international == International::Open,
        secret,
        ..Site::default()
    })
}

fn encrypted(settings: &Settings, bind: &str) -> Result<Option<SipTls>> {
    if bind.is_empty() {
        return Ok(None);
    }
    let pair = Phones::files(settings);
    Ok(Some(SipTls {
        bind: bind.to_owned(),
        certificate: absolute(&pair.certificate)?.display().to_string(),
        key: absolute(&pair.key)?.display().to_string(),
    }))
}

/// Somebody else's Asterisk may not be able to read a folder that is not named to it.
fn prompts(settings: &Settings) -> Option<String> {
    let found = || (settings.asterisk.mode == AsteriskMode::Managed).then(asterisk::sounds).flatten();
    let folder = settings.asterisk.sounds.clone().or_else(found)?;
    Some(absolute(&folder).ok()?.display().to_string())
}

/// Where Asterisk finds sounds: those that were sent in, and those that came with it.
pub fn sound_folders(site: &Site) -> Folders {
    let directories = &site.directories;
    let data = if directories.data.is_empty() { "/usr/share/asterisk" } else { &directories.data };
    Folders { own: Path::new(&directories.spool).join(SOUNDS_FOLDER), system: Path::new(data).join("sounds") }
}

/// Asterisk's log of warnings and errors: `messages.log` in newer stock configurations.
fn messages(folder: &Path) -> PathBuf {
    let newer = folder.join("messages.log");
    if newer.exists() { newer } else { folder.join("messages") }
}

fn managed(settings: &Settings, storage: &Storage, root: &Path, site: &mut Site) -> Result<Mode> {
    let mut installation =
        locate(settings.asterisk.binary.as_deref()).map_err(|error| Error::Unavailable(error.to_string()))?;
    if let Some(modules) = &settings.asterisk.modules {
        installation.modules.clone_from(modules);
    }
    if let Some(data) = &settings.asterisk.data {
        installation.data.clone_from(data);
    }
    site.managed = true;
    site.music_on_hold = music(&installation.data);
    site.directories = directories(root, Some(&installation));
    for dir in ["etc/custom", "run", "log", "spool", "lib"] {
        make_private(&root.join(dir))?;
    }
    let launch = Launch {
        binary: installation.binary,
        config: root.join("etc/asterisk.conf"),
        run: root.join("run"),
        folders: ["lib", "spool", "log"].map(|name| root.join(name)).to_vec(),
        output: root.join("log/asterisk.out"),
    };
    let state = ManagedState::prepare(storage.dir(), &launch)
        .map_err(|error| Error::Unavailable(error.to_string()))?;
    site.ami = Ami { port: state.ami_port, user: AMI_USER.to_owned(), secret: state.ami_secret.clone() };
    let ami =
        AmiAccount { address: state.ami_address(), user: AMI_USER.to_owned(), secret: state.ami_secret };
    Ok(Mode::Managed { launch, ami })
}

/// The sounds that came with Asterisk for whoever is on hold.
fn music(data: &Path) -> Option<String> {
    let folder = data.join("moh");
    let has_files = std::fs::read_dir(&folder).is_ok_and(|mut files| files.next().is_some());
    has_files.then(|| folder.display().to_string())
}

/// The renderer's table, as the applier asks it.
fn reload_for(file: &str) -> Reload {
    match OUTPUTS.iter().find(|output| output.file == file).map(|output| output.reload) {
        Some(render::Reload::Module(module)) => Reload::Module(module),
        Some(render::Reload::CallTime) => Reload::Data,
        Some(render::Reload::Restart) | None => Reload::Restart,
    }
}

fn external_account(settings: &Settings) -> AmiAccount {
    let ami = &settings.asterisk.ami;
    AmiAccount { address: ami.address.clone(), user: ami.user.clone(), secret: ami.secret.clone() }
}

fn directories(root: &Path, installation: Option<&Installation>) -> Directories {
    let below = |name: &str| root.join(name).display().to_string();
    Directories {
        etc: below("etc"),
        modules: installation.map(|found| found.modules.display().to_string()).unwrap_or_default(),
        data: installation.map(|found| found.data.display().to_string()).unwrap_or_default(),
        varlib: below("lib"),
        spool: below("spool"),
        run: below("run"),
        log: below("log"),
    }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path)
        .map_err(|error| Error::Unavailable(format!("{} can't be used: {error}", path.display())))
}

/// The database as the applier sees it.
pub struct Office {
    pub db: Db,
    pub site: Site,
    /// The certificate of phones, when they are shown one.
    pub phones: Option<Arc<Phones>>,
}

impl Office {
    /// One snapshot, rendered, and its revision.
    ///
    /// # Errors
    /// The database can't be read, or a value can't be rendered safely.
    pub fn rendered(&self) -> Result<(i64, FileSet)> {
        let mut site = self.site.clone();
        site.sip_certificates = self.phones.as_ref().map(|phones| phones.fingerprints()).unwrap_or_default();
        let (revision, model) =
            self.db.read(|connection| Ok((db::revision(connection)?, load::model(connection, site)?)))?;
        let files = render(&model).map_err(|error| Error::Internal(error.to_string()))?;
        Ok((revision, files))
    }
}

impl Source for Office {
    fn revision(&self) -> std::result::Result<i64, String> {
        self.db.read(db::revision).map_err(|error| error.to_string())
    }

    fn render(&self) -> std::result::Result<(i64, FileSet), String> {
        self.rendered().map_err(|error| error.to_string())
    }
    fn adopt_pins(&self, pins: &[PhonePin]) -> std::result::Result<Vec<Verdict>, String> {
        let judged = self.db.read(|connection| judge(connection, pins)).map_err(|error| error.to_string())?;
        if !judged.iter().any(|one| matches!(one, Judgement::News(_))) {
            return Ok(judged.into_iter().map(verdict).collect());
        }
        let pins = pins.to_vec();
        let adopt = move |tx: &WriteTx| {
            let judged = judge(tx, &pins)?;
            for (one, pin) in judged.iter().zip(&pins) {
                if let Judgement::News(id) = one {
                    spool::adopt(tx, *id, &pin.pin)?;
                }
            }
            Ok(judged.into_iter().map(verdict).collect())
        };
        let adopted = self.db.write_blocking("PIN changed on the phone", adopt);
        adopted.map(|(verdicts, _)| verdicts).map_err(|error| error.to_string())
    }

    fn adopt_switches(&self, dialled: &[Dialled]) -> std::result::Result<(), String> {
        let asked: Vec<_> = dialled.iter().map(switched).collect();
        let news = self.db.read(|connection| phone_switches::any_news(connection, &asked));
        if news.map_err(|error| error.to_string())? {
            let adopt = move |tx: &WriteTx| phone_switches::adopt(tx, &asked);
            self.db.write_blocking("switched on the phone", adopt).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn switched_since(&self, mark: Option<&str>) -> std::result::Result<SwitchedSince, String> {
        let read = self.db.read(|connection| {
            let (rows, mark) = phone_switches::since(connection, mark)?;
            Ok(SwitchedSince {
                switched: rows.iter().filter_map(dialled).collect(),
                mark,
                revision: db::revision(connection)?,
            })
        });
        read.map_err(|error| error.to_string())
    }

    fn lamps(&self) -> std::result::Result<BTreeMap<String, bool>, String> {
        self.db.read(lamps::all).map_err(|error| error.to_string())
    }

    fn adopt_logins(&self, logins: &[Login]) -> std::result::Result<(), String> {
        let asked = logins.to_vec();
        let news = self.db.read(|connection| logged::is_news(connection, &asked));
        if news.map_err(|error| error.to_string())? {
            let adopt = move |tx: &WriteTx| logged::adopt(tx, &asked);
            self.db.write_blocking("agents at phones", adopt).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn strangers(&self, logins: &[Login]) -> std::result::Result<Vec<Login>, String> {
        let known = self.db.read(|connection| logged::known(connection, logins));
        let known = known.map_err(|error| error.to_string())?;
        Ok(logins.iter().filter(|login| !known.contains(login)).cloned().collect())
    }

    fn seats(&self) -> std::result::Result<Vec<Seat>, String> {
        self.db.read(logged::seats).map_err(|error| error.to_string())
    }

    fn sound(&self, digest: &str) -> std::result::Result<Option<Vec<u8>>, String> {
        self.db.read(|connection| for_asterisk(connection, digest)).map_err(|error| error.to_string())
    }

    fn note_ceilings(&self, reached: &[CeilingReached]) -> std::result::Result<Vec<String>, String> {
        let reached = reached.to_vec();
        let note = move |tx: &WriteTx| {
            let mut news = Vec::new();
            for CeilingReached { kind, id, reached, ceiling, number } in &reached {
                let refused = call_limits::Refused { kind, id: *id, reached, ceiling: *ceiling, number };
                news.extend(call_limits::note(tx, &refused)?);
            }
            Ok(news)
        };
        // No file of Asterisk's comes from it.
        let noted = self.db.write_blocking("", note);
        noted.map(|(news, _)| news).map_err(|error| error.to_string())
    }

    fn shown(&self) -> Option<Shown> {
        let site = &self.site;
        let binds = [&site.sip_tls, &site.sip_wss].into_iter().flatten();
        let addresses = binds.filter_map(|tls| tls.bind.parse().ok()).collect();
        let sha256 = self.phones.as_ref()?.fingerprints().into_iter().next()?;
        Some(Shown { addresses, sha256 })
    }

    fn folder_works(&self, revision: i64) -> std::result::Result<Vec<FolderWork>, String> {
        let rows = self.db.read(|connection| spool::folders(connection, revision));
        let work = |row: spool::FolderRow| FolderWork {
            id: row.id,
            from: (row.context, row.number),
            to: row.new_context.zip(row.new_number),
        };
        Ok(rows.map_err(|error| error.to_string())?.into_iter().map(work).collect())
    }

    fn folder_work_done(&self, id: i64) -> std::result::Result<(), String> {
        let done = self.db.write_blocking("mailbox folder in place", move |tx| spool::folder_done(tx, id));
        done.map(drop).map_err(|error| error.to_string())
    }
}

fn dialled(switched: &Switched) -> Option<Dialled> {
    let number = switched.number.as_deref().unwrap_or_default();
    let changed = clock::read(&switched.changed)?;
    Dialled::of_database(switched.user, &switched.name, switched.enabled, number, changed)
}

fn switched(dialled: &Dialled) -> Switched {
    Switched {
        user: dialled.user,
        name: dialled.name.clone(),
        enabled: dialled.enabled,
        number: dialled.number.clone(),
        changed: clock::utc(dialled.changed),
    }
}

fn judge(connection: &rusqlite::Connection, pins: &[PhonePin]) -> Result<Vec<Judgement>> {
    let judge = |pin: &PhonePin| {
        spool::judge(connection, (&pin.context, &pin.number), &pin.pin, &clock::utc(pin.changed))
    };
    pins.iter().map(judge).collect()
}

fn verdict(judgement: Judgement) -> Verdict {
    match judgement {
        Judgement::NotOurs => Verdict::NotOurs,
        Judgement::Same | Judgement::News(_) => Verdict::Adopted,
        Judgement::Superseded => Verdict::Superseded,
    }
}
