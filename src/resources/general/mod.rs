//! `/asterisk/confbridge/*` and `/asterisk/features/*`: options that calls depend on. `domain/general.rs` has the table
//! of them; what it does not know is kept and shown, without effect.

use crate::db::WriteTx;
use crate::domain::general::{AREAS, Area};
use crate::domain::problems::Problems;
use crate::domain::problems::field;
use crate::domain::py::Py;
use crate::domain::schema::{Field, Kind, Mode, Object, Rule, Schema};
use crate::domain::text::is_control;
use crate::error::Result;
use crate::http::{Answer, Call, Route, as_schema};
use crate::resources::documents::store;
use rusqlite::Connection;
use serde_json::{Value, json};

/// The body of every PUT.
static SCHEMA: Schema = Schema::new(
    "AsteriskOptionsWithEffect",
    &[Field::new("options", Kind::Texts).required().rules(&[Rule::Custom(refuse_texts)])],
);

/// The body of `PUT /recordings/announcements`.
static ANNOUNCEMENTS: Schema = Schema::new(
    "RecordingAnnouncements",
    &[
        Field::text("recording_start").nullable().rules(&[Rule::Max(255)]),
        Field::text("recording_stop").nullable().rules(&[Rule::Max(255)]),
    ],
);
const ANNOUNCEMENTS_PATH: &str = "/recordings/announcements";

pub fn routes() -> Vec<Route> {
    let mut routes = [pair::<0>(), pair::<1>(), pair::<2>(), pair::<3>(), pair::<4>()].concat();
    routes.extend([
        Route::read(ANNOUNCEMENTS_PATH, "Get what is played around recordings", get_announcements)
            .shows_as("RecordingAnnouncements", |_| as_schema(ANNOUNCEMENTS.shown())),
        Route::put(ANNOUNCEMENTS_PATH, "Set what is played around recordings", set_announcements)
            .body(&ANNOUNCEMENTS),
    ]);
    routes
}

/// GET and PUT of the set at this place of the table.
fn pair<const N: usize>() -> Vec<Route> {
    let Some(area) = AREAS.get(N) else { return Vec::new() };
    vec![
        Route::read(area.path, area.summary, |_, connection| get(N, connection))
            .shows_as("AsteriskOptions", |_| as_schema(SCHEMA.shown()))
            .verb("get")
            .master(),
        Route::put(area.path, area.summary, |call, tx| set(N, call, tx)).body(&SCHEMA).master(),
    ]
}

fn get(place: usize, connection: &Connection) -> Result<Answer> {
    let Some(area) = AREAS.get(place) else { return Ok(Answer::Empty) };
    Answer::json(&json!({"options": options(connection, area)?}))
}

fn set(place: usize, call: &Call, tx: &WriteTx) -> Result<Answer> {
    let Some(area) = AREAS.get(place) else { return Ok(Answer::Empty) };
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let options = body.get("options").and_then(Value::as_object);
    let wrong: Vec<(Py, Py)> = options
        .into_iter()
        .flatten()
        .filter(|(name, value)| {
            let shape = area.shape(name);
            shape.zip(value.as_str()).is_some_and(|(shape, value)| !shape.takes(value))
        })
        .map(|(name, _)| (name.as_str().into(), Py::List(vec!["Invalid input.".into()])))
        .collect();
    if !wrong.is_empty() {
        return Err(Problems::one(field("options", &Py::Dict(wrong))).into());
    }
    store::set_single(tx, area.path, store::master(tx)?, &body)?;
    Ok(Answer::Empty)
}

/// The options of a set: those that were written, else its seed.
///
/// # Errors
/// The database can't be read.
pub fn options(connection: &Connection, area: &Area) -> Result<Object> {
    let stored = store::single(connection, area.path, store::master(connection)?)?;
    let written = stored.and_then(|mut body| match body.remove("options") {
        Some(Value::Object(options)) => Some(options),
        _ => None,
    });
    let seed = || area.seed.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
    Ok(written.unwrap_or_else(seed))
}

fn get_announcements(call: &Call, connection: &Connection) -> Result<Answer> {
    let stored = store::single(connection, ANNOUNCEMENTS_PATH, call.scope().tenant)?;
    let fresh = || {
        Object::from_iter(["recording_start", "recording_stop"].map(|name| (name.to_owned(), Value::Null)))
    };
    Answer::json(&stored.unwrap_or_else(fresh))
}

fn set_announcements(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&ANNOUNCEMENTS, Mode::Create)?;
    store::set_single(tx, ANNOUNCEMENTS_PATH, call.scope().tenant, &body)?;
    Ok(Answer::Empty)
}

/// Every option is a text or nothing, and there are not too many.
fn refuse_texts(options: &Value) -> Option<String> {
    const MOST: usize = 512;
    let options = options.as_object()?;
    if options.len() > MOST {
        return Some(format!("Longer than maximum length {MOST}."));
    }
    let good = |value: &Value| match value {
        Value::String(text) => text.len() <= 4092 && !text.chars().any(is_control),
        value => value.is_null(),
    };
    options.values().any(|value| !good(value)).then(|| "Not a valid string.".to_owned())
}
