//! User ↔ agent (confd.md 6.4, 2.6.4 and 2.7): a user has at most one, several users may share one.

use super::{Identity, found, store as users};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, associated, different_tenants, field};
use crate::domain::py::Py;
use crate::domain::schema::{Field, Mode, Object, Schema, concat};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::agents::{self, Agent, store};
use crate::resources::collect::Collected;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

static HEAD: [Field; 2] = [Field::int("id").null_allowed(), agents::NUMBER_FIELD.null_allowed()];

static QUEUES: [Field; 1] = [agents::QUEUES];

static ALL: [Field; 9] = concat(&[&HEAD, &agents::FIELDS, &QUEUES]);

/// The agent of a nested user.
static NESTED: Schema = Schema::new("UserAgent", &ALL);

/// The field of a nested user.
pub static FIELDS: [Field; 1] = [Field::nested("agent", &NESTED).null_allowed()];

pub fn routes() -> Vec<Route> {
    vec![
        Route::put("/users/{user:key}/agents/{agent:int}", "Give a user an agent", put_agent),
        Route::delete("/users/{user:key}/agents", "Take the agent from a user", delete_agent),
    ]
}

fn put_agent(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    attach(tx, &user, &agents::found(call, tx)?)?;
    Ok(Answer::Empty)
}

fn delete_agent(call: &Call, tx: &WriteTx) -> Result<Answer> {
    store::take_from_user(tx, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}

/// Gives a user an agent. Theirs already: nothing changes.
///
/// # Errors
/// 400: they have another, or the tenants differ.
fn attach(tx: &WriteTx, user: &Identity, agent: &Agent) -> Result<()> {
    match of(tx, user.id)? {
        Some(own) if own == agent.id => return Ok(()),
        Some(_) => {
            // The new agent's id, as the original says it.
            let meta = [("user_id", user.id.into()), ("agent", agent.id.into())];
            return Err(associated("User", "Agent", &meta).into());
        }
        None => {}
    }
    if agent.tenant_uuid != user.tenant_uuid {
        let left = ("agent_tenant_uuid", agent.tenant_uuid);
        return Err(different_tenants(left, ("user_tenant_uuid", user.tenant_uuid)).into());
    }
    store::give_to_user(tx, user.id, agent.id)
}

/// The id of a user's agent.
fn of(connection: &Connection, user: i64) -> Result<Option<i64>> {
    Ok(store::of_users(connection, &[user])?.first().map(|(_, agent, _)| *agent))
}

/// What became of the lines that a user was to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    AsAsked,
    /// One that was asked for is not there: its own mistake is told, and not that a number is missing.
    Missing,
}

/// Makes the agent of a new user. Shown with the queues as they were sent.
///
/// # Errors
/// What is not the request's fault; its mistakes are collected.
pub fn make(
    call: &Call,
    tx: &WriteTx,
    user: &Identity,
    lines: Lines,
    body: &Object,
    collected: &mut Collected,
) -> Result<Option<Value>> {
    let Some(agent) = body.get("agent").and_then(Value::as_object) else { return Ok(None) };
    let Some(whole) = completed(tx, user, lines, agent, collected)? else { return Ok(None) };
    let made = collected.attempt(tx, "agent", |tx| {
        let id = create_for(call, tx, user, &whole)?;
        let mut shown = serde_json::to_value(agents::views(call, tx, &[id])?.pop())?;
        if let (Some(shown), Some(sent)) = (shown.as_object_mut(), whole.get("queues")) {
            shown.insert("queues".to_owned(), sent.clone());
        }
        Ok(shown)
    })?;
    Ok(made)
}

/// Makes the user's agent that of the body, sent as `raw`; one that says nothing of them leaves them alone. Their own is
/// changed; one of another id stays away when the user has one; without an id a new one takes the place of the old.
///
/// # Errors
/// As [`make`].
pub fn reconcile(
    call: &Call,
    tx: &WriteTx,
    user: &Identity,
    (raw, body): (&Object, &Object),
    collected: &mut Collected,
) -> Result<()> {
    let Some(agent) = body.get("agent").and_then(Value::as_object) else { return Ok(()) };
    let Some(whole) = completed(tx, user, Lines::AsAsked, agent, collected)? else { return Ok(()) };
    let own = of(tx, user.id)?;
    let asked = agent.get("id").and_then(Value::as_i64);
    collected.attempt(tx, "agent", |tx| match (own, asked) {
        (Some(own), Some(asked)) if own == asked => {
            let raw = raw.get("agent").and_then(Value::as_object).cloned().unwrap_or_default();
            change(call, tx, own, &raw, &whole)
        }
        (Some(_), Some(_)) => Ok(()),
        (None, Some(asked)) => {
            let agent = agents::visible(tx, call.scope(), asked)?.ok_or_else(|| agents::unknown(asked))?;
            attach(tx, user, &agent)
        }
        (_, None) => {
            leave(tx, user)?;
            create_for(call, tx, user, &whole).map(drop)
        }
    })?;
    Ok(())
}

/// Only what the body itself holds is changed: defaults would undo what is stored.
fn change(call: &Call, tx: &WriteTx, id: i64, raw: &Object, whole: &Object) -> Result<()> {
    let agent = store::get(tx, id)?.ok_or_else(|| agents::unknown(id))?;
    agents::update(tx, &agent, &agents::SCHEMA.read_all(raw, Mode::Update).0)?;
    if raw.contains_key("queues") {
        store::leave_queues(tx, id)?;
        agents::queues::join_all(tx, call.scope(), &agent, whole)?;
    }
    Ok(())
}

fn create_for(call: &Call, tx: &WriteTx, user: &Identity, body: &Object) -> Result<i64> {
    let id = agents::create(tx, call.scope(), user.tenant_uuid, body)?;
    store::give_to_user(tx, user.id, id)?;
    Ok(id)
}

/// Takes the agent from a user, and deletes it when nobody else has it.
///
/// # Errors
/// The database can't be written.
pub fn leave(tx: &WriteTx, user: &Identity) -> Result<()> {
    let Some(agent) = of(tx, user.id)? else { return Ok(()) };
    store::take_from_user(tx, user.id)?;
    if store::has_users(tx, agent)? { Ok(()) } else { store::delete(tx, agent) }
}

/// The agent with the names of the user and the number of their first line, where it has none of its own; nothing when
/// there is no number.
fn completed(
    tx: &WriteTx,
    user: &Identity,
    lines: Lines,
    agent: &Object,
    collected: &mut Collected,
) -> Result<Option<Object>> {
    let mut whole = agent.clone();
    whole.remove("id");
    let row = users::row(tx, user.id)?;
    for name in ["firstname", "lastname"] {
        if whole.get(name).is_none_or(Value::is_null) {
            whole.insert(name.to_owned(), row.get(name).cloned().unwrap_or_default());
        }
    }
    if whole.get("number").is_none_or(Value::is_null) {
        let Some(number) = main_number(tx, user.id)? else {
            if lines == Lines::AsAsked {
                collected.extend(wrong_number("Field may not be null."));
            }
            return Ok(None);
        };
        let number = Value::from(number);
        if let Some(message) = agents::NUMBER_FIELD.rules.iter().find_map(|rule| rule.broken_by(&number)) {
            collected.extend(wrong_number(&message));
            return Ok(None);
        }
        whole.insert("number".to_owned(), number);
    }
    Ok(Some(whole))
}

fn wrong_number(message: &str) -> Problems {
    let message = Py::Dict(vec![("number".into(), Py::List(vec![message.into()]))]);
    Problems::one(field("agent", &message))
}

fn main_number(connection: &Connection, user: i64) -> Result<Option<String>> {
    let mut get = connection.prepare_cached(
        "SELECT e.exten FROM user_line ul JOIN line_extension le ON le.line_id = ul.line_id
             JOIN extension e ON e.id = le.extension_id
         WHERE ul.user_id = ?1 ORDER BY ul.position, le.position LIMIT 1",
    )?;
    Ok(get.query_row([user], |row| row.get(0)).optional()?)
}
