//! `/lines/{line}/endpoints/{sip|sccp|custom}/{id}`: which endpoint a line has (confd.md 3.7).

use super::{Line, caller_id, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants};
use crate::domain::py::Py;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route, Scope};
use crate::resources::endpoint::Reference;
use crate::resources::endpoints_sip::{self, Endpoint, Kind};
use crate::resources::{devices, endpoints_custom, endpoints_sccp, trunks};
use rusqlite::Connection;
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    let sip = "/lines/{line:int}/endpoints/sip/{endpoint:uuid}";
    let custom = "/lines/{line:int}/endpoints/custom/{endpoint:int}";
    let sccp = "/lines/{line:int}/endpoints/sccp/{endpoint:int}";
    vec![
        Route::put(sip, "Give a line its SIP endpoint", |call, tx| put(call, tx, sip_of)),
        Route::delete(sip, "Take the SIP endpoint from a line", |call, tx| take(call, tx, sip_of)),
        Route::put(custom, "Give a line its custom endpoint", |call, tx| put(call, tx, custom_of)),
        Route::delete(custom, "Take the custom endpoint from a line", |call, tx| take(call, tx, custom_of)),
        Route::put(sccp, "Give a line its SCCP endpoint", |call, tx| put(call, tx, sccp_of)),
        Route::delete(sccp, "Take the SCCP endpoint from a line", |call, tx| take(call, tx, sccp_of)),
    ]
}

/// Finds the endpoint of a path, and its tenant.
type Find = fn(&Call, &Connection) -> Result<(Reference, Uuid)>;

fn sip_of(call: &Call, connection: &Connection) -> Result<(Reference, Uuid)> {
    let endpoint = visible(connection, call.scope(), call.uuid("endpoint"))?;
    Ok((Reference::Sip(endpoint.uuid), endpoint.tenant_uuid))
}

fn custom_of(call: &Call, connection: &Connection) -> Result<(Reference, Uuid)> {
    let endpoint = endpoints_custom::visible(connection, call.scope(), call.int("endpoint"))?;
    Ok((Reference::Custom(endpoint.id), endpoint.tenant_uuid))
}

fn sccp_of(call: &Call, connection: &Connection) -> Result<(Reference, Uuid)> {
    let endpoint = endpoints_sccp::visible(connection, call.scope(), call.int("endpoint"))?;
    Ok((Reference::Sccp(endpoint.id), endpoint.tenant_uuid))
}

fn put(call: &Call, tx: &WriteTx, find: Find) -> Result<Answer> {
    let line = found(call, tx)?;
    let (endpoint, tenant) = find(call, tx)?;
    attach(tx, &line, endpoint, tenant)?;
    Ok(Answer::Empty)
}

fn take(call: &Call, tx: &WriteTx, find: Find) -> Result<Answer> {
    let line = found(call, tx)?;
    let (endpoint, _) = find(call, tx)?;
    detach(tx, &line, endpoint)?;
    Ok(Answer::Empty)
}

/// An endpoint (no template) that the request sees.
///
/// # Errors
/// 404.
pub fn visible(connection: &Connection, scope: &Scope, uuid: Uuid) -> Result<Endpoint> {
    endpoints_sip::store::get(connection, uuid)?
        .filter(|endpoint| endpoint.kind == Kind::Endpoint && scope.sees(endpoint.tenant_uuid))
        .ok_or_else(|| Error::not_found(Kind::Endpoint.resource(), &[("uuid", uuid.into())]))
}

/// Gives a line its endpoint, of this tenant. Again: nothing changes.
///
/// # Errors
/// 400, the first of the contract's checks that fails.
pub fn attach(tx: &WriteTx, line: &Line, endpoint: Reference, tenant: Uuid) -> Result<()> {
    let own = line.endpoint();
    if own == Some(endpoint) {
        return Ok(());
    }
    if line.tenant_uuid != tenant {
        let left = ("line_tenant_uuid", line.tenant_uuid);
        return Err(different_tenants(left, ("endpoint_tenant_uuid", tenant)).into());
    }
    if let Some(other) = own {
        let meta =
            [("line_id", line.id.into()), ("endpoint", other.word().into()), ("endpoint_id", other.id())];
        return Err(associated("Line", "Endpoint", &meta).into());
    }
    if let Some(other) = store::with_endpoint(tx, endpoint)? {
        let meta = [
            ("line_id", other.into()),
            ("endpoint", endpoint.word().into()),
            (endpoint.key(), endpoint.id()),
        ];
        return Err(associated("Line", "Endpoint", &meta).into());
    }
    if let Some(trunk) = trunks::store::with_endpoint(tx, endpoint)? {
        let meta = [
            ("trunk_id", trunk.into()),
            ("endpoint", endpoint.word().into()),
            (endpoint.key(), endpoint.id()),
        ];
        return Err(associated("Trunk", "Endpoint", &meta).into());
    }
    store::set_endpoint(tx, line.id, Some(endpoint))?;
    caller_id::sync(tx, line.id)
}

/// Takes the endpoint from a line. It does not have it: nothing changes.
///
/// # Errors
/// 400: the line has users or extensions.
pub fn detach(tx: &WriteTx, line: &Line, endpoint: Reference) -> Result<()> {
    if line.endpoint() != Some(endpoint) {
        return Ok(());
    }
    let users = store::users(tx, line.id)?;
    if !users.is_empty() {
        let meta = [("line_id", line.id.into()), ("user_ids", joined(&users))];
        return Err(associated("Line", "User", &meta).into());
    }
    let extensions = store::extensions(tx, line.id)?;
    if !extensions.is_empty() {
        let meta = [("line_id", line.id.into()), ("extension_ids", joined(&extensions))];
        return Err(associated("Line", "Extension", &meta).into());
    }
    devices::refuse_used_line(line)?;
    store::set_endpoint(tx, line.id, None)
}

fn joined(ids: &[i64]) -> Py {
    Py::Str(ids.iter().map(i64::to_string).collect::<Vec<_>>().join(","))
}
