//! A schedule as the API shows it, and briefly inside those who follow it.

use super::{CLOSED, Kind, WORD, exceptional, store, uses};
use crate::domain::hours::Period;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::destinations;
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// A schedule, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: Option<String>,
    pub timezone: Option<String>,
    #[schemars(with = "destinations::Destination")]
    pub closed_destination: Value,
    pub open_periods: Vec<Period>,
    pub exceptional_periods: Vec<Exceptional>,
    pub enabled: bool,
    pub links: Vec<Link>,
    pub incalls: Vec<Incall>,
    pub users: Vec<User>,
    pub groups: Vec<Group>,
    pub queues: Vec<Queue>,
    pub outcalls: Vec<Brief>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Exceptional {
    #[serde(flatten)]
    pub period: Period,
    #[schemars(with = "destinations::Destination")]
    pub destination: Value,
}

/// A schedule inside its owner, and an outcall inside a schedule.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub id: i64,
    pub name: Option<String>,
    pub links: Vec<Link>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Incall {
    pub id: i64,
    pub links: Vec<Link>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct User {
    pub uuid: Option<Uuid>,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub links: Vec<Link>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Group {
    pub uuid: Option<Uuid>,
    pub id: i64,
    pub name: Option<String>,
    pub links: Vec<Link>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Queue {
    pub id: i64,
    pub name: Option<String>,
    pub label: Option<String>,
    pub links: Vec<Link>,
}

/// The schedules of these owners, as they show them: none or one each.
///
/// # Errors
/// The database can't be read.
pub fn briefs(
    call: &Call,
    connection: &Connection,
    kind: Kind,
    owners: &[i64],
) -> Result<HashMap<i64, Vec<Brief>>> {
    let mut briefs: HashMap<i64, Vec<Brief>> = HashMap::new();
    for (owner, id, name) in uses::of(connection, kind, owners)? {
        let links = call.links("schedules", &format!("/schedules/{id}"));
        briefs.entry(owner).or_default().push(Brief { id, name, links });
    }
    Ok(briefs)
}

/// The owners of one kind by schedule, each as `show` makes it.
fn owners<T>(
    connection: &Connection,
    kind: Kind,
    schedules: &[i64],
    show: impl Fn(uses::OwnerRow) -> T,
) -> Result<HashMap<i64, Vec<T>>> {
    let mut owners: HashMap<i64, Vec<T>> = HashMap::new();
    for row in uses::owners(connection, kind, schedules)? {
        owners.entry(row.schedule).or_default().push(show(row));
    }
    Ok(owners)
}

/// The schedules as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut incalls = owners(connection, Kind::Incall, ids, |row| Incall {
        id: row.id,
        links: call.links("incalls", &format!("/incalls/{}", row.id)),
    })?;
    let mut users = owners(connection, Kind::User, ids, |row| User {
        uuid: row.uuid,
        firstname: row.name,
        lastname: row.more,
        links: call.links("users", &format!("/users/{}", row.id)),
    })?;
    let mut groups = owners(connection, Kind::Group, ids, |row| Group {
        uuid: row.uuid,
        id: row.id,
        name: row.name,
        links: call.links("groups", &format!("/groups/{}", row.uuid.unwrap_or_default())),
    })?;
    let mut queues = owners(connection, Kind::Queue, ids, |row| Queue {
        id: row.id,
        name: row.name,
        label: row.more,
        links: call.links("queues", &format!("/queues/{}", row.id)),
    })?;
    let mut outcalls = owners(connection, Kind::Outcall, ids, |row| Brief {
        id: row.id,
        name: row.name,
        links: call.links("outcalls", &format!("/outcalls/{}", row.id)),
    })?;
    let mut destinations = destinations::of(connection, WORD, ids)?;
    let mut destination =
        |id: i64, event: String| destinations.remove(&(id, event)).unwrap_or_else(|| json!({"type": "none"}));
    let shown = store::many(connection, ids)?.into_iter().map(|row| View {
        links: call.links("schedules", &format!("/schedules/{}", row.id)),
        closed_destination: destination(row.id, CLOSED.to_owned()),
        exceptional_periods: (0..)
            .zip(row.exceptional_periods)
            .map(|(at, period)| Exceptional { period, destination: destination(row.id, exceptional(at)) })
            .collect(),
        incalls: incalls.remove(&row.id).unwrap_or_default(),
        users: users.remove(&row.id).unwrap_or_default(),
        groups: groups.remove(&row.id).unwrap_or_default(),
        queues: queues.remove(&row.id).unwrap_or_default(),
        outcalls: outcalls.remove(&row.id).unwrap_or_default(),
        id: row.id,
        tenant_uuid: row.tenant_uuid,
        name: row.name,
        timezone: row.timezone,
        open_periods: row.open_periods,
        enabled: row.enabled,
    });
    Ok(shown.collect())
}
