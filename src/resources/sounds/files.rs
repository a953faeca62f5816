//! `/sounds/{category}/files/{name}?format=&language=`: one sound in its formats and languages.

use super::store::{SoundFile, Which};
use super::{SYSTEM, found, store, system};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, field_message, not_permitted};
use crate::domain::schema::{Pattern, pattern};
use crate::domain::wav::Wav;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use std::sync::LazyLock;

/// Largest file, in bytes.
const LARGEST: usize = 40 * 1024 * 1024;
/// Files that a category may have.
const MOST: i64 = 2000;

/// Formats without a head, by which they could be known; with the extension that Asterisk looks for.
const BARE: &[(&str, &str)] = &[
    ("slin", "sln"),
    ("slin16", "sln16"),
    ("ulaw", "ulaw"),
    ("alaw", "alaw"),
    ("gsm", "gsm"),
    ("g722", "g722"),
];

/// What is no path, no hidden file, and no argument of an application.
static NAME: Pattern = LazyLock::new(|| pattern("^[a-zA-Z0-9][-_.a-zA-Z0-9]{0,99}$"));
static LANGUAGE: Pattern = LazyLock::new(|| pattern("^[a-zA-Z]{2,8}([-_][a-zA-Z0-9]{1,8})?$"));

pub fn routes() -> Vec<Route> {
    let one = "/sounds/{sound}/files/{file}";
    vec![
        Route::read(one, "Get a sound", get_file).file("application/octet-stream"),
        Route::put(one, "Put a sound into a category", put_file).bytes(LARGEST),
        Route::delete(one, "Delete a sound", delete_file),
    ]
}

fn which(call: &Call) -> Which<'_> {
    let asked = |name| call.query(name).filter(|value| !value.is_empty());
    Which { name: call.segment("file"), language: asked("language"), format: asked("format") }
}

fn get_file(call: &Call, connection: &Connection) -> Result<Answer> {
    let asked = which(call);
    let body = if call.segment("sound") == SYSTEM {
        let file = system::file(&call.app.sounds.system, asked.name, asked.language, asked.format);
        file.and_then(|path| std::fs::read(path).ok())
    } else {
        store::content(connection, found(call, connection)?.id, asked)?
    };
    let body = body.ok_or_else(|| unknown(call))?;
    Ok(Answer::File { content_type: "application/octet-stream", body })
}

fn put_file(call: &Call, tx: &WriteTx) -> Result<Answer> {
    refuse_system(call)?;
    let sound = found(call, tx)?;
    let asked = which(call);
    if !NAME.is_match(asked.name) {
        return Err(field_message("filename", "String does not match expected pattern.").into());
    }
    if asked.language.is_some_and(|language| !LANGUAGE.is_match(language)) {
        return Err(field_message("language", "String does not match expected pattern.").into());
    }
    if store::count(tx, sound.id)? >= MOST {
        let text = format!("Longer than maximum length {MOST}.");
        return Err(field_message("files", &text).into());
    }
    let (format, extension) = format_of(call.bytes(), asked.format)?;
    let file = SoundFile {
        sound_id: sound.id,
        name: asked.name.to_owned(),
        language: asked.language.unwrap_or_default().to_owned(),
        format: format.to_owned(),
    };
    store::put_file(tx, &file, extension, call.bytes())?;
    Ok(Answer::Empty)
}

fn delete_file(call: &Call, tx: &WriteTx) -> Result<Answer> {
    refuse_system(call)?;
    let sound = found(call, tx)?;
    if store::delete_files(tx, sound.id, which(call))? { Ok(Answer::Empty) } else { Err(unknown(call)) }
}

/// The format of a file and its extension: a WAV file says it itself, any other by the query.
fn format_of(bytes: &[u8], asked: Option<&str>) -> Result<(&'static str, &'static str), Problems> {
    if let Some(wav) = Wav::read(bytes) {
        let extension = Wav::extension(wav.rate);
        return Ok((if extension == "wav16" { "slin16" } else { "slin" }, extension));
    }
    if bytes.is_empty() || bytes.starts_with(b"RIFF") {
        let text = "A mono WAV file of 8 or 16 kHz and at most 16 bits is needed.";
        return Err(field_message("content", text));
    }
    let names: Vec<_> = BARE.iter().map(|(name, _)| *name).collect();
    BARE.iter()
        .find(|(name, _)| *name == asked.unwrap_or("slin"))
        .copied()
        .ok_or_else(|| field_message("format", &format!("Must be one of: {}.", names.join(", "))))
}

fn refuse_system(call: &Call) -> Result<()> {
    if call.segment("sound") == SYSTEM {
        return Err(not_permitted("Cannot change system sounds", &[]).into());
    }
    Ok(())
}

fn unknown(call: &Call) -> Error {
    let meta = [("name", call.segment("sound").into()), ("filename", call.segment("file").into())];
    Error::not_found("Sound", &meta)
}
