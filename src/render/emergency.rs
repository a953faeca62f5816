//! The emergency numbers of each tenant in `extensions.conf`: who dials one in a context that sends it nowhere else
//! is put through over any trunk of the tenant.

use askama::Template;

use super::builder::Builder;
use super::fileset::Kind;
use super::index::Index;
use super::{RenderError, outgoing};

#[derive(Template)]
#[template(path = "asterisk/emergency_context.conf")]
struct EmergencyContext<'a> {
    name: &'a str,
    tenant: &'a str,
    numbers: &'static [&'static str],
}

/// The context with a tenant's emergency numbers.
pub fn name(tenant: &str) -> String {
    format!("cordboard-emergency-{tenant}")
}

/// True when the tenant has a trunk to call them over.
pub fn reached(index: &Index<'_>, tenant: &str) -> bool {
    index.emergency_trunks.contains_key(tenant)
}

/// Adds a context for each tenant that has a trunk.
pub fn contexts(builder: &mut Builder, index: &Index<'_>) -> Result<(), RenderError> {
    for tenant in index.emergency_trunks.keys() {
        let (name, numbers) = (name(tenant), outgoing::emergency_numbers(index, tenant));
        builder.object(Kind::Plain, name.clone(), &EmergencyContext { name: &name, tenant, numbers })?;
    }
    Ok(())
}
