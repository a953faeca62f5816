//! `pjsip_aor.conf`: where the phones of a line register.

use super::builder::{self, Builder};
use super::fileset::{File, Kind};
use super::index::{self, Index};
use super::left_out::{Failed, Part};
use super::{RenderError, escape, pjsip, pjsip_registration};
use crate::model::Endpoint;

/// Several phones a line; an eleventh takes the place of the one that was there first. A phone that does
/// not answer for a minute is not rung.
const DEFAULTS: [(&str, &str); 5] = [
    ("max_contacts", "10"),
    ("remove_existing", "yes"),
    ("minimum_expiration", "60"),
    ("default_expiration", "120"),
    ("qualify_frequency", "60"),
];

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    for endpoint in &index.model.endpoints {
        let done = aors(&mut builder, index, endpoint);
        builder.note(done, || Part::Endpoint(endpoint.name.clone()));
    }
    builder.finish_with_canary(0, builder::CANARY, builder::CANARY, |digest| {
        vec![("type", "aor".to_owned()), ("max_contacts", "0".to_owned()), ("voicemail_extension", digest)]
    })
}

fn aors(builder: &mut Builder, index: &Index<'_>, endpoint: &Endpoint) -> Result<(), RenderError> {
    let name = escape::name("endpoint", &endpoint.name)?;
    let mailboxes = mailboxes(endpoint);
    let own: Vec<_> = pjsip::own(&endpoint.aor).filter(|(key, _)| *key != "mailboxes").collect();
    let mut options = vec![("type", "aor")];
    pjsip::add_over(&mut options, &DEFAULTS, &own);
    if pjsip_registration::is_registered(endpoint)
        && index::option(&endpoint.aor, "contact").is_none()
        && let Some(server) = index::option(&endpoint.registration, "server_uri")
    {
        // Calls go where the registration went.
        options.push(("contact", server));
    }
    if !mailboxes.is_empty() {
        options.push(("mailboxes", &mailboxes));
    }
    let mut sections = std::iter::once(name).chain(index.alias(endpoint));
    sections.try_for_each(|section| builder.section(Kind::Aor, section, &[], &options))
}

/// The mailboxes whose lamp a line shows: those of its users, and what its own options add.
pub fn mailboxes(endpoint: &Endpoint) -> String {
    let added = [&endpoint.aor, &endpoint.endpoint]
        .into_iter()
        .filter_map(|options| index::option(options, "mailboxes"))
        .flat_map(|list| list.split(','))
        .map(escape::trim)
        .filter(|name| !name.is_empty());
    let mut names: Vec<&str> = Vec::new();
    for name in endpoint.mailboxes.iter().map(String::as_str).chain(added) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(",")
}
