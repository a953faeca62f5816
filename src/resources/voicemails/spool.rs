//! What a mailbox and its folder in Asterisk's spool owe each other: PINs that were changed on the phone, and
//! folders that have to move or go.

use super::{PASSWORD, store};
use crate::db::WriteTx;
use crate::error::Result;
use rusqlite::{Connection, OptionalExtension};

/// What to do with a PIN of the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// There is no such mailbox, or the PIN is none that a voicemail may have.
    NotOurs,
    /// It is the voicemail's already.
    Same,
    /// The API has set another one later.
    Superseded,
    /// It is to be the PIN of the voicemail of this id.
    News(i64),
}

/// Judges a PIN that was changed on the phone at `changed` (UTC, as [`crate::clock`] writes it); empty is none.
///
/// # Errors
/// The database can't be read.
pub fn judge(
    connection: &Connection,
    (context, number): (&str, &str),
    pin: &str,
    changed: &str,
) -> Result<Judgement> {
    let mut find = connection.prepare_cached(
        "SELECT id, coalesce(password, ''), password_at FROM voicemail WHERE context = ?1 AND number = ?2",
    )?;
    let row: Option<(i64, String, String)> =
        find.query_row([context, number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    Ok(match row {
        None => Judgement::NotOurs,
        Some((_, password, _)) if password == pin => Judgement::Same,
        Some((_, _, set)) if *changed < *set => Judgement::Superseded,
        Some(_) if !pin.is_empty() && !PASSWORD.is_match(pin) => Judgement::NotOurs,
        Some((id, _, _)) => Judgement::News(id),
    })
}

/// Takes over a PIN that was changed on the phone; empty is none.
///
/// # Errors
/// The database can't be written.
pub fn adopt(tx: &WriteTx, id: i64, pin: &str) -> Result<()> {
    store::set_password(tx, id, (!pin.is_empty()).then_some(pin))
}

/// A folder that has to move, or to go when there is no new place.
#[derive(Debug)]
pub struct FolderRow {
    pub id: i64,
    pub context: String,
    pub number: String,
    pub new_context: Option<String>,
    pub new_number: Option<String>,
}

/// What the revisions up to this one have left to do, oldest first.
///
/// # Errors
/// The database can't be read.
pub fn folders(connection: &Connection, revision: i64) -> Result<Vec<FolderRow>> {
    let mut folders = connection.prepare_cached(
        "SELECT id, context, number, new_context, new_number FROM mailbox_folder
         WHERE revision <= ?1 ORDER BY id",
    )?;
    let rows = folders.query_map([revision], |row| {
        Ok(FolderRow {
            id: row.get(0)?,
            context: row.get(1)?,
            number: row.get(2)?,
            new_context: row.get(3)?,
            new_number: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Forgets a work that is done.
///
/// # Errors
/// The database can't be written.
pub fn folder_done(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM mailbox_folder WHERE id = ?1")?.execute([id])?;
    Ok(())
}
