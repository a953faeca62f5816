//! User ↔ voicemail (confd.md 4.2 and 4.3): a user has at most one, several users may share one.

use super::{Identity, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants, not_permitted};
use crate::domain::schema::Mode;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Page, Route};
use crate::resources::voicemails::{self, Voicemail};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let list = "/users/{user:key}/voicemails";
    let one = "/users/{user:key}/voicemails/{voicemail:int}";
    vec![
        Route::read(list, "Get a user's voicemail", list_voicemails).lists::<voicemails::View>(),
        Route::post(list, "Create a user's voicemail", create_voicemail)
            .shows::<voicemails::View>()
            .body(&voicemails::SCHEMA),
        Route::put(one, "Give a voicemail to a user", attach_voicemail),
        Route::delete(list, "Take the voicemail from a user", detach_voicemail),
    ]
}

/// Gives a voicemail to a user. Theirs already: nothing changes.
///
/// # Errors
/// 400: the tenants differ, the voicemail is a whole context's, or the user has another.
pub fn attach(tx: &WriteTx, user: &Identity, voicemail: &Voicemail) -> Result<()> {
    let current = store::voicemail(tx, user.id)?;
    if current == Some(voicemail.id) {
        return Ok(());
    }
    if voicemail.tenant_uuid != user.tenant_uuid {
        let left = ("voicemail_tenant_uuid", voicemail.tenant_uuid);
        return Err(different_tenants(left, ("user_tenant_uuid", user.tenant_uuid)).into());
    }
    if voicemail.accesstype == "global" {
        return Err(not_permitted("A global voicemail cannot be associated to users.", &[]).into());
    }
    if current.is_some() {
        let meta = [("user_id", user.id.into()), ("voicemail_id", voicemail.id.into())];
        return Err(associated("User", "Voicemail", &meta).into());
    }
    store::set_voicemail(tx, user.id, Some(voicemail.id))
}

/// Takes the voicemail from a user who may have one.
///
/// # Errors
/// The database can't be written.
pub fn detach(tx: &WriteTx, user: &Identity) -> Result<()> {
    store::set_voicemail(tx, user.id, None)
}

/// The voicemail of this id, if the request sees it.
///
/// # Errors
/// 404.
pub fn visible(call: &Call, connection: &Connection, id: i64) -> Result<Voicemail> {
    call.visible(voicemails::store::get(connection, id)?, |row| row.tenant_uuid, "Voicemail", id)
}

fn list_voicemails(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = found(call, connection)?;
    let ids: Vec<i64> = store::voicemail(connection, user.id)?.into_iter().collect();
    let items = voicemails::views(call, connection, &ids)?;
    Answer::json(&Page { total: i64::from(!ids.is_empty()), items })
}

fn create_voicemail(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&voicemails::SCHEMA, Mode::Create)?;
    let user = found(call, tx)?;
    let id = voicemails::create(tx, call.scope(), &body)?;
    let missing = || Error::not_found("Voicemail", &[("id", id.into())]);
    attach(tx, &user, &voicemails::store::get(tx, id)?.ok_or_else(missing)?)?;
    call.created(&format!("/voicemails/{id}"), &voicemails::views(call, tx, &[id])?.first())
}

fn attach_voicemail(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    attach(tx, &user, &visible(call, tx, call.int("voicemail"))?)?;
    Ok(Answer::Empty)
}

fn detach_voicemail(call: &Call, tx: &WriteTx) -> Result<Answer> {
    detach(tx, &found(call, tx)?)?;
    Ok(Answer::Empty)
}
