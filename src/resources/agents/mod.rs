//! Agents: people who log in at any phone to answer the calls of queues (confd.md 6.4). Here: the agent itself; their
//! queues and skills have files of their own.

mod api;
pub mod live;
pub mod logged;
pub mod queues;
mod skills;
pub mod store;
mod view;

pub use view::{Brief, Member, View, briefs_of_users, of_queues, views};

use crate::db::WriteTx;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Default, Field, Object, Pattern, Rule, Schema, concat, pattern};
use crate::domain::secret::unseen;
use crate::error::{Error, Result};
use crate::http::{Call, Route, Scope};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static NUMBER: Pattern = LazyLock::new(|| pattern(r"^[0-9\*#]{1,40}$"));

/// What is typed behind a code.
pub static NUMBER_RULES: [Rule; 1] = [Rule::Pattern(&NUMBER)];

/// The number of an agent; who creates one must give it.
pub const NUMBER_FIELD: Field = Field::text("number").rules(&NUMBER_RULES);

static NUMBERED: [Field; 1] = [NUMBER_FIELD.required()];

/// All but the number.
pub static FIELDS: [Field; 6] = [
    Field::text("firstname").nullable().rules(&[Rule::Max(128)]),
    Field::text("lastname").nullable().rules(&[Rule::Max(128)]),
    Field::text("password").nullable().rules(&[Rule::Max(128)]),
    Field::text("language").nullable().rules(&[Rule::Max(20)]),
    Field::text("preprocess_subroutine").nullable().rules(&[Rule::Max(79)]),
    Field::prose("description").nullable(),
];

/// The body of `PUT /agents/{agent}`: a number never changes.
pub static SCHEMA: Schema = Schema::new("Agent", &FIELDS);

/// The queues of an agent's body.
pub const QUEUES: Field = Field::many("queues", &queues::REFERENCE).or(Default::EmptyList);

static PARTS: [Field; 1] = [QUEUES];

static ALL: [Field; 8] = concat(&[&NUMBERED, &FIELDS, &PARTS]);

/// The body of `POST /agents`: its queues may come with it.
pub static CREATION: Schema = Schema::new("AgentCreation", &ALL);

/// An agent's row.
#[derive(Clone, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Agent {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub number: String,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    /// Asked when they log in at a phone.
    pub password: Option<String>,
    /// Of the prompts when they log in.
    pub language: Option<String>,
    /// The administrator's own context, run before their phone rings.
    pub preprocess_subroutine: Option<String>,
    pub description: Option<String>,
}

unseen!(Agent);

/// The routes of agents and of all that hangs on them.
pub fn routes() -> Vec<Route> {
    [api::routes(), live::routes(), queues::routes(), skills::routes()].concat()
}

/// The agent that the path names as `{agent}`.
///
/// # Errors
/// 404 when there is none that the request sees.
pub fn found(call: &Call, connection: &Connection) -> Result<Agent> {
    let id = call.int("agent");
    visible(connection, call.scope(), id)?.ok_or_else(|| unknown(id))
}

/// The agent of that id, if the request sees them.
///
/// # Errors
/// The database can't be read.
pub fn visible(connection: &Connection, scope: &Scope, id: i64) -> Result<Option<Agent>> {
    Ok(store::get(connection, id)?.filter(|agent| scope.sees(agent.tenant_uuid)))
}

/// 404.
pub fn unknown(id: i64) -> Error {
    Error::not_found("Agent", &[("id", id.into())])
}

/// Makes an agent in this tenant with the queues of a body that [`CREATION`] has read.
///
/// # Errors
/// 400: the number is taken; 404: an unknown queue.
pub fn create(tx: &WriteTx, scope: &Scope, tenant: Uuid, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    let mut agent: Agent = serde_json::from_value(Value::Object(row))?;
    if store::by_number(tx, tenant, &agent.number)?.is_some() {
        return Err(already_exists("Agent", &[("number", agent.number.as_str().into())]).into());
    }
    agent.id = store::insert(tx, &agent)?;
    queues::join_all(tx, scope, &agent, body)?;
    Ok(agent.id)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// The database can't be written.
pub fn update(tx: &WriteTx, old: &Agent, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    store::update(tx, &Agent { number: old.number.clone(), ..serde_json::from_value(row)? })
}
