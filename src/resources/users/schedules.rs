//! A user's schedule as a part of a whole user: `schedules: [{"id": 1}]` (confd.md 8.1), one at most.

use super::Identity;
use super::named::Named;
use crate::db::WriteTx;
use crate::domain::schema::{Field, Object, Schema};
use crate::error::Result;
use crate::http::{Call, Scope};
use crate::resources::collect::Collected;
use crate::resources::schedules::{self, Brief, Kind, store};

static REFERENCE: Schema = Schema::new("ScheduleReference", &[Field::int("id").required()]);

/// The field of a nested user.
pub static FIELDS: [Field; 1] = [Field::many("schedules", &REFERENCE).null_allowed()];

const NAMED: Named = Named { field: "schedules", resource: schedules::RESOURCE };

/// Does a body name a schedule?
pub fn is_in(body: &Object) -> bool {
    NAMED.is_in(body)
}

/// The user's schedule as the user shows it.
///
/// # Errors
/// The database can't be read.
pub fn briefs(call: &Call, tx: &WriteTx, user: i64) -> Result<Vec<Brief>> {
    let mut briefs = schedules::briefs(call, tx, Kind::User, &[user])?;
    Ok(briefs.remove(&user).unwrap_or_default())
}

/// Gives the user the schedule that the body names.
///
/// # Errors
/// What is not the request's fault; its mistakes are collected.
pub fn give(
    tx: &WriteTx,
    scope: &Scope,
    user: &Identity,
    body: &Object,
    collected: &mut Collected,
) -> Result<()> {
    let find = |id| Ok(store::get(tx, id)?.filter(|row| scope.sees(row.tenant_uuid)));
    let give = |row: &_| schedules::attach(tx, Kind::User, (user.id, user.tenant_uuid), row);
    NAMED.give(tx, body, collected, (find, give))
}

/// Makes the user's schedule that of the body; one that says nothing of it leaves it alone.
///
/// # Errors
/// As [`give`].
pub fn replace(
    tx: &WriteTx,
    scope: &Scope,
    user: &Identity,
    body: &Object,
    collected: &mut Collected,
) -> Result<()> {
    if !NAMED.is_said(body) {
        return Ok(());
    }
    schedules::detach_all(tx, Kind::User, user.id)?;
    give(tx, scope, user, body, collected)
}
