//! The `options` of a queue: pairs of texts, of which Asterisk knows forty-two (confd.md 6.2).

use crate::domain::py::Py;
use crate::domain::queue_options::{self, Known};
use crate::domain::schema::{Field, Kind, Messages, Mode, Object, Rule};
use crate::error::Result;
use crate::http::Scope;
use crate::resources::destinations;
use rusqlite::Connection;
use serde_json::{Value, json};

/// More would be no options.
const MOST: &[Rule] = &[Rule::Max(200)];

pub const FIELD: Field =
    Field::new("options", Kind::Pairs { arity: "Length must be 2.", text: &[Rule::Max(255)] }).rules(MOST);

/// What is wrong with the values of the options that Asterisk knows.
pub fn check(body: &Object, _: Mode) -> Messages {
    let wrong: Vec<(Py, Py)> = (0_i64..)
        .zip(pairs(body))
        .filter_map(|(index, (name, value))| {
            let message = Known::named(&name)?.value.read(&value).err()?;
            Some((Py::Int(index), Py::Dict(vec![(Py::Int(1), Py::List(vec![message.as_str().into()]))])))
        })
        .collect();
    if wrong.is_empty() { Messages::new() } else { vec![("options".to_owned(), Py::Dict(wrong))] }
}

/// The options of a new queue.
pub fn merged(body: &Object) -> Value {
    json!(queue_options::merged(&read(body)))
}

/// All options replaced by those of the body.
pub fn replaced(body: &Object) -> Value {
    json!(queue_options::replaced(&read(body)))
}

/// A waiting caller may not be led into a context that the request does not see.
///
/// # Errors
/// 400.
pub fn check_context(connection: &Connection, scope: &Scope, options: &[(String, String)]) -> Result<()> {
    let context = options.iter().find(|(name, value)| name == "context" && !value.is_empty());
    context.map_or(Ok(()), |(_, name)| destinations::check_context(connection, scope, name))
}

/// The options of a body, those that Asterisk knows as they are stored.
fn read(body: &Object) -> Vec<(String, String)> {
    pairs(body)
        .map(|(name, value)| {
            let read = Known::named(&name).and_then(|known| known.value.read(&value).ok());
            (name, read.unwrap_or(value))
        })
        .collect()
}

fn pairs(body: &Object) -> impl Iterator<Item = (String, String)> {
    let list = body.get("options").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|pair| serde_json::from_value(pair.clone()).ok())
}
