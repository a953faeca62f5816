//! The tables that reach the model row by row.

use crate::domain::sip::{CallerId, user_caller_id};
use crate::error::Result;
use crate::model::{
    Context, ContextKind, Feature, Forward, Mailbox, Options, Recorded, Switches, Transport, User, Zone,
};
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;

/// Every row of a statement.
pub fn all<T>(
    connection: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
}

/// A column that holds a JSON list of pairs.
pub fn options(row: &Row<'_>, index: usize) -> rusqlite::Result<Options> {
    let text = row.get_ref(index)?.as_str()?;
    if text == "[]" {
        return Ok(Options::new());
    }
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
    })
}

pub fn transports(connection: &Connection) -> Result<Vec<Transport>> {
    all(connection, "SELECT name, options FROM sip_transport ORDER BY name", |row| {
        Ok(Transport { name: row.get(0)?, options: options(row, 1)? })
    })
}

pub fn contexts(connection: &Connection) -> Result<Vec<Context>> {
    let included = all(
        connection,
        "SELECT i.context_id, c.name FROM context_include i JOIN context c ON c.id = i.included_id
         WHERE c.enabled ORDER BY i.context_id, i.position",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
    )?;
    let mut includes: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (context, name) in included {
        includes.entry(context).or_default().push(name);
    }
    all(connection, "SELECT id, name, label, type, enabled, tenant_uuid FROM context ORDER BY name", |row| {
        Ok(Context {
            name: row.get(1)?,
            tenant_uuid: row.get(5)?,
            label: row.get(2)?,
            kind: match row.get_ref(3)?.as_str()? {
                "incall" => ContextKind::Incall,
                "outcall" => ContextKind::Outcall,
                "services" => ContextKind::Services,
                "others" => ContextKind::Others,
                _ => ContextKind::Internal,
            },
            enabled: row.get(4)?,
            includes: includes.remove(&row.get(0)?).unwrap_or_default(),
        })
    })
}

pub fn users(connection: &Connection) -> Result<Vec<User>> {
    let mut numbers = main_extensions(connection)?;
    let mut switches = switches(connection)?;
    let mut outside = outside_numbers(connection)?;
    let of_tenants = main_phone_numbers(connection)?;
    let [mut permissions, mut of_groups] = super::outgoing::of_users(connection)?;
    all(
        connection,
        "SELECT u.id, u.uuid, u.tenant_uuid, u.firstname, u.lastname, u.enabled, u.ring_seconds,
                u.simultaneous_calls, u.call_transfer_enabled, u.dtmf_hangup_enabled, u.supervision_enabled,
                u.music_on_hold, u.language, u.preprocess_subroutine,
                CASE WHEN v.enabled THEN v.number || '@' || v.context END, u.caller_id,
                u.outgoing_caller_id, u.call_permission_password, u.call_record_outgoing_internal_enabled,
                u.call_record_outgoing_external_enabled, u.call_record_incoming_internal_enabled,
                u.call_record_incoming_external_enabled, u.online_call_record_enabled
         FROM user u LEFT JOIN voicemail v ON v.id = u.voicemail_id ORDER BY u.id",
        |row| {
            let id = row.get(0)?;
            let (first, last): (String, Option<String>) = (row.get(3)?, row.get(4)?);
            let name = last.map_or_else(|| first.clone(), |last| format!("{first} {last}"));
            let tenant_uuid: String = row.get(2)?;
            let shown = shown_caller_id(&name, &row.get::<_, String>(15)?);
            Ok(User {
                id,
                uuid: row.get(1)?,
                outside_number: outside.remove(&id).or_else(|| of_tenants.get(&tenant_uuid).cloned()),
                tenant_uuid,
                name,
                caller_name: shown.name,
                caller_number: shown.num,
                enabled: row.get(5)?,
                ring_seconds: row.get(6)?,
                simultaneous_calls: row.get(7)?,
                call_transfer_enabled: row.get(8)?,
                dtmf_hangup_enabled: row.get(9)?,
                supervision_enabled: row.get(10)?,
                music_on_hold: row.get(11)?,
                language: row.get(12)?,
                subroutine: row.get(13)?,
                schedule: None,
                mailbox: row.get(14)?,
                main_extension: numbers.remove(&id),
                endpoints: Vec::new(),
                interfaces: Vec::new(),
                switches: switches.remove(&id).unwrap_or_default(),
                outgoing_caller_id: row.get(16)?,
                permission_password: row.get(17)?,
                recorded: Recorded {
                    outgoing_internal: row.get(18)?,
                    outgoing_external: row.get(19)?,
                    incoming_internal: row.get(20)?,
                    incoming_external: row.get(21)?,
                },
                may_record: row.get(22)?,
                permissions: permissions.remove(&id).unwrap_or_default(),
                group_permissions: of_groups.remove(&id).unwrap_or_default(),
            })
        },
    )
}

/// A user's caller id where it is not the name alone.
fn shown_caller_id(name: &str, caller_id: &str) -> CallerId {
    let plain = caller_id.strip_prefix('"').and_then(|text| text.strip_suffix('"')) == Some(name);
    if plain {
        return CallerId::default();
    }
    let mut shown = user_caller_id(caller_id);
    shown.name = shown.name.filter(|shown| shown != name);
    shown
}

/// What each user has switched, of those who ever did.
fn switches(connection: &Connection) -> Result<BTreeMap<i64, Switches>> {
    let rows = all(
        connection,
        "SELECT user_id, name, enabled, destination FROM user_switch ORDER BY user_id, name",
        |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let mut switches: BTreeMap<i64, Switches> = BTreeMap::new();
    for (user, name, enabled, number) in rows {
        let of_user = switches.entry(user).or_default();
        match name.as_str() {
            "dnd" => of_user.dnd = enabled,
            "incallfilter" => of_user.incallfilter = enabled,
            "mailbox" => of_user.mailbox_off = !enabled,
            "callrecord" => of_user.callrecord = enabled,
            "busy" => of_user.busy = Forward { enabled, number },
            "noanswer" => of_user.noanswer = Forward { enabled, number },
            _ => of_user.unconditional = Forward { enabled, number },
        }
    }
    Ok(switches)
}

/// The first number of the incalls that lead to each user.
fn outside_numbers(connection: &Connection) -> Result<BTreeMap<i64, String>> {
    let rows = all(
        connection,
        "SELECT CAST(d.target AS INTEGER), e.exten
         FROM destination d JOIN extension_use eu ON eu.kind = 'incall' AND eu.owner_id = d.owner_id
              JOIN extension e ON e.id = eu.extension_id
         WHERE d.owner = 'incall' AND d.type = 'user' AND e.enabled ORDER BY e.id DESC",
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    // The last one of a key stays: the oldest.
    Ok(rows.into_iter().collect())
}

/// The main number of each tenant.
fn main_phone_numbers(connection: &Connection) -> Result<BTreeMap<String, String>> {
    let sql = "SELECT tenant_uuid, number FROM phone_number WHERE main = 1 ORDER BY tenant_uuid";
    let rows = all(connection, sql, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.into_iter().collect())
}

/// Number and context of each user's main line's main extension.
fn main_extensions(connection: &Connection) -> Result<BTreeMap<i64, (String, String)>> {
    let rows = all(
        connection,
        "SELECT ul.user_id, e.exten, e.context
         FROM user_line ul JOIN line_extension le ON le.line_id = ul.line_id
              JOIN extension e ON e.id = le.extension_id
         WHERE e.enabled ORDER BY ul.user_id, ul.position, le.position",
        |row| Ok((row.get::<_, i64>(0)?, (row.get(1)?, row.get(2)?))),
    )?;
    let mut first = BTreeMap::new();
    for (user, number) in rows {
        first.entry(user).or_insert(number);
    }
    Ok(first)
}

pub fn mailboxes(connection: &Connection) -> Result<Vec<Mailbox>> {
    all(
        connection,
        "SELECT number, context, name, password, ask_password, email, pager, language, timezone,
                max_messages, attach_audio, delete_messages, options
         FROM voicemail WHERE enabled ORDER BY context, number",
        |row| {
            Ok(Mailbox {
                number: row.get(0)?,
                context: row.get(1)?,
                name: row.get(2)?,
                password: row.get(3)?,
                ask_password: row.get(4)?,
                email: row.get(5)?,
                pager: row.get(6)?,
                language: row.get(7)?,
                timezone: row.get(8)?,
                max_messages: row.get(9)?,
                attach_audio: row.get(10)?,
                delete_messages: row.get(11)?,
                options: options(row, 12)?,
            })
        },
    )
}

pub fn zones(connection: &Connection) -> Result<Vec<Zone>> {
    all(connection, "SELECT name, timezone, message FROM zonemessage ORDER BY position", |row| {
        Ok(Zone { name: row.get(0)?, timezone: row.get(1)?, message: row.get(2)? })
    })
}

pub fn features(connection: &Connection) -> Result<Vec<Feature>> {
    all(connection, "SELECT feature, exten FROM feature_extension WHERE enabled ORDER BY feature", |row| {
        Ok(Feature { name: row.get(0)?, exten: row.get(1)? })
    })
}
