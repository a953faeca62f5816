//! Handlers of `/users/{user}/funckeys`, and user ↔ template.

use super::store::{self, Template};
use super::templates::{no_key, position, remove_key, visible};
use super::view::{Given, KeySet, of_user};
use super::{KEY, KEYS, rules, set};
use crate::db::WriteTx;
use crate::domain::problems::{different_tenants, not_permitted};
use crate::domain::schema::{Mode, Object};
use crate::error::{Error, Result, refuse};
use crate::http::{Answer, Call, Page, Route, Scope};
use crate::resources::collect::Collected;
use crate::resources::users::{Identity, found};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let (all, one) = ("/users/{user:key}/funckeys", "/users/{user:key}/funckeys/{position:int}");
    let template = "/users/{user:key}/funckeys/templates/{template:int}";
    vec![
        Route::read(all, "Get a user's function keys", get_keys).shows::<super::view::UserKeys>(),
        Route::put(all, "Replace a user's own function keys", replace_keys).body(&KEYS),
        Route::read(one, "Get a user's function key", get_key).shows::<super::view::Key>(),
        Route::put(one, "Set a user's own function key", set_key).body(&KEY),
        Route::delete(one, "Delete a user's own function key", delete_key),
        Route::read(
            "/users/{user:key}/funckeys/templates",
            "Get a user's function key template",
            list_templates,
        )
        .lists::<Given>(),
        Route::put(template, "Give a function key template to a user", attach_template),
        Route::delete(template, "Take a function key template from a user", detach_template),
    ]
}

/// Gives a template to a user, in place of the one that they may have.
///
/// # Errors
/// 400: it holds somebody's own keys, or the tenants differ.
pub fn attach(tx: &WriteTx, user: &Identity, template: &Template) -> Result<()> {
    if template.user_id.is_some() {
        let meta = [("template_id", template.id.into())];
        return Err(not_permitted("Cannot associate a private template with a user", &meta).into());
    }
    if template.tenant_uuid != user.tenant_uuid {
        let left = ("user_tenant_uuid", user.tenant_uuid);
        return Err(different_tenants(left, ("template_tenant_uuid", template.tenant_uuid)).into());
    }
    store::give(tx, user.id, Some(template.id))
}

/// Can a user of this tenant be given the template of this id?
///
/// # Errors
/// The database can't be read.
pub fn known_template(connection: &Connection, id: i64, tenant: &str) -> Result<bool> {
    let template = store::get(connection, id)?.filter(|template| template.user_id.is_none());
    Ok(template.is_some_and(|template| template.tenant_uuid.to_string() == tenant))
}

/// Makes the keys of a body those of a user, each mistake with its position.
///
/// # Errors
/// What is not the request's fault; its mistakes are collected.
pub fn set_of_user(
    tx: &WriteTx,
    scope: &Scope,
    user: i64,
    keys: &Object,
    collected: &mut Collected,
) -> Result<()> {
    let template = own(tx, user)?;
    store::delete_keys(tx, template)?;
    let rows = set::read_keys(template, keys);
    for row in &rows {
        let place = format!("func_keys[{}]", row.position);
        collected.attempt(tx, &place, |tx| refuse(rules::judge(tx, scope, row)?))?;
    }
    match rules::judge_set(&rows) {
        Some((position, twice)) => collected.extend(twice.at(&format!("func_keys[{position}]"))),
        None => rows.iter().try_for_each(|row| store::put_key(tx, row))?,
    }
    Ok(())
}

/// The keys of a user that are their own.
///
/// # Errors
/// The database can't be read.
pub fn own_of_user(call: &Call, connection: &Connection, user: i64) -> Result<KeySet> {
    let mut keys = of_user(call, connection, user)?.keys;
    keys.retain(|_, key| !key.inherited);
    Ok(keys)
}

fn get_keys(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = found(call, connection)?;
    Answer::json(&of_user(call, connection, user.id)?)
}

fn replace_keys(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let own = own(tx, found(call, tx)?.id)?;
    set::replace_all(tx, call.scope(), own, &call.parse(&KEYS, Mode::Create)?)?;
    Ok(Answer::Empty)
}

fn get_key(call: &Call, connection: &Connection) -> Result<Answer> {
    let (user, position) = (found(call, connection)?, position(call)?);
    let key = of_user(call, connection, user.id)?.keys.remove(&position);
    match key {
        Some(key) => Answer::json(&key),
        None => Err(no_key(own(connection, user.id)?, position)),
    }
}

fn set_key(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (user, position) = (found(call, tx)?, position(call)?);
    let body = call.parse(&KEY, Mode::Create)?;
    set::put(tx, call.scope(), own(tx, user.id)?, position, &body)?;
    Ok(Answer::Empty)
}

fn delete_key(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (user, position) = (found(call, tx)?, position(call)?);
    remove_key(tx, own(tx, user.id)?, position)
}

fn list_templates(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = found(call, connection)?;
    let items: Vec<_> = store::given(connection, user.id)?
        .into_iter()
        .map(|template| Given::new(call, user.id, template.id))
        .collect();
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}

fn attach_template(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    attach(tx, &user, &visible(call, tx)?)?;
    Ok(Answer::Empty)
}

fn detach_template(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (user, template) = (found(call, tx)?, visible(call, tx)?);
    if store::given(tx, user.id)?.is_some_and(|given| given.id == template.id) {
        store::give(tx, user.id, None)?;
    }
    Ok(Answer::Empty)
}

/// The template of a user's own keys: every user has one.
fn own(connection: &Connection, user: i64) -> Result<i64> {
    let missing = || Error::Internal(format!("user {user} has no function keys of their own"));
    Ok(store::own(connection, user)?.ok_or_else(missing)?.id)
}
