//! A context as the API shows it.

use super::{Context, Range, RangeKind, store};
use crate::error::Result;
use crate::http::{Call, Link};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A context as the API shows it, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub uuid: Uuid,
    pub name: String,
    pub label: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub user_ranges: Vec<Range>,
    pub group_ranges: Vec<Range>,
    pub queue_ranges: Vec<Range>,
    pub conference_room_ranges: Vec<Range>,
    pub incall_ranges: Vec<Range>,
    pub description: Option<String>,
    pub tenant_uuid: Uuid,
    pub enabled: bool,
    pub links: Vec<Link>,
    pub contexts: Vec<Included>,
}

/// An included context inside a [`View`].
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Included {
    pub id: i64,
    pub name: String,
    pub label: String,
    pub links: Vec<Link>,
}

/// The contexts as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut ranges: HashMap<(i64, RangeKind), Vec<Range>> = HashMap::new();
    for (context, kind, range) in store::ranges_of(connection, ids)? {
        ranges.entry((context, kind)).or_default().push(range);
    }
    let mut contexts: HashMap<i64, Vec<Included>> = HashMap::new();
    for (context, row) in store::includes_of(connection, ids)? {
        let links = call.links("contexts", &format!("/contexts/{}", row.id));
        let included = Included { links, id: row.id, name: row.name, label: row.label };
        contexts.entry(context).or_default().push(included);
    }
    let mut rows: HashMap<i64, Context> =
        store::get_many(connection, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let view = |id: &i64| {
        let row = rows.remove(id)?;
        let mut ranges = |kind| ranges.remove(&(*id, kind)).unwrap_or_default();
        Some(View {
            id: row.id,
            uuid: row.uuid,
            name: row.name,
            label: row.label,
            kind: row.kind,
            user_ranges: ranges(RangeKind::User),
            group_ranges: ranges(RangeKind::Group),
            queue_ranges: ranges(RangeKind::Queue),
            conference_room_ranges: ranges(RangeKind::Conference),
            incall_ranges: ranges(RangeKind::Incall),
            description: row.description,
            tenant_uuid: row.tenant_uuid,
            enabled: row.enabled,
            links: call.links("contexts", &format!("/contexts/{id}")),
            contexts: contexts.remove(id).unwrap_or_default(),
        })
    };
    Ok(ids.iter().filter_map(view).collect())
}
