//! SQL of SIP endpoints and templates.

use super::{Kind, rules};
use crate::db::{WriteTx, execute, id_list};
use crate::domain::schema::Object;
use crate::domain::sip::{Options, SECTIONS, Sections};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

const LIST_COLUMNS: &[Column] = &[
    Column::text("name", "endpoint_sip.name"),
    Column::text("asterisk_id", "endpoint_sip.asterisk_id").ordered_by(NULLS_LAST),
    Column::text("label", "endpoint_sip.label").ordered_by(NULLS_LAST),
    Column::bool("template", "endpoint_sip.template"),
    Column::text("uuid", "endpoint_sip.uuid").any_of().unsearched(),
];

const fn listing(only: &'static str) -> Listing {
    Listing {
        id: "endpoint_sip.uuid",
        from: "endpoint_sip",
        tenant: Some("endpoint_sip.tenant_uuid"),
        only: Some(only),
        columns: LIST_COLUMNS,
        // Those without a label come last, as in the original's database.
        default_order: "endpoint_sip.label IS NULL {dir}, endpoint_sip.label {dir}, endpoint_sip.name {dir}",
    }
}

pub static ENDPOINTS: Listing = listing("endpoint_sip.template = 0");
pub static TEMPLATES: Listing = listing("endpoint_sip.template = 1");

/// A row, its lists parsed.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub label: Option<String>,
    pub kind: Kind,
    pub transport_uuid: Option<Uuid>,
    pub asterisk_id: Option<String>,
    pub options: Sections<Options>,
    /// In order.
    pub templates: Vec<Uuid>,
}

/// What [`read`] reads of the endpoint `e`, and after it the list of its templates.
const COLUMNS: &str = "SELECT e.uuid, e.tenant_uuid, e.name, e.label, e.template, e.transport_uuid, e.asterisk_id,
     e.aor_section_options, e.auth_section_options, e.endpoint_section_options, e.identify_section_options,
     e.registration_section_options, e.registration_outbound_auth_section_options, e.outbound_auth_section_options";
const TEMPLATES_OF: &str = "(SELECT json_group_array(t.template_uuid ORDER BY t.position)
      FROM endpoint_sip_template t WHERE t.endpoint_uuid = e.uuid)";

fn read(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    let transport = row.get_ref(5)?.as_str_or_null()?.map(|_| uuid_at(row, 5)).transpose()?;
    Ok(Endpoint {
        uuid: uuid_at(row, 0)?,
        tenant_uuid: uuid_at(row, 1)?,
        name: row.get(2)?,
        label: row.get(3)?,
        kind: if row.get(4)? { Kind::Template } else { Kind::Endpoint },
        transport_uuid: transport,
        asterisk_id: row.get(6)?,
        options: Sections {
            aor: json_at(row, 7)?,
            auth: json_at(row, 8)?,
            endpoint: json_at(row, 9)?,
            identify: json_at(row, 10)?,
            registration: json_at(row, 11)?,
            registration_outbound_auth: json_at(row, 12)?,
            outbound_auth: json_at(row, 13)?,
        },
        templates: json_at(row, 14)?,
    })
}

/// A column that holds a JSON list; most are empty.
fn json_at<T: DeserializeOwned + Default>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(index)?.as_str()?;
    if text == "[]" {
        return Ok(T::default());
    }
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error)))
}

/// The rows that `rest` of the statement, from its `FROM` on, finds.
fn select(connection: &Connection, rest: &str, params: impl Params) -> Result<Vec<Endpoint>> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS}, {TEMPLATES_OF} {rest}"))?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn get(connection: &Connection, uuid: Uuid) -> Result<Option<Endpoint>> {
    Ok(select(connection, "FROM endpoint_sip e WHERE e.uuid = ?1", [uuid.to_string()])?.pop())
}

/// Those that exist, in the order of `uuids`.
pub fn many(connection: &Connection, uuids: &[Uuid]) -> Result<Vec<Endpoint>> {
    let rest =
        "FROM json_each(?1) asked CROSS JOIN endpoint_sip e ON e.uuid = asked.value ORDER BY asked.key";
    select(connection, rest, [id_list(uuids)])
}

/// These and every template that they are made after, directly or not, each once.
pub fn with_templates(connection: &Connection, uuids: &[Uuid]) -> Result<Vec<Endpoint>> {
    let rest = "FROM endpoint_sip e WHERE e.uuid IN (
             WITH RECURSIVE used (uuid) AS (
                 SELECT value FROM json_each(?1)
                 UNION SELECT t.template_uuid FROM used JOIN endpoint_sip_template t ON t.endpoint_uuid = used.uuid
             ) SELECT uuid FROM used)
         ORDER BY e.uuid";
    select(connection, rest, [id_list(uuids)])
}

/// Those of which the merged options can hold `webrtc`: they name it themselves, or have a template.
pub fn may_be_webrtc(connection: &Connection, uuids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut some = connection.prepare_cached(
        "SELECT e.uuid FROM json_each(?1) asked CROSS JOIN endpoint_sip e ON e.uuid = asked.value
         WHERE instr(e.endpoint_section_options, '\"webrtc\"') > 0
            OR EXISTS (SELECT 1 FROM endpoint_sip_template t WHERE t.endpoint_uuid = e.uuid)
         ORDER BY asked.key",
    )?;
    Ok(some.query_map([id_list(uuids)], |row| uuid_at(row, 0))?.collect::<rusqlite::Result<_>>()?)
}

/// Every endpoint and template of every tenant, by name. The templates come from a statement of their own: one
/// statement for each of ten thousand endpoints would take longer than all the rest.
pub fn all(connection: &Connection) -> Result<Vec<Endpoint>> {
    let mut all =
        connection.prepare_cached(&format!("{COLUMNS}, '[]' FROM endpoint_sip e ORDER BY e.name"))?;
    let mut rows: Vec<Endpoint> = all.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    let mut templates: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let mut used = connection.prepare_cached(
        "SELECT endpoint_uuid, template_uuid FROM endpoint_sip_template ORDER BY endpoint_uuid, position",
    )?;
    for row in used.query_map([], |row| Ok((uuid_at(row, 0)?, uuid_at(row, 1)?)))? {
        let (endpoint, template) = row?;
        templates.entry(endpoint).or_default().push(template);
    }
    for row in &mut rows {
        row.templates = templates.remove(&row.uuid).unwrap_or_default();
    }
    Ok(rows)
}

pub fn by_name(connection: &Connection, name: &str) -> Result<Option<(Uuid, Kind)>> {
    let mut get = connection.prepare_cached("SELECT uuid, template FROM endpoint_sip WHERE name = ?1")?;
    let row = get.query_row([name], |row| {
        Ok((uuid_at(row, 0)?, if row.get(1)? { Kind::Template } else { Kind::Endpoint }))
    });
    Ok(row.optional()?)
}

/// Stores a whole body under a new uuid.
pub fn insert(tx: &WriteTx, uuid: Uuid, tenant: Uuid, kind: Kind, body: &Object) -> Result<()> {
    let mut row = columns(body);
    row.insert("uuid".to_owned(), Value::from(uuid.to_string()));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    row.insert("template".to_owned(), Value::from(kind == Kind::Template));
    let mut insert = tx.prepare_cached(
        "INSERT INTO endpoint_sip (uuid, tenant_uuid, name, label, template, transport_uuid, asterisk_id,
             aor_section_options, auth_section_options, endpoint_section_options, identify_section_options,
             registration_section_options, registration_outbound_auth_section_options,
             outbound_auth_section_options)
         VALUES (:uuid, :tenant_uuid, :name, :label, :template, :transport_uuid, :asterisk_id,
             :aor_section_options, :auth_section_options, :endpoint_section_options, :identify_section_options,
             :registration_section_options, :registration_outbound_auth_section_options,
             :outbound_auth_section_options)",
    )?;
    execute(&mut insert, &row)?;
    replace_templates(tx, uuid, body)
}

/// Stores what the body gives; the rest stays.
pub fn update(tx: &WriteTx, endpoint: &Endpoint, body: &Object) -> Result<()> {
    let mut row = Object::new();
    row.insert("uuid".to_owned(), Value::from(endpoint.uuid.to_string()));
    row.insert("name".to_owned(), Value::from(endpoint.name.as_str()));
    row.insert("label".to_owned(), serde_json::to_value(&endpoint.label)?);
    row.insert("transport_uuid".to_owned(), serde_json::to_value(endpoint.transport_uuid)?);
    row.insert("asterisk_id".to_owned(), serde_json::to_value(&endpoint.asterisk_id)?);
    for (field, list) in SECTIONS.each().into_iter().zip(endpoint.options.each()) {
        row.insert((*field).to_owned(), serde_json::to_value(list)?);
    }
    row.extend(columns(body));
    let mut update = tx.prepare_cached(
        "UPDATE endpoint_sip SET name = :name, label = :label, transport_uuid = :transport_uuid,
             asterisk_id = :asterisk_id, aor_section_options = :aor_section_options,
             auth_section_options = :auth_section_options, endpoint_section_options = :endpoint_section_options,
             identify_section_options = :identify_section_options,
             registration_section_options = :registration_section_options,
             registration_outbound_auth_section_options = :registration_outbound_auth_section_options,
             outbound_auth_section_options = :outbound_auth_section_options
         WHERE uuid = :uuid",
    )?;
    execute(&mut update, &row)?;
    replace_templates(tx, endpoint.uuid, body)
}

/// Replaces one list, that of the endpoint section.
pub fn set_endpoint_options(tx: &WriteTx, uuid: Uuid, options: &Options) -> Result<()> {
    tx.prepare_cached("UPDATE endpoint_sip SET endpoint_section_options = ?2 WHERE uuid = ?1")?
        .execute(params![uuid.to_string(), serde_json::to_string(options)?])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, uuid: Uuid) -> Result<()> {
    tx.prepare_cached("DELETE FROM endpoint_sip WHERE uuid = ?1")?.execute([uuid.to_string()])?;
    Ok(())
}

/// A body as columns: the transport by its uuid.
fn columns(body: &Object) -> Object {
    let mut row = body.clone();
    if body.contains_key("transport") {
        let uuid = rules::transport_uuid(body).map(|uuid| uuid.to_string());
        row.insert("transport_uuid".to_owned(), uuid.map_or(Value::Null, Value::from));
    }
    row
}

fn replace_templates(tx: &WriteTx, uuid: Uuid, body: &Object) -> Result<()> {
    let Some(templates) = rules::template_uuids(body) else { return Ok(()) };
    tx.prepare_cached("DELETE FROM endpoint_sip_template WHERE endpoint_uuid = ?1")?
        .execute([uuid.to_string()])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO endpoint_sip_template (endpoint_uuid, position, template_uuid) VALUES (?1, ?2, ?3)",
    )?;
    for (position, template) in (0_i64..).zip(templates) {
        insert.execute(params![uuid.to_string(), position, template.to_string()])?;
    }
    Ok(())
}

/// Remembers which template of a tenant has which part in it.
pub fn remember_default(tx: &WriteTx, tenant: Uuid, role: &str, uuid: Uuid) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO tenant_sip_template (tenant_uuid, role, endpoint_uuid) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![tenant.to_string(), role, uuid.to_string()])?;
    Ok(())
}

/// The lines of these endpoints: endpoint, line.
pub fn lines(connection: &Connection, uuids: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    let mut lines = connection.prepare_cached(
        "SELECT line.endpoint_sip_uuid, line.id
         FROM json_each(?1) asked CROSS JOIN line ON line.endpoint_sip_uuid = asked.value ORDER BY line.id",
    )?;
    let rows = lines.query_map([id_list(uuids)], |row| Ok((uuid_at(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The trunks of these endpoints: endpoint, trunk.
pub fn trunks(connection: &Connection, uuids: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    let mut trunks = connection.prepare_cached(
        "SELECT trunk.endpoint_sip_uuid, trunk.id
         FROM json_each(?1) asked CROSS JOIN trunk ON trunk.endpoint_sip_uuid = asked.value ORDER BY trunk.id",
    )?;
    let rows = trunks.query_map([id_list(uuids)], |row| Ok((uuid_at(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The labels of the templates of these endpoints: template, label.
pub fn template_labels(connection: &Connection, uuids: &[Uuid]) -> Result<Vec<(Uuid, Option<String>)>> {
    let mut labels = connection.prepare_cached(
        "SELECT DISTINCT e.uuid, e.label
         FROM json_each(?1) asked CROSS JOIN endpoint_sip_template t ON t.endpoint_uuid = asked.value
         JOIN endpoint_sip e ON e.uuid = t.template_uuid ORDER BY e.uuid",
    )?;
    let rows = labels.query_map([id_list(uuids)], |row| Ok((uuid_at(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Did the tenant get its default templates already?
pub fn has_defaults(connection: &Connection, tenant: Uuid) -> Result<bool> {
    let mut some = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM tenant_sip_template WHERE tenant_uuid = ?1)")?;
    Ok(some.query_row([tenant.to_string()], |row| row.get(0))?)
}
