//! `/pagings/{paging}/{members,callers}/users`: each list is replaced as a whole.

use super::{found, store};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::people;

/// Who hears it, or who may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Member,
    Caller,
}

impl Side {
    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Side::Member => "member",
            Side::Caller => "caller",
        }
    }
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::put("/pagings/{paging:int}/members/users", "Set whom a paging calls", |call, tx| {
            put_users(call, tx, Side::Member)
        })
        .body(&people::USERS),
        Route::put("/pagings/{paging:int}/callers/users", "Set who may speak over a paging", |call, tx| {
            put_users(call, tx, Side::Caller)
        })
        .body(&people::USERS),
    ]
}

fn put_users(call: &Call, tx: &WriteTx, side: Side) -> Result<Answer> {
    let paging = found(call, tx)?;
    let body = call.parse(&people::USERS, Mode::Create)?;
    let owner = ("paging_tenant_uuid", paging.tenant_uuid);
    let users = people::named(tx, call.scope(), owner, ("users", &body))?;
    let users: Vec<i64> = users.iter().map(|user| user.id).collect();
    store::replace_users(tx, paging.id, side, &users)?;
    Ok(Answer::Empty)
}
