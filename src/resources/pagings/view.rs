//! A paging as the API shows it.

use super::sides::Side;
use super::{Paging, store};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::people::Brief;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;

/// A paging, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    #[serde(flatten)]
    pub paging: Paging,
    pub links: Vec<Link>,
    pub members: Users,
    pub callers: Users,
}

#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Users {
    pub users: Vec<Brief>,
}

/// The pagings as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut users: HashMap<(i64, String), Users> = HashMap::new();
    for row in store::users_of(connection, ids)? {
        let user = Brief::new(call, row.id, row.uuid, (row.firstname, row.lastname));
        users.entry((row.paging, row.side)).or_default().users.push(user);
    }
    let mut side = |id, side: Side| users.remove(&(id, side.word().to_owned())).unwrap_or_default();
    let shown = store::many(connection, ids)?.into_iter().map(|paging| View {
        links: call.links("pagings", &format!("/pagings/{}", paging.id)),
        members: side(paging.id, Side::Member),
        callers: side(paging.id, Side::Caller),
        paging,
    });
    Ok(shown.collect())
}
