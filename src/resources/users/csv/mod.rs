//! Users as a table (confd.md 2.9): `POST /users/import` makes a whole office or nothing, `GET /users/export` writes it
//! out. `sheet.rs` reads the file, `row.rs` makes one user of a row, `import.rs` all of them in one transaction.

mod export;
mod import;
mod row;
mod sheet;

pub use import::{Hashes, Progress, hash_passwords, import};
pub use sheet::{MOST_BYTES, Sheet};

use crate::db::WriteTx;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use serde::Serialize;
use serde_json::Value;
use sheet::Problem;

/// The columns of a user's own fields, and how their cells are read.
static USER: [(&str, Cell); 20] = [
    ("firstname", Cell::Text),
    ("lastname", Cell::Text),
    ("email", Cell::Text),
    ("language", Cell::Text),
    ("outgoing_caller_id", Cell::Text),
    ("mobile_phone_number", Cell::Text),
    ("call_permission_password", Cell::Text),
    ("userfield", Cell::Text),
    ("enabled", Cell::Flag),
    ("supervision_enabled", Cell::Flag),
    ("call_transfer_enabled", Cell::Flag),
    ("dtmf_hangup_enabled", Cell::Flag),
    ("call_record_outgoing_external_enabled", Cell::Flag),
    ("call_record_outgoing_internal_enabled", Cell::Flag),
    ("call_record_incoming_external_enabled", Cell::Flag),
    ("call_record_incoming_internal_enabled", Cell::Flag),
    ("online_call_record_enabled", Cell::Flag),
    ("ring_seconds", Cell::Number),
    ("simultaneous_calls", Cell::Number),
    ("subscription_type", Cell::Number),
];

/// The columns of a voicemail, without their `voicemail_`.
static VOICEMAIL: [(&str, Cell); 8] = [
    ("name", Cell::Text),
    ("number", Cell::Text),
    ("context", Cell::Text),
    ("password", Cell::Text),
    ("email", Cell::Text),
    ("attach_audio", Cell::Flag),
    ("delete_messages", Cell::Flag),
    ("ask_password", Cell::Flag),
];

/// The columns that are neither.
const OTHERS: [&str; 12] = [
    "uuid",
    "context",
    "line_protocol",
    "sip_username",
    "sip_secret",
    "exten",
    "incall_exten",
    "incall_context",
    "incall_ring_seconds",
    "call_permissions",
    "username",
    "password",
];

/// Does an import read this column?
pub fn is_column(name: &str) -> bool {
    let voicemail = name.strip_prefix("voicemail_").unwrap_or_default();
    OTHERS.contains(&name)
        || USER.iter().any(|(column, _)| *column == name)
        || VOICEMAIL.iter().any(|(column, _)| *column == voicemail)
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Text,
    /// `0` or `1`.
    Flag,
    /// An integer.
    Number,
}

/// What became of a file, row by row.
#[derive(Serialize, schemars::JsonSchema)]
struct Imported {
    created: Vec<row::Created>,
}

/// What is wrong with a file, row by row.
#[derive(Serialize, schemars::JsonSchema)]
struct Refused {
    errors: Vec<Problem>,
}

impl Refused {
    fn told(&self) -> Error {
        serde_json::to_value(self).map_or_else(Error::from, Error::Report)
    }
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/users/import", "Create the users of a CSV file, all or none", import_users)
            .shows::<Imported>()
            .refuses::<Refused>()
            .bytes(MOST_BYTES)
            .prepare(|_| true, leave_hashes),
        Route::read("/users/export", "Get all users of the tenant as CSV", export::export_users)
            .file_or::<export::Table>("text/csv"),
    ]
}

/// Leaves the hashes of the passwords in place of a body. A file that can't be read is refused later.
fn leave_hashes(call: &mut Call) {
    let Ok(sheet) = Sheet::read(call.bytes(), call.content_type()) else { return };
    let hashes = hash_passwords(&sheet, &mut |_| ());
    call.set_body(hashes.into_iter().map(|(row, hash)| (row.to_string(), Value::from(hash))).collect());
}

fn import_users(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let sheet = Sheet::read(call.bytes(), call.content_type())
        .map_err(|problem| Refused { errors: vec![problem] }.told())?;
    let hashes = call.object().unwrap_or_default().into_iter();
    let hashes = hashes.filter_map(|(row, hash)| Some((row.parse().ok()?, hash.as_str()?.to_owned())));
    let created = import(tx, call.scope(), &sheet, &hashes.collect(), &mut |_| ())?;
    Answer::with_status(201, &Imported { created })
}
