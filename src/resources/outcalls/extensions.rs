//! `/outcalls/{outcall}/extensions/{extension}`: which numbers go out, and what is done to them (confd.md 6.7).

use super::store::{self, Treatment};
use super::{Outcall, found};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants, unhandled_context_type};
use crate::domain::schema::{Field, Mode, Object, Pattern, Rule, Schema, pattern};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::contexts;
use crate::resources::extensions::{self, Extension, usage};
use serde_json::Value;
use std::sync::LazyLock;

const WORD: &str = "outcall";

/// Digits, perhaps after a plus, or a plus alone.
static PREFIX: Pattern = LazyLock::new(|| pattern(r"^(\+|\+?[0-9#*]+)$"));

static SCHEMA: Schema = Schema::new(
    "OutcallExtension",
    &[
        Field::text("caller_id").null_allowed().rules(&[Rule::Max(80)]),
        Field::text("external_prefix").null_allowed().rules(&[Rule::Max(64), Rule::Pattern(&PREFIX)]),
        Field::text("prefix").null_allowed().rules(&[Rule::Max(32), Rule::Pattern(&PREFIX)]),
        Field::int("strip_digits").rules(&[Rule::AtLeast(0)]),
    ],
);

pub fn routes() -> Vec<Route> {
    let path = "/outcalls/{outcall:int}/extensions/{extension:int}";
    vec![
        Route::put(path, "Let the numbers of an extension go out", put_extension).body(&SCHEMA),
        Route::delete(path, "Take an extension from an outcall", delete_extension),
    ]
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (outcall, extension) = both(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Update)?;
    attach(tx, &outcall, &extension)?;
    let old = store::treatments(tx, &[outcall.id])?.into_iter().find(|(id, _)| *id == extension.id);
    let old = old.map(|(_, treatment)| treatment).unwrap_or_default();
    store::set_treatment(tx, extension.id, &changed(&old, &body)?)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (outcall, extension) = both(call, tx)?;
    if usage::owner(tx, extension.id)?.is_some_and(|owner| owner.word == WORD && owner.id == outcall.id) {
        usage::detach(tx, extension.id)?;
    }
    Ok(Answer::Empty)
}

fn both(call: &Call, tx: &WriteTx) -> Result<(Outcall, Extension)> {
    let outcall = found(call, tx)?;
    let id = call.int("extension");
    let row = extensions::store::get(tx, id)?;
    Ok((outcall, call.visible(row, |extension| extension.tenant_uuid, "Extension", id)?))
}

/// What is not given stays.
fn changed(old: &Treatment, body: &Object) -> Result<Treatment> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    Ok(serde_json::from_value(row)?)
}

/// Lets an extension reach the outcall. It does: nothing changes.
fn attach(tx: &WriteTx, outcall: &Outcall, extension: &Extension) -> Result<()> {
    let owner = usage::owner(tx, extension.id)?;
    if owner.as_ref().is_some_and(|owner| owner.word == WORD && owner.id == outcall.id) {
        return Ok(());
    }
    if outcall.tenant_uuid != extension.tenant_uuid {
        let left = ("extension_tenant_uuid", extension.tenant_uuid);
        return Err(different_tenants(left, ("outcall_tenant_uuid", outcall.tenant_uuid)).into());
    }
    if let Some(owner) = owner.filter(|owner| owner.word == WORD) {
        let meta = [("outcall_id", owner.id.into()), ("extension_id", extension.id.into())];
        return Err(associated("Outcall", "Extension", &meta).into());
    }
    usage::refuse_used(tx, extension.id)?;
    if let Some(context) = contexts::store::by_name(tx, &extension.context)?
        && context.kind != WORD
    {
        let meta = [("id", extension.id.into()), ("context", (&extension.context).into())];
        return Err(unhandled_context_type(&context.kind, &meta).into());
    }
    usage::attach(tx, WORD, outcall.id, extension.id)
}
