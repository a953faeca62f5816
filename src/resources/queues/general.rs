//! `/asterisk/queues/general`: the general section of `queues.conf`.

use crate::db::WriteTx;
use crate::domain::schema::{Field, Kind, Mode, Object, Rule, Schema};
use crate::domain::text::is_control;
use crate::error::Result;
use crate::http::{Answer, Call, Route, as_schema};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

const PATH: &str = "/asterisk/queues/general";

/// In the table `asterisk_option`.
const AREA: &str = "queues/general";

/// What a fresh system has (behaviour.md 4.1).
const FRESH: &[(&str, &str)] = &[
    ("persistentmembers", "yes"),
    ("autofill", "no"),
    ("monitor-type", "no"),
    ("updatecdr", "no"),
    ("shared_lastcall", "yes"),
];

static SCHEMA: Schema = Schema::new(
    "QueueGeneral",
    &[Field::new("options", Kind::Texts).required().rules(&[Rule::Custom(refuse_values)])],
);

pub fn routes() -> Vec<Route> {
    vec![
        Route::read(PATH, "Get the general options of queues", get_general)
            .shows_as("AsteriskOptions", |_| as_schema(SCHEMA.shown()))
            .named("confd.asterisk.queue.general.get")
            .master(),
        Route::put(PATH, "Set the general options of queues", put_general)
            .named("confd.asterisk.queue.general.update")
            .body(&SCHEMA)
            .master(),
    ]
}

fn refuse_values(options: &Value) -> Option<String> {
    let good = |value: &Value| match value {
        Value::String(text) => text.len() <= 255 && !text.contains(is_control),
        other => other.is_null(),
    };
    let options = options.as_object()?;
    let named = |name: &String| name.len() <= 255 && !name.contains(is_control);
    let right = options.len() <= 100 && options.keys().all(named) && options.values().all(good);
    (!right).then(|| "Not a valid string.".to_owned())
}

fn get_general(_: &Call, connection: &Connection) -> Result<Answer> {
    let mut get = connection
        .prepare_cached("SELECT name, value FROM asterisk_option WHERE area = ?1 ORDER BY position")?;
    let rows = get.query_map([AREA], |row| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?.into())))?;
    let mut options = rows.collect::<rusqlite::Result<Object>>()?;
    if options.is_empty() {
        options = FRESH.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
    }
    Answer::json(&json!({"options": options}))
}

fn put_general(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&SCHEMA, Mode::Create)?;
    tx.prepare_cached("DELETE FROM asterisk_option WHERE area = ?1")?.execute([AREA])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO asterisk_option (area, position, name, value) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let options = body.get("options").and_then(Value::as_object).into_iter().flatten();
    for (position, (name, value)) in (0_i64..).zip(options) {
        insert.execute(params![AREA, position, name, value.as_str()])?;
    }
    Ok(Answer::Empty)
}
