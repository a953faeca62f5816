//! Handlers of `/funckeys/templates`.

use super::store::{self, LISTING, Template};
use super::view::{Given, templates};
use super::{SHARED_KEY, TEMPLATE, set};
use crate::db::WriteTx;
use crate::domain::problems::{field_message, not_permitted};
use crate::domain::schema::Mode;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Page, Route};
use rusqlite::Connection;
use serde_json::Value;

pub fn routes() -> Vec<Route> {
    let (all, one) = ("/funckeys/templates", "/funckeys/templates/{template:int}");
    let key = "/funckeys/templates/{template:int}/{position:int}";
    vec![
        Route::read(all, "List function key templates", list_templates).lists::<super::view::TemplateView>(),
        Route::post(all, "Create a function key template", create_template)
            .shows::<super::view::TemplateView>()
            .body(&TEMPLATE),
        Route::read(one, "Get a function key template", get_template).shows::<super::view::TemplateView>(),
        Route::put(one, "Replace a function key template", replace_template).body(&TEMPLATE),
        Route::delete(one, "Delete a function key template", delete_template),
        Route::read(key, "Get a template's function key", get_key).shows::<super::view::Key>(),
        Route::put(key, "Set a template's function key", set_key).body(&SHARED_KEY),
        Route::delete(key, "Delete a template's function key", delete_key),
        Route::read(
            "/funckeys/templates/{template:int}/users",
            "List who has a function key template",
            list_users,
        )
        .lists::<Given>(),
    ]
}

/// The template of this id, if the request sees it.
///
/// # Errors
/// 404.
pub fn visible(call: &Call, connection: &Connection) -> Result<Template> {
    let id = call.int("template");
    call.visible(store::get(connection, id)?, |template| template.tenant_uuid, "FuncKeyTemplate", id)
}

/// The position that the path names.
///
/// # Errors
/// 400 for 0.
pub fn position(call: &Call) -> Result<i64> {
    match call.int("position") {
        0 => Err(field_message("position", "Must be greater than or equal to 1.").into()),
        position => Ok(position),
    }
}

/// Deletes the key at a position of a template.
///
/// # Errors
/// 404 when there is none.
pub fn remove_key(tx: &WriteTx, template: i64, position: i64) -> Result<Answer> {
    if store::delete_key(tx, template, position)? {
        return Ok(Answer::Empty);
    }
    let meta =
        [("resource", "FuncKey".into()), ("position", position.into()), ("template_id", template.into())];
    Err(Error::not_found("FuncKey", &meta))
}

/// 404 for a position that is empty.
pub fn no_key(template: i64, position: i64) -> Error {
    Error::not_found("FuncKey", &[("template_id", template.into()), ("position", position.into())])
}

fn list_templates(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| templates(call, connection, store::many(connection, &ids)?))?)
}

fn create_template(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&TEMPLATE, Mode::Create)?;
    let id = store::insert(tx, call.scope().tenant, body.get("name").and_then(Value::as_str))?;
    set::replace_all(tx, call.scope(), id, &body)?;
    call.created(&format!("/funckeys/templates/{id}"), &templates(call, tx, store::many(tx, &[id])?)?.first())
}

fn get_template(call: &Call, connection: &Connection) -> Result<Answer> {
    let template = visible(call, connection)?;
    Answer::json(&templates(call, connection, vec![template])?.first())
}

fn replace_template(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let template = visible(call, tx)?;
    set::replace_all(tx, call.scope(), template.id, &call.parse(&TEMPLATE, Mode::Create)?)?;
    Ok(Answer::Empty)
}

fn delete_template(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let template = visible(call, tx)?;
    if template.user_id.is_some() {
        let meta = [("template_id", template.id.into())];
        return Err(not_permitted("Deleting private templates is not allowed", &meta).into());
    }
    store::delete(tx, template.id)?;
    Ok(Answer::Empty)
}

fn get_key(call: &Call, connection: &Connection) -> Result<Answer> {
    let (template, position) = (visible(call, connection)?, position(call)?);
    let id = template.id;
    let view = templates(call, connection, vec![template])?.pop();
    let key = view.and_then(|mut view| view.keys.remove(&position));
    Answer::json(&key.ok_or_else(|| no_key(id, position))?)
}

fn set_key(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (template, position) = (visible(call, tx)?, position(call)?);
    set::put(tx, call.scope(), template.id, position, &call.parse(&SHARED_KEY, Mode::Create)?)?;
    Ok(Answer::Empty)
}

fn delete_key(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (template, position) = (visible(call, tx)?, position(call)?);
    remove_key(tx, template.id, position)
}

fn list_users(call: &Call, connection: &Connection) -> Result<Answer> {
    let template = visible(call, connection)?;
    let users = store::users(connection, template.id)?;
    let items: Vec<_> = users.into_iter().map(|user| Given::new(call, user, template.id)).collect();
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}
