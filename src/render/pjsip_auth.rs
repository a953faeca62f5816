//! `pjsip_auth.conf`: the credentials of every endpoint. None is without: an endpoint without
//! authentication would register and call for anybody.

use super::builder::{self, Builder};
use super::fileset::{File, Kind};
use super::index::{self, Index};
use super::{RenderError, escape, pjsip, secret};
use crate::model::{Endpoint, Options};

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, RenderError> {
    let mut builder = Builder::new(name)?;
    for endpoint in &index.model.endpoints {
        let name = escape::name("endpoint", &endpoint.name)?;
        inbound(&mut builder, index, endpoint, name)?;
        if !endpoint.outbound_auth.is_empty() {
            let options = credentials(&endpoint.outbound_auth, name, "");
            builder.section(Kind::Auth, &outbound_name(name), "", &options)?;
        }
    }
    let secret = builder::canary_secret(index);
    builder.finish_with_canary(0, builder::CANARY, builder::CANARY, |digest| canary(secret, digest))
}

/// The section of the credentials that Asterisk itself shows when it is challenged.
pub fn outbound_name(endpoint: &str) -> String {
    format!("outbound_auth_{endpoint}")
}

fn inbound(
    builder: &mut Builder,
    index: &Index<'_>,
    endpoint: &Endpoint,
    name: &str,
) -> Result<(), RenderError> {
    let fallback = match has_secret(&endpoint.auth) {
        true => String::new(),
        false => secret::derived(index, "auth", name),
    };
    let options = credentials(&endpoint.auth, name, &fallback);
    builder.section(Kind::Auth, name, "", &options)
}

fn has_secret(auth: &Options) -> bool {
    ["password", "md5_cred"].iter().any(|key| index::option(auth, key).is_some_and(|value| !value.is_empty()))
}

/// `username` is the endpoint's name unless given; a `fallback` password where there is none.
fn credentials<'a>(auth: &'a Options, name: &'a str, fallback: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut options = vec![("type", "auth")];
    // A digest alone needs its own type; anything else that is stored would refuse the whole file.
    let md5 = index::option(auth, "md5_cred").is_some_and(|value| !value.is_empty())
        && index::option(auth, "password").is_none_or(str::is_empty);
    options.push(("auth_type", if md5 { "md5" } else { "userpass" }));
    if index::option(auth, "username").is_none_or(str::is_empty) {
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
