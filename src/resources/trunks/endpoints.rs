//! `/trunks/{trunk}/endpoints/{sip|iax|custom}/{id}`: which endpoint a trunk has (confd.md 6.6).

use super::{Trunk, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants};
use crate::domain::py::Py;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::endpoint::Reference;
use crate::resources::{endpoints_custom, endpoints_iax, lines};
use rusqlite::Connection;
use uuid::Uuid;

/// PUT and POST do the same: the original knows PUT, its documentation POST (confd.md 8.1).
pub fn routes() -> Vec<Route> {
    let sip = "/trunks/{trunk:int}/endpoints/sip/{endpoint:uuid}";
    let iax = "/trunks/{trunk:int}/endpoints/iax/{endpoint:int}";
    let custom = "/trunks/{trunk:int}/endpoints/custom/{endpoint:int}";
    vec![
        Route::put(sip, "Give a trunk its SIP endpoint", |call, tx| put(call, tx, sip_of)),
        Route::post(sip, "Give a trunk its SIP endpoint", |call, tx| put(call, tx, sip_of)).status(204),
        Route::delete(sip, "Take the SIP endpoint from a trunk", |call, tx| take(call, tx, sip_of)),
        Route::put(iax, "Give a trunk its IAX endpoint", |call, tx| put(call, tx, iax_of)),
        Route::post(iax, "Give a trunk its IAX endpoint", |call, tx| put(call, tx, iax_of)).status(204),
        Route::delete(iax, "Take the IAX endpoint from a trunk", |call, tx| take(call, tx, iax_of)),
        Route::put(custom, "Give a trunk its custom endpoint", |call, tx| put(call, tx, custom_of)),
        Route::post(custom, "Give a trunk its custom endpoint", |call, tx| put(call, tx, custom_of))
            .status(204),
        Route::delete(custom, "Take the custom endpoint from a trunk", |call, tx| take(call, tx, custom_of)),
    ]
}

/// Finds the endpoint of a path, and its tenant.
type Find = fn(&Call, &Connection) -> Result<(Reference, Uuid)>;

fn sip_of(call: &Call, connection: &Connection) -> Result<(Reference, Uuid)> {
    let endpoint = lines::endpoints::visible(connection, call.scope(), call.uuid("endpoint"))?;
    Ok((Reference::Sip(endpoint.uuid), endpoint.tenant_uuid))
}

fn iax_of(call: &Call, connection: &Connection) -> Result<(Reference, Uuid)> {
    let endpoint = endpoints_iax::visible(connection, call.scope(), call.int("endpoint"))?;
    Ok((Reference::Iax(endpoint.id), endpoint.tenant_uuid))
}

fn custom_of(call: &Call, connection: &Connection) -> Result<(Reference, Uuid)> {
    let endpoint = endpoints_custom::visible(connection, call.scope(), call.int("endpoint"))?;
    Ok((Reference::Custom(endpoint.id), endpoint.tenant_uuid))
}

fn put(call: &Call, tx: &WriteTx, find: Find) -> Result<Answer> {
    let trunk = found(call, tx)?;
    let (endpoint, tenant) = find(call, tx)?;
    attach(tx, &trunk, endpoint, tenant)?;
    Ok(Answer::Empty)
}

fn take(call: &Call, tx: &WriteTx, find: Find) -> Result<Answer> {
    let trunk = found(call, tx)?;
    let (endpoint, _) = find(call, tx)?;
    if trunk.endpoint == Some(endpoint) {
        store::set_endpoint(tx, trunk.id, None)?;
    }
    Ok(Answer::Empty)
}

/// Gives a trunk its endpoint, of this tenant. Again: nothing changes.
///
/// # Errors
/// 400, the first of the contract's checks that fails.
pub fn attach(tx: &WriteTx, trunk: &Trunk, endpoint: Reference, tenant: Uuid) -> Result<()> {
    if trunk.endpoint == Some(endpoint) {
        return Ok(());
    }
    if trunk.tenant_uuid != tenant {
        let left = ("trunk_tenant_uuid", trunk.tenant_uuid);
        return Err(different_tenants(left, ("endpoint_tenant_uuid", tenant)).into());
    }
    if let Some(other) = trunk.endpoint {
        return Err(associated("Trunk", "Endpoint", &meta(trunk.id, other)).into());
    }
    if let Some(other) = store::with_endpoint(tx, endpoint)? {
        return Err(associated("Trunk", "Endpoint", &meta(other, endpoint)).into());
    }
    // The line's id under the trunk's name: so the original does.
    if let Some(line) = lines::store::with_endpoint(tx, endpoint)? {
        return Err(associated("Line", "Endpoint", &meta(line, endpoint)).into());
    }
    if let Some(register) = trunk.register_iax_id.filter(|_| !matches!(endpoint, Reference::Iax(_))) {
        let meta = [("trunk_id", trunk.id.into()), ("register_iax_id", register.into())];
        return Err(associated("Trunk", "IAXRegister", &meta).into());
    }
    store::set_endpoint(tx, trunk.id, Some(endpoint))
}

fn meta(owner: i64, endpoint: Reference) -> [(&'static str, Py); 3] {
    [("trunk_id", owner.into()), ("endpoint", endpoint.word().into()), ("endpoint_id", endpoint.id())]
}
