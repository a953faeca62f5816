//! Handlers of `/cordboard/blocks`.

use super::{View, store};
use crate::db::WriteTx;
use crate::domain::network::Network;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let all = "/cordboard/blocks";
    let one = "/cordboard/blocks/{address}";
    vec![
        Route::read(all, "List the addresses that are blocked for attacking SIP", list_blocks)
            .lists::<View>()
            .master(),
        Route::read(one, "Is an address blocked, and why?", get_block).shows::<View>().master(),
        Route::delete(one, "Release a blocked address", delete_block).master(),
    ]
}

fn list_blocks(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| store::get_many(connection, &ids))?)
}

fn get_block(call: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&found(call, connection)?)
}

fn delete_block(call: &Call, tx: &WriteTx) -> Result<Answer> {
    found(call, tx)?;
    if let Some(network) = network(call) {
        store::delete(tx, &network)?;
    }
    Ok(Answer::Empty)
}

/// The block that keeps the address of the path out.
fn found(call: &Call, connection: &Connection) -> Result<View> {
    let block = network(call).map(|network| store::get(connection, &network)).transpose()?.flatten();
    let address = call.segment("address").to_owned();
    block.ok_or_else(|| Error::not_found("Block", &[("address", address.into())]))
}

fn network(call: &Call) -> Option<Network> {
    call.segment("address").parse().ok().map(Network::of_owner)
}
