//! Handlers of `/applications`.

use super::{Application, SCHEMA, changed, found, store, views};
use crate::db::WriteTx;
use crate::domain::schema::{Mode, Object};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    let one = "/applications/{application:uuid}";
    vec![
        Route::read("/applications", "List applications", list_applications).lists::<super::View>(),
        Route::post("/applications", "Create an application", create_application)
            .shows::<super::View>()
            .body(&SCHEMA),
        Route::read(one, "Get an application", get_application).shows::<super::View>(),
        Route::put(one, "Change an application", update_application).body(&SCHEMA),
        Route::delete(one, "Delete an application", delete_application),
    ]
}

fn list_applications(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<String>(call, connection)?;
    Answer::json(&page.map(|uuids| views(call, connection, &uuids))?)
}

fn create_application(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let new = Application {
        uuid: Uuid::new_v4(),
        tenant_uuid: call.scope().tenant,
        name: None,
        destination: None,
        destination_options: Object::new(),
    };
    let application = changed(new, &call.parse(&SCHEMA, Mode::Create)?);
    store::put(tx, &application)?;
    let uuid = application.uuid.to_string();
    call.created(&format!("/applications/{uuid}"), &views(call, tx, &[uuid])?.first())
}

fn get_application(call: &Call, connection: &Connection) -> Result<Answer> {
    let application = found(call, connection)?;
    Answer::json(&views(call, connection, &[application.uuid.to_string()])?.first())
}

fn update_application(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let application = found(call, tx)?;
    store::put(tx, &changed(application, &call.parse(&SCHEMA, Mode::Update)?))?;
    Ok(Answer::Empty)
}

fn delete_application(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let application = found(call, tx)?;
    store::delete(tx, application.uuid)?;
    Ok(Answer::Empty)
}
