//! `GET /users/export`: what `POST /users/import` reads, and a little more.

use crate::error::{Error, Result};
use crate::http::{Answer, Call};
use csv::Writer;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The columns in the contract's order, each with how it is read: `u` is the user, `v` the mailbox, `l` the main line,
/// `s` its SIP endpoint.
static COLUMNS: [(&str, &str); 39] = [
    ("uuid", "u.uuid"),
    ("subscription_type", "nullif(u.subscription_type, 0)"),
    ("firstname", "u.firstname"),
    ("lastname", "u.lastname"),
    ("email", "u.email"),
    ("mobile_phone_number", "u.mobile_phone_number"),
    ("outgoing_caller_id", "u.outgoing_caller_id"),
    ("language", "u.language"),
    ("call_permission_password", "u.call_permission_password"),
    ("enabled", "u.enabled"),
    ("ring_seconds", "nullif(u.ring_seconds, 0)"),
    ("simultaneous_calls", "u.simultaneous_calls"),
    ("supervision_enabled", "u.supervision_enabled"),
    ("call_transfer_enabled", "u.call_transfer_enabled"),
    ("dtmf_hangup_enabled", "u.dtmf_hangup_enabled"),
    ("call_record_outgoing_external_enabled", "u.call_record_outgoing_external_enabled"),
    ("call_record_outgoing_internal_enabled", "u.call_record_outgoing_internal_enabled"),
    ("call_record_incoming_external_enabled", "u.call_record_incoming_external_enabled"),
    ("call_record_incoming_internal_enabled", "u.call_record_incoming_internal_enabled"),
    ("online_call_record_enabled", "u.online_call_record_enabled"),
    ("userfield", "u.userfield"),
    ("voicemail_name", "v.name"),
    ("voicemail_number", "v.number"),
    ("voicemail_context", "v.context"),
    ("voicemail_password", "v.password"),
    ("voicemail_email", "v.email"),
    ("voicemail_attach_audio", "v.attach_audio"),
    ("voicemail_delete_messages", "v.delete_messages"),
    ("voicemail_ask_password", "v.ask_password"),
    ("line_protocol", PROTOCOL),
    ("provisioning_code", "l.provisioning_code"),
    ("context", "l.context"),
    (
        "sip_username",
        "coalesce((SELECT json_extract(o.value, '$[1]') FROM json_each(s.auth_section_options) o
         WHERE json_extract(o.value, '$[0]') = 'username' ORDER BY o.key DESC LIMIT 1), s.name)",
    ),
    (
        "sip_secret",
        "(SELECT json_extract(o.value, '$[1]') FROM json_each(s.auth_section_options) o
         WHERE json_extract(o.value, '$[0]') = 'password' ORDER BY o.key DESC LIMIT 1)",
    ),
    (
        "exten",
        "(SELECT x.exten FROM line_extension lx JOIN extension x ON x.id = lx.extension_id
         WHERE lx.line_id = l.id ORDER BY lx.position LIMIT 1)",
    ),
    (
        "incall_exten",
        "(SELECT group_concat(x.exten, ';' ORDER BY d.owner_id, x.id) FROM destination d
         JOIN extension_use eu ON eu.kind = 'incall' AND eu.owner_id = d.owner_id
         JOIN extension x ON x.id = eu.extension_id
         WHERE d.type = 'user' AND d.target = CAST(u.id AS TEXT) AND d.owner = 'incall')",
    ),
    (
        "incall_context",
        "(SELECT group_concat(x.context, ';' ORDER BY d.owner_id, x.id) FROM destination d
         JOIN extension_use eu ON eu.kind = 'incall' AND eu.owner_id = d.owner_id
         JOIN extension x ON x.id = eu.extension_id
         WHERE d.type = 'user' AND d.target = CAST(u.id AS TEXT) AND d.owner = 'incall')",
    ),
    (
        "call_permissions",
        "(SELECT group_concat(p.name, ';' ORDER BY p.name) FROM call_permission_user pu
         JOIN call_permission p ON p.id = pu.call_permission_id WHERE pu.user_id = u.id)",
    ),
    ("username", "(SELECT a.username FROM account a WHERE a.uuid = u.uuid)"),
];

/// `webrtc` when the endpoint has the tenant's template of that part.
const PROTOCOL: &str = "CASE
    WHEN EXISTS (SELECT 1 FROM endpoint_sip_template t JOIN tenant_sip_template d ON d.endpoint_uuid = t.template_uuid
        WHERE t.endpoint_uuid = s.uuid AND d.role = 'webrtc') THEN 'webrtc'
    WHEN s.uuid IS NOT NULL THEN 'sip' WHEN l.endpoint_custom_id IS NOT NULL THEN 'custom'
    WHEN l.endpoint_sccp_id IS NOT NULL THEN 'sccp' END";

/// The users as JSON: every cell is a text.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Table {
    headers: Vec<&'static str>,
    #[schemars(with = "Vec<BTreeMap<String, String>>")]
    content: Vec<Map<String, Value>>,
}

/// All users of the tenant, as CSV unless JSON is asked for by name.
pub fn export_users(call: &Call, connection: &Connection) -> Result<Answer> {
    let rows = rows(connection, &call.scope().tenant.to_string())?;
    let headers = COLUMNS.map(|(name, _)| name);
    if call.accepts("application/json") && !call.accepts("text/csv") {
        let content = rows
            .into_iter()
            .map(|row| headers.iter().map(|name| (*name).to_owned()).zip(row.into_iter().map(Value::from)))
            .map(Iterator::collect)
            .collect();
        return Answer::json(&Table { headers: headers.to_vec(), content });
    }
    let mut writer = Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| Error::Internal(format!("The users can't be written as CSV: {error}"));
    writer.write_record(headers).map_err(wrong)?;
    for row in rows {
        writer.write_record(&row).map_err(wrong)?;
    }
    let body = writer.into_inner().map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Answer::File { content_type: "text/csv; charset=utf-8", body })
}

/// Every cell as text; what is null is empty.
fn rows(connection: &Connection, tenant: &str) -> Result<Vec<Vec<String>>> {
    let columns: Vec<&str> = COLUMNS.iter().map(|(_, sql)| *sql).collect();
    let mut select = connection.prepare_cached(&format!(
        "SELECT {} FROM user u
         LEFT JOIN voicemail v ON v.id = u.voicemail_id
         LEFT JOIN user_line ul ON ul.user_id = u.id AND ul.position = 0
         LEFT JOIN line l ON l.id = ul.line_id
         LEFT JOIN endpoint_sip s ON s.uuid = l.endpoint_sip_uuid
         WHERE u.tenant_uuid = ?1 ORDER BY u.id",
        columns.join(", ")
    ))?;
    let mut found = select.query([tenant])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let cell = |index: usize| -> rusqlite::Result<String> {
            Ok(match row.get_ref(index)? {
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => String::new(),
            })
        };
        rows.push((0..COLUMNS.len()).map(cell).collect::<rusqlite::Result<_>>()?);
    }
    Ok(rows)
}
