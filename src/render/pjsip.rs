//! `pjsip.conf`: what belongs to no single phone: the global section, transports, identifies and registrations.

use core::net::{IpAddr, SocketAddr};

use askama::Template;

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::{self, Index};
use super::left_out::{Failed, Part};
use super::{RenderError, escape, pjsip_registration, pjsip_values};
use crate::domain::section;
use crate::model::{Endpoint, Options, Transport};

#[derive(Template)]
#[template(path = "asterisk/pjsip_global.conf")]
struct Global;

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    builder.object(Kind::Plain, "global".to_owned(), &Global)?;
    // Beside the transport: a changed transport section would wait for a restart.
    builder.certificates(&index.model.site.sip_certificates)?;
    transports(&mut builder, index);
    for endpoint in &index.model.endpoints {
        let done = identifies(&mut builder, index, endpoint)
            .and_then(|()| pjsip_registration::section(&mut builder, index, endpoint));
        builder.note(done, || Part::Endpoint(endpoint.name.clone()));
    }
    if !index.model.site.managed {
        builder.object(Kind::Plain, "include".to_owned(), &Includes)?;
    }
    builder.finish()
}

/// The files of one type each, for an Asterisk whose sorcery.conf is not ours.
#[derive(Template)]
#[template(path = "asterisk/pjsip_includes.conf")]
struct Includes;

/// How the name of an identify begins that Asterisk is sure to take: by address or header.
pub const ADDRESS_IDENTIFY: &str = "address-";

/// Asterisk's own default is TLS 1.0, which no phone of today takes.
const TLS_DEFAULTS: [(&str, &str); 1] = [("method", "tlsv1_2")];

fn transports(builder: &mut Builder, index: &Index<'_>) {
    let site = &index.model.site;
    let mut listened = vec![
        ("transport-udp", vec![("protocol", "udp"), ("bind", site.sip_udp.as_str())]),
        ("transport-tcp", vec![("protocol", "tcp"), ("bind", site.sip_tcp.as_str())]),
    ];
    listened.extend(site.sip_tls.as_ref().map(|tls| {
        let files = [("cert_file", tls.certificate.as_str()), ("priv_key_file", tls.key.as_str())];
        let head = [("protocol", "tls"), ("bind", tls.bind.as_str())];
        (index::TLS_TRANSPORT, head.into_iter().chain(files).collect())
    }));
    // Its port and certificate are those of Asterisk's web server, in http.conf.
    listened.extend(
        site.sip_wss
            .as_ref()
            .map(|wss| (index::WSS_TRANSPORT, vec![("protocol", "wss"), ("bind", wss.bind.as_str())])),
    );
    for (name, sites) in listened {
        if sites.contains(&("bind", "")) {
            continue;
        }
        let stored = index.model.transports.iter().find(|transport| transport.name == name);
        let mut options = vec![("type", "transport")];
        options.extend_from_slice(&sites);
        let stored: Vec<_> = stored
            .into_iter()
            .flat_map(|transport| own(&transport.options))
            .filter(|(key, _)| sites.iter().all(|(site, _)| site != key))
            .collect();
        let defaults: &[_] = if name == index::TLS_TRANSPORT { &TLS_DEFAULTS } else { &[] };
        add_over(&mut options, defaults, &stored);
        let done = builder.section(Kind::Transport, name, &[], &options);
        builder.note(done, || Part::Transport(name.to_owned()));
    }
    for transport in index::transports(index.model) {
        let done = stored_transport(builder, transport);
        builder.note(done, || Part::Transport(transport.name.clone()));
    }
}

fn stored_transport(builder: &mut Builder, transport: &Transport) -> Result<(), RenderError> {
    let name = escape::name("transport", &transport.name)?;
    let options: Vec<_> = std::iter::once(("type", "transport")).chain(own(&transport.options)).collect();
    builder.section(Kind::Transport, name, &[], &options)
}

/// How else a request is recognised as this endpoint's: by address or header as configured, and by the
/// authentication name in `From`, which is what many a phone shows when it was given only that name.
fn identifies(builder: &mut Builder, index: &Index<'_>, endpoint: &Endpoint) -> Result<(), RenderError> {
    let name = escape::name("endpoint", &endpoint.name)?;
    let head = [("type", "identify"), ("endpoint", name)];
    let (hosts, rest): (Vec<_>, Vec<_>) = own(&endpoint.identify)
        .filter(|(key, _)| *key != "endpoint")
        .partition(|(key, value)| *key == "match" && !value.split(',').all(is_address));
    if rest.iter().any(|(key, _)| *key == "match" || *key == "match_header") {
        let options: Vec<_> = head.into_iter().chain(rest.iter().copied()).collect();
        // Asterisk keeps an old identify when it refuses the new one: so a new one has another name.
        let digest = section::digest(&format!("{options:?}")) >> 32;
        let section = section::readable(format!("{ADDRESS_IDENTIFY}{digest:08x}-{name}"));
        builder.section(Kind::Identify, &section, &[], &options)?;
    }
    // A name that can't be resolved costs its section.
    for (at, host) in (1..).zip(hosts) {
        let lookups = rest.iter().copied().filter(|(key, _)| *key == "srv_lookups");
        let options: Vec<_> = head.into_iter().chain(lookups).chain([host]).collect();
        builder.section(Kind::Plain, &section::readable(format!("host{at}-{name}")), &[], &options)?;
    }
    if let Some(alias) = index.alias(endpoint) {
        let pattern = format!("From: /<sips?:{}@/", alias.replace('.', "\\."));
        let options = [("type", "identify"), ("endpoint", name), ("match_header", pattern.as_str())];
        builder.section(Kind::Plain, &section::readable(format!("from-{name}")), &[], &options)?;
    }
    Ok(())
}

/// True for an address, with or without a mask or a port.
fn is_address(text: &str) -> bool {
    let text = text.trim_matches([' ', '!']);
    let address = text.split('/').next().unwrap_or_default();
    address.parse::<IpAddr>().is_ok() || text.parse::<SocketAddr>().is_ok()
}

/// The options that may stand in a file: a plain name, a value that Asterisk takes. The `@` names that the
/// API lets through are kept when they are plain: Asterisk stores and ignores them.
pub fn own(options: &Options) -> impl Iterator<Item = (&str, &str)> {
    trimmed(options).filter(|(key, value)| *key != "type" && is_usable(key, value))
}

/// Adds the names of the options that [`own`] leaves out.
pub fn add_left_out<'a>(names: &mut Vec<&'a str>, options: &'a Options) {
    names.extend(
        trimmed(options).filter(|(key, value)| is_option(key) && !is_usable(key, value)).map(|(key, _)| key),
    );
}

/// The comment that says so; empty when nothing was left out.
pub fn left_out(names: &[&str]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!("Left out, Asterisk would refuse it: {}", names.join(", "))
    }
}

fn trimmed(options: &Options) -> impl Iterator<Item = (&str, &str)> {
    options.iter().map(|(key, value)| (key.as_str(), escape::trim(value)))
}

fn is_usable(key: &str, value: &str) -> bool {
    is_option(key) && !value.is_empty() && pjsip_values::accepted(key, value)
}

fn is_option(key: &str) -> bool {
    let plain = key.strip_prefix('@').unwrap_or(key);
    !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Adds the defaults whose option is not among `own`, then `own`.
pub fn add_over<'a>(
    options: &mut Vec<(&'a str, &'a str)>,
    defaults: &[(&'static str, &'static str)],
    own: &[(&'a str, &'a str)],
) {
    let given = |key: &str| own.iter().any(|(name, _)| *name == key);
    options.extend(defaults.iter().copied().filter(|(key, _)| !given(key)));
    options.extend_from_slice(own);
}
