//! A conference as the API shows it.

use super::{Conference, store};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::{extensions, incalls};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;

/// A conference as the API shows it: its row's keys in the contract's order, then what belongs to it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    #[serde(flatten)]
    pub conference: Conference,
    pub links: Vec<Link>,
    pub extensions: Vec<extensions::Brief>,
    pub incalls: Vec<incalls::Brief>,
}

/// The conferences as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut extensions = extensions::briefs(call, connection, "conference", ids)?;
    let mut incalls = incalls::pointing_at(call, connection, "conference", ids)?;
    let mut rows: HashMap<i64, Conference> =
        store::get_many(connection, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let shown = ids.iter().filter_map(|id| {
        let conference = rows.remove(id)?;
        Some(View {
            links: call.links("conferences", &format!("/conferences/{id}")),
            conference,
            extensions: extensions.remove(id).unwrap_or_default(),
            incalls: incalls.remove(id).unwrap_or_default(),
        })
    });
    Ok(shown.collect())
}
