//! Handlers of `/contexts`.

use super::{INCLUDES, SCHEMA, check_includes, create, ranges, store, views, with_legacy_name};
use crate::db::WriteTx;
use crate::domain::problems::{associated, param_not_found};
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde_json::Value;

pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::read("/contexts", "List contexts", list_contexts).lists::<super::view::View>(),
        Route::post("/contexts", "Create a context", create_context)
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read("/contexts/{context:int}", "Get a context", get_context).shows::<super::view::View>(),
        Route::put("/contexts/{context:int}", "Change a context", update_context).body(&SCHEMA),
        Route::delete("/contexts/{context:int}", "Delete a context", delete_context),
        Route::put("/contexts/{context:int}/contexts", "Set the included contexts", update_includes)
            .body(&INCLUDES),
    ];
    routes.extend(ranges::routes());
    routes
}

fn list_contexts(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_context(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = SCHEMA.read(&with_legacy_name(call.object()?), Mode::Create)?;
    let id = create(tx, call.scope().tenant, &body)?;
    call.created(&format!("/contexts/{id}"), &views(call, tx, &[id])?.first())
}

fn get_context(call: &Call, connection: &Connection) -> Result<Answer> {
    let context = found(call, connection)?;
    Answer::json(&views(call, connection, &[context.id])?.first())
}

fn update_context(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let context = found(call, tx)?;
    let body = SCHEMA.read(&with_legacy_name(call.object()?), Mode::Update)?;
    let Value::Object(mut row) = serde_json::to_value(&context)? else { return Ok(Answer::Empty) };
    row.extend(body.clone());
    store::update(tx, &row)?;
    store::replace_ranges(tx, context.id, &body)?;
    Ok(Answer::Empty)
}

fn delete_context(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let context = found(call, tx)?;
    if let Some((resource, key, id)) = store::first_use(tx, &context.name)? {
        let meta = [("context_id", context.id.into()), (key, id.into())];
        return Err(associated("Context", resource, &meta).into());
    }
    store::delete(tx, context.id)?;
    Ok(Answer::Empty)
}

fn update_includes(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let context = found(call, tx)?;
    let body = call.parse(&INCLUDES, Mode::Create)?;
    let ids: Vec<i64> = body
        .get("contexts")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|item| item.get("id").and_then(Value::as_i64))
        .collect();
    for id in &ids {
        let known = store::get(tx, *id)?.filter(|context| call.scope().sees(context.tenant_uuid));
        known.ok_or_else(|| param_not_found("contexts", "Context", &[("id", (*id).into())]))?;
    }
    check_includes(context.id, &ids)?;
    store::replace_includes(tx, context.id, &ids)?;
    Ok(Answer::Empty)
}

/// The context that the path names, if the request sees it.
pub(super) fn found(call: &Call, connection: &Connection) -> Result<super::Context> {
    let id = call.int("context");
    call.visible(store::get(connection, id)?, |context| context.tenant_uuid, "Context", id)
}
