//! `/{users|groups|queues|incalls|outcalls}/{id}/schedules/{schedule}`: who follows a schedule (confd.md 6.9). One each.

use super::{Schedule, found, uses};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Key, Route};
use rusqlite::Connection;
use uuid::Uuid;

/// What can follow a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    User,
    Group,
    Queue,
    Incall,
    Outcall,
}

impl Kind {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Queue => "queue",
            Kind::Incall => "incall",
            Kind::Outcall => "outcall",
        }
    }

    /// The resource's name, and what its id and its tenant are called in refusals.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::User => ("User", "user_id", "user_tenant_uuid"),
            Kind::Group => ("Group", "group_id", "group_tenant_uuid"),
            Kind::Queue => ("Queue", "queue_id", "queue_tenant_uuid"),
            Kind::Incall => ("Incall", "incall_id", "incall_tenant_uuid"),
            Kind::Outcall => ("Outcall", "outcall_id", "outcall_tenant_uuid"),
        }
    }
}

pub fn routes() -> Vec<Route> {
    let user = "/users/{owner:key}/schedules/{schedule:int}";
    let group = "/groups/{owner:key}/schedules/{schedule:int}";
    let queue = "/queues/{owner:int}/schedules/{schedule:int}";
    let incall = "/incalls/{owner:int}/schedules/{schedule:int}";
    let outcall = "/outcalls/{owner:int}/schedules/{schedule:int}";
    vec![
        Route::put(user, "Give a user a schedule", |call, tx| put(call, tx, Kind::User)),
        Route::delete(user, "Take a schedule from a user", |call, tx| take(call, tx, Kind::User)),
        Route::put(group, "Give a group a schedule", |call, tx| put(call, tx, Kind::Group)),
        Route::delete(group, "Take a schedule from a group", |call, tx| take(call, tx, Kind::Group)),
        Route::put(queue, "Give a queue a schedule", |call, tx| put(call, tx, Kind::Queue)),
        Route::delete(queue, "Take a schedule from a queue", |call, tx| take(call, tx, Kind::Queue)),
        Route::put(incall, "Give an incall a schedule", |call, tx| put(call, tx, Kind::Incall)),
        Route::delete(incall, "Take a schedule from an incall", |call, tx| take(call, tx, Kind::Incall)),
        Route::put(outcall, "Give an outcall a schedule", |call, tx| put(call, tx, Kind::Outcall)),
        Route::delete(outcall, "Take a schedule from an outcall", |call, tx| take(call, tx, Kind::Outcall)),
    ]
}

fn put(call: &Call, tx: &WriteTx, kind: Kind) -> Result<Answer> {
    let owner = named(call, tx, kind)?;
    attach(tx, kind, owner, &found(call, tx)?)?;
    Ok(Answer::Empty)
}

fn take(call: &Call, tx: &WriteTx, kind: Kind) -> Result<Answer> {
    let (owner, _) = named(call, tx, kind)?;
    uses::detach(tx, kind, owner, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}

/// Id and tenant of the owner that the path names, if the request sees it.
fn named(call: &Call, connection: &Connection, kind: Kind) -> Result<(i64, Uuid)> {
    let key = call.key("owner");
    let row = uses::owner(connection, kind, key)?.filter(|(_, tenant)| call.scope().sees(*tenant));
    row.ok_or_else(|| {
        let name = match (kind, key) {
            // Groups print their uuid as plain text (confd.md 1.7).
            (Kind::Group, Key::Uuid(uuid)) => ("uuid", uuid.to_string().into()),
            (_, Key::Uuid(_)) => ("uuid", key.into()),
            (_, Key::Id(_)) => ("id", key.into()),
        };
        Error::not_found(kind.names().0, &[name])
    })
}

/// Gives an owner, by id and tenant, its one schedule. It has this one: nothing changes.
///
/// # Errors
/// 400: they are of different tenants, or it has another.
pub fn attach(tx: &WriteTx, kind: Kind, (id, tenant): (i64, Uuid), schedule: &Schedule) -> Result<()> {
    let (resource, id_key, tenant_key) = kind.names();
    let current = uses::schedule_of(tx, kind, id)?;
    if current == Some(schedule.id) {
        return Ok(());
    }
    if tenant != schedule.tenant_uuid {
        let right = ("schedule_tenant_uuid", schedule.tenant_uuid);
        return Err(different_tenants((tenant_key, tenant), right).into());
    }
    if let Some(current) = current {
        let meta = [(id_key, id.into()), ("schedule_id", current.into())];
        return Err(associated(resource, "Schedule", &meta).into());
    }
    uses::attach(tx, kind, id, schedule.id)
}

/// Takes its schedule from an owner, if it has one.
///
/// # Errors
/// The database can't be written.
pub fn detach_all(tx: &WriteTx, kind: Kind, id: i64) -> Result<()> {
    uses::detach_all(tx, kind, id)
}
