//! Handlers of `/agents`.

use super::{CREATION, SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let all = "/agents";
    let one = "/agents/{agent:int}";
    vec![
        Route::read(all, "List agents", list_agents).lists::<super::view::View>(),
        Route::post(all, "Create an agent with their queues", create_agent)
            .shows::<super::view::View>()
            .body(&CREATION),
        Route::read(one, "Get an agent", get_agent).shows::<super::view::View>(),
        Route::put(one, "Change an agent", update_agent).body(&SCHEMA),
        Route::delete(one, "Delete an agent", delete_agent),
    ]
}

fn list_agents(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_agent(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let scope = call.scope();
    let id = create(tx, scope, scope.tenant, &call.parse(&CREATION, Mode::Create)?)?;
    call.created(&format!("/agents/{id}"), &views(call, tx, &[id])?.first())
}

fn get_agent(call: &Call, connection: &Connection) -> Result<Answer> {
    let agent = found(call, connection)?;
    Answer::json(&views(call, connection, &[agent.id])?.first())
}

fn update_agent(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let agent = found(call, tx)?;
    update(tx, &agent, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

/// Who was this agent is so no longer; who was logged in is logged out.
fn delete_agent(call: &Call, tx: &WriteTx) -> Result<Answer> {
    store::delete(tx, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}
