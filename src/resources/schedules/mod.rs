//! Schedules: when users, groups, queues, incalls and outcalls take calls, and where calls go when they don't
//! (confd.md 6.9, behaviour.md 7).

mod api;
mod owners;
pub mod store;
mod uses;
mod view;

pub use owners::{Kind, attach, detach_all};
pub use view::{Brief, briefs};

use crate::db::WriteTx;
use crate::domain::hours::{Period, timezone};
use crate::domain::problems::Problems;
use crate::domain::py::Py;
use crate::domain::schema::{
    self, Default, Field, Messages, Mode, Object, Pattern, Rule, Schema, concat, pattern,
};
use crate::error::{Error, Result, gather, refuse};
use crate::http::{Call, Route, Scope};
use crate::resources::destinations::{self, Owner};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static HOUR: Pattern = LazyLock::new(|| pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$"));

/// More periods than any calendar has days would only make calls slow.
const MOST_PERIODS: &[Rule] = &[Rule::Max(1000)];

static PERIOD: [Field; 5] = [
    Field::text("hours_start").required().rules(&[Rule::Pattern(&HOUR)]),
    Field::text("hours_end").required().rules(&[Rule::Pattern(&HOUR)]),
    days("week_days", &[Rule::Range(1, 7)], &[Rule::Custom(|days| not_empty("week_days", days))]),
    days("month_days", &[Rule::Range(1, 31)], &[Rule::Custom(|days| not_empty("month_days", days))]),
    days("months", &[Rule::Range(1, 12)], &[Rule::Custom(|months| not_empty("months", months))]),
];

static EXCEPTION: [Field; 6] =
    concat(&[&PERIOD, &[Field::nested("destination", &destinations::NESTED).required()]]);

static OPEN: Schema = Schema::new("OpenPeriod", &PERIOD).checked(check_hours);
static EXCEPTIONAL: Schema = Schema::new("ExceptionalPeriod", &EXCEPTION).checked(check_hours);

pub static SCHEMA: Schema = Schema::new(
    "Schedule",
    &[
        Field::text("name").nullable().rules(&[Rule::Max(128)]),
        Field::text("timezone").nullable().rules(&[Rule::Max(128), Rule::Custom(refuse_unknown_timezone)]),
        Field::nested("closed_destination", &destinations::NESTED).required(),
        Field::many("open_periods", &OPEN).or(Default::EmptyList).rules(MOST_PERIODS),
        Field::many("exceptional_periods", &EXCEPTIONAL).or(Default::EmptyList).rules(MOST_PERIODS),
        Field::new("enabled", schema::Kind::LooseBool).or(Default::Bool(true)),
    ],
);

/// A schedule's row; its destinations are with all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Schedule {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: Option<String>,
    /// A name of the IANA time zones; none is the machine's.
    pub timezone: Option<String>,
    pub open_periods: Vec<Period>,
    /// While one of these matches, it is closed.
    pub exceptional_periods: Vec<Period>,
    /// A disabled schedule closes nothing.
    pub enabled: bool,
}

/// The resource's name in error texts.
pub const RESOURCE: &str = "Schedule";

/// Whose destinations a schedule's are.
const WORD: &str = "schedule";

/// The event of a schedule that is closed.
const CLOSED: &str = "closed";

pub fn routes() -> Vec<Route> {
    [api::routes(), owners::routes()].concat()
}

const fn days(name: &'static str, each: &'static [Rule], all: &'static [Rule]) -> Field {
    Field::list(name, &schema::Kind::Int).each(each).rules(all)
}

fn not_empty(name: &str, list: &Value) -> Option<String> {
    list.as_array().is_some_and(Vec::is_empty).then(|| format!("{name} cannot be empty"))
}

/// With a name that nobody knows, calls would be taken at other hours than were meant.
fn refuse_unknown_timezone(name: &Value) -> Option<String> {
    timezone(name.as_str()?).is_none().then(|| "Not a valid timezone.".to_owned())
}

fn check_hours(period: &Object, _: Mode) -> Messages {
    let at = |name: &str| period.get(name).and_then(Value::as_str);
    if at("hours_end") < at("hours_start") {
        return vec![("_schema".to_owned(), Py::List(vec!["hours_end is before hours_start".into()]))];
    }
    Messages::new()
}

/// Makes a schedule in the scope's tenant from a body that [`SCHEMA`] has read.
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
pub fn update(tx: &WriteTx, scope: &Scope, old: &Schedule, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    store::update(tx, &serde_json::from_value(row)?)?;
    set_destinations(tx, scope, old.id, body)
}

/// A schedule that the request sees.
///
/// # Errors
/// 404.
pub fn visible(connection: &Connection, scope: &Scope, id: i64) -> Result<Schedule> {
    let row = store::get(connection, id)?.filter(|row| scope.sees(row.tenant_uuid));
    row.ok_or_else(|| Error::not_found(RESOURCE, &[("id", id.into())]))
}

fn found(call: &Call, connection: &Connection) -> Result<Schedule> {
    visible(connection, call.scope(), call.int("schedule"))
}

/// The event of the exceptional period at this place.
fn exceptional(at: usize) -> String {
    format!("exceptional-{at}")
}

fn set_destinations(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    let owner = Owner { word: WORD, id };
    let mut problems = Problems::default();
    if let Some(Value::Object(destination)) = body.get("closed_destination") {
        let mut own = Problems::default();
        gather(&mut own, destinations::set(tx, scope, owner, CLOSED, Some(destination)))?;
        let is_user = destination.get("type").and_then(Value::as_str) == Some("user");
        // The original has another name for the user's id in this place alone.
        let renamed = |text: &String| text.replace("actionarg1", "fallback_actionid");
        problems.0.extend(if is_user { own.0.iter().map(renamed).collect() } else { own.0 });
    }
    if let Some(Value::Array(periods)) = body.get("exceptional_periods") {
        store::forget_exceptions(tx, id)?;
        for (at, period) in periods.iter().enumerate() {
            let destination = period.get("destination").and_then(Value::as_object);
            gather(&mut problems, destinations::set(tx, scope, owner, &exceptional(at), destination))?;
        }
    }
    refuse(problems)
}
