//! The `incalls` of a nested user (confd.md 2.6.2 and 2.7): numbers from outside that reach them.

use super::{EVENT, FIELDS, Incall, attach, store};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, different_tenants, unhandled_context_type};
use crate::domain::py::Py;
use crate::domain::schema::{Field, Messages, Mode, Object, Rule, Schema, concat};
use crate::error::{Error, Result};
use crate::http::Scope;
use crate::resources::collect::Collected;
use crate::resources::contexts::{self, Context};
use crate::resources::destinations::{self, Owner};
use crate::resources::extensions::{self, Extension, usage};
use crate::resources::users::Identity;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// An element of `extensions`.
pub static EXTENSION: Schema = Schema::new(
    "UserIncallExtension",
    &[Field::int("id").null_allowed(), Field::text("exten").rules(&[Rule::Max(40)]), Field::text("context")],
)
.checked(check);

static EXTENSIONS: [Field; 1] = [Field::many("extensions", &EXTENSION).required()];

static OWN: [Field; 6] = concat(&[&EXTENSIONS, &FIELDS]);

/// An element of `incalls` in `POST /users`.
pub static NESTED: Schema = Schema::new("UserIncall", &OWN);

static WITH_ID: [Field; 7] = concat(&[&[Field::int("id").null_allowed()], &EXTENSIONS, &FIELDS]);

/// An element of `incalls` in a recursive `PUT /users/{user}`.
pub static NESTED_UPDATE: Schema = Schema::new("UserIncallUpdate", &WITH_ID);

/// An extension is named by its id, or by exten and context.
fn check(extension: &Object, _: Mode) -> Messages {
    if id(extension).is_some() {
        return Messages::new();
    }
    let missing = ["exten", "context"].into_iter().filter(|name| !extension.contains_key(*name));
    missing.map(|name| (name.to_owned(), Py::List(vec!["Missing data for required field.".into()]))).collect()
}

fn id(object: &Object) -> Option<i64> {
    object.get("id").and_then(Value::as_i64)
}

fn extensions_in(body: &Object) -> impl Iterator<Item = &Object> {
    body.get("extensions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// Lets the extensions of an element, read by [`NESTED`], reach a new user; gives the element with the ids of what was
/// made. One that has an incall already keeps it, if that leads nowhere yet. What else the element says of the incall
/// is not stored: so the original does. What is wrong with an extension is collected with its place: an unknown one, a
/// context that is not for calls from outside, a number that reaches somebody else.
///
/// # Errors
/// What is not the request's fault.
pub fn create(
    tx: &WriteTx,
    scope: &Scope,
    user: &Identity,
    (body, place): (&Object, &str),
    collected: &mut Collected,
) -> Result<Object> {
    let mut made = body.clone();
    made.retain(|name, value| name == "extensions" || !value.is_null());
    let mut extensions = Vec::new();
    for (index, item) in extensions_in(body).enumerate() {
        let place = format!("{place}.extensions[{index}]");
        let Some((extension, incall)) = collected.attempt(tx, &place, |tx| reach(tx, scope, user, item))?
        else {
            continue;
        };
        made.insert("id".to_owned(), Value::from(incall));
        let mut item = item.clone();
        item.insert("id".to_owned(), Value::from(extension));
        extensions.push(Value::Object(item));
    }
    made.insert("extensions".to_owned(), Value::Array(extensions));
    Ok(made)
}

/// Lets one extension, as an element of `extensions` names it, reach a new user: the ids of the extension and of its
/// incall.
///
/// # Errors
/// As it stands at [`create`].
pub fn reach(tx: &WriteTx, scope: &Scope, user: &Identity, item: &Object) -> Result<(i64, i64)> {
    let extension = extension(tx, scope, item)?;
    let incall = incall_of(tx, scope, user, &extension)?;
    Ok((extension.id, incall))
}

/// The extension that an element means, made if there is none, in a range of its context.
fn extension(tx: &WriteTx, scope: &Scope, item: &Object) -> Result<Extension> {
    let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
    let known = match id(item) {
        Some(id) => Some(by_id(tx, scope, id)?),
        None => None,
    };
    let name = known.as_ref().map_or_else(|| text("context"), |extension| extension.context.as_str());
    let context = contexts::named(tx, scope, name)?;
    if context.kind != "incall" {
        return Err(Problems::one("Context associated to the extension is not of type 'incall'").into());
    }
    let extension = match known {
        Some(extension) => extension,
        None => by_number(tx, scope, &context, text("exten"))?,
    };
    ensure_range(tx, &context, &extension.exten)?;
    Ok(extension)
}

fn by_id(tx: &WriteTx, scope: &Scope, id: i64) -> Result<Extension> {
    let row = extensions::store::get(tx, id)?.filter(|extension| scope.sees(extension.tenant_uuid));
    row.ok_or_else(|| Error::not_found("Extension", &[("id", id.into())]))
}

fn by_number(tx: &WriteTx, scope: &Scope, context: &Context, exten: &str) -> Result<Extension> {
    if let Some(extension) = extensions::store::find(tx, &context.name, exten)? {
        return Ok(extension);
    }
    let Value::Object(body) = json!({"exten": exten, "context": context.name}) else {
        return Err(Error::Internal("an object is an object".to_owned()));
    };
    by_id(tx, scope, extensions::create(tx, scope, &body)?)
}

/// A number that is in no range of its context gets one of its own. Compared as text, as the original does.
fn ensure_range(tx: &WriteTx, context: &Context, exten: &str) -> Result<()> {
    const LONGEST: usize = 16;
    let digits = exten.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || exten.is_empty() || exten.len() > LONGEST {
        return Ok(());
    }
    let ranges = contexts::store::ranges(tx, context.id, contexts::RangeKind::Incall)?;
    if ranges.iter().any(|range| range.start.as_str() <= exten && exten <= range.end.as_str()) {
        return Ok(());
    }
    contexts::store::append_incall_range(tx, context.id, exten)
}

/// The incall of an extension, which then leads to the user.
fn incall_of(tx: &WriteTx, scope: &Scope, user: &Identity, extension: &Extension) -> Result<i64> {
    match usage::owner(tx, extension.id)? {
        Some(owner) if owner.word == "incall" => {
            let incall = store::get(tx, owner.id)?
                .ok_or_else(|| Error::Internal(format!("incall {} is gone", owner.id)))?;
            check_tenant(&incall, user)?;
            take_over(tx, scope, user, incall.id)?;
            Ok(incall.id)
        }
        _ => {
            let incall = insert(tx, user, &Object::new())?;
            lead_to(tx, scope, user, incall.id)?;
            attach(tx, &incall, extension)?;
            Ok(incall.id)
        }
    }
}

fn check_tenant(incall: &Incall, user: &Identity) -> Result<()> {
    if incall.tenant_uuid == user.tenant_uuid {
        return Ok(());
    }
    let left = ("incall_tenant_uuid", incall.tenant_uuid);
    Err(different_tenants(left, ("user_tenant_uuid", user.tenant_uuid)).into())
}

/// An incall that exists may only lead nowhere, or to this user already.
fn take_over(tx: &WriteTx, scope: &Scope, user: &Identity, incall: i64) -> Result<()> {
    match store::destination(tx, incall)? {
        Some((kind, target)) if kind == "user" && target == Some(user.id) => Ok(()),
        Some((kind, _)) if kind != "none" => {
            Err(Problems::one("Existing incall does not have the new user as a destination").into())
        }
        _ => lead_to(tx, scope, user, incall),
    }
}

fn lead_to(tx: &WriteTx, scope: &Scope, user: &Identity, incall: i64) -> Result<()> {
    let destination = json!({"type": "user", "user_id": user.id, "ring_time": null, "moh_uuid": null});
    let owner = Owner { word: "incall", id: incall };
    destinations::set(tx, scope, owner, EVENT, destination.as_object())
}

fn insert(tx: &WriteTx, user: &Identity, body: &Object) -> Result<Incall> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(user.tenant_uuid.to_string()));
    let mut incall: Incall = serde_json::from_value(Value::Object(row))?;
    incall.id = store::insert(tx, &incall)?;
    Ok(incall)
}

/// What a user's incalls were before a recursive PUT, all their extensions freed.
#[derive(Debug)]
pub struct Before {
    incalls: Vec<i64>,
    extensions: Vec<i64>,
}

/// Frees the extensions of the incalls that lead to a user, so that they can be given anew.
///
/// # Errors
/// The database can't be written.
pub fn release(tx: &WriteTx, user: &Identity) -> Result<Before> {
    let incalls: Vec<i64> =
        store::pointing_at(tx, "user", &[user.id])?.into_iter().map(|(_, incall)| incall).collect();
    let mut extensions = Vec::new();
    for incall in &incalls {
        extensions.extend(usage::extensions_of(tx, "incall", *incall)?);
    }
    extensions.iter().try_for_each(|extension| usage::detach(tx, *extension))?;
    Ok(Before { incalls, extensions })
}

/// Makes or changes the incall of an element that [`NESTED_UPDATE`] has read; `given` is the element as it was sent.
/// Gives the ids of the incall and of its extensions.
///
/// # Errors
/// As [`create`]; 404 for an unknown incall.
pub fn reconcile(
    tx: &WriteTx,
    scope: &Scope,
    user: &Identity,
    body: &Object,
    given: &Object,
) -> Result<(i64, Vec<i64>)> {
    let incall = match id(body) {
        Some(id) => {
            let row = store::get(tx, id)?.filter(|incall| scope.sees(incall.tenant_uuid));
            let row = row.ok_or_else(|| Error::not_found("Incall", &[("id", id.into())]))?;
            check_tenant(&row, user)?;
            // Only what the element itself holds: defaults would undo what is stored.
            let mut changes = body.clone();
            changes.retain(|name, _| name != "id" && name != "extensions" && given.contains_key(name));
            super::update(tx, scope, &row, &changes)?;
            row
        }
        None => insert(tx, user, body)?,
    };
    if store::destination(tx, incall.id)? != Some(("user".to_owned(), Some(user.id))) {
        lead_to(tx, scope, user, incall.id)?;
    }
    let mut kept = Vec::new();
    for item in extensions_in(body) {
        let extension = renumbered(tx, scope, item)?;
        attach(tx, &incall, &extension)?;
        kept.push(extension.id);
    }
    Ok((incall.id, kept))
}

/// The extension of an element; one that is named by its id gets the number that the element has.
fn renumbered(tx: &WriteTx, scope: &Scope, item: &Object) -> Result<Extension> {
    let Some(id) = id(item) else { return extension(tx, scope, item) };
    let old = by_id(tx, scope, id)?;
    let mut changes = item.clone();
    changes.remove("id");
    extensions::update(tx, scope, id, &changes)?;
    let new = by_id(tx, scope, id)?;
    let context = contexts::named(tx, scope, &new.context)?;
    if context.kind != "incall" {
        let meta = [("id", context.id.into()), ("context", context.name.as_str().into())];
        return Err(unhandled_context_type(&context.kind, &meta).into());
    }
    if new.exten != old.exten {
        ensure_range(tx, &context, &new.exten)?;
    }
    Ok(new)
}

/// Deletes what the user had before and no element named.
///
/// # Errors
/// The database can't be written.
pub fn delete_others(tx: &WriteTx, before: &Before, kept: &[(i64, Vec<i64>)]) -> Result<()> {
    let incalls: BTreeSet<i64> = kept.iter().map(|(incall, _)| *incall).collect();
    for incall in before.incalls.iter().filter(|incall| !incalls.contains(incall)) {
        store::delete(tx, *incall)?;
    }
    for extension in &before.extensions {
        if usage::of(tx, *extension)?.is_none() {
            extensions::delete(tx, *extension)?;
        }
    }
    Ok(())
}
