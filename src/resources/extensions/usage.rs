//! What an extension reaches. Lines are linked by a table of their own; every other resource that can be dialled
//! has its word in `WORDS` and one row an extension in the table `extension_use`.

use super::Extension;
use crate::db::WriteTx;
use crate::domain::problems::associated;
use crate::domain::py::Py;
use crate::error::Result;
use crate::resources::contexts::RangeKind;
use crate::resources::lines::caller_id;
use rusqlite::{Connection, OptionalExtension, params};

/// The resources that are no lines, as error texts and the table call them.
const WORDS: [&str; 6] = ["group", "queue", "incall", "conference", "parking", "outcall"];

/// What an extension reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Usage {
    /// Lines, by their ids.
    Lines(Vec<i64>),
    /// One resource that is no line.
    Owner(Owner),
}

/// A resource that is no line: its word in error texts, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    pub word: &'static str,
    pub id: i64,
}

impl Usage {
    /// The type of context in which such an extension may be.
    pub fn context_type(&self) -> &'static str {
        match self {
            Usage::Lines(_) => "internal",
            Usage::Owner(owner) => match owner.word {
                "incall" | "outcall" => owner.word,
                _ => "internal",
            },
        }
    }

    /// The ranges of the context that count, if any do.
    pub fn range(&self) -> Option<RangeKind> {
        match self {
            Usage::Lines(_) => Some(RangeKind::User),
            Usage::Owner(owner) => match owner.word {
                "group" => Some(RangeKind::Group),
                "queue" => Some(RangeKind::Queue),
                "conference" => Some(RangeKind::Conference),
                "incall" => Some(RangeKind::Incall),
                _ => None,
            },
        }
    }
}

/// What the extension reaches; nothing when it is free.
///
/// # Errors
/// The database can't be read.
pub fn of(connection: &Connection, id: i64) -> Result<Option<Usage>> {
    let lines = lines(connection, id)?;
    if !lines.is_empty() {
        return Ok(Some(Usage::Lines(lines)));
    }
    Ok(owner(connection, id)?.map(Usage::Owner))
}

/// The lines of an extension, lowest id first.
///
/// # Errors
/// The database can't be read.
pub fn lines(connection: &Connection, id: i64) -> Result<Vec<i64>> {
    let mut lines = connection
        .prepare_cached("SELECT line_id FROM line_extension WHERE extension_id = ?1 ORDER BY line_id")?;
    Ok(lines.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The resource other than a line that the extension reaches.
///
/// # Errors
/// The database can't be read.
pub fn owner(connection: &Connection, id: i64) -> Result<Option<Owner>> {
    let mut owner =
        connection.prepare_cached("SELECT kind, owner_id FROM extension_use WHERE extension_id = ?1")?;
    let found: Option<(String, i64)> =
        owner.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let known = |(kind, id): (String, i64)| {
        let word = WORDS.into_iter().find(|word| *word == kind)?;
        Some(Owner { word, id })
    };
    Ok(found.and_then(known))
}

/// The extensions of the resource with this word and id, lowest id first.
///
/// # Errors
/// The database can't be read.
pub fn extensions_of(connection: &Connection, word: &str, id: i64) -> Result<Vec<i64>> {
    let mut extensions = connection.prepare_cached(
        "SELECT extension_id FROM extension_use WHERE kind = ?1 AND owner_id = ?2 ORDER BY extension_id",
    )?;
    Ok(extensions.query_map(params![word, id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Lets a free extension reach the resource with this word and id. Whether it may is the resource's to judge.
///
/// # Errors
/// The extension reaches something already, or the database can't be written.
pub fn attach(tx: &WriteTx, word: &'static str, owner_id: i64, extension: i64) -> Result<()> {
    tx.prepare_cached("INSERT INTO extension_use (extension_id, kind, owner_id) VALUES (?1, ?2, ?3)")?
        .execute(params![extension, word, owner_id])?;
    Ok(())
}

/// Frees an extension from the resource that it reaches.
///
/// # Errors
/// The database can't be written.
pub fn detach(tx: &WriteTx, extension: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM extension_use WHERE extension_id = ?1")?.execute([extension])?;
    Ok(())
}

/// Refuses to delete an extension that reaches something.
///
/// # Errors
/// 400.
pub fn refuse_used(connection: &Connection, id: i64) -> Result<()> {
    let (word, key, value) = match of(connection, id)? {
        None => return Ok(()),
        Some(Usage::Lines(lines)) => {
            ("line", "associated_ids", Py::List(lines.into_iter().map(Py::Int).collect()))
        }
        Some(Usage::Owner(owner)) => (owner.word, "associated_id", Py::Str(owner.id.to_string())),
    };
    Err(associated("Extension", word, &[("extension_id", id.into()), (key, value)]).into())
}

/// Refuses to let an extension reach another resource while it reaches lines (whose word is `user`) or something else.
///
/// # Errors
/// 400.
pub fn refuse_taken(connection: &Connection, id: i64) -> Result<()> {
    let (word, taken_by) = match of(connection, id)? {
        None => return Ok(()),
        Some(Usage::Lines(_)) => ("user", main_user(connection, id)?),
        Some(Usage::Owner(owner)) => (owner.word, owner.id),
    };
    let meta = [("extension_id", id.into()), ("associated_id", taken_by.to_string().into())];
    Err(associated("Extension", word, &meta).into())
}

/// The main user of the lines of an extension; 0 when nobody has them.
fn main_user(connection: &Connection, id: i64) -> Result<i64> {
    let mut user = connection.prepare_cached(
        "SELECT coalesce(min(ul.user_id), 0) FROM line_extension le
         JOIN user_line ul ON ul.line_id = le.line_id AND ul.rank = 0 WHERE le.extension_id = ?1",
    )?;
    Ok(user.query_row([id], |row| row.get(0))?)
}

/// Brings what depends on an extension in step with its change: a line is in the context of its
/// main extension, and shows its number.
///
/// # Errors
/// The database can't be written.
pub(super) fn follow(tx: &WriteTx, old: &Extension, new: &Extension) -> Result<()> {
    if old.context != new.context {
        tx.prepare_cached(
            "UPDATE line SET context = ?2 WHERE id IN
             (SELECT line_id FROM line_extension WHERE extension_id = ?1 AND position = 0)",
        )?
        .execute(rusqlite::params![new.id, new.context])?;
    }
    for line in lines(tx, new.id)? {
        caller_id::sync(tx, line)?;
    }
    Ok(())
}
