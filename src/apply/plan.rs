//! What changes between two revisions, by file and by named object. Pure: no IO, no clock, no tasks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::canary::Canary;
use crate::render::{File, FileSet, Kind};

/// What has to happen in Asterisk after a file has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// This module reads the file again, by AMI `Reload`.
    Module(&'static str),
    /// Read at call time, nothing to do.
    Data,
    /// Read only when Asterisk starts.
    Restart,
}

/// Which module reads `file` (its path below the configuration folder).
pub fn reload_for(file: &str) -> Reload {
    match file {
        "extensions.conf" => Reload::Module("pbx_config"),
        "queues.conf" => Reload::Module("app_queue"),
        "res_parking.conf" => Reload::Module("res_parking"),
        "voicemail.conf" => Reload::Module("app_voicemail"),
        "manager.conf" => Reload::Module("manager"),
        "logger.conf" => Reload::Module("logger"),
        "rtp.conf" => Reload::Module("res_rtp_asterisk"),
        "musiconhold.conf" => Reload::Module("res_musiconhold"),
        "features.conf" => Reload::Module("features"),
        "cdr.conf" => Reload::Module("cdr"),
        "cel.conf" => Reload::Module("cel"),
        "indications.conf" => Reload::Module("indications"),
        _ if file.starts_with("pjsip_notify") => Reload::Module("res_pjsip_notify"),
        _ if file.starts_with("pjsip") => Reload::Module("res_pjsip"),
        _ if file.starts_with("calls") => Reload::Data,
        _ => Reload::Restart,
    }
}

/// Kinds of object that are followed by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Transport,
    Endpoint,
    Auth,
    Aor,
    Identify,
    Registration,
    Exten,
    Mailbox,
    Queue,
    Music,
    ParkingLot,
    CallData,
}

impl Class {
    fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Transport => Some(Self::Transport),
            Kind::Endpoint => Some(Self::Endpoint),
            Kind::Auth => Some(Self::Auth),
            Kind::Aor => Some(Self::Aor),
            Kind::Identify => Some(Self::Identify),
            Kind::Registration => Some(Self::Registration),
            Kind::Exten => Some(Self::Exten),
            Kind::Mailbox => Some(Self::Mailbox),
            Kind::Queue => Some(Self::Queue),
            Kind::Music => Some(Self::Music),
            Kind::ParkingLot => Some(Self::ParkingLot),
            Kind::CallData => Some(Self::CallData),
            Kind::Plain | Kind::Canary => None,
        }
    }

    /// The word in an error text.
    pub fn word(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Endpoint => "endpoint",
            Self::Auth => "auth",
            Self::Aor => "AOR",
            Self::Identify => "identify",
            Self::Registration => "registration",
            Self::Exten => "extension",
            Self::Mailbox => "mailbox",
            Self::Queue => "queue",
            Self::Music => "music on hold",
            Self::ParkingLot => "parking lot",
            Self::CallData => "call data",
        }
    }
}

/// Names of objects by class.
pub type Names = BTreeMap<Class, BTreeSet<String>>;

/// What a file set promises, without its bytes: kept beside each generation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub files: BTreeMap<String, FileEntry>,
}

/// What one file promises.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// SHA-256 of the whole file, in hexadecimal.
    pub digest: String,
    /// Name to a digest of the text, by class.
    pub objects: BTreeMap<Class, BTreeMap<String, u64>>,
    pub canaries: Vec<Canary>,
}

impl Manifest {
    /// The promises of a rendered set.
    pub fn of(set: &FileSet) -> Self {
        Self { files: set.files.iter().map(|(name, file)| ((*name).to_owned(), entry(file))).collect() }
    }

    /// Names of all the objects of the files that `wanted` picks.
    pub fn names(&self, wanted: impl Fn(&str) -> bool) -> Names {
        let mut names = Names::new();
        for (_, entry) in self.files.iter().filter(|(file, _)| wanted(file)) {
            for (class, objects) in &entry.objects {
                names.entry(*class).or_default().extend(objects.keys().cloned());
            }
        }
        names
    }

    /// Everything that Asterisk reads at start only, in one digest: when it differs from what the running
    /// process was started with, a restart is due.
    pub fn boot_digest(&self, reload_for: fn(&str) -> Reload) -> String {
        let mut hash = Sha256::new();
        for (name, entry) in &self.files {
            if reload_for(name) == Reload::Restart {
                hash.update(name);
                hash.update(&entry.digest);
            }
            // res_pjsip answers a changed transport section with "maintaining previous values".
            for (transport, digest) in entry.objects.get(&Class::Transport).into_iter().flatten() {
                hash.update(transport);
                hash.update(digest.to_be_bytes());
            }
        }
        hex(&hash.finalize())
    }
}

fn entry(file: &File) -> FileEntry {
    let mut entry = FileEntry { digest: digest_of(file.text().as_bytes()), ..FileEntry::default() };
    for object in &file.objects {
        if let Some(class) = Class::of(object.kind) {
            entry.objects.entry(class).or_default().insert(object.name.clone(), short_digest(&object.text));
        } else if object.kind == Kind::Canary {
            entry.canaries.extend(Canary::of(object));
        }
    }
    entry
}

/// SHA-256 in hexadecimal, as [`FileEntry::digest`] holds it.
pub fn digest_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn short_digest(text: &str) -> u64 {
    Sha256::digest(text).iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The difference of two manifests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files that are new or have other bytes.
    pub changed: BTreeSet<String>,
    /// Files that are no longer rendered.
    pub dropped: BTreeSet<String>,
    /// Modules to reload, each once, in a fixed order.
    pub modules: Vec<&'static str>,
    /// Objects that the first had and the second has not.
    pub removed: Names,
    /// Objects that are new, and objects whose text differs.
    pub added: usize,
    pub altered: usize,
}

impl Plan {
    /// What leads from `from` to `to`.
    pub fn between(from: &Manifest, to: &Manifest, reload_for: fn(&str) -> Reload) -> Self {
        let mut plan = Self::default();
        for (name, entry) in &to.files {
            let old = from.files.get(name);
            if old.is_none_or(|old| old.digest != entry.digest) {
                plan.changed.insert(name.clone());
                plan.count(old, entry);
            }
        }
        plan.dropped = from.files.keys().filter(|name| !to.files.contains_key(*name)).cloned().collect();
        plan.modules = modules(plan.changed.iter().chain(&plan.dropped), reload_for);
        plan.removed = removed(from, to);
        plan
    }

    /// True when both manifests are the same.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.dropped.is_empty()
    }

    fn count(&mut self, old: Option<&FileEntry>, new: &FileEntry) {
        for (class, objects) in &new.objects {
            let before = old.and_then(|old| old.objects.get(class));
            for (name, digest) in objects {
                match before.and_then(|before| before.get(name)) {
                    None => self.added += 1,
                    Some(old) if old != digest => self.altered += 1,
                    Some(_) => {}
                }
            }
        }
    }
}

/// The objects of `from` that are nowhere in `to`: one that moves to another file is not removed.
pub fn removed(from: &Manifest, to: &Manifest) -> Names {
    let kept = |class: &Class, name: &str| {
        to.files
            .values()
            .any(|entry| entry.objects.get(class).is_some_and(|objects| objects.contains_key(name)))
    };
    let mut removed = Names::new();
    for (class, objects) in from.files.values().flat_map(|entry| &entry.objects) {
        let gone = objects.keys().filter(|name| !kept(class, name)).cloned();
        let names: BTreeSet<String> = gone.collect();
        if !names.is_empty() {
            removed.entry(*class).or_default().extend(names);
        }
    }
    removed
}

/// The modules that read these files. The dialplan last: a number is dialled only once its endpoint and mailbox are there.
pub fn modules<'a>(
    files: impl Iterator<Item = &'a String>,
    reload_for: fn(&str) -> Reload,
) -> Vec<&'static str> {
    let mut found = BTreeSet::new();
    for file in files {
        if let Reload::Module(module) = reload_for(file) {
            found.insert(module);
        }
    }
    let mut modules: Vec<_> = found.into_iter().collect();
    modules.sort_by_key(|module| module.starts_with("pbx_config"));
    modules
}

/// Those of these files that calls read.
pub fn data<'a>(
    files: impl IntoIterator<Item = &'a String>,
    reload_for: fn(&str) -> Reload,
) -> BTreeSet<String> {
    files.into_iter().filter(|file| reload_for(file) == Reload::Data).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Object;

    fn set(files: &[(&'static str, &[(&str, &str)])]) -> FileSet {
        let mut set = FileSet::default();
        for (name, objects) in files {
            let objects = objects
                .iter()
                .map(|(name, text)| Object {
                    kind: Kind::Endpoint,
                    name: (*name).into(),
                    text: (*text).into(),
                })
                .collect();
            set.files.insert(name, File { objects, ..File::default() });
        }
        set
    }

    fn plan(from: &FileSet, to: &FileSet) -> Plan {
        Plan::between(&Manifest::of(from), &Manifest::of(to), reload_for)
    }

    #[test]
    fn equal_sets_need_nothing() {
        let one = set(&[("pjsip_endpoint.conf", &[("a", "[a]\n")])]);
        assert!(plan(&one, &one).is_empty());
        assert!(plan(&one, &one).modules.is_empty());
    }

    #[test]
    fn only_the_module_of_a_changed_file_is_reloaded() {
        let one = set(&[("pjsip_endpoint.conf", &[("a", "[a]\n")]), ("voicemail.conf", &[("m", "m\n")])]);
        let two = set(&[("pjsip_endpoint.conf", &[("b", "[b]\n")]), ("voicemail.conf", &[("m", "m\n")])]);
        let plan = plan(&one, &two);
        assert_eq!(plan.modules, ["res_pjsip"]);
        assert_eq!((plan.added, plan.altered), (1, 0));
        assert_eq!(plan.removed[&Class::Endpoint], BTreeSet::from(["a".to_owned()]));
    }

    #[test]
    fn call_data_reloads_nothing() {
        let one = set(&[("calls.conf", &[("a", "[a]\n")])]);
        let two = set(&[("calls.conf", &[("a", "[a]\nx=1\n")])]);
        let plan = plan(&one, &two);
        assert!(plan.modules.is_empty() && plan.changed.contains("calls.conf") && plan.altered == 1);
    }

    #[test]
    fn an_object_that_moves_to_another_file_is_not_removed() {
        let one = set(&[("pjsip.conf", &[("a", "[a]\n")]), ("pjsip_endpoint.conf", &[])]);
        let two = set(&[("pjsip.conf", &[]), ("pjsip_endpoint.conf", &[("a", "[a]\n")])]);
        assert!(plan(&one, &two).removed.is_empty());
    }

    #[test]
    fn the_boot_digest_follows_start_up_files_and_transports_only() {
        let boot = |set: &FileSet| Manifest::of(set).boot_digest(reload_for);
        let one = set(&[("asterisk.conf", &[("x", "1")]), ("extensions.conf", &[("e", "1")])]);
        let two = set(&[("asterisk.conf", &[("x", "1")]), ("extensions.conf", &[("e", "2")])]);
        let three = set(&[("asterisk.conf", &[("x", "2")]), ("extensions.conf", &[("e", "2")])]);
        assert_eq!(boot(&one), boot(&two));
        assert_ne!(boot(&two), boot(&three));
        let mut moved = three.clone();
        moved.files.insert(
            "pjsip.conf",
            File {
                objects: vec![Object { kind: Kind::Transport, name: "t".into(), text: "[t]\n".into() }],
                ..File::default()
            },
        );
        assert_ne!(boot(&three), boot(&moved));
    }
}
