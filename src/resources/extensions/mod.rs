//! Extensions: the numbers that can be dialled in a context (confd.md 3.5). Who answers there is `usage.rs`.

mod api;
mod dialled;
mod rules;
pub mod store;
pub mod usage;
mod view;

pub use api::{found, routes};
pub use dialled::{Dialled, Numbers};
pub use rules::{check_exten, check_number};
pub use view::{Brief, View, briefs, views};

use crate::db::WriteTx;
use crate::domain::schema::{Field, Kind, Object, Rule, Schema};
use crate::error::Result;
use crate::http::Scope;
use crate::resources::contexts;
use crate::resources::parking_lots::slots;
use serde_json::Value;
use uuid::Uuid;

pub static SCHEMA: Schema = Schema::new(
    "Extension",
    &[
        Field::text("exten").required().rules(&[Rule::Max(40)]),
        Field::text("context").required(),
        Field::new("enabled", Kind::LooseBool),
        Field::new("commented", Kind::LooseBool),
    ],
);

/// An extension's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub id: i64,
    /// The tenant of its context.
    pub tenant_uuid: Uuid,
    pub exten: String,
    pub context: String,
    pub enabled: bool,
}

/// Makes an extension from a body that [`SCHEMA`] has read; it belongs to its context's tenant.
///
/// # Errors
/// 400: the context is not visible, the exten does not suit it, or it exists.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let context = contexts::named(tx, scope, text("context"))?;
    let exten = text("exten");
    check_exten(exten, &context)?;
    rules::refuse_duplicate(tx, exten, &context, None)?;
    slots::refuse_slot(tx, &context.name, exten)?;
    store::insert(tx, context.tenant_uuid, exten, &context.name, enabled(body).unwrap_or(true))
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// As [`create`]; and what is reached by the extension must be able to stay there.
pub fn update(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    let Some(old) = store::get(tx, id)? else {
        return Err(crate::Error::not_found("Extension", &[("id", id.into())]));
    };
    let mut new = old.clone();
    if let Some(Value::String(exten)) = body.get("exten") {
        new.exten.clone_from(exten);
    }
    if let Some(Value::String(context)) = body.get("context") {
        new.context.clone_from(context);
    }
    new.enabled = enabled(body).unwrap_or(old.enabled);
    if (&new.exten, &new.context) != (&old.exten, &old.context) {
        let context = contexts::named(tx, scope, &new.context)?;
        check_exten(&new.exten, &context)?;
        rules::refuse_duplicate(tx, &new.exten, &context, Some(id))?;
        rules::refuse_slot(tx, &old, &new.exten, &context)?;
        rules::check_move(tx, &old, &new.exten, &context)?;
        new.tenant_uuid = context.tenant_uuid;
    }
    store::update(tx, &new)?;
    usage::follow(tx, &old, &new)
}

/// Deletes without asking who uses it: see [`usage::refuse_used`].
///
/// # Errors
/// The database can't be written.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    store::delete(tx, id)
}

/// `enabled`, or the negation of `commented`, its old name; `enabled` wins.
fn enabled(body: &Object) -> Option<bool> {
    let flag = |name: &str| body.get(name).and_then(Value::as_bool);
    flag("enabled").or_else(|| flag("commented").map(|commented| !commented))
}
