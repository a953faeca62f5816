//! All that the applier reads of a running Asterisk, one after the other, for the fuzz target that answers in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use super::ami::{AmiError, Client};
use super::expect::{Expected, Mismatch};
use super::security::homes;
use super::switches::Dialled;
use super::{agents, contacts, counters, external, lamps, switches, verify};

/// What is asked for.
#[derive(Debug, Default)]
pub struct Wanted {
    /// What a verification promises.
    pub expected: Expected,
    /// AORs whose registrations go.
    pub aors: BTreeSet<String>,
    /// Lamps, lit or not.
    pub lamps: BTreeMap<String, bool>,
    pub now: Option<SystemTime>,
}

/// What was made of the answers.
#[derive(Debug)]
pub struct Read {
    /// What does not hold.
    pub mismatches: Vec<Mismatch>,
    /// Switches that phones left.
    pub dialled: Vec<Dialled>,
}

/// Reads everything, and does what follows from it: old registrations, counters and logins go, lamps are set.
///
/// # Errors
/// Asterisk refuses, or its connection is of no more use.
pub async fn everything(client: &mut Client, wanted: &Wanted) -> Result<Read, AmiError> {
    let mismatches = verify::verify(client, &wanted.expected, Duration::ZERO).await?;
    external::weakness(client).await?;
    contacts::purge(client, &wanted.aors).await?;
    lamps::show(client, None, &wanted.lamps).await?;
    agents::clear(client).await?;
    counters::sweep(client, wanted.now.unwrap_or(SystemTime::UNIX_EPOCH)).await?;
    homes::all(client).await?;
    let dialled = switches::entries(client).await?;
    switches::drop_entries(client, &dialled).await?;
    Ok(Read { mismatches, dialled })
}
