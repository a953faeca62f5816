//! What can be dialled, and where calls go on.

use super::lines::Line;
use super::outgoing;
use super::rows::all;
use crate::error::Result;
use crate::model::{Destination, Extension, Reached, User};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, Row};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What an extension may reach: the line, or another resource's word and id.
type Candidate = (Option<i64>, Option<(String, i64)>);

/// The enabled extensions that reach something, by context and number.
pub fn extensions(connection: &Connection, lines: &BTreeMap<i64, Line>) -> Result<Vec<Extension>> {
    let rows = all(
        connection,
        "SELECT e.exten, e.context, le.line_id, eu.kind, eu.owner_id
         FROM extension e LEFT JOIN line_extension le ON le.extension_id = e.id
              LEFT JOIN extension_use eu ON eu.extension_id = e.id
         WHERE e.enabled ORDER BY e.context, e.exten, le.line_id",
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, candidate(row)?)),
    )?;
    let mut treatments = outgoing::treatments(connection)?;
    let mut extensions: Vec<Extension> = Vec::new();
    for (exten, context, reached) in rows {
        let reached = match reached {
            (_, Some((word, id))) if word == "outcall" => {
                let treatment = treatments.remove(&(exten.clone(), context.clone())).unwrap_or_default();
                Reached::Outcall { id, treatment }
            }
            (_, Some((word, id))) => Reached::Resource { word, id },
            (line, None) => {
                let line = line.and_then(|id| lines.get(&id));
                let Some(line) = line.filter(|line| line.endpoint_name.is_some() || line.interface.is_some())
                else {
                    continue;
                };
                if let Some(last) = extensions.last_mut().filter(|e| e.exten == exten && e.context == context)
                {
                    share(last, line);
                    continue;
                }
                Reached::Lines {
                    user: line.user.as_ref().map(|(id, _)| *id),
                    endpoints: line.endpoint_name.iter().cloned().collect(),
                    interfaces: line.interface.iter().cloned().collect(),
                }
            }
        };
        extensions.push(Extension { exten, context, reached });
    }
    Ok(extensions)
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    let word: Option<String> = row.get(3)?;
    let resource = word.map(|word| Ok::<_, rusqlite::Error>((word, row.get(4)?))).transpose()?;
    Ok((row.get(2)?, resource))
}

/// One more line with the same number.
fn share(extension: &mut Extension, line: &Line) {
    if let Reached::Lines { user, endpoints, interfaces } = &mut extension.reached {
        endpoints.extend(line.endpoint_name.clone());
        interfaces.extend(line.interface.clone());
        *user = user.or(line.user.as_ref().map(|(id, _)| *id));
    }
}

/// Every destination, by owner and event.
pub fn destinations(connection: &Connection) -> Result<Vec<Destination>> {
    all(
        connection,
        "SELECT d.owner, d.owner_id, d.event, d.type, d.target, d.arguments,
                CASE WHEN v.enabled THEN v.number || '@' || v.context END
         FROM destination d LEFT JOIN voicemail v ON d.type = 'voicemail' AND v.id = CAST(d.target AS INTEGER)
         ORDER BY d.owner, d.owner_id, d.event",
        |row| {
            Ok(Destination {
                owner: row.get(0)?,
                owner_id: row.get(1)?,
                event: row.get(2)?,
                kind: row.get(3)?,
                target: row.get(4)?,
                arguments: arguments(row.get_ref(5)?)?,
                mailbox: row.get(6)?,
            })
        },
    )
}

/// The members of a JSON object as texts: booleans as `true` and `false`, nothing for null.
fn arguments(column: ValueRef<'_>) -> rusqlite::Result<Vec<(String, String)>> {
    let text = column.as_str()?;
    if text == "{}" {
        return Ok(Vec::new());
    }
    let object: BTreeMap<String, Value> = serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(5, Type::Text, Box::new(error)))?;
    let texts = object.into_iter().filter_map(|(name, value)| match value {
        Value::Null => None,
        Value::String(text) => Some((name, text)),
        other => Some((name, other.to_string())),
    });
    Ok(texts.collect())
}

/// What custom function keys with a lamp watch: context of the user's main extension, and number.
pub fn watched(connection: &Connection, users: &[User]) -> Result<Vec<(String, String)>> {
    let rows = all(
        connection,
        "SELECT t.user_id, k.arguments ->> 'exten' FROM func_key k JOIN func_key_template t ON t.id = k.template_id
         WHERE k.type = 'custom' AND k.blf AND t.user_id IS NOT NULL
         UNION
         SELECT u.id, k.arguments ->> 'exten' FROM func_key k JOIN user u ON u.func_key_template_id = k.template_id
         WHERE k.type = 'custom' AND k.blf",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
    )?;
    let watched = rows.into_iter().filter_map(|(user, exten)| {
        let at = users.binary_search_by_key(&user, |user| user.id).ok()?;
        let (_, context) = users.get(at)?.main_extension.as_ref()?;
        Some((context.clone(), exten))
    });
    Ok(watched.collect::<BTreeSet<_>>().into_iter().collect())
}
