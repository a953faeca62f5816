//! An incall as the API shows it.

use super::{EVENT, Incall, store};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::{destinations, extensions, schedules};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::hash::Hash;
use uuid::Uuid;

/// An incall as the API shows it, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub preprocess_subroutine: Option<String>,
    pub greeting_sound: Option<String>,
    pub caller_id_mode: Option<String>,
    pub caller_id_name: Option<String>,
    pub description: Option<String>,
    #[schemars(with = "destinations::Destination")]
    pub destination: Value,
    pub links: Vec<Link>,
    pub extensions: Vec<extensions::Brief>,
    pub schedules: Vec<schedules::Brief>,
}

/// An incall inside what it reaches.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub id: i64,
    pub extensions: Vec<extensions::Brief>,
    pub links: Vec<Link>,
}

/// The incalls as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut extensions = extensions::briefs(call, connection, "incall", ids)?;
    let mut destinations = destinations::of(connection, "incall", ids)?;
    let mut schedules = schedules::briefs(call, connection, schedules::Kind::Incall, ids)?;
    let mut rows: HashMap<i64, Incall> =
        store::get_many(connection, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let shown = ids.iter().filter_map(|id| {
        let row = rows.remove(id)?;
        let destination = destinations.remove(&(*id, EVENT.to_owned()));
        Some(View {
            id: row.id,
            tenant_uuid: row.tenant_uuid,
            preprocess_subroutine: row.preprocess_subroutine,
            greeting_sound: row.greeting_sound,
            caller_id_mode: row.caller_id_mode,
            caller_id_name: row.caller_id_name,
            description: row.description,
            destination: destination.unwrap_or_else(|| json!({"type": "none"})),
            links: call.links("incalls", &format!("/incalls/{id}")),
            extensions: extensions.remove(id).unwrap_or_default(),
            schedules: schedules.remove(id).unwrap_or_default(),
        })
    });
    Ok(shown.collect())
}

/// The incalls whose destination is one of `targets`, which are of the type `kind` (`user`, `group` …): by the target.
///
/// # Errors
/// The database can't be read.
pub fn pointing_at(
    call: &Call,
    connection: &Connection,
    kind: &str,
    targets: &[i64],
) -> Result<HashMap<i64, Vec<Brief>>> {
    by_target(call, connection, store::pointing_at(connection, kind, targets)?)
}

/// The same, for targets that are named by uuid.
///
/// # Errors
/// The database can't be read.
pub fn pointing_at_uuids(
    call: &Call,
    connection: &Connection,
    kind: &str,
    targets: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Brief>>> {
    by_target(call, connection, store::pointing_at_uuids(connection, kind, targets)?)
}

fn by_target<K: Eq + Hash>(
    call: &Call,
    connection: &Connection,
    pairs: Vec<(K, i64)>,
) -> Result<HashMap<K, Vec<Brief>>> {
    let mut briefs: HashMap<K, Vec<Brief>> = HashMap::new();
    if pairs.is_empty() {
        return Ok(briefs);
    }
    let ids: Vec<i64> = pairs.iter().map(|(_, incall)| *incall).collect();
    let mut extensions = extensions::briefs(call, connection, "incall", &ids)?;
    for (target, id) in pairs {
        let links = call.links("incalls", &format!("/incalls/{id}"));
        let brief = Brief { id, extensions: extensions.remove(&id).unwrap_or_default(), links };
        briefs.entry(target).or_default().push(brief);
    }
    Ok(briefs)
}
