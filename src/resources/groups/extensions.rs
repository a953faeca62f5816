//! `/groups/{group}/extensions/{extension}`: the number that a group has (confd.md 6.1).

use super::{Group, found};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants, outside_context_range, unhandled_context_type};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use crate::resources::contexts::{self, RangeKind};
use crate::resources::extensions::{self, Extension, usage};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let one = "/groups/{group:key}/extensions/{extension:int}";
    vec![
        Route::put(one, "Give a group an extension", put_extension),
        Route::delete(one, "Take an extension from a group", delete_extension),
    ]
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (group, extension) = both(call, tx)?;
    attach(tx, &group, &extension)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (group, extension) = both(call, tx)?;
    if usage::extensions_of(tx, "group", group.id)?.contains(&extension.id) {
        usage::detach(tx, extension.id)?;
    }
    Ok(Answer::Empty)
}

fn both(call: &Call, connection: &Connection) -> Result<(Group, Extension)> {
    let group = found(call, connection)?;
    Ok((group, extensions::found(call, connection)?))
}

/// Gives a group an extension. Theirs already: nothing changes.
///
/// # Errors
/// 400, the first of the contract's checks that fails.
fn attach(tx: &WriteTx, group: &Group, extension: &Extension) -> Result<()> {
    let own = usage::extensions_of(tx, "group", group.id)?;
    if own.contains(&extension.id) {
        return Ok(());
    }
    if extension.tenant_uuid != group.tenant_uuid {
        let left = ("extension_tenant_uuid", extension.tenant_uuid);
        return Err(different_tenants(left, ("group_tenant_uuid", group.tenant_uuid)).into());
    }
    let refused = |group: i64, extension: i64| {
        let meta = [("group_id", group.into()), ("extension_id", extension.into())];
        Err(associated("Group", "Extension", &meta).into())
    };
    if let Some(other) = own.first() {
        return refused(group.id, *other);
    }
    match usage::owner(tx, extension.id)? {
        Some(owner) if owner.word == "group" => return refused(owner.id, extension.id),
        _ => usage::refuse_taken(tx, extension.id)?,
    }
    let context = contexts::store::by_name(tx, &extension.context)?
        .ok_or_else(|| Error::Internal(format!("context {} is gone", extension.context)))?;
    if context.kind != "internal" {
        let meta = [("id", context.id.into()), ("context", context.name.as_str().into())];
        return Err(unhandled_context_type(&context.kind, &meta).into());
    }
    if !contexts::in_range(tx, &context, RangeKind::Group, &extension.exten)? {
        return Err(outside_context_range(&extension.exten, &context.name).into());
    }
    usage::attach(tx, "group", group.id, extension.id)
}
