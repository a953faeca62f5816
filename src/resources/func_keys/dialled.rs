//! `GET /cordboard/users/{user}/funckeys`: a user's keys as a phone is told of them, each with the number that it dials
//! (behaviour.md 9). Devices are not provisioned: whoever sets up a phone finds here what to put on its keys.

use super::codes::Codes;
use super::store::{self, KeyRow};
use super::types::{Dials, Type};
use crate::domain::programmable;
use crate::error::Result;
use crate::http::{Answer, Call, Page, Route};
use crate::resources::users::found;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

pub fn routes() -> Vec<Route> {
    let path = "/cordboard/users/{user:key}/funckeys";
    vec![Route::read(path, "List what a user's function keys dial", list_dialled).lists::<Dialled>()]
}

/// A key as a phone is told of it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Dialled {
    position: i64,
    label: Option<String>,
    /// `blf` with a lamp, else `speeddial`; `dtmf` for digits in the middle of a call.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Null when there is nothing to dial: a code that is switched off, a user without a number.
    number: Option<String>,
}

fn list_dialled(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = found(call, connection)?.id;
    let (own, given) = (store::own(connection, user)?, store::given(connection, user)?);
    let mut keys: BTreeMap<i64, KeyRow> = BTreeMap::new();
    for template in given.iter().chain(&own) {
        keys.extend(store::keys(connection, &[template.id])?.into_iter().map(|key| (key.position, key)));
    }
    let codes = Codes::load(connection)?;
    let mut items = Vec::with_capacity(keys.len());
    for key in keys.into_values() {
        let number = number(connection, &codes, user, &key)?;
        let in_call = Type::named(&key.kind).is_some_and(|row| matches!(row.dials, Dials::InCall(..)));
        let kind = match (in_call, key.blf) {
            (true, _) => "dtmf",
            (_, true) => "blf",
            (_, false) => "speeddial",
        };
        items.push(Dialled { position: key.position, label: key.label, kind, number });
    }
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}

/// What a user's key dials.
fn number(connection: &Connection, codes: &Codes, user: i64, key: &KeyRow) -> Result<Option<String>> {
    let Some(row) = Type::named(&key.kind) else { return Ok(None) };
    let text = |name: &str| match key.arguments.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let one_of = |name: &str, choices: &[(&str, &'static str)]| {
        let value = text(name).unwrap_or_default();
        choices.iter().find(|(choice, _)| *choice == value).map(|(_, chosen)| *chosen)
    };
    Ok(match row.dials {
        Dials::Number => key.target.map(|target| exten(connection, &key.kind, target)).transpose()?.flatten(),
        Dials::Argument(name) => text(name),
        Dials::Code(feature, rest) => {
            let rest = connection
                .prepare_cached(rest)?
                .query_row([key.target], |row| row.get::<_, String>(0))
                .optional()?;
            rest.and_then(|rest| Some(format!("{}{rest}", codes.code(feature)?)))
        }
        Dials::InCall(name, digits) => one_of(name, digits).map(str::to_owned),
        Dials::Feature(name, features) => one_of(name, features).and_then(|feature| {
            let target = |id: i64| if key.kind == "agent" { programmable::agent(id) } else { id.to_string() };
            let argument = key.target.map(target).or_else(|| text("exten"));
            if feature == "pickup" {
                Some(programmable::PICKUP.to_owned())
            } else if row.has_lamp(text) {
                codes.key(user, feature, argument.as_deref())
            } else {
                codes.code(feature).map(str::to_owned)
            }
        }),
    })
}

/// The number of a user (of their first line's first extension), or of what else has one.
fn exten(connection: &Connection, kind: &str, id: i64) -> Result<Option<String>> {
    let mut get = match kind {
        "user" => connection.prepare_cached(
            "SELECT e.exten FROM user_line ul JOIN line_extension le ON le.line_id = ul.line_id
                 JOIN extension e ON e.id = le.extension_id
             WHERE ul.user_id = ?1 AND e.enabled ORDER BY ul.position, le.position LIMIT 1",
        )?,
        _ => connection.prepare_cached(
            "SELECT e.exten FROM extension_use x JOIN extension e ON e.id = x.extension_id
             WHERE x.kind = ?2 AND x.owner_id = ?1 AND e.enabled ORDER BY e.id LIMIT 1",
        )?,
    };
    if kind == "user" {
        return Ok(get.query_row([id], |row| row.get(0)).optional()?);
    }
    Ok(get.query_row(params![id, kind], |row| row.get(0)).optional()?)
}
