//! `/conferences/{conference}/extensions/{extension}`: the number that a conference has (confd.md 6.9).

use super::{Conference, found};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants, outside_context_range, unhandled_context_type};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use crate::resources::contexts::{self, RangeKind};
use crate::resources::extensions::{self, Extension, usage};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let one = "/conferences/{conference:int}/extensions/{extension:int}";
    vec![
        Route::put(one, "Give a conference an extension", put_extension),
        Route::delete(one, "Take an extension from a conference", delete_extension),
    ]
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (conference, extension) = both(call, tx)?;
    attach(tx, &conference, &extension)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (conference, extension) = both(call, tx)?;
    if usage::extensions_of(tx, "conference", conference.id)?.contains(&extension.id) {
        usage::detach(tx, extension.id)?;
    }
    Ok(Answer::Empty)
}

fn both(call: &Call, connection: &Connection) -> Result<(Conference, Extension)> {
    let conference = found(call, connection)?;
    Ok((conference, extensions::found(call, connection)?))
}

/// Gives a conference an extension. Theirs already: nothing changes.
///
/// # Errors
/// 400, the first of the contract's checks that fails.
fn attach(tx: &WriteTx, conference: &Conference, extension: &Extension) -> Result<()> {
    let own = usage::extensions_of(tx, "conference", conference.id)?;
    if own.contains(&extension.id) {
        return Ok(());
    }
    if extension.tenant_uuid != conference.tenant_uuid {
        let left = ("extension_tenant_uuid", extension.tenant_uuid);
        return Err(different_tenants(left, ("conference_tenant_uuid", conference.tenant_uuid)).into());
    }
    let refused = |conference: i64, extension: i64| {
        let meta = [("conference_id", conference.into()), ("extension_id", extension.into())];
        Err(associated("Conference", "Extension", &meta).into())
    };
    if let Some(other) = own.first() {
        return refused(conference.id, *other);
    }
    match usage::owner(tx, extension.id)? {
        Some(owner) if owner.word == "conference" => return refused(owner.id, extension.id),
        _ => usage::refuse_taken(tx, extension.id)?,
    }
    let context = contexts::store::by_name(tx, &extension.context)?
        .ok_or_else(|| Error::Internal(format!("context {} is gone", extension.context)))?;
    if context.kind != "internal" {
        let meta = [("id", context.id.into()), ("context", context.name.as_str().into())];
        return Err(unhandled_context_type(&context.kind, &meta).into());
    }
    if !contexts::in_range(tx, &context, RangeKind::Conference, &extension.exten)? {
        return Err(outside_context_range(&extension.exten, &context.name).into());
    }
    usage::attach(tx, "conference", conference.id, extension.id)
}
