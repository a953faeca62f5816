//! Menus: a caller hears what there is, and types a choice (confd.md 6.9, behaviour.md 8.7).

mod api;
pub mod store;
mod view;

use crate::db::WriteTx;
use crate::domain::entry::entry;
use crate::domain::exten::canonical;
use crate::domain::problems::Problems;
use crate::domain::py::Py;
use crate::domain::schema::{Default, Field, Messages, Mode, Object, Pattern, Rule, Schema, pattern};
use crate::domain::text::is_file;
use crate::error::{Error, Result, gather, refuse};
use crate::http::{Call, Route, Scope};
use crate::resources::destinations::{self, Owner};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use uuid::Uuid;

static EXTEN: Pattern = LazyLock::new(|| pattern(r"^_[*#0-9_XxZzNn\[\].!-]{1,39}$|^[*#0-9]{1,40}$"));

const SOUND: &[Rule] = &[Rule::Max(255), Rule::Custom(refuse_unplayable)];

static CHOICE: Schema = Schema::new(
    "IvrChoice",
    &[
        Field::text("exten").required().rules(&[Rule::Custom(refuse_exten)]),
        Field::nested("destination", &destinations::NESTED).required(),
    ],
);

pub static SCHEMA: Schema = Schema::new(
    "Ivr",
    &[
        Field::text("name").required().rules(&[Rule::Max(128)]),
        Field::prose("description").nullable(),
        Field::text("greeting_sound").nullable().rules(SOUND),
        Field::text("invalid_sound").nullable().rules(SOUND),
        Field::text("abort_sound").nullable().rules(SOUND),
        Field::text("menu_sound").required().rules(SOUND),
        Field::int("timeout").or(Default::Int(5)).rules(&[Rule::AtLeast(0)]),
        Field::int("max_tries").or(Default::Int(3)).rules(&[Rule::AtLeast(1)]),
        Field::nested("invalid_destination", &destinations::NESTED).null_allowed(),
        Field::nested("timeout_destination", &destinations::NESTED).null_allowed(),
        Field::nested("abort_destination", &destinations::NESTED).null_allowed(),
        Field::many("choices", &CHOICE).or(Default::EmptyList).rules(&[Rule::Max(500)]),
    ],
)
.checked(check_choices);

/// A menu's row; its destinations are with all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Ivr {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub description: Option<String>,
    /// Sound files.
    pub greeting_sound: Option<String>,
    pub menu_sound: String,
    pub invalid_sound: Option<String>,
    pub abort_sound: Option<String>,
    /// Seconds without a digit.
    pub timeout: i64,
    /// So many times the menu is heard.
    pub max_tries: i64,
    pub choices: Vec<Choice>,
}

/// What is typed: a number or a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Choice {
    pub exten: String,
}

/// The resource's name in error texts.
const RESOURCE: &str = "IVR";

/// Whose destinations a menu's are.
const WORD: &str = "ivr";

/// What can happen beside a choice.
const EVENTS: [&str; 3] = ["invalid", "timeout", "abort"];

pub fn routes() -> Vec<Route> {
    api::routes()
}

/// What can't be played would be silence.
fn refuse_unplayable(value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    let fits = text.is_empty() || is_file(text);
    if fits {
        destinations::refuse_way_up(value)
    } else {
        Some("String does not match expected pattern.".to_owned())
    }
}

/// Only what a caller can type is a choice.
fn refuse_exten(value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    let fits = EXTEN.is_match(text) && entry(text).is_some();
    (!fits).then(|| "String does not match expected pattern.".to_owned())
}

/// No two choices may mean the same.
fn check_choices(body: &Object, _: Mode) -> Messages {
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    let choices = body.get("choices").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for (at, choice) in (0_i64..).zip(choices) {
        let exten = choice.get("exten").and_then(Value::as_str).unwrap_or_default();
        if !seen.insert(canonical(exten)) {
            let message = Py::List(vec![format!("Duplicate exten '{exten}'.").into()]);
            twice.push((Py::Int(at), Py::Dict(vec![("exten".into(), message)])));
        }
    }
    if twice.is_empty() { Messages::new() } else { vec![("choices".to_owned(), Py::Dict(twice))] }
}

/// Makes a menu in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400 with every destination that names something unknown.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let id = store::insert(tx, &serde_json::from_value(Value::Object(row))?)?;
    set_destinations(tx, scope, id, body)?;
    Ok(id)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// As [`create`].
pub fn update(tx: &WriteTx, scope: &Scope, old: &Ivr, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    store::update(tx, &serde_json::from_value(row)?)?;
    set_destinations(tx, scope, old.id, body)
}

/// The menu that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<Ivr> {
    let id = call.int("ivr");
    let row = store::get(connection, id)?.filter(|row| call.scope().sees(row.tenant_uuid));
    row.ok_or_else(|| Error::not_found(RESOURCE, &[("id", id.into())]))
}

/// The event of the choice at this place.
fn choice(at: usize) -> String {
    format!("choice-{at}")
}

fn set_destinations(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    let owner = Owner { word: WORD, id };
    let mut problems = Problems::default();
    for event in EVENTS {
        if let Some(destination) = body.get(&format!("{event}_destination")) {
            gather(&mut problems, destinations::set(tx, scope, owner, event, destination.as_object()))?;
        }
    }
    if let Some(Value::Array(choices)) = body.get("choices") {
        store::forget_choices(tx, id)?;
        for (at, one) in choices.iter().enumerate() {
            let destination = one.get("destination").and_then(Value::as_object);
            gather(&mut problems, destinations::set(tx, scope, owner, &choice(at), destination))?;
        }
    }
    refuse(problems)
}
