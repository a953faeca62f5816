//! Handlers of `/voicemails`.

use super::{SCHEMA, Voicemail, create, delete, store, update, views};
use crate::db::WriteTx;
use crate::domain::problems::associated;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/voicemails", "List voicemails", list_voicemails).lists::<super::view::View>(),
        Route::post("/voicemails", "Create a voicemail", create_voicemail)
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read("/voicemails/{voicemail:int}", "Get a voicemail", get_voicemail)
            .shows::<super::view::View>(),
        Route::put("/voicemails/{voicemail:int}", "Change a voicemail", update_voicemail).body(&SCHEMA),
        Route::delete("/voicemails/{voicemail:int}", "Delete a voicemail", delete_voicemail),
    ]
}

fn list_voicemails(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_voicemail(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/voicemails/{id}"), &views(call, tx, &[id])?.first())
}

fn get_voicemail(call: &Call, connection: &Connection) -> Result<Answer> {
    let voicemail = found(call, connection)?;
    Answer::json(&views(call, connection, &[voicemail.id])?.first())
}

fn update_voicemail(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let voicemail = found(call, tx)?;
    update(tx, call.scope(), voicemail.id, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_voicemail(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let voicemail = found(call, tx)?;
    let users: Vec<_> = store::users(tx, voicemail.id)?.iter().map(i64::to_string).collect();
    if !users.is_empty() {
        let meta = [("voicemail_id", voicemail.id.into()), ("user_ids", users.join(", ").into())];
        return Err(associated("Voicemail", "User", &meta).into());
    }
    delete(tx, voicemail.id)?;
    Ok(Answer::Empty)
}

/// The voicemail that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<Voicemail> {
    let id = call.int("voicemail");
    call.visible(store::get(connection, id)?, |voicemail| voicemail.tenant_uuid, "Voicemail", id)
}
