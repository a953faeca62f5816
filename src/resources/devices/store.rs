//! SQL of devices.

use super::Device;
use crate::db::{WriteTx, execute, id_list};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, Row, params};
use serde_json::Value;
use uuid::Uuid;

const COLUMNS: &[Column] = &[
    Column::text("id", "device.id"),
    Column::text("ip", "device.ip").ordered_by(NULLS_LAST),
    Column::text("mac", "device.mac").ordered_by(NULLS_LAST),
    Column::text("sn", "device.sn").ordered_by(NULLS_LAST),
    Column::text("plugin", "device.plugin").ordered_by(NULLS_LAST),
    Column::text("vendor", "device.vendor").ordered_by(NULLS_LAST),
    Column::text("model", "device.model").ordered_by(NULLS_LAST),
    Column::text("version", "device.version").ordered_by(NULLS_LAST),
    Column::text("description", "device.description").ordered_by(NULLS_LAST),
    Column::text("template_id", "device.template_id").ordered_by(NULLS_LAST),
];

const fn listing(tenant: Option<&'static str>, only: Option<&'static str>) -> Listing {
    Listing {
        id: "device.id",
        from: "device",
        tenant,
        only,
        columns: COLUMNS,
        default_order: "device.mac IS NULL {dir}, device.mac {dir}, device.id {dir}",
    }
}

pub static LISTING: Listing = listing(Some("device.tenant_uuid"), None);
/// Whose they are is not asked.
pub static UNALLOCATED: Listing = listing(
    None,
    Some("device.is_new AND device.tenant_uuid = (SELECT uuid FROM tenant WHERE parent_uuid IS NULL)"),
);

fn read(row: &Row<'_>) -> rusqlite::Result<Device> {
    let mut body = Object::new();
    for (index, name) in row.as_ref().column_names().into_iter().enumerate().skip(4).take(9) {
        body.insert(name.to_owned(), row.get::<_, Option<String>>(index)?.map_or(Value::Null, Value::from));
    }
    let options: String = row.get(13)?;
    body.insert("options".to_owned(), serde_json::from_str(&options).unwrap_or_default());
    let lines: String = row.get(3)?;
    Ok(Device {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        is_new: row.get(2)?,
        lines: serde_json::from_str(&lines).unwrap_or_default(),
        body,
    })
}

pub fn get(connection: &Connection, id: &str) -> Result<Option<Device>> {
    Ok(many(connection, &[id.to_owned()])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[String]) -> Result<Vec<Device>> {
    let mut get = connection.prepare_cached(
        "SELECT d.id, d.tenant_uuid, d.is_new,
             (SELECT json_group_array(l.id ORDER BY l.id) FROM line l WHERE l.device_id = d.id),
             d.ip, d.mac, d.sn, d.plugin, d.vendor, d.model, d.version, d.description, d.template_id, d.options
         FROM json_each(?1) asked CROSS JOIN device d ON d.id = asked.value ORDER BY asked.key",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The device with this MAC address, in small letters.
pub fn with_mac(connection: &Connection, mac: &str) -> Result<Option<String>> {
    let mut get = connection.prepare_cached("SELECT id FROM device WHERE mac = ?1")?;
    let mut rows = get.query([mac])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

pub fn insert(tx: &WriteTx, id: &str, tenant: Uuid, body: &Object) -> Result<()> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(id));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    let mut insert = tx.prepare_cached(
        "INSERT INTO device (id, tenant_uuid, is_new, ip, mac, sn, plugin, vendor, model, version, description,
             template_id, options)
         VALUES (:id, :tenant_uuid, 0, :ip, :mac, :sn, :plugin, :vendor, :model, :version, :description,
             :template_id, :options)",
    )?;
    execute(&mut insert, &row)?;
    Ok(())
}

pub fn update(tx: &WriteTx, id: &str, body: &Object) -> Result<()> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(id));
    let mut update = tx.prepare_cached(
        "UPDATE device SET ip = :ip, mac = :mac, sn = :sn, plugin = :plugin, vendor = :vendor, model = :model,
             version = :version, description = :description, template_id = :template_id, options = :options
         WHERE id = :id",
    )?;
    execute(&mut update, &row)?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: &str) -> Result<()> {
    tx.prepare_cached("DELETE FROM device WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Gives a device that nobody has taken yet to a tenant; tells how many these were.
pub fn take(tx: &WriteTx, id: &str, tenant: Uuid) -> Result<usize> {
    let mut take = tx.prepare_cached(
        "UPDATE device SET tenant_uuid = ?2, is_new = 0 WHERE id = ?1 AND is_new
             AND tenant_uuid = (SELECT uuid FROM tenant WHERE parent_uuid IS NULL)",
    )?;
    Ok(take.execute(params![id, tenant.to_string()])?)
}

pub fn set_line(tx: &WriteTx, line: i64, device: Option<&str>) -> Result<()> {
    tx.prepare_cached("UPDATE line SET device_id = ?2 WHERE id = ?1")?.execute(params![line, device])?;
    Ok(())
}
