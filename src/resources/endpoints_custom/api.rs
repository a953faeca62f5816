//! Handlers of `/endpoints/custom`.

use super::{Endpoint, SCHEMA, create, delete, store, update, views, visible};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let all = "/endpoints/custom";
    let one = "/endpoints/custom/{endpoint:int}";
    vec![
        Route::read(all, "List custom endpoints", list_endpoints).lists::<super::view::View>(),
        Route::post(all, "Create a custom endpoint", create_endpoint)
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read(one, "Get a custom endpoint", get_endpoint).shows::<super::view::View>(),
        Route::put(one, "Change a custom endpoint", update_endpoint).body(&SCHEMA),
        Route::delete(one, "Delete a custom endpoint", delete_endpoint),
    ]
}

fn list_endpoints(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_endpoint(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/endpoints/custom/{id}"), &views(call, tx, &[id])?.first())
}

fn get_endpoint(call: &Call, connection: &Connection) -> Result<Answer> {
    let endpoint = found(call, connection)?;
    Answer::json(&views(call, connection, &[endpoint.id])?.first())
}

fn update_endpoint(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let endpoint = found(call, tx)?;
    update(tx, call.scope(), endpoint.id, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_endpoint(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let endpoint = found(call, tx)?;
    delete(tx, endpoint.id)?;
    Ok(Answer::Empty)
}

/// The endpoint that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<Endpoint> {
    visible(connection, call.scope(), call.int("endpoint"))
}
