//! What the database has against a key, and what it is stored as.

use super::store::KeyRow;
use super::types::Type;
use crate::domain::problems::{Problems, already_exists, missing_association, param_not_found};
use crate::domain::py::Py;
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Scope, uuid_at};
use crate::resources::parking_lots::{self, slots};
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;
use std::collections::HashSet;

/// A key of a body that its schema has read, as it is stored at a position of a template.
pub fn row(template_id: i64, position: i64, body: &Object) -> KeyRow {
    let mut arguments = body.get("destination").and_then(Value::as_object).cloned().unwrap_or_default();
    let kind = arguments.remove("type").and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
    let row = Type::named(&kind);
    if kind == "custom"
        && let Some(Value::String(exten)) = arguments.get_mut("exten")
    {
        *exten = exten.trim().to_owned();
    }
    let text = |name: &str| arguments.get(name).and_then(Value::as_str).map(str::to_owned);
    let asked = body.get("blf").and_then(Value::as_bool).unwrap_or(true);
    let blf = asked && row.is_some_and(|row| row.has_lamp(text));
    let reference = row.and_then(|row| row.reference.as_ref());
    let target = reference.and_then(|reference| arguments.remove(reference.argument)?.as_i64());
    let label = body.get("label").and_then(Value::as_str).map(str::to_owned);
    KeyRow { id: 0, template_id, position, label, blf, kind, target, arguments }
}

/// Everything that is against a key: its label, and what it names.
///
/// # Errors
/// The database can't be read.
pub fn judge(connection: &Connection, scope: &Scope, key: &KeyRow) -> Result<Problems> {
    let mut problems = Problems::default();
    if let Some(label) = key.label.as_deref().filter(|label| label.contains(['\n', '\r', '\t', ';'])) {
        let label = Py::from(label);
        problems.0.push(format!(
            "Input Error - field 'label': wrong type. Should be a string without special characters \
             (\\n \\r \\t ;) ('label': {label})"
        ));
    }
    let reference = Type::named(&key.kind).and_then(|row| row.reference.as_ref());
    if let (Some(reference), Some(target)) = (reference, key.target) {
        let tenant = match &reference.table {
            Some(table) => connection
                .prepare_cached(table.tenant)?
                .query_row([target], |row| uuid_at(row, 0))
                .optional()?,
            None => None,
        };
        if tenant.is_none_or(|tenant| !scope.sees(tenant)) {
            let meta = [(reference.argument, target.into())];
            problems.0.extend(param_not_found(reference.argument, reference.resource, &meta).0);
        } else if key.kind == "bsfilter" {
            problems.0.extend(outside_filter(connection, key.template_id, target)?.0);
        } else if key.kind == "park_position" {
            problems.0.extend(outside_lot(connection, target, key)?);
        }
    }
    Ok(problems)
}

/// Only who is in a call filter has a key that switches one of its secretaries.
fn outside_filter(connection: &Connection, template: i64, member: i64) -> Result<Problems> {
    let mut user = connection.prepare_cached(
        "SELECT t.user_id FROM func_key_template t WHERE t.id = ?1 AND NOT EXISTS (
             SELECT 1 FROM call_filter_member m
             JOIN call_filter_member own ON own.call_filter_id = m.call_filter_id AND own.user_id = t.user_id
             WHERE m.id = ?2)",
    )?;
    let user: Option<Option<i64>> = user.query_row([template, member], |row| row.get(0)).optional()?;
    Ok(user.map_or_else(Problems::default, |user| {
        missing_association("User", "BSFilter", &[("user_id", user.into())])
    }))
}

/// A slot that the lot does not have, in the words of the original.
fn outside_lot(connection: &Connection, lot: i64, key: &KeyRow) -> Result<Option<String>> {
    let Some(lot) = parking_lots::store::get(connection, lot)? else { return Ok(None) };
    let range = slots::number(&lot.slots_start).zip(slots::number(&lot.slots_end));
    let position = key.arguments.get("position").and_then(Value::as_i64).unwrap_or_default();
    Ok(range.filter(|(min, max)| !(min..=max).contains(&&position)).map(|(min, max)| {
        format!(
            "Input Error - position: {{'constraint_id': 'range', 'constraint': {{'min': {min}, 'max': {max}}}, \
             'message': 'Must be greater than or equal to {min} and less than or equal to {max}.'}}"
        )
    }))
}

/// Two keys of a set that do the same: the position of the second, and what is said of it.
pub fn judge_set(keys: &[KeyRow]) -> Option<(i64, Problems)> {
    let mut known = HashSet::with_capacity(keys.len());
    let twice = keys.iter().find(|key| !known.insert((&key.kind, key.target, described(key))))?;
    let arguments = described(twice);
    let meta: Vec<(&str, Py)> =
        arguments.iter().map(|(name, value)| (name.as_str(), printed(value))).collect();
    Some((twice.position, already_exists("destination", &meta)))
}

/// All arguments by name; for a type that has none, the type itself.
fn described(key: &KeyRow) -> Vec<(String, Value)> {
    let mut all = key.arguments.clone();
    let reference = Type::named(&key.kind).and_then(|row| row.reference.as_ref());
    if let (Some(reference), Some(target)) = (reference, key.target) {
        all.insert(reference.argument.to_owned(), Value::from(target));
    }
    if all.is_empty() {
        all.insert("feature".to_owned(), Value::from(key.kind.as_str()));
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn printed(value: &Value) -> Py {
    match value {
        Value::String(text) => text.as_str().into(),
        other => other.as_i64().into(),
    }
}
