//! Handlers of `/callfilters`.

use super::{SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let (all, one) = ("/callfilters", "/callfilters/{filter:int}");
    vec![
        Route::read(all, "List call filters", list_filters).lists::<super::view::View>(),
        Route::post(all, "Create a call filter", create_filter).shows::<super::view::View>().body(&SCHEMA),
        Route::read(one, "Get a call filter", get_filter).shows::<super::view::View>(),
        Route::put(one, "Change a call filter", update_filter).body(&SCHEMA),
        Route::delete(one, "Delete a call filter", delete_filter),
    ]
}

fn list_filters(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_filter(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/callfilters/{id}"), &views(call, tx, &[id])?.first())
}

fn get_filter(call: &Call, connection: &Connection) -> Result<Answer> {
    let filter = found(call, connection)?;
    Answer::json(&views(call, connection, &[filter.id])?.first())
}

fn update_filter(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let filter = found(call, tx)?;
    update(tx, &filter, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_filter(call: &Call, tx: &WriteTx) -> Result<Answer> {
    store::delete(tx, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}
