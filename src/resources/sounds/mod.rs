//! Sounds: categories of a tenant with files that destinations, greetings and announcements name by their path, and
//! `system`, the recordings that came with Asterisk (confd.md 6.9, behaviour.md 8.8).

mod api;
mod files;
mod languages;
pub mod store;
mod system;
mod view;

use crate::domain::schema::{Field, Pattern, Rule, Schema, pattern};
use crate::domain::wav::Wav;
use crate::error::{Error, Result};
use crate::http::{Call, Route};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::LazyLock;
use uuid::Uuid;

/// The category of what came with Asterisk; nobody changes it.
const SYSTEM: &str = "system";

static NAME: Pattern = LazyLock::new(|| pattern("^[a-zA-Z0-9][-_.a-zA-Z0-9]+$"));

pub static SCHEMA: Schema = Schema::new(
    "Sound",
    &[Field::text("name").required().rules(&[Rule::Between(1, 149), Rule::Pattern(&NAME)])],
);

/// Where sounds are on this machine, as Asterisk sees them.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    /// Of what was sent in.
    pub own: PathBuf,
    /// Of what came with Asterisk: one folder a language.
    pub system: PathBuf,
}

/// A category of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
}

/// The routes of sounds.
pub fn routes() -> Vec<Route> {
    [languages::routes(), api::routes(), files::routes()].concat()
}

/// The category that the path names, of the request's own tenant.
///
/// # Errors
/// 404.
fn found(call: &Call, connection: &Connection) -> Result<Sound> {
    let name = call.segment("sound");
    store::get(connection, call.scope().tenant, name)?.ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Error {
    Error::not_found("Sound", &[("name", name.into())])
}

/// A sound that was sent in, by the digest of what was sent, in the form that Asterisk plays.
///
/// # Errors
/// The database can't be read.
pub fn for_asterisk(connection: &Connection, digest: &str) -> Result<Option<Vec<u8>>> {
    let sent = store::content_of(connection, digest)?;
    Ok(sent.map(|bytes| Wav::read(&bytes).map(|wav| wav.for_asterisk()).unwrap_or(bytes)))
}
