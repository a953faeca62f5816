//! Handlers of `/endpoints/sip` and `/endpoints/sip/templates`.

use super::{Endpoint, Kind, SCHEMA, delete, insert, merged, store, update, views};
use crate::db::WriteTx;
use crate::domain::problems::field_message;
use crate::domain::schema::Mode;
use crate::domain::sip::SECTIONS;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Listing, Route};
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    let endpoints = "/endpoints/sip";
    let endpoint = "/endpoints/sip/{endpoint:uuid}";
    let templates = "/endpoints/sip/templates";
    let template = "/endpoints/sip/templates/{endpoint:uuid}";
    vec![
        Route::read(endpoints, "List SIP endpoints", |call, db| list(call, db, &store::ENDPOINTS))
            .lists::<super::view::View>(),
        Route::post(endpoints, "Create a SIP endpoint", |call, tx| create(call, tx, Kind::Endpoint))
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read(endpoint, "Get a SIP endpoint", get_endpoint).shows::<super::view::View>(),
        Route::put(endpoint, "Change a SIP endpoint", |call, tx| change(call, tx, Kind::Endpoint))
            .body(&SCHEMA),
        Route::delete(endpoint, "Delete a SIP endpoint", |call, tx| remove(call, tx, Kind::Endpoint)),
        Route::read(templates, "List SIP templates", |call, db| list(call, db, &store::TEMPLATES))
            .lists::<super::view::View>(),
        Route::post(templates, "Create a SIP template", |call, tx| create(call, tx, Kind::Template))
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read(template, "Get a SIP template", get_template).shows::<super::view::View>(),
        Route::put(template, "Change a SIP template", |call, tx| change(call, tx, Kind::Template))
            .body(&SCHEMA),
        Route::delete(template, "Delete a SIP template", |call, tx| remove(call, tx, Kind::Template)),
    ]
}

fn list(call: &Call, connection: &Connection, listing: &Listing) -> Result<Answer> {
    let page = listing.page::<String>(call, connection)?;
    let parse = |ids: Vec<String>| ids.iter().filter_map(|id| Uuid::try_parse(id).ok()).collect::<Vec<_>>();
    Answer::json(&page.map(|ids| views(call, connection, &parse(ids)))?)
}

/// The address of a new template is an endpoint's: so the original answers, and clients follow it only for its uuid.
fn create(call: &Call, tx: &WriteTx, kind: Kind) -> Result<Answer> {
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let uuid = insert(tx, call.scope(), kind, &body)?;
    call.created(&format!("/endpoints/sip/{uuid}"), &views(call, tx, &[uuid])?.first())
}

fn get_endpoint(call: &Call, connection: &Connection) -> Result<Answer> {
    let endpoint = found(call, connection, Kind::Endpoint)?;
    match call.query("view") {
        None => Answer::json(&views(call, connection, &[endpoint.uuid])?.first()),
        Some("merged") => Answer::json(&merged_view(call, connection, endpoint.uuid)?),
        Some(_) => Err(field_message("view", "Must be one of: merged.").into()),
    }
}

/// The endpoint with its lists merged. They come last here.
///
/// # Errors
/// The database can't be read.
pub fn merged_view(call: &Call, connection: &Connection, uuid: Uuid) -> Result<Value> {
    let mut view = serde_json::to_value(views(call, connection, &[uuid])?.first())?;
    let lists = serde_json::to_value(merged(connection, uuid)?)?;
    if let (Value::Object(view), Value::Object(lists)) = (&mut view, lists) {
        for field in SECTIONS.each() {
            view.shift_remove(*field);
        }
        view.extend(lists);
    }
    Ok(view)
}

fn get_template(call: &Call, connection: &Connection) -> Result<Answer> {
    let template = found(call, connection, Kind::Template)?;
    Answer::json(&views(call, connection, &[template.uuid])?.first())
}

fn change(call: &Call, tx: &WriteTx, kind: Kind) -> Result<Answer> {
    let endpoint = found(call, tx, kind)?;
    let body = call.parse(&SCHEMA, Mode::Update)?;
    update(tx, call.scope(), endpoint.uuid, &body)?;
    Ok(Answer::Empty)
}

fn remove(call: &Call, tx: &WriteTx, kind: Kind) -> Result<Answer> {
    let endpoint = found(call, tx, kind)?;
    delete(tx, endpoint.uuid)?;
    Ok(Answer::Empty)
}

/// The endpoint or template that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection, kind: Kind) -> Result<Endpoint> {
    let uuid = call.uuid("endpoint");
    store::get(connection, uuid)?
        .filter(|endpoint| endpoint.kind == kind && call.scope().sees(endpoint.tenant_uuid))
        .ok_or_else(|| Error::not_found(kind.resource(), &[("uuid", uuid.into())]))
}
