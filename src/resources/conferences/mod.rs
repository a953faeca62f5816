//! Conferences: rooms in which callers meet (confd.md 6.9, behaviour.md 8.6).

mod api;
mod extensions;
pub mod store;
mod view;

pub use view::views;

use crate::db::WriteTx;
use crate::domain::schema::{Default, Field, Kind, Object, Rule, Schema};
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::{Call, Route};
use crate::resources::moh;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

const PIN: &[Rule] = &[Rule::Digits, Rule::Max(80)];

const fn flag(name: &'static str, default: bool) -> Field {
    Field::new(name, Kind::LooseBool).or(Default::Bool(default))
}

static FIELDS: [Field; 11] = [
    Field::text("name").nullable().rules(&[Rule::Max(128)]),
    Field::text("preprocess_subroutine").nullable().rules(&[Rule::Max(79)]),
    Field::int("max_users").or(Default::Int(50)).rules(&[Rule::Range(0, i32::MAX as i64)]),
    flag("record", false),
    Field::text("pin").nullable().rules(PIN),
    flag("quiet_join_leave", false),
    flag("announce_join_leave", false),
    flag("announce_user_count", false),
    flag("announce_only_user", true),
    Field::text("music_on_hold").nullable().empty_is_null().rules(&[Rule::Max(128)]),
    Field::text("admin_pin").nullable().rules(PIN),
];

pub static SCHEMA: Schema = Schema::new("Conference", &FIELDS);

/// A conference's row.
#[derive(Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Conference {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: Option<String>,
    /// The administrator's own context, run once the PIN was typed.
    pub preprocess_subroutine: Option<String>,
    /// Administrators do not count; 0 is no limit.
    pub max_users: i64,
    pub record: bool,
    pub pin: Option<String>,
    pub quiet_join_leave: bool,
    pub announce_join_leave: bool,
    pub announce_user_count: bool,
    pub announce_only_user: bool,
    /// The music class that somebody alone hears; none is silence.
    pub music_on_hold: Option<String>,
    pub admin_pin: Option<String>,
}

unseen!(Conference);

/// The routes of conferences and of their extensions.
pub fn routes() -> Vec<Route> {
    [api::routes(), extensions::routes()].concat()
}

/// The conference that the path names, if the request sees it.
///
/// # Errors
/// 404.
pub fn found(call: &Call, connection: &Connection) -> Result<Conference> {
    let id = call.int("conference");
    call.visible(store::get(connection, id)?, |conference| conference.tenant_uuid, "Conference", id)
}

/// Makes a conference of a tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: an unknown music class.
pub fn create(tx: &WriteTx, tenant: Uuid, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    let conference: Conference = serde_json::from_value(Value::Object(row))?;
    moh::check_class(tx, tenant, "music_on_hold", conference.music_on_hold.as_deref())?;
    store::insert(tx, &conference)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// As [`create`].
pub fn update(tx: &WriteTx, old: &Conference, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    let new: Conference = serde_json::from_value(row)?;
    moh::check_class(tx, new.tenant_uuid, "music_on_hold", new.music_on_hold.as_deref())?;
    store::update(tx, &new)
}
