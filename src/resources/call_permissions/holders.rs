//! `/{users|groups|outcalls}/{id}/callpermissions/{permission}`: who has a permission (confd.md 5.6).

use super::{Permission, found, store};
use crate::db::WriteTx;
use crate::domain::problems::different_tenants;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Key, Route};
use rusqlite::Connection;
use uuid::Uuid;

/// What can have permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    User,
    Group,
    Outcall,
}

impl Holder {
    fn resource(self) -> &'static str {
        match self {
            Holder::User => "User",
            Holder::Group => "Group",
            Holder::Outcall => "Outcall",
        }
    }

    /// What the tenant is called in the refusal of two tenants.
    fn tenant_key(self) -> &'static str {
        match self {
            Holder::User => "user_tenant_uuid",
            Holder::Group => "group_tenant_uuid",
            Holder::Outcall => "outcall_tenant_uuid",
        }
    }
}

pub fn routes() -> Vec<Route> {
    let user = "/users/{holder:key}/callpermissions/{permission:int}";
    let group = "/groups/{holder:key}/callpermissions/{permission:int}";
    let outcall = "/outcalls/{holder:int}/callpermissions/{permission:int}";
    vec![
        Route::put(user, "Give a user a call permission", |call, tx| put(call, tx, Holder::User)),
        Route::delete(user, "Take a call permission from a user", |call, tx| take(call, tx, Holder::User)),
        Route::put(group, "Give a group a call permission", |call, tx| put(call, tx, Holder::Group)),
        Route::delete(group, "Take a call permission from a group", |call, tx| take(call, tx, Holder::Group)),
        Route::put(outcall, "Give an outcall a call permission", |call, tx| put(call, tx, Holder::Outcall)),
        Route::delete(outcall, "Take a call permission from an outcall", |call, tx| {
            take(call, tx, Holder::Outcall)
        }),
    ]
}

fn put(call: &Call, tx: &WriteTx, holder: Holder) -> Result<Answer> {
    let (id, tenant) = named(call, tx, holder)?;
    attach(tx, holder, (id, tenant), &found(call, tx)?)?;
    Ok(Answer::Empty)
}

fn take(call: &Call, tx: &WriteTx, holder: Holder) -> Result<Answer> {
    let (id, _) = named(call, tx, holder)?;
    store::detach(tx, holder, id, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}

/// Id and tenant of the holder that the path names, if the request sees it.
fn named(call: &Call, connection: &Connection, holder: Holder) -> Result<(i64, Uuid)> {
    let key = call.key("holder");
    let row = store::holder(connection, holder, key)?.filter(|(_, tenant)| call.scope().sees(*tenant));
    row.ok_or_else(|| {
        let name = match (holder, key) {
            // Groups print their uuid as plain text (confd.md 1.7).
            (Holder::Group, Key::Uuid(uuid)) => ("uuid", uuid.to_string().into()),
            (_, Key::Uuid(_)) => ("uuid", key.into()),
            (_, Key::Id(_)) => ("id", key.into()),
        };
        Error::not_found(holder.resource(), &[name])
    })
}

/// Gives a holder, by id and tenant, a permission. It has it: nothing changes.
///
/// # Errors
/// 400: they are of different tenants.
pub fn attach(
    tx: &WriteTx,
    holder: Holder,
    (id, tenant): (i64, Uuid),
    permission: &Permission,
) -> Result<()> {
    if tenant != permission.tenant_uuid {
        let right = ("call_permission_tenant_uuid", permission.tenant_uuid);
        return Err(different_tenants((holder.tenant_key(), tenant), right).into());
    }
    store::attach(tx, holder, id, permission.id)
}
