//! Between SQL rows and validated JSON objects: `:name` in a statement is the key `name` of the object.

use crate::domain::schema::Object;
use crate::error::{Error, Result};
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Row, Statement};
use serde_json::Value;

/// Binds every `:name` of the statement to the object's value of that name; an absent key is NULL. Lists and
/// objects are bound as JSON.
///
/// # Errors
/// The statement can't be bound.
pub fn bind(statement: &mut Statement<'_>, object: &Object) -> Result<()> {
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).unwrap_or_default().trim_start_matches(':').to_owned();
        let value = object.get(&name).map_or(Ok(Sql::Null), to_sql)?;
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

/// Runs a statement that changes rows, bound by name.
///
/// # Errors
/// The statement failed.
pub fn execute(statement: &mut Statement<'_>, object: &Object) -> Result<usize> {
    bind(statement, object)?;
    Ok(statement.raw_execute()?)
}

fn to_sql(value: &Value) -> Result<Sql> {
    Ok(match value {
        Value::Null => Sql::Null,
        Value::Bool(value) => Sql::Integer(i64::from(*value)),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Sql::Integer(number),
            None => Sql::Real(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => Sql::Text(text.clone()),
        Value::Array(_) | Value::Object(_) => Sql::Text(serde_json::to_string(value)?),
    })
}

/// A row as an object: integers, text and null by their column names.
///
/// # Errors
/// A column holds a type that no table of ours has.
pub fn object_of(row: &Row<'_>) -> Result<Object> {
    let mut object = Object::new();
    for (index, name) in row.as_ref().column_names().into_iter().enumerate() {
        let value = match row.get_ref(index)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::from(number),
            ValueRef::Real(number) => Value::from(number),
            ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(_) => return Err(Error::Internal(format!("column {name} holds bytes"))),
        };
        object.insert(name.to_owned(), value);
    }
    Ok(object)
}

/// Ids as a JSON list, for `IN (SELECT value FROM json_each(?))`.
pub fn id_list<T: serde::Serialize>(ids: &[T]) -> String {
    serde_json::json!(ids).to_string()
}
