//! SQL functions of ours.

use crate::domain::sip::{CallerId, Options, caller_id};
use crate::domain::text::{fold, normalize};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;

/// Adds `fold(x)`: lower case without accents, for search and order; `nfkd(x)`: the same letters in one way of
/// writing, case kept, for order. Null stays null. And `caller_id_name(options)`, `caller_id_num(options)`: the caller
/// id in the JSON list of an endpoint's options, perhaps null.
pub fn add(connection: &Connection) -> rusqlite::Result<()> {
    add_text(connection, "fold", fold)?;
    add_text(connection, "nfkd", normalize)?;
    add_caller_id(connection, "caller_id_name", |id| id.name)?;
    add_caller_id(connection, "caller_id_num", |id| id.num)
}

fn add_caller_id(
    connection: &Connection,
    name: &str,
    part: fn(CallerId) -> Option<String>,
) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(name, 1, flags, move |context| {
        let options = context.get_raw(0).as_str().ok().filter(|text| text.contains("\"callerid\""));
        let options: Option<Options> = options.and_then(|text| serde_json::from_str(text).ok());
        Ok(options.and_then(|options| part(caller_id(&options))))
    })
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
