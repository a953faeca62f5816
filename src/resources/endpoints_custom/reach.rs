//! Whom a custom endpoint's interface calls: what belongs to a tenant that the request does not see is out of reach.

use crate::domain::problems::param_not_found;
use crate::error::Result;
use crate::http::{Scope, uuid_at};
use crate::resources::destinations;
use rusqlite::{Connection, OptionalExtension};

/// `Local/<number>@<context>[/n]` calls in a context, `PJSIP/[<number>@]<endpoint>[/<uri>]` an endpoint's phone or
/// provider. Neither needs to exist.
///
/// # Errors
/// 400: another tenant's context or endpoint, or a context of cordboard's own dialplan.
pub fn check(connection: &Connection, scope: &Scope, interface: &str) -> Result<()> {
    let Some((technology, resource)) = interface.split_once('/') else { return Ok(()) };
    let resource = resource.split('/').next().unwrap_or_default();
    let called = resource.split_once('@').map(|(_, called)| called);
    match technology.to_ascii_lowercase().as_str() {
        "local" => called.map_or(Ok(()), |context| destinations::check_context(connection, scope, context)),
        "pjsip" => check_endpoint(connection, scope, called.unwrap_or(resource)),
        _ => Ok(()),
    }
}

fn check_endpoint(connection: &Connection, scope: &Scope, name: &str) -> Result<()> {
    let mut tenant = connection.prepare_cached("SELECT tenant_uuid FROM endpoint_sip WHERE name = ?1")?;
    let tenant = tenant.query_row([name], |row| uuid_at(row, 0)).optional()?;
    if tenant.is_some_and(|tenant| !scope.sees(tenant)) {
        return Err(param_not_found("interface", "SIPEndpoint", &[("name", name.into())]).into());
    }
    Ok(())
}
