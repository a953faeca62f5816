//! The shorter views of the list (confd.md 2.4): one row a user, from the main line and its main extension.

use super::switches::{self, Service};
use crate::error::Result;
use crate::http::uuid_at;
use crate::resources::endpoints_sip;
use rusqlite::{Connection, Row};
use serde::Serialize;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// `view=directory`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Directory {
    pub id: i64,
    pub uuid: Uuid,
    pub line_id: Option<i64>,
    pub agent_id: Option<String>,
    pub firstname: String,
    pub lastname: Option<String>,
    pub email: Option<String>,
    pub exten: Option<String>,
    pub mobile_phone_number: Option<String>,
    pub voicemail_number: Option<String>,
    pub userfield: Option<String>,
    pub description: Option<String>,
    pub context: Option<String>,
}

/// `view=summary`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Summary {
    pub id: i64,
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
    pub email: Option<String>,
    pub extension: Option<String>,
    pub context: Option<String>,
    pub provisioning_code: Option<String>,
    pub protocol: Option<&'static str>,
    pub enabled: bool,
    pub subscription_type: i64,
    pub is_webrtc: bool,
}

/// `view=line_presence`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct LinePresence {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub lines: Vec<PresentLine>,
    pub services: PresentServices,
}

#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct PresentLine {
    pub id: i64,
    pub name: Option<String>,
    pub protocol: Option<&'static str>,
}

#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct PresentServices {
    pub dnd: Service,
}

/// The users of a page with their main line.
const PAGE: &str = "FROM json_each(?1) page
     CROSS JOIN user u ON u.id = page.value
     LEFT JOIN user_line ul ON ul.user_id = u.id AND ul.position = 0
     LEFT JOIN line l ON l.id = ul.line_id";
/// The number of that line's main extension.
const EXTEN: &str = "(SELECT e.exten FROM line_extension le JOIN extension e ON e.id = le.extension_id
     WHERE le.line_id = l.id AND e.enabled ORDER BY le.position LIMIT 1)";

fn rows<T>(
    connection: &Connection,
    sql: &str,
    ids: &[i64],
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut get = connection.prepare_cached(sql)?;
    let rows = get.query_map([json!(ids).to_string()], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The users as a directory shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn directory(connection: &Connection, ids: &[i64]) -> Result<Vec<Directory>> {
    let sql = format!(
        "SELECT u.id, u.uuid, l.id, u.firstname, u.lastname, u.email, {EXTEN}, u.mobile_phone_number,
            (SELECT v.number FROM voicemail v WHERE v.id = u.voicemail_id AND v.enabled),
            u.userfield, u.description, l.context,
            (SELECT CAST(a.agent_id AS TEXT) FROM user_agent a WHERE a.user_id = u.id) {PAGE} ORDER BY page.key"
    );
    rows(connection, &sql, ids, |row| {
        Ok(Directory {
            id: row.get(0)?,
            uuid: uuid_at(row, 1)?,
            line_id: row.get(2)?,
            agent_id: row.get(12)?,
            firstname: row.get(3)?,
            lastname: row.get(4)?,
            email: row.get(5)?,
            exten: row.get(6)?,
            mobile_phone_number: row.get(7)?,
            voicemail_number: row.get(8)?,
            userfield: row.get(9)?,
            description: row.get(10)?,
            context: row.get(11)?,
        })
    })
}

/// The users in a line each, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn summary(connection: &Connection, ids: &[i64]) -> Result<Vec<Summary>> {
    let sql = format!(
        "SELECT u.id, u.uuid, u.firstname, u.lastname, u.email, {EXTEN}, l.context, l.provisioning_code,
            u.enabled, u.subscription_type, l.endpoint_sip_uuid,
            l.endpoint_custom_id IS NOT NULL, l.endpoint_sccp_id IS NOT NULL
         {PAGE} ORDER BY page.key"
    );
    let rows = rows(connection, &sql, ids, |row| {
        let has_endpoint = row.get_ref(10)?.as_str_or_null()?.is_some();
        let endpoint = has_endpoint.then(|| uuid_at(row, 10)).transpose()?;
        let other = if row.get(11)? { Some("custom") } else { row.get::<_, bool>(12)?.then_some("sccp") };
        let summary = Summary {
            id: row.get(0)?,
            uuid: uuid_at(row, 1)?,
            firstname: row.get(2)?,
            lastname: row.get(3)?,
            email: row.get(4)?,
            extension: row.get(5)?,
            context: row.get(6)?,
            provisioning_code: row.get(7)?,
            protocol: has_endpoint.then_some("sip").or(other),
            enabled: row.get(8)?,
            subscription_type: row.get(9)?,
            is_webrtc: false,
        };
        Ok((summary, endpoint))
    })?;
    let endpoints: Vec<Uuid> = rows.iter().filter_map(|(_, endpoint)| *endpoint).collect();
    let webrtc = endpoints_sip::webrtc(connection, &endpoints)?;
    let marked = rows.into_iter().map(|(mut summary, endpoint)| {
        if endpoint.is_some_and(|uuid| webrtc.contains(&uuid)) {
            summary.is_webrtc = true;
            // A browser is not provisioned.
            summary.provisioning_code = None;
        }
        summary
    });
    Ok(marked.collect())
}

/// The users with the names of their lines, as presence needs them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn line_presence(connection: &Connection, ids: &[i64]) -> Result<Vec<LinePresence>> {
    let sql = "SELECT ul.user_id, l.id, e.name, c.interface, l.endpoint_sccp_id IS NOT NULL
         FROM json_each(?1) page CROSS JOIN user_line ul ON ul.user_id = page.value
         JOIN line l ON l.id = ul.line_id LEFT JOIN endpoint_sip e ON e.uuid = l.endpoint_sip_uuid
         LEFT JOIN endpoint_custom c ON c.id = l.endpoint_custom_id
         ORDER BY page.key, ul.position, l.id";
    let mut lines: HashMap<i64, Vec<PresentLine>> = HashMap::new();
    for (user, line) in rows(connection, sql, ids, |row| Ok((row.get(0)?, present_line(row)?)))? {
        lines.entry(user).or_default().push(line);
    }
    let switches = switches::of(connection, ids)?;
    let sql = "SELECT u.id, u.uuid, u.tenant_uuid
         FROM json_each(?1) page CROSS JOIN user u ON u.id = page.value ORDER BY page.key";
    let users =
        rows(connection, sql, ids, |row| Ok((row.get::<_, i64>(0)?, uuid_at(row, 1)?, uuid_at(row, 2)?)))?;
    let views = users.into_iter().map(|(id, uuid, tenant_uuid)| LinePresence {
        uuid,
        tenant_uuid,
        lines: lines.remove(&id).unwrap_or_default(),
        services: PresentServices {
            dnd: switches.get(&id).map_or_else(Service::default, |all| all.services.dnd),
        },
    });
    Ok(views.collect())
}

fn present_line(row: &Row<'_>) -> rusqlite::Result<PresentLine> {
    let (name, interface): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
    let protocol = name.as_ref().map(|_| "sip").or_else(|| interface.as_ref().map(|_| "custom"));
    let protocol = protocol.or(row.get::<_, bool>(4)?.then_some("sccp"));
    Ok(PresentLine { id: row.get(1)?, protocol, name: name.or(interface) })
}
