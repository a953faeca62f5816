//! Storing keys: the rules of one key and of the whole set that it stands in.

use super::store::KeyRow;
use super::{rules, store};
use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::Object;
use crate::error::{Result, refuse};
use crate::http::Scope;
use serde_json::Value;

/// The keys of a body's object by position, as they are stored in a template.
pub fn read_keys(template: i64, keys: &Object) -> Vec<KeyRow> {
    let key = |(position, key): (&String, &Value)| {
        Some(rules::row(template, position.parse().ok()?, key.as_object()?))
    };
    keys.iter().filter_map(key).collect()
}

/// Makes these the keys of a template, and no others.
///
/// # Errors
/// 400 with everything that is against one of them.
pub fn replace(tx: &WriteTx, scope: &Scope, template: i64, keys: &[KeyRow]) -> Result<()> {
    let mut problems = Problems::default();
    for key in keys {
        problems.0.extend(rules::judge(tx, scope, key)?.0);
    }
    problems.0.extend(rules::judge_set(keys).into_iter().flat_map(|(_, twice)| twice.0));
    refuse(problems)?;
    store::delete_keys(tx, template)?;
    keys.iter().try_for_each(|key| store::put_key(tx, key))
}

/// Name and keys of a template, from a body that its schema has read: what is not there, goes.
///
/// # Errors
/// As [`replace`].
pub fn replace_all(tx: &WriteTx, scope: &Scope, template: i64, body: &Object) -> Result<()> {
    store::rename(tx, template, body.get("name").and_then(Value::as_str))?;
    let keys = body.get("keys").and_then(Value::as_object).cloned().unwrap_or_default();
    replace(tx, scope, template, &read_keys(template, &keys))
}

/// Puts one key into a template.
///
/// # Errors
/// 400 with everything that is against it.
pub fn put(tx: &WriteTx, scope: &Scope, template: i64, position: i64, body: &Object) -> Result<()> {
    let key = rules::row(template, position, body);
    let mut problems = rules::judge(tx, scope, &key)?;
    let mut set = store::keys(tx, &[template])?;
    set.retain(|other| other.position != position);
    set.push(key.clone());
    problems.0.extend(rules::judge_set(&set).into_iter().flat_map(|(_, twice)| twice.0));
    refuse(problems)?;
    store::put_key(tx, &key)
}
