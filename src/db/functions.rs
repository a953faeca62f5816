//! SQL functions of ours.

use crate::domain::text::{fold, normalize};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;

/// Adds `fold(x)`: lower case without accents, for search and order; `nfkd(x)`: the same letters in one way of
/// writing, case kept, for order. Null stays null.
pub fn add(connection: &Connection) -> rusqlite::Result<()> {
    add_text(connection, "fold", fold)?;
    add_text(connection, "nfkd", normalize)
}

fn add_text(connection: &Connection, name: &str, f: fn(&str) -> String) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(name, 1, flags, move |context| {
        Ok(match context.get_raw(0) {
            ValueRef::Text(text) => Some(f(&String::from_utf8_lossy(text))),
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Real(number) => Some(number.to_string()),
            ValueRef::Null | ValueRef::Blob(_) => None,
        })
    })
}
