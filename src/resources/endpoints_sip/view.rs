//! Endpoints as the API shows them.

use super::{Endpoint, Kind, store};
use crate::domain::sip::{Options, Resolver, Sections, Source};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::endpoint::Owner;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// An endpoint or a template, keys in the contract's order.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct View {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub label: Option<String>,
    #[serde(flatten)]
    pub options: Sections<Options>,
    pub templates: Vec<TemplateView>,
    pub transport: Option<TransportView>,
    pub asterisk_id: Option<String>,
    pub links: Vec<Link>,
    /// What uses it; a template does not have these keys.
    #[serde(flatten)]
    pub used_by: Option<UsedBy>,
}

#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct TemplateView {
    pub uuid: Uuid,
    pub label: Option<String>,
}

#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct TransportView {
    pub uuid: Uuid,
}

#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct UsedBy {
    pub trunk: Option<Owner>,
    pub line: Option<Owner>,
}

/// The endpoints or templates as the API shows them, in the order of `uuids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, uuids: &[Uuid]) -> Result<Vec<View>> {
    let rows = store::many(connection, uuids)?;
    let labels = match rows.iter().any(|row| !row.templates.is_empty()) {
        true => store::template_labels(connection, uuids)?.into_iter().collect(),
        false => HashMap::new(),
    };
    let lines: HashMap<_, _> = store::lines(connection, uuids)?.into_iter().collect();
    let trunks: HashMap<_, _> = store::trunks(connection, uuids)?.into_iter().collect();
    let shown = rows.into_iter().map(|row| {
        let trunk = trunks.get(&row.uuid).map(|id| Owner::trunk(call, *id));
        let line = lines.get(&row.uuid).map(|id| Owner::line(call, *id));
        view(call, row, &labels, UsedBy { trunk, line })
    });
    Ok(shown.collect())
}

fn view(call: &Call, row: Endpoint, labels: &HashMap<Uuid, Option<String>>, used_by: UsedBy) -> View {
    let label = |uuid: &Uuid| labels.get(uuid).cloned().flatten();
    let (links, used_by) = match row.kind {
        Kind::Endpoint => {
            (call.links("endpoint_sip", &format!("/endpoints/sip/{}", row.uuid)), Some(used_by))
        }
        Kind::Template => {
            (call.links("endpoint_sip_templates", &format!("/endpoints/sip/templates/{}", row.uuid)), None)
        }
    };
    View {
        uuid: row.uuid,
        tenant_uuid: row.tenant_uuid,
        name: row.name,
        label: row.label,
        options: row.options,
        templates: row
            .templates
            .iter()
            .map(|uuid| TemplateView { uuid: *uuid, label: label(uuid) })
            .collect(),
        transport: row.transport_uuid.map(|uuid| TransportView { uuid }),
        asterisk_id: row.asterisk_id,
        links,
        used_by,
    }
}

/// An endpoint's lists with its templates merged in, one entry a key (`view=merged`).
///
/// # Errors
/// The database can't be read.
pub fn merged(connection: &Connection, uuid: Uuid) -> Result<Sections<Options>> {
    let rows = store::with_templates(connection, &[uuid])?;
    let mut resolver = Resolver::shown(sources(&rows));
    let Some(row) = rows.iter().find(|row| row.uuid == uuid) else { return Ok(Sections::default()) };
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    Ok(resolver.merge(source(row)).options.map(|list| list.iter().map(owned).collect()))
}

/// Which of these endpoints are for a browser: their merged option `webrtc` says so.
///
/// # Errors
/// The database can't be read.
pub fn webrtc(connection: &Connection, uuids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut found = HashSet::new();
    let candidates = store::may_be_webrtc(connection, uuids)?;
    if candidates.is_empty() {
        return Ok(found);
    }
    let rows = store::with_templates(connection, &candidates)?;
    let mut resolver = Resolver::shown(sources(&rows));
    for row in rows.iter().filter(|row| row.kind == Kind::Endpoint) {
        let merged = resolver.merge(source(row));
        let on = |(key, value): &(&str, &str)| *key == "webrtc" && truthy(value);
        if merged.options.endpoint.iter().any(on) {
            found.insert(row.uuid);
        }
    }
    Ok(found)
}

/// Asterisk's own idea of yes.
fn truthy(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "yes" | "true" | "y" | "t" | "1" | "on")
}

/// Rows as the resolver takes them.
pub fn sources(rows: &[Endpoint]) -> HashMap<Uuid, Source<'_, Uuid>> {
    let templates = rows.iter().filter(|row| row.kind == Kind::Template);
    templates.map(|row| (row.uuid, source(row))).collect()
}

/// A row as the resolver takes it.
pub fn source(row: &Endpoint) -> Source<'_, Uuid> {
    Source { options: &row.options, templates: &row.templates, transport: row.transport_uuid }
}
