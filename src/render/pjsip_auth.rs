//! `pjsip_auth.conf`: the credentials of every endpoint. No phone is without: an endpoint without
//! authentication would register and call for anybody.

use super::builder::{self, Builder};
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::{RenderError, escape, pjsip, pjsip_registration, secret};
use crate::domain::section;
use crate::model::{Endpoint, Options};

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    for endpoint in &index.model.endpoints {
        let done = auths(&mut builder, index, endpoint);
        builder.note(done, || Part::Endpoint(endpoint.name.clone()));
    }
    let secret = builder::canary_secret(index);
    builder.finish_with_canary(0, builder::CANARY, builder::CANARY, |digest| canary(secret, digest))
}

fn auths(builder: &mut Builder, index: &Index<'_>, endpoint: &Endpoint) -> Result<(), RenderError> {
    let name = escape::name("endpoint", &endpoint.name)?;
    if is_asked(endpoint) {
        inbound(builder, index, endpoint, name)?;
    }
    if !endpoint.outbound_auth.is_empty() {
        let options = credentials(&endpoint.outbound_auth, name, "");
        builder.section(Kind::Auth, &outbound_name(name), &[], &options)?;
    }
    if pjsip_registration::is_registered(endpoint)
        && !endpoint.registration_outbound_auth.is_empty()
        && let Some(section) = registration_name(endpoint)
    {
        let options = credentials(&endpoint.registration_outbound_auth, name, "");
        builder.section(Kind::Auth, &section, &[], &options)?;
    }
    Ok(())
}

/// Every phone is asked for its credentials; a provider only when it was given some: else it is known by its
/// address, or by the registration with it.
pub fn is_asked(endpoint: &Endpoint) -> bool {
    endpoint.trunk.is_none() || !endpoint.auth.is_empty()
}

/// The credentials that a registration shows: its own, else those that calls show.
pub fn registration_name(endpoint: &Endpoint) -> Option<String> {
    if !endpoint.registration_outbound_auth.is_empty() {
        return Some(section::readable(format!("auth_reg_{}", endpoint.name)));
    }
    (!endpoint.outbound_auth.is_empty()).then(|| outbound_name(&endpoint.name))
}

/// The section of the credentials that Asterisk itself shows when it is challenged.
pub fn outbound_name(endpoint: &str) -> String {
    section::readable(format!("outbound_auth_{endpoint}"))
}

fn inbound(
    builder: &mut Builder,
    index: &Index<'_>,
    endpoint: &Endpoint,
    name: &str,
) -> Result<(), RenderError> {
    let secret = match usable(&endpoint.auth, "password").or(usable(&endpoint.auth, "md5_cred")) {
        Some(_) => String::new(),
        None => secret::derived(index, "auth", name),
    };
    builder.section(Kind::Auth, name, &[], &credentials(&endpoint.auth, name, &secret))
}

fn usable<'a>(auth: &'a Options, key: &str) -> Option<&'a str> {
    pjsip::own(auth).find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// `username` is the endpoint's name unless given; `fallback` is the password where there is none.
fn credentials<'a>(auth: &'a Options, name: &'a str, fallback: &'a str) -> Vec<(&'a str, &'a str)> {
    // A digest alone needs its own type; the stored type could refuse the whole file.
    let digest_only = usable(auth, "md5_cred").is_some() && usable(auth, "password").is_none();
    let mut options = vec![("type", "auth"), ("auth_type", if digest_only { "md5" } else { "userpass" })];
    if usable(auth, "username").is_none() {
        options.push(("username", name));
    }
    if !fallback.is_empty() {
        options.push(("password", fallback));
    }
    options.extend(pjsip::own(auth).filter(|(key, _)| *key != "auth_type"));
    options
}

fn canary(secret: String, digest: String) -> Vec<(&'static str, String)> {
    vec![
        ("type", "auth".to_owned()),
        ("auth_type", "userpass".to_owned()),
        ("username", builder::CANARY.to_owned()),
        ("password", secret),
        ("realm", digest),
    ]
}
