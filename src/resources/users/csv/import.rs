//! All rows of a file in one transaction: every user is made, or none and every bad row is told.

use super::Refused;
use super::row::{Created, Maker};
use super::sheet::{Problem, Sheet};
use crate::auth::passwords::hash;
use crate::db::WriteTx;
use crate::error::{Error, Result};
use crate::http::Scope;
use std::cell::Cell;
use std::collections::HashMap;

/// Told how many rows are done.
pub type Progress<'a> = &'a mut dyn FnMut(usize);

/// Hashed passwords by the numbers of their rows.
pub type Hashes = HashMap<usize, String>;

/// How often progress is told, in rows.
const STEP: usize = 100;

/// What is to be done about a bad row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// Nothing can be stored: stop.
    FailFast,
    /// Look at the other rows too.
    FindAll,
}

/// Hashes the passwords of a file. That takes some hundredths of a second each, by intention.
pub fn hash_passwords(sheet: &Sheet, progress: Progress) -> Hashes {
    let mut hashes = Hashes::new();
    for row in sheet.rows() {
        if let Some(hash) = row.get("password").and_then(hash) {
            hashes.insert(row.number, hash);
        }
        if row.number.is_multiple_of(STEP) {
            progress(row.number);
        }
    }
    hashes
}

/// Makes the users of a file.
///
/// # Errors
/// 400 with every bad row; then nothing is stored.
pub fn import(
    tx: &WriteTx,
    scope: &Scope,
    sheet: &Sheet,
    hashes: &Hashes,
    progress: Progress,
) -> Result<Vec<Created>> {
    let progress = Cell::new(Some(progress));
    let effort = Cell::new(Effort::FailFast);
    tx.hopefully(|tx| {
        let mut told = progress.take();
        let made = rows(tx, scope, sheet, hashes, effort.replace(Effort::FindAll), &mut |count| {
            if let Some(progress) = told.as_mut() {
                progress(count);
            }
        });
        progress.set(told);
        made
    })
}

fn rows(
    tx: &WriteTx,
    scope: &Scope,
    sheet: &Sheet,
    hashes: &Hashes,
    effort: Effort,
    progress: Progress,
) -> Result<Vec<Created>> {
    let mut created = Vec::with_capacity(sheet.len());
    let mut problems: Vec<Problem> = Vec::new();
    let mut maker = Maker::new(tx, scope)?;
    for row in sheet.rows() {
        let hash = hashes.get(&row.number).map(String::as_str);
        match tx.nested(|tx| maker.make(tx, row, hash)) {
            Ok(user) => created.push(user),
            Err(error @ Error::Invalid(_)) if effort == Effort::FailFast => return Err(error),
            Err(Error::Invalid(texts)) => problems.push(row.problem(texts.0.join("; "))),
            Err(error) => return Err(error),
        }
        if row.number.is_multiple_of(STEP) {
            progress(row.number);
        }
    }
    if problems.is_empty() {
        return Ok(created);
    }
    Err(Refused { errors: problems }.told())
}
