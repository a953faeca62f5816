//! `GET /cordboard/audit`: who changed what, when, from where, before and after.

mod store;

use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;

pub fn routes() -> Vec<Route> {
    vec![Route::read("/cordboard/audit", "List who changed what", list).lists::<View>()]
}

/// One change.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct View {
    id: i64,
    /// UTC.
    date: String,
    tenant_uuid: String,
    /// The account whose token it was; `null` for the administrator's token and for a phone.
    account_uuid: Option<String>,
    /// `api` or `phone`.
    source: String,
    address: Option<String>,
    method: Option<String>,
    path: String,
    /// As GET of the path showed it, secrets masked; of a path without GET what was sent.
    before: Option<Value>,
    after: Option<Value>,
}

fn list(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page_of_all::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| store::get_many(connection, &ids))?)
}
