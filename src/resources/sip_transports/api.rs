//! Handlers of `/sip/transports`.

use super::{SCHEMA, Transport, known_options, refused_if_any, store};
use crate::db::WriteTx;
use crate::domain::problems::{already_exists, associated, field_message};
use crate::domain::schema::Mode;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use crate::resources::endpoints_sip;
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    let transport = "/sip/transports/{transport:uuid}";
    vec![
        Route::read("/sip/transports", "List SIP transports", list_transports).lists::<super::Transport>(),
        Route::post("/sip/transports", "Create a SIP transport", create_transport)
            .shows::<super::Transport>()
            .body(&SCHEMA)
            .master(),
        Route::read(transport, "Get a SIP transport", get_transport).shows::<super::Transport>(),
        Route::put(transport, "Change a SIP transport", update_transport).body(&SCHEMA).master(),
        Route::delete(transport, "Delete a SIP transport", delete_transport).master(),
    ]
}

fn list_transports(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<String>(call, connection)?;
    Answer::json(&page.map(|ids| store::many(connection, &ids))?)
}

fn create_transport(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let mut problems = known_options(&body);
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    if endpoints_sip::taken(tx, name, None)?.is_some() {
        problems.extend(already_exists("name", &[("name", name.into())]).0);
    }
    refused_if_any(problems)?;
    let uuid = Uuid::new_v4();
    store::insert(tx, uuid, name, body.get("options").unwrap_or(&Value::Null))?;
    call.created(&format!("/sip/transports/{uuid}"), &known(tx, uuid)?)
}

fn get_transport(call: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&known(connection, call.uuid("transport"))?)
}

fn update_transport(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let transport = known(tx, call.uuid("transport"))?;
    let body = call.parse(&SCHEMA, Mode::Update)?;
    let mut problems = known_options(&body);
    let name = body.get("name").and_then(Value::as_str).unwrap_or(&transport.name);
    if let Some(resource) = endpoints_sip::taken(tx, name, Some(transport.uuid))? {
        problems.extend(already_exists(resource, &[("name", name.into())]).0);
    }
    refused_if_any(problems)?;
    let options = serde_json::to_value(&transport.options)?;
    store::update(tx, transport.uuid, name, body.get("options").unwrap_or(&options))?;
    Ok(Answer::Empty)
}

/// Endpoints that use the transport go over to the one that `fallback` names.
fn delete_transport(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let transport = known(tx, call.uuid("transport"))?;
    if let Some(text) = call.query("fallback") {
        let fallback = Uuid::try_parse(text).map_err(|_| field_message("fallback", "Not a valid UUID."))?;
        store::move_users(tx, transport.uuid, known(tx, fallback)?.uuid)?;
    }
    if let Some(user) = store::user(tx, transport.uuid)? {
        let meta = [("transport_uuid", transport.uuid.into()), ("endpoint_sip_uuid", user.into())];
        return Err(associated("Transport", "EndpointSIP", &meta).into());
    }
    store::delete(tx, transport.uuid)?;
    Ok(Answer::Empty)
}

fn known(connection: &Connection, uuid: Uuid) -> Result<Transport> {
    store::get(connection, uuid)?.ok_or_else(|| Error::not_found("Transport", &[("uuid", uuid.into())]))
}
