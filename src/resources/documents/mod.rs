//! What clients keep here although no call depends on it: documents that are checked, stored and shown. `singles.rs` has
//! those of which there is one, `lists.rs` the others; each is a row of a table. A resource that gets a meaning for calls
//! moves out. Why they have none is told in docs/NOTES.md.

mod lists;
mod rows;
mod singles;
pub mod store;

use crate::db::WriteTx;
use crate::error::Result;
use crate::http::Route;
use serde_json::{Value, json};

pub use rows::registrar_exists;

pub fn routes() -> Vec<Route> {
    [singles::routes(), lists::routes()].concat()
}

/// The registrar that lines name by default, once.
///
/// # Errors
/// The database can't be written.
pub fn seed(tx: &WriteTx) -> Result<()> {
    let place = store::Place { kind: "registrars", tenant: store::master(tx)?, user: None };
    let Value::Object(body) = json!({
        "name": "local", "main_host": "127.0.0.1", "main_port": null, "backup_host": null, "backup_port": null,
        "proxy_main_host": "127.0.0.1", "proxy_main_port": null, "proxy_backup_host": null,
        "proxy_backup_port": null, "outbound_proxy_host": null, "outbound_proxy_port": null,
    }) else {
        return Ok(());
    };
    match store::get(tx, place, "default")? {
        Some(_) => Ok(()),
        None => store::insert(tx, place, Some("default"), &body).map(drop),
    }
}
