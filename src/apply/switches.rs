//! What phones switch by a feature code: forwards, do not disturb … The dialplan writes it to Asterisk's database, where
//! it holds at once, and tells of it. The applier takes it over into ours; when Asterisk runs that revision, the entry
//! there goes. So it is kept whichever of the two programs was down.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tracing::{info, warn};

use super::ami::{AmiError, Client, Message};
use super::error::ApplyError;
use super::link::Link;
use super::worker::{Worker, blocking};

/// The family of Asterisk's database, then `user-<id>`, then the switch.
const FAMILY: &str = "cordboard";

/// A switch as a phone has left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialled {
    /// Id of the user.
    pub user: i64,
    /// `dnd`, `unconditional`, `group-5` …
    pub name: String,
    pub enabled: bool,
    /// A forward's number.
    pub number: Option<String>,
    pub changed: SystemTime,
    /// As it stands in Asterisk's database.
    value: String,
}

impl Dialled {
    /// A switch as the database has it; its entry would be the same as if it had been dialled.
    pub fn of_database(
        user: i64,
        name: &str,
        enabled: bool,
        number: &str,
        changed: SystemTime,
    ) -> Option<Self> {
        let time = changed.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_millis();
        let word = if enabled { "yes" } else { "no" };
        Self::parse(user, name, &format!("{time}:{word}:{number}"))
    }

    /// Reads `<milliseconds since 1970>:<yes or no>:<number>`.
    pub fn parse(user: i64, name: &str, value: &str) -> Option<Self> {
        let mut parts = value.splitn(3, ':');
        let since = Duration::from_millis(parts.next()?.parse().ok()?);
        let changed = SystemTime::UNIX_EPOCH.checked_add(since)?;
        let enabled = match parts.next()? {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        let number = parts.next().filter(|number| !number.is_empty()).map(str::to_owned);
        Some(Self { user, name: name.to_owned(), enabled, number, changed, value: value.to_owned() })
    }

    /// What the dialplan tells of it, so that it is known even if its entry was removed in that very moment.
    pub fn of_event(event: &Message) -> Option<Self> {
        if !event.is("UserEvent", "CordboardSwitch") {
            return None;
        }
        Self::parse(event.get("User")?.parse().ok()?, event.get("Name")?, event.get("Value")?)
    }

    /// An entry of Asterisk's database: `/cordboard/user-12/dnd`.
    fn of_entry(key: &str, value: &str) -> Option<Self> {
        let (user, name) = key.strip_prefix("/cordboard/user-")?.split_once('/')?;
        Self::parse(user.parse().ok()?, name, value)
    }

    fn family(&self) -> String {
        format!("{FAMILY}/user-{}", self.user)
    }
}

/// What was switched since the last look, in the API or by a phone.
#[derive(Debug, Clone, Default)]
pub struct SwitchedSince {
    pub switched: Vec<Dialled>,
    /// The revision that holds it.
    pub revision: i64,
    /// Where the next look goes on.
    pub mark: String,
}

/// So many are told one by one; more are not worth it, they come with the files.
const FEW: usize = 20;

/// What is to be done about switches of phones.
#[derive(Debug)]
pub(super) struct Switches {
    /// Asterisk's database has to be looked at.
    pub due: bool,
    /// What was told since the last look.
    told: Vec<Dialled>,
    /// Their entries go when Asterisk runs the revision that holds them.
    taken: Vec<Dialled>,
    since: i64,
    /// Until when Asterisk has been told what the API switched.
    mark: Option<String>,
}

impl Default for Switches {
    fn default() -> Self {
        Self { due: true, told: Vec::new(), taken: Vec::new(), since: 0, mark: None }
    }
}

impl Switches {
    /// A phone has switched something.
    pub fn tell(&mut self, dialled: Dialled) {
        self.due = true;
        self.told.push(dialled);
    }
}

impl Worker {
    /// Takes over what phones have switched; gives the database's revision, which may have moved by that.
    pub async fn take_switches(&mut self, revision: i64) -> i64 {
        if !self.switches.due {
            return revision;
        }
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return revision };
        let entries = match entries(client).await {
            Ok(entries) => entries,
            Err(error) => {
                self.lost(&error);
                return revision;
            }
        };
        let dialled = latest(entries.into_iter().chain(self.switches.told.iter().cloned()));
        let (source, news) = (Arc::clone(&self.source), dialled.clone());
        let taken = blocking(move || {
            if !news.is_empty() {
                source.adopt_switches(&news).map_err(ApplyError::Render)?;
            }
            source.revision().map_err(ApplyError::Render)
        });
        match taken.await {
            Ok(revision) => {
                if !dialled.is_empty() {
                    // Phones have set lamps themselves: they are compared with what is right.
                    self.lamps.forget();
                }
                let switches = &mut self.switches;
                (switches.due, switches.since) = (false, revision);
                switches.told.clear();
                switches.taken.extend(dialled);
                revision
            }
            Err(error) => {
                warn!("what phones switched is not taken over yet: {error}");
                revision
            }
        }
    }

    /// Writes what the API has switched to Asterisk's database, where it holds for the next call: that need not wait
    /// for the files. The entries go when Asterisk has the files. True when something was written.
    pub async fn push_switches(&mut self) -> bool {
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return false };
        let (source, mark) = (Arc::clone(&self.source), self.switches.mark.clone());
        let since = blocking(move || source.switched_since(mark.as_deref()).map_err(ApplyError::Render));
        let SwitchedSince { mut switched, revision, mark } = match since.await {
            Ok(since) => since,
            Err(error) => {
                warn!("what the API switched comes with the files: {error}");
                return false;
            }
        };
        self.switches.mark = Some(mark);
        // What comes from a phone is there already.
        switched.retain(|one| !self.switches.taken.contains(one));
        if switched.is_empty() || switched.len() > FEW {
            return false;
        }
        self.switches.since = self.switches.since.max(revision);
        for one in switched {
            let fields = [("Family", &*one.family()), ("Key", &one.name), ("Val", &one.value)];
            match client.action("DBPut", &fields).await {
                Ok(_) | Err(AmiError::Refused { .. }) => self.switches.taken.push(one),
                Err(error) => {
                    self.lost(&error);
                    return false;
                }
            }
        }
        true
    }

    /// Removes the entries that Asterisk now has from cordboard's files.
    pub async fn drop_switches(&mut self) {
        if self.switches.taken.is_empty() || self.status.borrow().applied_revision < self.switches.since {
            return;
        }
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return };
        let taken = std::mem::take(&mut self.switches.taken);
        match drop_entries(client, &taken).await {
            Ok(()) => info!(count = taken.len(), "took over what phones have switched"),
            Err(error) => {
                self.switches.due = true;
                self.lost(&error);
            }
        }
    }
}

/// The newest word on each switch.
fn latest(all: impl Iterator<Item = Dialled>) -> Vec<Dialled> {
    let mut latest: BTreeMap<(i64, String), Dialled> = BTreeMap::new();
    for one in all {
        let known = latest.entry((one.user, one.name.clone())).or_insert_with(|| one.clone());
        if known.changed < one.changed {
            *known = one;
        }
    }
    latest.into_values().collect()
}

pub(super) async fn entries(client: &mut Client) -> Result<Vec<Dialled>, AmiError> {
    let mut entries = Vec::new();
    client
        .list("DBGetTree", &[("Family", FAMILY)], |event| {
            let entry = event.get("Key").zip(event.get("Val"));
            entries.extend(entry.and_then(|(key, value)| Dialled::of_entry(key, value)));
        })
        .await?;
    Ok(entries)
}

/// Removes entries that are still what they were. One that changes between the two actions is not lost: the event
/// tells what it was.
pub(super) async fn drop_entries(client: &mut Client, entries_taken: &[Dialled]) -> Result<(), AmiError> {
    let left = entries(client).await?;
    for one in entries_taken.iter().filter(|one| left.contains(one)) {
        match client.action("DBDel", &[("Family", &one.family()), ("Key", &one.name)]).await {
            Ok(_) | Err(AmiError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialled(name: &str, value: &str) -> Dialled {
        Dialled::parse(12, name, value).unwrap()
    }

    #[test]
    fn an_entry_says_who_what_when_and_where_to() {
        let entry = Dialled::of_entry("/cordboard/user-12/busy", "1700000000123:yes:*1#").unwrap();
        assert_eq!((entry.user, &*entry.name, entry.enabled), (12, "busy", true));
        assert_eq!(entry.number.as_deref(), Some("*1#"));
        assert_eq!(entry.changed, SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123));
        assert_eq!(dialled("dnd", "5:no:").number, None);
    }

    #[test]
    fn what_is_no_entry_of_ours_is_passed_over() {
        for (key, value) in [
            ("/cordboard/user-x/dnd", "5:yes:"),
            ("/cordboard/other", "5:yes:"),
            ("/registrar/contact/x", "{}"),
            ("/cordboard/user-1/dnd", "soon:yes:"),
            ("/cordboard/user-1/dnd", "99999999999999999999:yes:"),
            ("/cordboard/user-1/dnd", "-5:yes:"),
            ("/cordboard/user-1/dnd", "5:maybe:"),
            ("/cordboard/user-1/dnd", ""),
        ] {
            assert_eq!(Dialled::of_entry(key, value), None, "{key} {value}");
        }
    }

    #[test]
    fn the_latest_word_counts() {
        let all = [
            dialled("dnd", "5:yes:"),
            dialled("dnd", "7:no:"),
            dialled("dnd", "6:yes:"),
            dialled("busy", "1:no:"),
        ];
        let latest = latest(all.into_iter());
        assert_eq!(latest, [dialled("busy", "1:no:"), dialled("dnd", "7:no:")]);
    }
}
