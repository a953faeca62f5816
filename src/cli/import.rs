//! `cordboard import FILE`: users from a CSV file, all or none, with progress. Works while cordboard runs.

use super::admin;
use crate::db::Db;
use crate::error::Error;
use crate::http::Scope;
use crate::resources::users::csv::{self, Sheet};
use crate::settings::Settings;
use anyhow::Context;
use serde_json::Value;
use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use uuid::Uuid;

/// Lines of progress where there is no terminal: one for so many rows.
const PLAIN_STEP: usize = 1000;

/// Imports a file, `-` being the standard input, into a tenant (the master tenant when none is given).
///
/// # Errors
/// The file can't be read, or a row is refused: then nothing is stored.
pub fn import(settings: &Settings, file: &Path, tenant: Option<Uuid>) -> anyhow::Result<()> {
    let bytes = bytes(file).with_context(|| format!("{} can't be read", file.display()))?;
    let sheet = Sheet::read(&bytes, "").map_err(|problem| anyhow::anyhow!(problem.message))?;
    let unknown: Vec<&str> =
        sheet.header().iter().map(String::as_str).filter(|name| !csv::is_column(name)).collect();
    if !unknown.is_empty() {
        eprintln!("These columns mean nothing here and are passed over: {}", unknown.join(", "));
    }
    let db = admin::database(settings)?;
    let hashing = Bar::new("Hashing passwords", sheet.len());
    let hashes = csv::hash_passwords(&sheet, &mut |done| hashing.show(done));
    hashing.end();
    let total = sheet.len();
    let made = write(&db, tenant, sheet, hashes);
    match made {
        Ok(revision) => {
            println!("{total} users are stored, as revision {revision}.");
            Ok(())
        }
        Err(Error::Report(report)) => {
            let count = tell(&report);
            anyhow::bail!("Nothing is stored: {count} of {total} rows are wrong")
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives the revision.
fn write(db: &Db, tenant: Option<Uuid>, sheet: Sheet, hashes: csv::Hashes) -> Result<i64, Error> {
    let (_, revision) = db.write_blocking("import", move |tx| {
        let tenant = admin::known_or_master(tx, tenant)?;
        let storing = Bar::new("Storing", sheet.len());
        let made = csv::import(tx, &Scope::of(tx, tenant)?, &sheet, &hashes, &mut |done| storing.show(done));
        storing.end();
        made.map(|made| made.len())
    })?;
    Ok(revision)
}

fn bytes(file: &Path) -> std::io::Result<Vec<u8>> {
    let most = csv::MOST_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().take(most).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?;
    }
    if bytes.len() > csv::MOST_BYTES {
        return Err(std::io::Error::other("it is larger than 16 MiB: import it in parts"));
    }
    Ok(bytes)
}

/// Prints what is wrong with each row; gives their number.
fn tell(report: &Value) -> usize {
    let errors = report.get("errors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for error in errors {
        let row = error.pointer("/details/row_number").and_then(Value::as_i64).unwrap_or_default();
        let text = error.get("message").and_then(Value::as_str).unwrap_or_default();
        eprintln!("row {row}: {text}");
    }
    errors.len()
}

/// How far a work is: one line that changes on a terminal, a line now and then elsewhere.
struct Bar {
    work: &'static str,
    total: usize,
    terminal: bool,
}

impl Bar {
    fn new(work: &'static str, total: usize) -> Bar {
        Bar { work, total, terminal: std::io::stderr().is_terminal() }
    }

    fn show(&self, done: usize) {
        let mut out = std::io::stderr();
        // A terminal that is gone is no reason to stop.
        drop(match self.terminal {
            true => write!(out, "\r{}: {done} of {}", self.work, self.total),
            false if done.is_multiple_of(PLAIN_STEP) => {
                writeln!(out, "{}: {done} of {}", self.work, self.total)
            }
            false => Ok(()),
        });
    }

    fn end(&self) {
        if self.terminal {
            self.show(self.total);
            eprintln!();
        }
    }
}
