//! Parking lots: a call that is put aside there is taken up again by dialling its slot (confd.md 6.9, behaviour.md 8.4).

mod api;
mod extensions;
pub mod slots;
pub mod store;
mod view;

pub use view::views;

use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::py::Py;
use crate::domain::schema::{Default, Field, Messages, Mode, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Call, Route};
use crate::resources::moh;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// Every slot is a number of the dialplan.
const MOST_SLOTS: i64 = 1000;

const NUMBER: &[Rule] = &[Rule::Digits, Rule::Max(40)];

static FIELDS: [Field; 5] = [
    Field::text("name").nullable().rules(&[Rule::Max(128)]),
    Field::text("slots_start").required().rules(NUMBER),
    Field::text("slots_end").required().rules(NUMBER),
    Field::int("timeout").null_allowed().or(Default::Int(45)).rules(&[Rule::AtLeast(0)]),
    Field::text("music_on_hold").null_allowed().or(Default::Text("default")).rules(&[Rule::Max(128)]),
];

pub static SCHEMA: Schema = Schema::new("ParkingLot", &FIELDS).checked(check_slots);

/// A parking lot's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct ParkingLot {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: Option<String>,
    /// The first and the last number that is dialled to retrieve a call.
    pub slots_start: String,
    pub slots_end: String,
    /// Seconds until the call comes back to whoever parked it; none and 0 are for ever.
    pub timeout: Option<i64>,
    /// The music class that the parked caller hears.
    pub music_on_hold: Option<String>,
}

/// The routes of parking lots and of their extensions.
pub fn routes() -> Vec<Route> {
    [api::routes(), extensions::routes()].concat()
}

/// The parking lot that the path names, if the request sees it.
///
/// # Errors
/// 404.
pub fn found(call: &Call, connection: &Connection) -> Result<ParkingLot> {
    let id = call.int("parking_lot");
    call.visible(store::get(connection, id)?, |lot| lot.tenant_uuid, "ParkingLot", id)
}

/// Makes a parking lot of a tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: an unknown music class.
pub fn create(tx: &WriteTx, tenant: Uuid, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    let lot: ParkingLot = serde_json::from_value(Value::Object(row))?;
    moh::check_class(tx, tenant, "music_on_hold", lot.music_on_hold.as_deref())?;
    store::insert(tx, &lot)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// As [`create`]; a slot would be somebody's number.
pub fn update(tx: &WriteTx, old: &ParkingLot, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    let new: ParkingLot = serde_json::from_value(row)?;
    if let Some(sentence) = wrong_slots(&new.slots_start, &new.slots_end) {
        return Err(Problems::one(format!("Input Error - _schema: ['{sentence}']")).into());
    }
    moh::check_class(tx, new.tenant_uuid, "music_on_hold", new.music_on_hold.as_deref())?;
    for context in store::contexts_of(tx, new.id)? {
        slots::refuse_taken(tx, &new, &context)?;
    }
    store::update(tx, &new)
}

fn check_slots(body: &Object, _: Mode) -> Messages {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let (Some(start), Some(end)) = (text("slots_start"), text("slots_end")) else { return Messages::new() };
    match wrong_slots(start, end) {
        Some(sentence) => vec![("_schema".to_owned(), Py::List(vec![sentence.into()]))],
        None => Messages::new(),
    }
}

/// Asterisk counts slots in 32 bits, and each is a line of the dialplan.
fn wrong_slots(start: &str, end: &str) -> Option<&'static str> {
    match (slots::number(start), slots::number(end)) {
        (Some(start), Some(end)) if start > end => Some("It is not a valid range"),
        (Some(start), Some(end)) if end - start >= MOST_SLOTS => Some("It has more than 1000 slots"),
        (Some(1..), Some(_)) => None,
        _ => Some("It is not a valid range"),
    }
}
