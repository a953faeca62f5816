//! Handlers of limits.

use super::store::{self, Owner};
use super::{OWN, TENANT, TenantView, View, all_changed, changed, usual, view};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::{trunks, users};
use rusqlite::Connection;
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    let (tenant, user, trunk) =
        ("/cordboard/limits", "/cordboard/users/{user:key}/limits", "/cordboard/trunks/{trunk:int}/limits");
    vec![
        Route::read(tenant, "Get how many calls may go out", get_limits).shows::<TenantView>(),
        Route::put(tenant, "Set how many calls may go out", set_limits).body(&TENANT),
        Route::read("/cordboard/limits/events", "List calls that were refused by limits", list_events)
            .lists::<store::Event>(),
        Route::read(user, "Get how many calls a user may have outside", get_limits_of_user).shows::<View>(),
        Route::put(user, "Set how many calls a user may have outside", set_limits_of_user).body(&OWN),
        Route::read(trunk, "Get how many calls may go out over a trunk", get_limits_of_trunk).shows::<View>(),
        Route::put(trunk, "Set how many calls may go out over a trunk", set_limits_of_trunk).body(&OWN),
    ]
}

fn get_limits(call: &Call, connection: &Connection) -> Result<Answer> {
    let (own, site) = (store::of_tenant(connection, call.scope().tenant)?, call.app.calls.ceilings());
    Answer::json(&TenantView { user: view(own.user, site.user), trunk: view(own.trunk, site.trunk) })
}

fn set_limits(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let tenant = call.scope().tenant;
    let body = call.parse(&TENANT, Mode::Update)?;
    store::set_of_tenant(tx, tenant, all_changed(store::of_tenant(tx, tenant)?, &body))?;
    Ok(Answer::Empty)
}

fn list_events(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page_of_all::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| store::events(connection, &ids))?)
}

fn get_limits_of_user(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = users::found(call, connection)?;
    get(call, connection, Owner::User(user.id), user.tenant_uuid)
}

fn set_limits_of_user(call: &Call, tx: &WriteTx) -> Result<Answer> {
    set(call, tx, Owner::User(users::found(call, tx)?.id))
}

fn get_limits_of_trunk(call: &Call, connection: &Connection) -> Result<Answer> {
    let trunk = trunks::found(call, connection)?;
    get(call, connection, Owner::Trunk(trunk.id), trunk.tenant_uuid)
}

fn set_limits_of_trunk(call: &Call, tx: &WriteTx) -> Result<Answer> {
    set(call, tx, Owner::Trunk(trunks::found(call, tx)?.id))
}

fn get(call: &Call, connection: &Connection, owner: Owner, tenant: Uuid) -> Result<Answer> {
    let usual = usual(store::of_tenant(connection, tenant)?, &call.app.calls);
    let usual = match owner {
        Owner::User(_) => usual.user,
        Owner::Trunk(_) => usual.trunk,
    };
    Answer::json(&view(store::of(connection, owner)?, usual))
}

fn set(call: &Call, tx: &WriteTx, owner: Owner) -> Result<Answer> {
    let body = call.parse(&OWN, Mode::Update)?;
    store::set(tx, owner, changed(store::of(tx, owner)?, &body))?;
    Ok(Answer::Empty)
}
