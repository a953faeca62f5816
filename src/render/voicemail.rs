//! `voicemail.conf`: general settings, zone messages, and the mailboxes by context.

use askama::Template;

use super::builder::{self, Builder};
use super::fileset::{File, Kind};
use super::index::{self, Index};
use super::left_out::{Failed, Part};
use super::{RenderError, escape};
use crate::model::{Mailbox, Zone};

/// How the time of a message is said where a zone does not say it itself.
const ZONE_MESSAGE: &str = "'vm-received' q 'digits/at' IMp";

#[derive(Template)]
#[template(path = "asterisk/voicemail_general.conf")]
struct General;

#[derive(Template)]
#[template(path = "asterisk/zonemessages.conf")]
struct ZoneMessages<'a> {
    zones: Vec<(&'a str, String)>,
}

#[derive(Template)]
#[template(path = "asterisk/voicemail_context.conf")]
struct ContextHead<'a> {
    name: &'a str,
}

#[derive(Template)]
#[template(path = "asterisk/voicemail_box.conf")]
struct BoxLine<'a> {
    comment: &'a str,
    number: &'a str,
    password: &'a str,
    name: String,
    email: String,
    pager: String,
    options: String,
}

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    builder.object(Kind::Plain, "general".to_owned(), &General)?;
    let zones: Vec<_> = index.model.zones.iter().filter_map(zone).collect();
    for (name, message) in &zones {
        let done = builder.fits(name, message);
        builder.note(done, || Part::Zone((*name).to_owned()));
    }
    let zones = if builder.is_flawed() { Vec::new() } else { zones };
    builder.object(Kind::Plain, "zonemessages".to_owned(), &ZoneMessages { zones })?;
    let mut context = "";
    for mailbox in &index.model.mailboxes {
        if mailbox.context != context {
            context = &mailbox.context;
            if escape::is_name(context) {
                builder.object(Kind::Plain, context.to_owned(), &ContextHead { name: context })?;
            }
        }
        let done = escape::name("context", context).and_then(|_| line(&mut builder, index, mailbox));
        builder.note(done, || Part::Mailbox(mailbox.number.clone(), mailbox.context.clone()));
    }
    let secret = builder::canary_secret(index);
    builder.finish_with_canary(2, builder::CANARY, "0@cordboard-canary", |digest| {
        vec![("0", format!("{},{digest}", digits(&secret)))]
    })
}

/// A PIN of the digits of a secret.
fn digits(secret: &str) -> String {
    secret.bytes().map(|byte| char::from(b'0' + byte % 10)).collect()
}

/// A zone whose name can stand before a `=`; the bar divides its fields.
fn zone(zone: &Zone) -> Option<(&str, String)> {
    let message = zone.message.as_deref().map(escape::trim).filter(|message| !message.is_empty());
    escape::is_name(&zone.name).then(|| {
        (zone.name.as_str(), format!("{}|{}", words(&zone.timezone, &['|']), message.unwrap_or(ZONE_MESSAGE)))
    })
}

fn line(builder: &mut Builder, index: &Index<'_>, mailbox: &Mailbox) -> Result<(), RenderError> {
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let password = mailbox.password.as_deref().unwrap_or_default();
    if mailbox.number.is_empty() || !all_digits(&mailbox.number) || !all_digits(password) {
        return Err(RenderError::Name { what: "mailbox", name: index::mailbox_name(mailbox) });
    }
    let comment = escape::comment(&mailbox.name);
    let line = BoxLine {
        comment: &comment,
        number: &mailbox.number,
        password,
        name: words(&mailbox.name, &[',']),
        email: addresses(mailbox.email.as_deref()),
        pager: addresses(mailbox.pager.as_deref()),
        options: options(index, mailbox),
    };
    builder.object(Kind::Mailbox, index::mailbox_name(mailbox), &line)
}

/// The text without some separators: the words around one are divided by a single blank.
fn words(text: &str, separators: &[char]) -> String {
    let parts = text.split(|c| separators.contains(&c)).map(escape::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// Addresses divided as app_voicemail wants them.
fn addresses(list: Option<&str>) -> String {
    let divided = list.unwrap_or_default().split([',', ';', '|']).map(escape::trim);
    divided.filter(|address| !address.is_empty()).collect::<Vec<_>>().join("|")
}

fn options(index: &Index<'_>, mailbox: &Mailbox) -> String {
    let yes_no = |value: bool| if value { "yes" } else { "no" }.to_owned();
    let mut options: Vec<(&str, String)> = Vec::new();
    if let Some(language) = mailbox.language.as_deref().filter(|language| escape::is_name(language)) {
        options.push(("language", language.to_owned()));
    }
    if let Some(zone) = mailbox.timezone.as_deref().filter(|zone| index.has_zone(zone)) {
        options.push(("tz", zone.to_owned()));
    }
    if let Some(attach) = mailbox.attach_audio {
        options.push(("attach", yes_no(attach)));
    }
    options.push(("delete", yes_no(mailbox.delete_messages)));
    if let Some(messages) = mailbox.max_messages {
        options.push(("maxmsg", messages.to_string()));
    }
    let own = mailbox.options.iter().filter_map(|(key, value)| own(key, value));
    options.into_iter().chain(own).map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("|")
}

/// A free pair: line breaks and tabs as app_voicemail writes them, no bar. A mail text is evaluated like
/// the dialplan, so only the variables of a mail may stand in it.
fn own<'a>(key: &'a str, value: &str) -> Option<(&'a str, String)> {
    let harmless = value
        .split('$')
        .skip(1)
        .all(|rest| !rest.starts_with(['{', '[']) || rest.starts_with("{VM_") && !nested(rest));
    let value = value.replace('|', "").replace("\r\n", "\n").replace('\n', "\\n").replace('\t', "\\t");
    (escape::is_name(key) && harmless).then(|| (key, escape::trim(&value).to_owned()))
}

/// True unless `{VM_…}` names one plain variable.
fn nested(rest: &str) -> bool {
    rest.split_once('}')
        .is_none_or(|(name, _)| !name.bytes().skip(1).all(|b| b.is_ascii_uppercase() || b == b'_'))
}
