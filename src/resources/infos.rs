//! `GET /infos`: which server this is, and whose API it speaks.

use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde::Serialize;
use uuid::Uuid;

/// The release of confd whose contract is kept.
const CONFD_RELEASE: &str = "26.09";

pub fn routes() -> Vec<Route> {
    vec![Route::read("/infos", "Get the server's identity", get_infos).shows::<Infos>()]
}

#[derive(Serialize, schemars::JsonSchema)]
struct Infos {
    uuid: Uuid,
    wazo_version: &'static str,
}

fn get_infos(call: &Call, _: &Connection) -> Result<Answer> {
    Answer::json(&Infos { uuid: call.app.server_uuid, wazo_version: CONFD_RELEASE })
}
