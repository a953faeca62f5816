//! `/moh/{uuid}/files/{name}`: the sounds of a class.

use super::{Moh, found, store};
use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::{Pattern, pattern};
use crate::domain::wav::Wav;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use std::sync::LazyLock;

/// Largest file, in bytes: ten minutes of 16 kHz take half of it.
pub const LARGEST: usize = 40 * 1024 * 1024;
/// Files that a class may have.
const MOST: i64 = 200;

/// What is no path, no hidden file, and plain in every configuration file.
static NAME: Pattern = LazyLock::new(|| pattern("^[a-zA-Z0-9][-_.a-zA-Z0-9 ]{0,99}$"));

pub fn routes() -> Vec<Route> {
    let one = "/moh/{moh}/files/{file}";
    vec![
        Route::read(one, "Get a file of a class of music on hold", get_file).file("application/octet-stream"),
        Route::put(one, "Put a mono WAV file of 8 or 16 kHz into a class", put_file).bytes(LARGEST),
        Route::delete(one, "Take a file from a class", delete_file),
    ]
}

fn get_file(call: &Call, connection: &Connection) -> Result<Answer> {
    let moh = found(call, connection)?;
    let name = call.segment("file");
    let body = store::content(connection, moh.uuid, name)?.ok_or_else(|| unknown(&moh, name))?;
    Ok(Answer::File { content_type: "application/octet-stream", body })
}

fn put_file(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let moh = found(call, tx)?;
    let name = call.segment("file");
    if !NAME.is_match(name) {
        return Err(
            Problems::one("Input Error - filename: ['String does not match expected pattern.']").into()
        );
    }
    let wav = Wav::read(call.bytes()).ok_or_else(|| {
        Problems::one(
            "Input Error - content: ['A mono WAV file of 8 or 16 kHz and at most 16 bits is needed.']",
        )
    })?;
    if store::count_of_others(tx, moh.uuid, name)? >= MOST {
        return Err(
            Problems::one(format!("Input Error - filename: ['Longer than maximum length {MOST}.']")).into()
        );
    }
    store::put_file(tx, moh.uuid, name, wav.rate, call.bytes())?;
    Ok(Answer::Empty)
}

fn delete_file(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let moh = found(call, tx)?;
    let name = call.segment("file");
    if store::delete_file(tx, moh.uuid, name)? { Ok(Answer::Empty) } else { Err(unknown(&moh, name)) }
}

fn unknown(moh: &Moh, name: &str) -> Error {
    Error::not_found("MOH", &[("uuid", moh.uuid.to_string().into()), ("filename", name.into())])
}
