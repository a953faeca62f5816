//! `cordboard_destinations.conf`: where a call goes on, one row a destination. The dialplan reads it in the middle
//! of a call: a change reloads nothing.

use std::borrow::Cow;

use super::builder::Builder;
use super::escape;
use super::fileset::{File, Kind};
use super::groups::known_music;
use super::index::Index;
use super::left_out::{Failed, Part};
use crate::domain::text::is_file;
use crate::model::Destination;

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for destination in &index.model.destinations {
        let row = row_name(destination);
        if let Some(values) = values(index, destination) {
            let done = builder.section(Kind::CallData, &row, &[], &values);
            builder.note(done, || Part::Destination(row));
        }
    }
    builder.finish_data()
}

/// `user-12-noanswer`; an incall has one destination only: `incall-3`.
pub fn row_name(destination: &Destination) -> String {
    let Destination { owner, owner_id, event, .. } = destination;
    if event == "answer" { format!("{owner}-{owner_id}") } else { format!("{owner}-{owner_id}-{event}") }
}

type Values<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// What the dialplan's `cordboard-to-…` of this type reads; nothing for what can't be reached.
fn values<'a>(index: &'a Index<'_>, destination: &'a Destination) -> Option<Values<'a>> {
    let kind = match destination.kind.as_str() {
        "application" => destination.argument("application")?,
        kind => kind,
    };
    let mut values: Values<'_> = vec![("type", escape::is_name(kind).then_some(kind)?.into())];
    match kind {
        "user" | "group" | "queue" | "ivr" | "outcall" | "conference" => {
            values.push((target_key(kind), destination.target.as_deref()?.into()))
        }
        "switchboard" => {
            let board =
                index.model.switchboards.iter().find(|one| Some(&one.uuid) == destination.target.as_ref())?;
            values.push(("switchboard", board.id.to_string().into()));
        }
        "voicemail" if destination.kind == "voicemail" => {
            values.push(("mailbox", destination.mailbox.as_deref()?.into()));
            values.push(("options", greeting(destination).into()));
        }
        // The same word in two vocabularies.
        "voicemail" => values = vec![("type", "voicemail-menu".into())],
        "custom" => values.push(("command", destination.argument("command")?.replace(';', ",").into())),
        _ => {}
    }
    values.extend(music(index, destination).map(|class| ("music", class.into())));
    for (key, is_safe) in ARGUMENTS {
        if let Some(value) = destination.argument(key).map(escape::trim).filter(|value| is_safe(value)) {
            values.push((key, value.into()));
        }
    }
    for key in ["ring_time", "timeout"] {
        values.extend(destination.argument(key).and_then(seconds).map(|seconds| (key, seconds.into())));
    }
    Some(values)
}

/// The class that a caller hears in place of ringing, where Asterisk has it.
fn music<'a>(index: &'a Index<'_>, destination: &Destination) -> Option<&'a str> {
    let uuid = destination.argument("moh_uuid").filter(|uuid| !uuid.is_empty())?;
    let class = index.model.music.iter().find(|class| class.name.ends_with(uuid))?;
    known_music(index, Some(&class.name))
}

const fn target_key(kind: &str) -> &'static str {
    match kind.as_bytes() {
        b"user" => "user",
        b"group" => "group",
        b"queue" => "queue",
        b"conference" => "conference",
        b"ivr" => "ivr",
        _ => "outcall",
    }
}

/// An argument's name, and what makes its value safe.
type Argument = (&'static str, fn(&str) -> bool);

/// Arguments that are taken over as they are, with what makes them safe as an argument of an application.
const ARGUMENTS: [Argument; 6] = [
    ("exten", is_dialable),
    ("context", escape::is_name),
    ("pin", is_dialable),
    ("cause", escape::is_name),
    ("filename", is_file),
    ("email", is_file),
];

fn is_dialable(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#' | b'+'))
}

/// Options of `VoiceMail`: the greeting and whether the instructions are left out.
fn greeting(destination: &Destination) -> String {
    let greeting = match destination.argument("greeting") {
        Some("busy") => "b",
        Some("unavailable") => "u",
        _ => "",
    };
    let skip = if destination.argument("skip_instructions") == Some("true") { "s" } else { "" };
    format!("{greeting}{skip}")
}

/// A time of the API, which may have a fraction, in whole seconds; a day at most.
fn seconds(text: &str) -> Option<String> {
    let seconds: f64 = text.parse().ok()?;
    Some(format!("{:.0}", seconds.ceil().min(86_400.0)))
}
