//! Where a call goes on: the vocabulary that incalls and the fallbacks of users and groups share (confd.md 5.4).
//! `types.rs` has one row a type; whoever owns a destination is a word and an id.

mod command;
mod shown;
mod store;
mod types;

pub use shown::{Destination, fallbacks_schema};
pub use store::{Owner, check_context, fallbacks, of, set};
pub use types::{NESTED, TYPES, refuse_way_up};

use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::Object;
use crate::error::{Result, gather, refuse};
use crate::http::Scope;

/// The destination of an event in a body of fallbacks, read by a schema whose fields are `<event>_destination`.
pub fn fallback<'a>(body: &'a Object, event: &str) -> Option<&'a Object> {
    body.get(&format!("{event}_destination"))?.as_object()
}

/// Makes an owner's fallbacks what the body says: an event that it does not name has none any more.
///
/// # Errors
/// 400 with every target that does not exist.
pub fn replace_fallbacks(
    tx: &WriteTx,
    scope: &Scope,
    owner: Owner,
    events: &[&str],
    body: &Object,
) -> Result<()> {
    let mut problems = Problems::default();
    for event in events {
        gather(&mut problems, set(tx, scope, owner, event, fallback(body, event)))?;
    }
    refuse(problems)
}
