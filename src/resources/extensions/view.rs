//! An extension as the API shows it.

use super::store;
use crate::error::Result;
use crate::http::{Call, Link};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// An extension as the API shows it, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub exten: String,
    pub context: String,
    pub commented: bool,
    pub enabled: bool,
    pub links: Vec<Link>,
    pub conference: Option<Reached>,
    pub parking_lot: Option<Reached>,
    pub group: Option<Reached>,
    pub incall: Option<Reached>,
    pub lines: Vec<Reached>,
    pub outcall: Option<Reached>,
    pub queue: Option<Reached>,
}

/// What is reached by dialling the extension; keys that its kind does not have are left out.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Reached {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<Uuid>,
    pub id: i64,
    /// `Some(None)` is shown as null: a line without endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Option<String>>,
    /// `Some(None)` is shown as null: a queue without a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Option<String>>,
    pub links: Vec<Link>,
}

impl Reached {
    /// What [`store::uses_of`] found.
    fn of(call: &Call, used: store::Use) -> Option<Reached> {
        let id = used.owner_id;
        let (rel, path, uuid) = match used.kind.as_str() {
            "conference" => ("conferences", format!("/conferences/{id}"), None),
            "group" => ("groups", format!("/groups/{}", used.uuid?), used.uuid),
            "incall" => ("incalls", format!("/incalls/{id}"), None),
            "parking" => ("parkinglots", format!("/parkinglots/{id}"), None),
            "outcall" => ("outcalls", format!("/outcalls/{id}"), None),
            "queue" => ("queues", format!("/queues/{id}"), None),
            _ => return None,
        };
        let label = (used.kind == "queue").then_some(used.label);
        Some(Reached { uuid, id, name: used.name.map(Some), label, links: call.links(rel, &path) })
    }
}

/// An extension inside what it reaches.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub id: i64,
    pub exten: String,
    pub context: String,
    pub links: Vec<Link>,
}

/// The extensions of the resources of one word (`group`, `incall` …), by the resource's id.
///
/// # Errors
/// The database can't be read.
pub fn briefs(
    call: &Call,
    connection: &Connection,
    word: &str,
    owners: &[i64],
) -> Result<HashMap<i64, Vec<Brief>>> {
    let mut briefs: HashMap<i64, Vec<Brief>> = HashMap::new();
    for (owner, row) in store::extensions_of(connection, word, owners)? {
        let links = call.links("extensions", &format!("/extensions/{}", row.id));
        let brief = Brief { id: row.id, exten: row.exten, context: row.context, links };
        briefs.entry(owner).or_default().push(brief);
    }
    Ok(briefs)
}

/// The extensions as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut lines: HashMap<i64, Vec<Reached>> = HashMap::new();
    for (extension, line, name) in store::lines_of(connection, ids)? {
        let links = call.links("lines", &format!("/lines/{line}"));
        let reached = Reached { uuid: None, id: line, name: Some(name), label: None, links };
        lines.entry(extension).or_default().push(reached);
    }
    let mut uses: HashMap<i64, store::Use> =
        store::uses_of(connection, ids)?.into_iter().map(|used| (used.extension_id, used)).collect();
    let mut rows: HashMap<i64, _> =
        store::get_many(connection, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let view = |id: &i64| {
        let row = rows.remove(id)?;
        let used = uses.remove(id);
        let kind = used.as_ref().map(|used| used.kind.clone()).unwrap_or_default();
        let mut reached = used.and_then(|used| Reached::of(call, used));
        let mut of = |word: &str| if kind == word { reached.take() } else { None };
        Some(View {
            id: row.id,
            tenant_uuid: row.tenant_uuid,
            exten: row.exten,
            context: row.context,
            commented: !row.enabled,
            enabled: row.enabled,
            links: call.links("extensions", &format!("/extensions/{id}")),
            conference: of("conference"),
            parking_lot: of("parking"),
            group: of("group"),
            incall: of("incall"),
            lines: lines.remove(id).unwrap_or_default(),
            outcall: of("outcall"),
            queue: of("queue"),
        })
    };
    Ok(ids.iter().filter_map(view).collect())
}
