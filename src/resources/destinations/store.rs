//! SQL of destinations: the table `destination`.

use super::types::{Reference, Type, is_own_context};
use crate::db::{WriteTx, id_list};
use crate::domain::problems::{Problems, param_not_found};
use crate::domain::schema::Object;
use crate::error::{Result, gather, refuse};
use crate::http::{Scope, uuid_at};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Who has destinations: a resource's word (`user`, `group`, `incall`) and an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub word: &'static str,
    pub id: i64,
}

/// What an owner's event leads to, as it is stored.
#[derive(Debug)]
struct Stored {
    owner_id: i64,
    event: String,
    kind: String,
    target: Option<String>,
    arguments: Object,
}

/// Where a call goes on after this event; nothing takes the destination away. `body` was read by
/// [`super::NESTED`].
///
/// # Errors
/// 400 when the body names something that the request does not see.
pub fn set(tx: &WriteTx, scope: &Scope, owner: Owner, event: &str, body: Option<&Object>) -> Result<()> {
    let Some(body) = body else {
        tx.prepare_cached("DELETE FROM destination WHERE owner = ?1 AND owner_id = ?2 AND event = ?3")?
            .execute(params![owner.word, owner.id, event])?;
        return Ok(());
    };
    let name = body.get("type").and_then(Value::as_str).unwrap_or("none");
    let references = Type::named(name).map(|row| row.references).unwrap_or_default();
    judge(tx, scope, references, body)?;
    let mut arguments = body.clone();
    arguments.remove("type");
    let target = references.first().and_then(|reference| arguments.remove(reference.argument));
    let target = target.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    tx.prepare_cached(
        "INSERT OR REPLACE INTO destination (owner, owner_id, event, type, target, arguments)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![owner.word, owner.id, event, name, target, serde_json::to_string(&arguments)?])?;
    Ok(())
}

/// Everything that a body names must exist in a tenant that the request sees. A context need not exist; one of a
/// tenant that the request does not see is no way out.
fn judge(connection: &Connection, scope: &Scope, references: &[Reference], body: &Object) -> Result<()> {
    let mut problems = Problems::default();
    for reference in references {
        let Some(id) = body.get(reference.argument).filter(|id| !id.is_null()) else { continue };
        if !exists(connection, scope, reference, id)? {
            let meta = [(reference.field, (reference.print)(id))];
            problems.0.extend(param_not_found(reference.field, reference.resource, &meta).0);
        }
    }
    if let Some(context) = body.get("context").and_then(Value::as_str) {
        gather(&mut problems, check_context(connection, scope, context))?;
    }
    refuse(problems)
}

/// Whether a call may go on in a context. It need not exist; one of a tenant that the request does not see, or of
/// cordboard's own dialplan, is no way out.
///
/// # Errors
/// 400.
pub fn check_context(connection: &Connection, scope: &Scope, name: &str) -> Result<()> {
    let hidden = is_own_context(name)
        || tenant_of_context(connection, name)?.is_some_and(|tenant| !scope.sees(tenant));
    if hidden {
        return Err(param_not_found("context", "Context", &[("context", name.into())]).into());
    }
    Ok(())
}

fn exists(connection: &Connection, scope: &Scope, reference: &Reference, id: &Value) -> Result<bool> {
    let Some(table) = &reference.table else { return Ok(false) };
    let mut tenant = connection.prepare_cached(table.tenant)?;
    let tenant = match id {
        Value::String(id) => tenant.query_row([id], |row| uuid_at(row, 0)).optional()?,
        id => tenant.query_row([id.as_i64()], |row| uuid_at(row, 0)).optional()?,
    };
    Ok(tenant.is_some_and(|tenant| scope.sees(tenant)))
}

fn tenant_of_context(connection: &Connection, name: &str) -> Result<Option<Uuid>> {
    let mut tenant = connection.prepare_cached("SELECT tenant_uuid FROM context WHERE name = ?1")?;
    Ok(tenant.query_row([name], |row| uuid_at(row, 0)).optional()?)
}

/// The destinations of owners as they are stored, ordered by owner and event.
fn stored(connection: &Connection, word: &str, owners: &[i64]) -> Result<Vec<Stored>> {
    let mut get = connection.prepare_cached(
        "SELECT d.owner_id, d.event, d.type, d.target, d.arguments
         FROM json_each(?2) asked CROSS JOIN destination d ON d.owner = ?1 AND d.owner_id = asked.value
         ORDER BY d.owner_id, d.event",
    )?;
    let mut rows = get.query(params![word, id_list(owners)])?;
    let mut stored = Vec::new();
    while let Some(row) = rows.next()? {
        stored.push(Stored {
            owner_id: row.get(0)?,
            event: row.get(1)?,
            kind: row.get(2)?,
            target: row.get(3)?,
            arguments: serde_json::from_str(&row.get::<_, String>(4)?)?,
        });
    }
    Ok(stored)
}

/// The destinations of owners as the API shows them, by owner and event. One statement, and one more for each type
/// that has targets.
///
/// # Errors
/// The database can't be read.
pub fn of(connection: &Connection, word: &str, owners: &[i64]) -> Result<HashMap<(i64, String), Value>> {
    let stored = stored(connection, word, owners)?;
    let names = names(connection, &stored)?;
    let shown = stored.into_iter().map(|row| {
        let mut body = Object::new();
        body.insert("type".to_owned(), Value::from(row.kind.as_str()));
        if let (Some(target), Some(reference)) = (&row.target, target_of(&row.kind)) {
            body.insert(reference.argument.to_owned(), shown_id(target, reference));
            let names = names.get(&(row.kind.as_str().to_owned(), target.clone()));
            body.extend(names.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())));
        }
        body.extend(row.arguments);
        if let Some(kind) = Type::named(&row.kind) {
            kind.complete(&mut body);
        }
        ((row.owner_id, row.event), Value::Object(body))
    });
    Ok(shown.collect())
}

/// The fallbacks of owners as the API shows them: `<event>_destination`, null where there is none.
///
/// # Errors
/// The database can't be read.
pub fn fallbacks(
    connection: &Connection,
    word: &str,
    events: &[&str],
    owners: &[i64],
) -> Result<HashMap<i64, Object>> {
    let mut known = of(connection, word, owners)?;
    let shown = owners.iter().map(|id| {
        let of_owner = events.iter().map(|event| {
            let destination = known.remove(&(*id, (*event).to_owned())).unwrap_or_default();
            (format!("{event}_destination"), destination)
        });
        (*id, of_owner.collect())
    });
    Ok(shown.collect())
}

fn target_of(kind: &str) -> Option<&'static Reference> {
    Type::named(kind)?.references.first()
}

/// A number where the id is one.
fn shown_id(target: &str, reference: &Reference) -> Value {
    let number = reference.argument.ends_with("_id").then(|| target.parse::<i64>().ok()).flatten();
    number.map_or_else(|| Value::from(target), Value::from)
}

/// What answers tell of targets, by type and target.
fn names(connection: &Connection, stored: &[Stored]) -> Result<HashMap<(String, String), Object>> {
    let mut targets: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in stored {
        targets.entry(&row.kind).or_default().extend(row.target.as_deref());
    }
    let mut names = HashMap::new();
    for (kind, targets) in targets {
        let Some(table) = target_of(kind).and_then(|reference| reference.table.as_ref()) else { continue };
        if !table.shown.is_empty() && !targets.is_empty() {
            let targets: Vec<&str> = targets.into_iter().collect();
            for (target, shown) in table.names_of(connection, &targets)? {
                names.insert((kind.to_owned(), target), shown);
            }
        }
    }
    Ok(names)
}
