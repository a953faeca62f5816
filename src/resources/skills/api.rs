//! Handlers of `/agents/skills`.

use super::view::views;
use super::{SCHEMA, Skill, create, store, update};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let all = "/agents/skills";
    let one = "/agents/skills/{skill:int}";
    vec![
        Route::read(all, "List skills", list_skills).lists::<super::view::View>(),
        Route::post(all, "Create a skill", create_skill).shows::<super::view::View>().body(&SCHEMA),
        Route::read(one, "Get a skill", get_skill).shows::<super::view::View>(),
        Route::put(one, "Change a skill", update_skill).body(&SCHEMA),
        Route::delete(one, "Delete a skill", delete_skill),
    ]
}

/// The skill that the path names as `{skill}`.
///
/// # Errors
/// 404 when there is none that the request sees.
pub fn found(call: &Call, connection: &Connection) -> Result<Skill> {
    let id = call.int("skill");
    call.visible(store::many(connection, &[id])?.pop(), |skill| skill.tenant_uuid, "Skill", id)
}

fn list_skills(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_skill(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/agents/skills/{id}"), &views(call, tx, &[id])?.first())
}

fn get_skill(call: &Call, connection: &Connection) -> Result<Answer> {
    let skill = found(call, connection)?;
    Answer::json(&views(call, connection, &[skill.id])?.first())
}

fn update_skill(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let skill = found(call, tx)?;
    update(tx, &skill, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_skill(call: &Call, tx: &WriteTx) -> Result<Answer> {
    store::delete(tx, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}
