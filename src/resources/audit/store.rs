//! SQL of the list of changes.

use super::View;
use crate::db::id_list;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing};
use rusqlite::{Connection, Row};

/// The newest first, unless asked otherwise.
pub static LISTING: Listing = Listing {
    id: "audit.id",
    from: "audit",
    tenant: Some("audit.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "audit.id").unsearched(),
        Column::text("date", "audit.at"),
        Column::text("account_uuid", "audit.account").ordered_by(NULLS_LAST),
        Column::text("source", "audit.source"),
        Column::text("address", "audit.address").ordered_by(NULLS_LAST),
        Column::text("method", "audit.method").ordered_by(NULLS_LAST),
        Column::text("path", "audit.path"),
    ],
    default_order: "-audit.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<View> {
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(View {
        id: row.get(0)?,
        date: row.get(1)?,
        tenant_uuid: row.get(2)?,
        account_uuid: row.get(3)?,
        source: row.get(4)?,
        address: row.get(5)?,
        method: row.get(6)?,
        path: row.get(7)?,
        before: json(row.get(8)?),
        after: json(row.get(9)?),
    })
}

/// The rows of these ids, in their order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut get = connection.prepare_cached(
        "SELECT a.id, a.at, a.tenant_uuid, a.account, a.source, a.address, a.method, a.path, a.before, a.after
         FROM json_each(?1) page CROSS JOIN audit a ON a.id = page.value ORDER BY page.key",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}
