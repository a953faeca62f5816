//! A parking lot as the API shows it.

use super::{ParkingLot, store};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::extensions;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;

/// A parking lot as the API shows it: its row's keys in the contract's order, then what belongs to it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    #[serde(flatten)]
    pub lot: ParkingLot,
    pub links: Vec<Link>,
    pub extensions: Vec<extensions::Brief>,
}

/// The parking lots as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut extensions = extensions::briefs(call, connection, "parking", ids)?;
    let mut rows: HashMap<i64, ParkingLot> =
        store::get_many(connection, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let shown = ids.iter().filter_map(|id| {
        let lot = rows.remove(id)?;
        let links = call.links("parkinglots", &format!("/parkinglots/{id}"));
        Some(View { lot, links, extensions: extensions.remove(id).unwrap_or_default() })
    });
    Ok(shown.collect())
}
