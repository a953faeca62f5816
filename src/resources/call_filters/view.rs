//! A call filter as the API shows it.

use super::{Filter, WORD, fallbacks, store};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::destinations;
use crate::resources::func_keys::Codes;
use crate::resources::people::Brief;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;

/// A call filter, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    #[serde(flatten)]
    pub filter: Filter,
    pub links: Vec<Link>,
    #[schemars(schema_with = "fallbacks::shown")]
    pub fallbacks: Object,
    pub recipients: Users<Recipient>,
    pub surrogates: Users<Surrogate>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Users<T> {
    pub users: Vec<T>,
}

impl<T> Default for Users<T> {
    fn default() -> Self {
        Users { users: Vec::new() }
    }
}

/// The boss.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Recipient {
    pub timeout: Option<i64>,
    #[serde(flatten)]
    pub user: Brief,
}

/// A secretary.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Surrogate {
    pub member_id: i64,
    /// What a phone dials to switch them on and off; null while the feature code is off.
    pub exten: Option<String>,
    #[serde(flatten)]
    pub user: Brief,
}

/// The filters as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let codes = Codes::load(connection)?;
    let code = codes.code("bsfilter");
    let mut members: HashMap<i64, (Users<Recipient>, Users<Surrogate>)> = HashMap::new();
    for row in store::members_of(connection, ids)? {
        let user = Brief::new(call, row.user, row.uuid, (row.firstname, row.lastname));
        let (recipients, surrogates) = members.entry(row.filter).or_default();
        if row.side == "recipient" {
            recipients.users.push(Recipient { timeout: row.timeout, user });
        } else {
            let exten = code.map(|code| format!("{code}{}", row.id));
            surrogates.users.push(Surrogate { member_id: row.id, exten, user });
        }
    }
    let mut fallbacks = destinations::fallbacks(connection, WORD, &fallbacks::EVENTS, ids)?;
    let shown = store::many(connection, ids)?.into_iter().map(|filter| {
        let (recipients, surrogates) = members.remove(&filter.id).unwrap_or_default();
        View {
            links: call.links("callfilters", &format!("/callfilters/{}", filter.id)),
            fallbacks: fallbacks.remove(&filter.id).unwrap_or_default(),
            recipients,
            surrogates,
            filter,
        }
    });
    Ok(shown.collect())
}
