//! What destinations and function keys point at: where it is looked up, and what answers tell of it.

use crate::db::id_list;
use crate::domain::schema::Object;
use crate::error::Result;
use rusqlite::Connection;
use rusqlite::types::{FromSql, ValueRef};
use serde::Serialize;
use serde_json::Value;

/// Where the objects are that a reference may name. `?1` is one id, or a JSON list of them.
#[derive(Debug)]
pub struct Table {
    /// The tenant of one object.
    pub tenant: &'static str,
    /// Of many: the id, then a column for each of `shown`.
    pub names: &'static str,
    /// The keys that an answer has beside the arguments.
    pub shown: &'static [&'static str],
}

impl Table {
    /// What answers tell of these objects, by id; of one that is gone, nothing.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn names_of<K: FromSql>(
        &self,
        connection: &Connection,
        ids: &[impl Serialize],
    ) -> Result<Vec<(K, Object)>> {
        let mut get = connection.prepare_cached(self.names)?;
        let rows = get.query_map([id_list(ids)], |row| {
            let mut shown = Object::new();
            for (index, name) in (1..).zip(self.shown) {
                let value = match row.get_ref(index)? {
                    ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text).into_owned()),
                    _ => Value::Null,
                };
                shown.insert((*name).to_owned(), value);
            }
            Ok((row.get(0)?, shown))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
