//! `cordboard_*.conf`: what the dialplan looks up in the middle of a call (`AST_CONFIG`). A change of these
//! files is a change of the next call, without any reload.

use std::borrow::Cow;

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::{self, Index};
use super::left_out::{Failed, Part};
use super::{RenderError, conferences, escape, filters, outgoing, parking};
use crate::domain::exten::dialable;
use crate::domain::section;
use crate::model::{Context, Extension, Mailbox, Reached, Recorded, Switches, User};
use crate::resources::parking_lots::slots;

type Row<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// A row a number, `[number@context]`: whose it is, which endpoints ring, what its lamp shows.
pub fn extensions(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for context in &index.contexts {
        for extension in index.extensions(&context.name) {
            let row = extension_values(index, extension);
            let done = builder.section(
                Kind::CallData,
                &extension_row(&extension.exten, &extension.context),
                &[],
                &row,
            );
            builder.note(done, || extension_part(extension));
        }
        watched(&mut builder, index, context)?;
    }
    builder.finish_data()
}

/// A number that nothing has, but a function key watches: its lamp is a device state that somebody sets.
fn watched(builder: &mut Builder, index: &Index<'_>, context: &Context) -> Result<(), RenderError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'*' | b'+');
    for (_, exten) in index.model.watched.iter().filter(|(name, _)| *name == context.name) {
        let taken = index.extensions(&context.name).iter().any(|extension| extension.exten == *exten);
        let name = extension_row(exten, &context.name);
        if !taken && exten.bytes().all(plain) && name.len() <= section::LONGEST {
            let row = [("hint", format!("Custom:{exten}"))];
            builder.section(Kind::CallData, &name, &[], &row)?;
        }
    }
    Ok(())
}

fn extension_values<'a>(index: &Index<'_>, extension: &'a Extension) -> Row<'a> {
    match &extension.reached {
        Reached::Lines { user, endpoints, interfaces } => {
            let mut row: Row<'_> = vec![
                ("user", index.user(*user).map_or(0, |user| user.id).to_string().into()),
                ("endpoints", endpoints.join("&").into()),
            ];
            row.extend(interfaces_value(interfaces));
            row.extend(hint(index, extension).map(|hint| ("hint", hint.into())));
            row
        }
        Reached::Outcall { id, treatment } => outgoing::treatment_row(&extension.exten, *id, treatment),
        Reached::Slot { lot } => {
            let place = slots::number(&extension.exten).unwrap_or(0);
            let device = parking::device(&format!("parking-{lot}"), place);
            vec![("reaches", format!("slot of parking {lot}").into()), ("hint", device.into())]
        }
        Reached::Resource { word, id } => {
            let mut row: Row<'_> = vec![("reaches", format!("{word} {id}").into())];
            if word == "conference" {
                row.push(("hint", conferences::hint(*id).into()));
            }
            row
        }
    }
}

/// The custom interfaces that can be dialled, joined as `Dial` takes them.
pub fn interfaces_value(interfaces: &[String]) -> Option<(&'static str, Cow<'static, str>)> {
    let known: Vec<_> = interfaces.iter().map(String::as_str).filter(|one| is_interface(one)).collect();
    (!known.is_empty()).then(|| ("interfaces", known.join("&").into()))
}

/// True for what can be dialled as it is: a technology and a resource.
fn is_interface(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"#*./_@:-".contains(&b);
    text.split_once('/').is_some_and(|(technology, _)| !technology.is_empty()) && text.bytes().all(plain)
}

pub fn extension_part(extension: &Extension) -> Part {
    Part::Extension(extension.exten.clone(), extension.context.clone())
}

/// The name of an extension's row. A pattern's brackets would end the section's name.
pub fn extension_row(exten: &str, context: &str) -> String {
    format!("{}@{context}", exten.replace('[', "{").replace(']', "}"))
}

/// The devices whose state a number's lamp shows; nothing when its user is not supervised.
pub fn hint(index: &Index<'_>, extension: &Extension) -> Option<String> {
    let supervised = index.user(extension.user()).is_none_or(|user| user.supervision_enabled);
    (supervised && !extension.endpoints().is_empty()).then(|| {
        extension.endpoints().iter().map(|name| format!("PJSIP/{name}")).collect::<Vec<_>>().join("&")
    })
}

/// A row a user, `[user-id]`: everything that a call to or from this person depends on.
pub fn users(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for user in &index.model.users {
        let done = builder.section(Kind::CallData, &format!("user-{}", user.id), &[], &user_row(index, user));
        builder.note(done, || Part::User(user.id));
    }
    builder.finish_data()
}

fn user_row<'a>(index: &Index<'_>, user: &'a User) -> Row<'a> {
    let mut row: Row<'_> = vec![
        ("name", escape::trim(&user.name).into()),
        ("enabled", yes_or_no(user.enabled).into()),
        ("ring_seconds", user.ring_seconds.to_string().into()),
        ("called", called(index, user).into()),
        ("calling", calling(user).into()),
    ];
    let options =
        [("options_called", dial_options(user, "t", "h")), ("options_calling", dial_options(user, "T", "H"))];
    row.extend(
        options.into_iter().filter(|(_, some)| !some.is_empty()).map(|(key, some)| (key, some.into())),
    );
    if let Some((exten, context)) = &user.main_extension {
        row.push(("row", extension_row(exten, context).into()));
        row.push(("context", context.as_str().into()));
    }
    let shown = [("caller_name", &user.caller_name), ("caller_number", &user.caller_number)];
    for (key, value) in shown {
        if let Some(value) = value.as_deref().map(escape::trim).filter(|value| !value.is_empty()) {
            row.push((key, value.into()));
        }
    }
    if let Some(number) = user.outside_number.as_deref().map(dialable).filter(|number| !number.is_empty()) {
        row.push(("outside_number", number.into()));
    }
    if !user.endpoints.is_empty() {
        row.push(("endpoints", fitting(&user.endpoints, 7000).into()));
    }
    row.extend(interfaces_value(&user.interfaces));
    switches(user, &mut row);
    let Recorded { incoming_internal, incoming_external, .. } = user.recorded;
    let recorded = [
        ("record_intern", incoming_internal),
        ("record_extern", incoming_external),
        ("may_record", user.may_record),
    ];
    row.extend(recorded.into_iter().filter(|(_, on)| *on).map(|(key, _)| (key, "yes".into())));
    row.extend(outgoing::user_values(user));
    row.extend(outgoing::user_ceiling(index, user).map(|ceiling| ("ceiling", ceiling.into())));
    let optional = [
        (if user.switches.mailbox_off { "mailbox_off" } else { "mailbox" }, &user.mailbox),
        ("language", &user.language),
        ("music_on_hold", &user.music_on_hold),
    ];
    for (key, value) in optional {
        if let Some(value) = value.as_deref().filter(plain) {
            row.push((key, value.into()));
        }
    }
    row
}

/// True for what may become part of an application's arguments: a plain name, or one of a mailbox.
fn plain(value: &&str) -> bool {
    value.split('@').all(escape::is_name)
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// What every call to this user needs, for one `MSet`: a lookup in a large office costs more than all the rest.
fn called(index: &Index<'_>, user: &User) -> String {
    let name = |value: &Option<String>| value.as_deref().filter(plain).unwrap_or_default().to_owned();
    format!(
        "CB_ENABLED={},WAZO_RINGSECONDS={},CB_CALLED_LIMIT={},WAZO_CALLOPTIONS={},WAZO_DST_UUID={},CB_FILTERS={},CB_MUSIC={},CB_SCHEDULE={},CB_SUBROUTINE={}",
        yes_or_no(user.enabled),
        user.ring_seconds,
        user.simultaneous_calls,
        dial_options(user, "t", "h"),
        user.uuid,
        filters::of_boss(index, user),
        name(&user.music_on_hold),
        user.schedule.map(|id| id.to_string()).unwrap_or_default(),
        name(&user.subroutine),
    )
}

/// What every call from this user needs, for one `MSet`.
fn calling(user: &User) -> String {
    let restricted = !(user.permissions.is_empty() && user.group_permissions.is_empty());
    let mut line = format!(
        "CB_MAY_CALL={},CB_CALLING_LIMIT={},CB_CALLING_OPTIONS={},CB_RESTRICTED={}",
        yes_or_no(user.enabled),
        user.simultaneous_calls,
        dial_options(user, "T", "H"),
        yes_or_no(restricted),
    );
    let Recorded { outgoing_internal, outgoing_external, .. } = user.recorded;
    for (name, on) in [("CB_RECORDS_INTERNAL", outgoing_internal), ("CB_RECORDS_EXTERNAL", outgoing_external)]
    {
        if on {
            line.push_str(&format!(",{name}=yes"));
        }
    }
    if user.may_record {
        line.push_str(",CB_MAY_RECORD=yes,DYNAMIC_FEATURES=togglerecord");
    }
    line
}

/// All lines ring in a group, as many as a line of the file holds: nobody is left out for having more.
/// `room`: characters.
pub fn fitting(endpoints: &[String], mut room: usize) -> String {
    let first: Vec<&str> = endpoints
        .iter()
        .map(String::as_str)
        .take_while(|name| {
            room = room.saturating_sub(name.len() + 1);
            room > 0
        })
        .collect();
    first.join("&")
}

/// What is switched on; a forward that is off keeps its number under another key.
fn switches<'a>(user: &'a User, row: &mut Row<'a>) {
    let Switches { dnd, incallfilter, callrecord, busy, noanswer, unconditional, mailbox_off: _ } =
        &user.switches;
    for (key, on) in [("dnd", dnd), ("incallfilter", incallfilter), ("callrecord", callrecord)] {
        if *on {
            row.push((key, "yes".into()));
        }
    }
    let forwards = [
        ("busy", "busy_off", busy),
        ("noanswer", "noanswer_off", noanswer),
        ("unconditional", "unconditional_off", unconditional),
    ];
    for (on, off, forward) in forwards {
        let number = forward.number.as_deref().map(dialable).filter(|number| !number.is_empty());
        if let Some(number) = number {
            row.push((if forward.enabled { on } else { off }, number.into()));
        }
    }
}

fn dial_options(user: &User, transfer: &'static str, hang_up: &'static str) -> String {
    let chosen = [(user.call_transfer_enabled, transfer), (user.dtmf_hangup_enabled, hang_up)];
    chosen.into_iter().filter(|(enabled, _)| *enabled).map(|(_, option)| option).collect()
}

/// A row a mailbox, `[number@context]`: how it is opened from a phone.
pub fn mailboxes(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for mailbox in &index.model.mailboxes {
        let row = mailbox_row(mailbox);
        if !row.is_empty() {
            let done = builder.section(Kind::CallData, &index::mailbox_name(mailbox), &[], &row);
            builder.note(done, || Part::Mailbox(mailbox.number.clone(), mailbox.context.clone()));
        }
    }
    builder.finish_data()
}

fn mailbox_row(mailbox: &Mailbox) -> Row<'_> {
    let mut row: Row<'_> = Vec::new();
    if !mailbox.ask_password {
        row.push(("menu_options", "s".into()));
    }
    if let Some(language) = mailbox.language.as_deref().filter(|language| escape::is_name(language)) {
        row.push(("language", language.into()));
    }
    row
}

/// A row a context, `[name]`: where a number dialled in it is looked for.
pub fn contexts(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for context in &index.contexts {
        let done = context_row(&mut builder, index, context);
        builder.note(done, || Part::Context(context.name.clone()));
    }
    builder.finish_data()
}

fn context_row(builder: &mut Builder, index: &Index<'_>, context: &Context) -> Result<(), RenderError> {
    let search: Vec<_> = index.search(context).iter().map(|context| context.name.as_str()).collect();
    let row = [("search", search.join("&"))];
    builder.section(Kind::CallData, escape::name("context", &context.name)?, &[&context.label], &row)
}
