//! Switchboards: calls wait until an operator takes them, and can be held (confd.md 6.3, behaviour.md 5). Here: the
//! switchboard itself; its members, where its calls go on, and what operators do have files of their own.

mod api;
pub mod calls;
mod codes;
mod fallbacks;
pub mod live;
pub mod members;
pub mod operators;
pub mod store;
mod view;

pub use view::{Brief, briefs_of_users, views};

use crate::db::WriteTx;
use crate::domain::problems::param_not_found;
use crate::domain::schema::{Field, Object, Rule, Schema, concat};
use crate::error::{Error, Result};
use crate::http::{Call, Route, Scope};
use crate::resources::moh;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

const MOST: &[Rule] = &[Rule::Max(128)];

static FIELDS: [Field; 4] = [
    Field::text("name").required().rules(MOST),
    Field::int("timeout").nullable().rules(&[Rule::AtLeast(1)]),
    Field::text("queue_music_on_hold").nullable().empty_is_null().rules(MOST),
    Field::text("waiting_room_music_on_hold").nullable().empty_is_null().rules(MOST),
];

/// The fields of `PUT /switchboards/{switchboard}`.
pub static SCHEMA: Schema = Schema::new("Switchboard", &FIELDS);

static PARTS: [Field; 1] = [Field::nested("members", &members::MEMBERS).null_allowed()];

static ALL: [Field; 5] = concat(&[&FIELDS, &PARTS]);

/// The body of `POST /switchboards`: its members may come with it.
pub static CREATION: Schema = Schema::new("SwitchboardCreation", &ALL);

/// A switchboard's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Switchboard {
    /// Its number in the codes of phones; the API of the original has none.
    pub id: i64,
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub name: String,
    /// Seconds until the fallback; none is for ever.
    pub timeout: Option<i64>,
    pub queue_music_on_hold: Option<String>,
    pub waiting_room_music_on_hold: Option<String>,
}

/// The routes of switchboards and of all that hangs on them.
pub fn routes() -> Vec<Route> {
    [api::routes(), calls::routes(), codes::routes(), fallbacks::routes(), members::routes()].concat()
}

/// The switchboard that the path names, if the request sees it.
///
/// # Errors
/// 404, with what the path has.
pub fn found(call: &Call, connection: &Connection) -> Result<Switchboard> {
    let asked = call.segment("switchboard");
    let uuid = Uuid::try_parse(asked).ok();
    let row = uuid.map(|uuid| store::get(connection, uuid)).transpose()?.flatten();
    row.filter(|board| call.scope().sees(board.tenant_uuid))
        .ok_or_else(|| Error::not_found("Switchboard", &[("uuid", asked.into())]))
}

/// Makes a switchboard with the members of a body that [`CREATION`] has read.
///
/// # Errors
/// 400: an unknown music class, or as [`members::replace`].
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<Switchboard> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("uuid".to_owned(), Value::from(Uuid::new_v4().to_string()));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let mut board: Switchboard = serde_json::from_value(Value::Object(row))?;
    check_music(tx, &board)?;
    board.id = store::insert(tx, &board)?;
    if let Some(Value::Object(members)) = body.get("members") {
        members::replace(tx, scope, &board, members).map_err(|error| error.at("members"))?;
    }
    Ok(board)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: an unknown music class.
pub fn update(tx: &WriteTx, old: &Switchboard, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    let new: Switchboard = serde_json::from_value(row)?;
    check_music(tx, &new)?;
    store::update(tx, &new)
}

/// Here `default` is no name of a class: the original refuses it, and null means it.
fn check_music(tx: &WriteTx, board: &Switchboard) -> Result<()> {
    let classes = [
        ("queue_music_on_hold", &board.queue_music_on_hold),
        ("waiting_room_music_on_hold", &board.waiting_room_music_on_hold),
    ];
    for (field, class) in classes {
        if class.as_deref() == Some("default") {
            return Err(param_not_found(field, "MOH", &[(field, "default".into())]).into());
        }
        moh::check_class(tx, board.tenant_uuid, field, class.as_deref())?;
    }
    Ok(())
}
