//! User ↔ line (confd.md 3.9): the first line of a user is the main line, the first user of a line its main user.

mod api;
pub mod store;

pub use api::routes;

use super::Identity;
use crate::db::WriteTx;
use crate::domain::problems::{
    Problems, associated, different_tenants, missing_association, not_permitted, param_not_found,
};
use crate::domain::schema::{Field, Object, Schema};
use crate::error::Result;
use crate::http::Scope;
use crate::resources::devices;
use crate::resources::lines::{self, caller_id};
use serde_json::Value;
use std::collections::BTreeSet;
use store::LineRow;

static LINE: Schema = Schema::new("UserLine", &[Field::int("id").required()]);

/// The body of `PUT /users/{user}/lines`.
pub static SCHEMA: Schema = Schema::new("UserLines", &[Field::many("lines", &LINE).required()]);

/// Gives a line to a user, after the lines they have. Theirs already: nothing changes.
///
/// # Errors
/// 400: the tenants differ, the line has no endpoint, or its extension is also somebody else's.
pub fn attach(tx: &WriteTx, user: &Identity, line: &LineRow) -> Result<()> {
    if store::rank(tx, user.id, line.id)?.is_some() {
        return Ok(());
    }
    if user.tenant_uuid != line.tenant_uuid {
        let left = ("user_tenant_uuid", user.tenant_uuid);
        return Err(different_tenants(left, ("line_tenant_uuid", line.tenant_uuid)).into());
    }
    if !line.has_endpoint {
        return Err(missing_association("Line", "Endpoint", &[("line_id", line.id.into())]).into());
    }
    if let Some((other, extension)) = store::foreign_line(tx, user.id, line.id)? {
        let meta = [("line_id", other.into()), ("extension_id", extension.into())];
        return Err(associated("Line", "Extension", &meta).into());
    }
    store::insert(tx, user.id, line.id)?;
    caller_id::sync(tx, line.id)
}

/// Takes a line from a user. Not theirs: nothing changes.
///
/// # Errors
/// 400: they are the line's main user and there are others.
pub fn detach(tx: &WriteTx, user: &Identity, line: i64) -> Result<()> {
    let Some(rank) = store::rank(tx, user.id, line)? else { return Ok(()) };
    lines::store::get(tx, line)?.map_or(Ok(()), |line| devices::refuse_used_line(&line))?;
    if rank == 0 && store::has_secondary_users(tx, line)? {
        let text =
            format!("Resource Error - There are secondary users associated to the line ('line_id': {line})");
        return Err(Problems::one(text).into());
    }
    store::delete(tx, user.id, line)
}

/// Gives a user exactly these lines, in this order.
///
/// # Errors
/// 400: as [`attach`] and [`detach`], a line twice, or an unknown one.
pub fn replace(tx: &WriteTx, scope: &Scope, user: &Identity, body: &Object) -> Result<()> {
    let mut lines = Vec::new();
    for item in body.get("lines").and_then(Value::as_array).into_iter().flatten() {
        let id = item.get("id").and_then(Value::as_i64).unwrap_or_default();
        let line = store::get(tx, id)?.filter(|line| scope.sees(line.tenant_uuid));
        lines.push(line.ok_or_else(|| param_not_found("lines", "Line", &[("id", id.into())]))?);
    }
    let wanted: BTreeSet<i64> = lines.iter().map(|line| line.id).collect();
    if wanted.len() != lines.len() {
        return Err(not_permitted("Cannot associate same line more than once", &[]).into());
    }
    for line in super::store::line_ids(tx, user.id)? {
        if !wanted.contains(&line) {
            detach(tx, user, line)?;
        }
    }
    for line in &lines {
        attach(tx, user, line)?;
    }
    let order: Vec<i64> = lines.iter().map(|line| line.id).collect();
    store::order(tx, user.id, &order)
}
