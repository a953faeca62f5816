//! The registrations of `pjsip.conf`: with which providers Asterisk registers for which trunk.

use super::builder::Builder;
use super::fileset::Kind;
use super::index::{self, Index};
use super::{RenderError, escape, pjsip, pjsip_auth};
use crate::model::Endpoint;

/// What follows from the trunk.
const DERIVED: [&str; 3] = ["endpoint", "outbound_auth", "transport"];

/// With `line` a call that the provider sends to the registered contact is recognised, wherever it comes from. A
/// new registration need not wait for others: there are few.
const DEFAULTS: [(&str, &str); 2] = [("line", "yes"), ("max_random_initial_delay", "0")];

/// Adds the registration of a trunk; a phone's endpoint has none.
pub fn section(builder: &mut Builder, index: &Index<'_>, endpoint: &Endpoint) -> Result<(), RenderError> {
    if !is_registered(endpoint) {
        return Ok(());
    }
    let name = escape::name("endpoint", &endpoint.name)?;
    let auth = pjsip_auth::registration_name(endpoint);
    let mut options = vec![("type", "registration"), ("endpoint", name)];
    if let Some(auth) = &auth {
        options.push(("outbound_auth", auth));
    }
    if let Some(transport) = index::option(&endpoint.registration, "transport")
        && index.names_transport(transport)
    {
        options.push(("transport", transport));
    }
    let usable = |(key, value): &(&str, &str)| *key != "outbound_proxy" || value.starts_with("sip");
    let own = pjsip::own(&endpoint.registration).filter(|(key, _)| !DERIVED.contains(key)).filter(usable);
    pjsip::add_over(&mut options, &DEFAULTS, &own.collect::<Vec<_>>());
    builder.section(Kind::Registration, name, &[], &options)
}

/// True for a trunk that says with whom to register and as whom.
pub fn is_registered(endpoint: &Endpoint) -> bool {
    let given = |name: &str| pjsip::own(&endpoint.registration).any(|(key, _)| key == name);
    endpoint.trunk.is_some() && given("server_uri") && given("client_uri")
}
