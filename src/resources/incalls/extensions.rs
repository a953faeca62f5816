//! `/incalls/{incall}/extensions/{extension}`: the number that is called (confd.md 6.5). POST does what PUT does, since
//! the page that this product was ordered from prints it (confd.md 8.1).

use super::{Incall, found};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants, unhandled_context_type};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use crate::resources::contexts;
use crate::resources::extensions::{self, Extension, usage};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let one = "/incalls/{incall:int}/extensions/{extension:int}";
    vec![
        Route::put(one, "Give an incall an extension", put_extension),
        Route::post(one, "Give an incall an extension", put_extension).status(204),
        Route::delete(one, "Take an extension from an incall", delete_extension),
    ]
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (incall, extension) = both(call, tx)?;
    attach(tx, &incall, &extension)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (incall, extension) = both(call, tx)?;
    if usage::extensions_of(tx, "incall", incall.id)?.contains(&extension.id) {
        usage::detach(tx, extension.id)?;
    }
    Ok(Answer::Empty)
}

fn both(call: &Call, connection: &Connection) -> Result<(Incall, Extension)> {
    let incall = found(call, connection)?;
    Ok((incall, extensions::found(call, connection)?))
}

/// The incall's id is printed as text, as the original does.
fn refused(incall: i64, extension: i64) -> Error {
    let meta = [("incall_id", incall.to_string().into()), ("extension_id", extension.into())];
    associated("Incall", "Extension", &meta).into()
}

/// Gives an incall its extension. Its already: nothing changes.
///
/// # Errors
/// 400: the tenants differ, the incall has another, the extension reaches something else, or its context is none for
/// calls from outside.
pub fn attach(tx: &WriteTx, incall: &Incall, extension: &Extension) -> Result<()> {
    let own = usage::extensions_of(tx, "incall", incall.id)?;
    if own.contains(&extension.id) {
        return Ok(());
    }
    if extension.tenant_uuid != incall.tenant_uuid {
        let left = ("extension_tenant_uuid", extension.tenant_uuid);
        return Err(different_tenants(left, ("incall_tenant_uuid", incall.tenant_uuid)).into());
    }
    if let Some(other) = own.first() {
        return Err(refused(incall.id, *other));
    }
    match usage::owner(tx, extension.id)? {
        Some(owner) if owner.word == "incall" => return Err(refused(owner.id, extension.id)),
        _ => usage::refuse_taken(tx, extension.id)?,
    }
    let context = contexts::store::by_name(tx, &extension.context)?
        .ok_or_else(|| Error::Internal(format!("context {} is gone", extension.context)))?;
    if context.kind != "incall" {
        let meta = [("id", context.id.into()), ("context", context.name.as_str().into())];
        return Err(unhandled_context_type(&context.kind, &meta).into());
    }
    usage::attach(tx, "incall", incall.id, extension.id)
}
