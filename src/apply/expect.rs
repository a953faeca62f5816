//! Compares what was promised with what runs. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::canary::{Canary, Probe};
use super::plan::{Class, Manifest, Names, Reload};

/// What Asterisk reads anew.
#[derive(Debug, Clone, Copy)]
pub struct Read<'a> {
    /// These modules read all their files.
    pub modules: &'a [&'static str],
    /// Files that the next call reads.
    pub data: &'a BTreeSet<String>,
}

/// What must be found in Asterisk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    pub present: Names,
    /// What earlier revisions had and this one has not.
    pub gone: Names,
    pub canaries: Vec<Canary>,
}

impl Expected {
    /// The promises of the files that `read` speaks of (of all files when nothing is given), and that the objects
    /// `gone` are no longer there.
    pub fn of(
        manifest: &Manifest,
        gone: &Names,
        read: Option<Read<'_>>,
        reload_for: fn(&str) -> Reload,
    ) -> Self {
        let wanted = |file: &str| match (read, reload_for(file)) {
            (None, _) => true,
            (Some(read), Reload::Module(module)) => read.modules.contains(&module),
            (Some(read), Reload::Data) => read.data.contains(file),
            (Some(_), Reload::Restart) => false,
        };
        let canaries = manifest.files.iter().filter(|(file, _)| wanted(file));
        Self {
            present: manifest.names(wanted),
            gone: gone.clone(),
            canaries: canaries.flat_map(|(_, entry)| entry.canaries.iter().cloned()).collect(),
        }
    }

    /// The lists that have to be read.
    pub fn classes(&self) -> BTreeSet<Class> {
        self.present.keys().chain(self.gone.keys()).copied().collect()
    }
}

/// What Asterisk says that it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Running {
    pub names: Names,
    /// Candidate values of each canary that was found.
    pub canaries: BTreeMap<(Probe, String), Vec<String>>,
}

/// One promise that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    Missing(Class, String),
    StillThere(Class, String),
    /// Asterisk refused the file in which this canary stands, or did not read it.
    Refused(Probe, String),
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(class, name) => write!(f, "{} {name} is missing", class.word()),
            Self::StillThere(class, name) => write!(f, "{} {name} is still there", class.word()),
            Self::Refused(Probe::CallData, file) => write!(f, "{file} was not read"),
            Self::Refused(probe, _) => {
                let what = match probe {
                    Probe::Endpoint => "endpoints",
                    Probe::Auth => "auths",
                    Probe::Aor => "AORs",
                    Probe::Global => "dialplan",
                    Probe::Mailbox => "mailboxes",
                    Probe::Queue => "queues",
                    Probe::Parking => "parking lots",
                    Probe::CallData => "call data",
                    Probe::Music => "music on hold",
                    Probe::Features => "features",
                    Probe::Bridge => "conferences",
                };
                write!(f, "the file of the {what} was not accepted")
            }
        }
    }
}

/// Every promise that does not hold, the most telling first.
pub fn mismatches(expected: &Expected, running: &Running) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let empty = BTreeSet::new();
    let listed = |class: &Class| running.names.get(class).unwrap_or(&empty);
    for (class, names) in &expected.present {
        if verifiable(*class) {
            let missing = names.iter().filter(|name| !listed(class).contains(*name));
            found.extend(missing.map(|name| Mismatch::Missing(*class, name.clone())));
        }
    }
    for canary in &expected.canaries {
        let key = (canary.probe, canary.name.clone());
        if !running.canaries.get(&key).is_some_and(|values| values.contains(&canary.value)) {
            found.push(Mismatch::Refused(canary.probe, canary.name.clone()));
        }
    }
    // A queue or a lot that is gone stays until its last caller has left.
    let stays = |class: Class| matches!(class, Class::Queue | Class::ParkingLot);
    for (class, names) in expected.gone.iter().filter(|(class, _)| !stays(**class)) {
        let left = names.iter().filter(|name| listed(class).contains(*name));
        found.extend(left.map(|name| Mismatch::StillThere(*class, name.clone())));
    }
    found
}

/// Whether Asterisk can list the class over AMI. It has no list of transports, and data rows are read by calls.
pub fn verifiable(class: Class) -> bool {
    match class {
        Class::Endpoint
        | Class::Auth
        | Class::Aor
        | Class::Identify
        | Class::Registration
        | Class::Exten
        | Class::Mailbox
        | Class::Queue
        | Class::Music
        | Class::ParkingLot => true,
        Class::Transport | Class::CallData => false,
    }
}

/// A few of the mismatches as one sentence.
pub fn summary(mismatches: &[Mismatch]) -> String {
    const SHOWN: usize = 5;
    let mut text = mismatches.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if mismatches.len() > SHOWN {
        text.push_str(&format!(" and {} more", mismatches.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(class: Class, names: &[&str]) -> Names {
        Names::from([(class, names.iter().map(|name| (*name).to_owned()).collect())])
    }

    #[test]
    fn what_the_administrator_added_does_not_count() {
        let expected = Expected { present: names(Class::Endpoint, &["a"]), ..Expected::default() };
        let running = Running { names: names(Class::Endpoint, &["a", "theirs"]), ..Running::default() };
        assert!(mismatches(&expected, &running).is_empty());
    }

    #[test]
    fn missing_and_left_over_objects_are_named() {
        let expected = Expected {
            present: names(Class::Endpoint, &["a", "b"]),
            gone: names(Class::Exten, &["1001@default"]),
            ..Expected::default()
        };
        let mut running = Running { names: names(Class::Endpoint, &["a"]), ..Running::default() };
        running.names.extend(names(Class::Exten, &["1001@default"]));
        let text = summary(&mismatches(&expected, &running));
        assert_eq!(text, "endpoint b is missing, extension 1001@default is still there");
    }

    #[test]
    fn an_old_canary_is_a_refused_file() {
        let canary = Canary { probe: Probe::Global, name: "C".into(), value: "new".into() };
        let expected = Expected { canaries: vec![canary], ..Expected::default() };
        let mut running = Running::default();
        assert_eq!(mismatches(&expected, &running).len(), 1);
        running.canaries.insert((Probe::Global, "C".into()), vec!["old".into()]);
        assert_eq!(mismatches(&expected, &running).len(), 1);
        running.canaries.insert((Probe::Global, "C".into()), vec!["new".into()]);
        assert!(mismatches(&expected, &running).is_empty());
    }
}
