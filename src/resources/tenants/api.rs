//! `GET /tenants`, `GET /tenants/{uuid}` (confd.md 3.2).

use super::store;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/tenants", "List the visible tenants", list_tenants).lists::<super::View>().bare_405(),
        Route::read("/tenants/{tenant:uuid}", "Get a tenant", get_tenant).shows::<super::View>().bare_405(),
    ]
}

fn list_tenants(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page_of_all::<String>(call, connection)?;
    Answer::json(&page.map(|uuids| store::views(connection, &uuids))?)
}

fn get_tenant(call: &Call, connection: &Connection) -> Result<Answer> {
    let tenant: Uuid = call.uuid("tenant");
    if !call.scope().sees(tenant) {
        return Err(Error::not_found("Tenant", &[("uuid", tenant.to_string().into())]));
    }
    Answer::json(&store::views(connection, &[tenant.to_string()])?.first())
}
