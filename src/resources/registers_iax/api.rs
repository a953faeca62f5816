//! Handlers of `/registers/iax`.

use super::{SCHEMA, create, store, update, visible};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::{Answer, Call, Link, Route};
use crate::resources::endpoint::Owner;
use rusqlite::Connection;
use serde::Serialize;

pub fn routes() -> Vec<Route> {
    let all = "/registers/iax";
    let one = "/registers/iax/{register:int}";
    vec![
        Route::read(all, "List IAX registrations", list_registers).lists::<View>(),
        Route::post(all, "Create an IAX registration", create_register).shows::<View>().body(&SCHEMA),
        Route::read(one, "Get an IAX registration", get_register).shows::<View>(),
        Route::put(one, "Change an IAX registration", update_register).body(&SCHEMA),
        Route::delete(one, "Delete an IAX registration", delete_register),
    ]
}

/// A registration as the API shows it, keys in the contract's order.
#[derive(Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub auth_username: Option<String>,
    pub auth_password: Option<String>,
    pub remote_host: String,
    pub remote_port: Option<i64>,
    pub callback_extension: Option<String>,
    pub callback_context: Option<String>,
    pub enabled: bool,
    pub links: Vec<Link>,
    pub trunk: Option<Owner>,
}

unseen!(View);

fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let shown = store::many(connection, ids)?.into_iter().map(|(register, trunk)| View {
        links: call.links("register_iax", &format!("/registers/iax/{}", register.id)),
        id: register.id,
        auth_username: register.auth_username,
        auth_password: register.auth_password,
        remote_host: register.remote_host,
        remote_port: register.remote_port,
        callback_extension: register.callback_extension,
        callback_context: register.callback_context,
        enabled: register.enabled,
        trunk: trunk.map(|id| Owner::trunk(call, id)),
    });
    Ok(shown.collect())
}

fn list_registers(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_register(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/registers/iax/{id}"), &views(call, tx, &[id])?.first())
}

fn get_register(call: &Call, connection: &Connection) -> Result<Answer> {
    let register = visible(connection, call.scope(), call.int("register"))?;
    Answer::json(&views(call, connection, &[register.id])?.first())
}

fn update_register(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let register = visible(tx, call.scope(), call.int("register"))?;
    update(tx, &register, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_register(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let register = visible(tx, call.scope(), call.int("register"))?;
    store::delete(tx, register.id)?;
    Ok(Answer::Empty)
}
