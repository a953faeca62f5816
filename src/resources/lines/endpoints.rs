//! `/lines/{line}/endpoints/sip/{uuid}`: which endpoint a line has (confd.md 3.7).

use super::{Line, caller_id, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants};
use crate::domain::py::Py;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route, Scope};
use crate::resources::endpoints_sip::{self, Endpoint, Kind};
use rusqlite::Connection;
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    let path = "/lines/{line:int}/endpoints/sip/{endpoint:uuid}";
    vec![
        Route::put(path, "Give a line its SIP endpoint", put_endpoint),
        Route::delete(path, "Take the SIP endpoint from a line", delete_endpoint),
    ]
}

fn put_endpoint(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let line = found(call, tx)?;
    let endpoint = visible(tx, call.scope(), call.uuid("endpoint"))?;
    attach(tx, &line, &endpoint)?;
    Ok(Answer::Empty)
}

fn delete_endpoint(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let line = found(call, tx)?;
    let endpoint = visible(tx, call.scope(), call.uuid("endpoint"))?;
    detach(tx, &line, &endpoint)?;
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

/// Gives a line its endpoint. Again: nothing changes.
///
/// # Errors
/// 400, the first of the contract's checks that fails.
pub fn attach(tx: &WriteTx, line: &Line, endpoint: &Endpoint) -> Result<()> {
    if line.endpoint_sip_uuid == Some(endpoint.uuid) {
        return Ok(());
    }
    if line.tenant_uuid != endpoint.tenant_uuid {
        let left = ("line_tenant_uuid", line.tenant_uuid);
        return Err(different_tenants(left, ("endpoint_tenant_uuid", endpoint.tenant_uuid)).into());
    }
    if let Some(other) = line.endpoint_sip_uuid {
        let meta = [("line_id", line.id.into()), ("endpoint", "sip".into()), ("endpoint_id", other.into())];
        return Err(associated("Line", "Endpoint", &meta).into());
    }
    if let Some(other) = store::of_endpoint(tx, endpoint.uuid)? {
        let meta =
            [("line_id", other.into()), ("endpoint", "sip".into()), ("endpoint_uuid", endpoint.uuid.into())];
        return Err(associated("Line", "Endpoint", &meta).into());
    }
    store::set_endpoint(tx, line.id, Some(endpoint.uuid))?;
    caller_id::sync(tx, line.id)
}

/// Takes the endpoint from a line. It does not have it: nothing changes.
///
/// # Errors
/// 400: the line has users or extensions.
pub fn detach(tx: &WriteTx, line: &Line, endpoint: &Endpoint) -> Result<()> {
    if line.endpoint_sip_uuid != Some(endpoint.uuid) {
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
    store::set_endpoint(tx, line.id, None)
}

fn joined(ids: &[i64]) -> Py {
    Py::Str(ids.iter().map(i64::to_string).collect::<Vec<_>>().join(","))
}
