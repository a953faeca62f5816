//! `/callpickups/{pickup}/{interceptors,targets}/{users,groups}`: each list is replaced as a whole.

use super::{Pickup, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{different_tenants, not_permitted};
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::people;
use crate::resources::users::groups;
use std::collections::BTreeSet;

/// Who takes calls, or whose calls are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Interceptor,
    Target,
}

impl Side {
    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Side::Interceptor => "interceptor",
            Side::Target => "target",
        }
    }
}

const TENANT: &str = "call_pickup_tenant_uuid";

pub fn routes() -> Vec<Route> {
    let (users, groups) = (&people::USERS, &groups::SCHEMA);
    vec![
        Route::put("/callpickups/{pickup:int}/interceptors/users", "Set who may take calls", |call, tx| {
            put_users(call, tx, Side::Interceptor)
        })
        .body(users),
        Route::put(
            "/callpickups/{pickup:int}/interceptors/groups",
            "Set the groups whose users may take calls",
            |call, tx| put_groups(call, tx, Side::Interceptor),
        )
        .body(groups),
        Route::put("/callpickups/{pickup:int}/targets/users", "Set whose calls may be taken", |call, tx| {
            put_users(call, tx, Side::Target)
        })
        .body(users),
        Route::put(
            "/callpickups/{pickup:int}/targets/groups",
            "Set the groups whose users' calls may be taken",
            |call, tx| put_groups(call, tx, Side::Target),
        )
        .body(groups),
    ]
}

fn put_users(call: &Call, tx: &WriteTx, side: Side) -> Result<Answer> {
    let pickup = found(call, tx)?;
    let body = call.parse(&people::USERS, Mode::Create)?;
    let users = people::named(tx, call.scope(), (TENANT, pickup.tenant_uuid), ("users", &body))?;
    let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
    store::replace_users(tx, pickup.id, side, &ids)?;
    Ok(Answer::Empty)
}

fn put_groups(call: &Call, tx: &WriteTx, side: Side) -> Result<Answer> {
    let pickup = found(call, tx)?;
    let body = call.parse(&groups::SCHEMA, Mode::Create)?;
    let named = groups::named(tx, call.scope(), &body)?;
    for group in &named {
        check_tenant(&pickup, group.tenant_uuid)?;
    }
    let ids: BTreeSet<i64> = named.iter().map(|group| group.id).collect();
    if ids.len() < named.len() {
        return Err(not_permitted("Cannot associate same group more than once", &[]).into());
    }
    store::replace_groups(tx, pickup.id, side, &ids)?;
    Ok(Answer::Empty)
}

fn check_tenant(pickup: &Pickup, other: uuid::Uuid) -> Result<()> {
    if pickup.tenant_uuid == other {
        return Ok(());
    }
    Err(different_tenants((TENANT, pickup.tenant_uuid), ("group_tenant_uuid", other)).into())
}
