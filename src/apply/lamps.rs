//! The lamps of programmable keys: custom device states in Asterisk, which phones and the API both change. Phones set
//! them in the dialplan; here they are set after every write, and compared with what is right at every connection.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tracing::warn;

use super::ami::{AmiError, Client};
use super::error::ApplyError;
use super::link::Link;
use super::worker::{Worker, blocking};

/// Where Asterisk keeps custom device states.
const FAMILY: &str = "CustomDevstate";

/// What is known of the lamps.
#[derive(Debug, Default)]
pub(super) struct Lamps {
    /// Those that are lit; nothing when Asterisk has to be asked.
    lit: Option<BTreeSet<String>>,
    /// The revision that they show.
    revision: Option<i64>,
}

impl Lamps {
    /// Asterisk has to be asked which are lit.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Worker {
    /// Lights the lamps that this revision lights, and puts out the others.
    pub async fn show_lamps(&mut self, revision: i64) {
        let applied = self.status.borrow().applied_revision;
        if self.lamps.revision == Some(revision) || applied < revision {
            return;
        }
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return };
        let source = Arc::clone(&self.source);
        let wanted = match blocking(move || source.lamps().map_err(ApplyError::Render)).await {
            Ok(wanted) => wanted,
            Err(error) => return warn!("lamps are not set: {error}"),
        };
        match show(client, self.lamps.lit.take(), &wanted).await {
            Ok(lit) => self.lamps = Lamps { lit: Some(lit), revision: Some(revision) },
            Err(error) => self.lost(&error),
        }
    }
}

pub(super) async fn show(
    client: &mut Client,
    known: Option<BTreeSet<String>>,
    lamps: &BTreeMap<String, bool>,
) -> Result<BTreeSet<String>, AmiError> {
    let lit = match known {
        Some(lit) => lit,
        None => lit_in_asterisk(client, lamps).await?,
    };
    let wanted: BTreeSet<String> =
        lamps.iter().filter(|(_, on)| **on).map(|(name, _)| name.clone()).collect();
    for name in wanted.difference(&lit) {
        set(client, name, "INUSE").await?;
    }
    for name in lit.difference(&wanted) {
        set(client, name, "NOT_INUSE").await?;
    }
    Ok(wanted)
}

/// The lit lamps of programmable keys, and of those that are `ours` by name; those of anybody else's devices are left
/// alone.
async fn lit_in_asterisk(
    client: &mut Client,
    ours: &BTreeMap<String, bool>,
) -> Result<BTreeSet<String>, AmiError> {
    let mut lit = BTreeSet::new();
    client
        .list("DBGetTree", &[("Family", FAMILY)], |event| {
            let name = event.get("Key").and_then(|key| key.strip_prefix("/CustomDevstate/"));
            if let Some(name) = name.filter(|name| is_key(name) || ours.contains_key(*name))
                && event.is("Val", "INUSE")
            {
                lit.insert(name.to_owned());
            }
        })
        .await?;
    Ok(lit)
}

/// Keys are dialled, and hold the two stars of their second part.
fn is_key(name: &str) -> bool {
    name.contains("***2") && name.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#' | b'+'))
}

async fn set(client: &mut Client, name: &str, state: &str) -> Result<(), AmiError> {
    let variable = format!("DEVICE_STATE(Custom:{name})");
    match client.action("Setvar", &[("Variable", &variable), ("Value", state)]).await {
        Ok(_) => Ok(()),
        Err(error @ AmiError::Refused { .. }) => {
            warn!("the lamp of {name} is not set: {error}");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn only_programmable_keys_are_ours() {
        assert!(is_key("*73512***225") && is_key("*73512***221*+33"));
        assert!(!is_key("alarm") && !is_key("1234") && !is_key("a***2"));
    }
}
