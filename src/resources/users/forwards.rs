//! `/users/{user}/forwards` (confd.md 5.1): where a user's calls go at once, when busy, when nobody answers.

use super::found;
use super::switches::{self, Forward, Forwards};
use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::{Field, Mode, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde_json::Value;

/// In the order in which they are judged.
pub const NAMES: [&str; 3] = ["busy", "noanswer", "unconditional"];

static FORWARD: Schema = Schema::new(
    "Forward",
    &[Field::bool("enabled"), Field::text("destination").null_allowed().rules(&[Rule::Max(128)])],
);

pub static SCHEMA: Schema = Schema::new(
    "Forwards",
    &[
        Field::nested("busy", &FORWARD),
        Field::nested("noanswer", &FORWARD),
        Field::nested("unconditional", &FORWARD),
    ],
);

pub fn routes() -> Vec<Route> {
    let all = "/users/{user:key}/forwards";
    let busy = "/users/{user:key}/forwards/busy";
    let noanswer = "/users/{user:key}/forwards/noanswer";
    let unconditional = "/users/{user:key}/forwards/unconditional";
    vec![
        Route::read(all, "Get a user's forwards", get_forwards).shows::<switches::Forwards>(),
        Route::put(all, "Set a user's forwards", set_forwards).body(&SCHEMA),
        Route::read(busy, "Get the forward when busy", |call, db| get_forward(call, db, "busy"))
            .shows::<switches::Forward>(),
        Route::put(busy, "Set the forward when busy", |call, tx| set_forward(call, tx, "busy"))
            .body(&FORWARD),
        Route::read(noanswer, "Get the forward when unanswered", |call, db| {
            get_forward(call, db, "noanswer")
        })
        .shows::<switches::Forward>(),
        Route::put(noanswer, "Set the forward when unanswered", |call, tx| set_forward(call, tx, "noanswer"))
            .body(&FORWARD),
        Route::read(unconditional, "Get the forward of every call", |call, db| {
            get_forward(call, db, "unconditional")
        })
        .shows::<switches::Forward>(),
        Route::put(unconditional, "Set the forward of every call", |call, tx| {
            set_forward(call, tx, "unconditional")
        })
        .body(&FORWARD),
    ]
}

/// The forwards that a body names, each as a whole.
pub fn given(body: &Object) -> impl Iterator<Item = (&'static str, Forward)> {
    NAMES
        .into_iter()
        .filter_map(|name| Some((name, changed(Forward::default(), body.get(name)?.as_object()?))))
}

/// Sets one forward.
///
/// # Errors
/// 400 for one that is on and leads nowhere.
pub fn set(tx: &WriteTx, user: i64, name: &str, forward: &Forward) -> Result<()> {
    if forward.enabled && forward.destination.is_none() {
        let text = "Resource Error - Forward must be disabled to remove destination";
        return Err(Problems::one(text).into());
    }
    switches::set(tx, user, name, forward.enabled, forward.destination.as_deref())
}

/// A forward with the given values in place of its own.
fn changed(forward: Forward, body: &Object) -> Forward {
    Forward {
        enabled: body.get("enabled").and_then(Value::as_bool).unwrap_or(forward.enabled),
        destination: body
            .get("destination")
            .map_or(forward.destination, |number| number.as_str().map(str::to_owned)),
    }
}

fn named(forwards: Forwards, name: &str) -> Forward {
    match name {
        "busy" => forwards.busy,
        "noanswer" => forwards.noanswer,
        _ => forwards.unconditional,
    }
}

fn get_forwards(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = found(call, connection)?;
    Answer::json(&switches::of_user(connection, user.id)?.forwards)
}

fn set_forwards(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Update)?;
    given(&body).try_for_each(|(name, forward)| set(tx, user.id, name, &forward))?;
    Ok(Answer::Empty)
}

fn get_forward(call: &Call, connection: &Connection, name: &str) -> Result<Answer> {
    let user = found(call, connection)?;
    Answer::json(&named(switches::of_user(connection, user.id)?.forwards, name))
}

fn set_forward(call: &Call, tx: &WriteTx, name: &str) -> Result<Answer> {
    let user = found(call, tx)?;
    let body = call.parse(&FORWARD, Mode::Update)?;
    let current = named(switches::of_user(tx, user.id)?.forwards, name);
    set(tx, user.id, name, &changed(current, &body))?;
    Ok(Answer::Empty)
}
