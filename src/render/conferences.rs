//! `cordboard_conferences.conf`: what the dialplan looks up when somebody joins a conference. A change reloads nothing,
//! and counts for whoever joins next.

use std::borrow::Cow;

use super::builder::Builder;
use super::escape;
use super::fileset::{File, Kind};
use super::groups;
use super::index::Index;
use super::left_out::{Failed, Part};
use crate::domain::general::{BRIDGE, USER};
use crate::model::Conference;

/// A row a conference, `[conference-id]`.
pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for conference in &index.model.conferences {
        let row = values(index, conference);
        let done = builder.section(Kind::CallData, &format!("conference-{}", conference.id), &[], &row);
        builder.note(done, || Part::Conference(conference.id));
    }
    builder.finish_data()
}

/// The lamp of a conference's number.
pub fn hint(id: i64) -> String {
    format!("confbridge:wazo-conference-{id}")
}

/// The options of app_confbridge in order, each `name=value`: those of the room (`bridge1` …), of whoever joins
/// (`user1` …), and more of an administrator (`admin1` …).
fn values<'a>(index: &Index<'_>, conference: &'a Conference) -> Vec<(String, Cow<'a, str>)> {
    let mut row = Vec::new();
    let pins = [("pin", &conference.pin), ("admin_pin", &conference.admin_pin)];
    let digits = |pin: &&str| !pin.is_empty() && pin.bytes().all(|b| b.is_ascii_digit());
    for (key, pin) in pins {
        if let Some(pin) = pin.as_deref().filter(digits) {
            row.push((key.to_owned(), pin.into()));
        }
    }
    if !row.is_empty() {
        row.push(("asks".to_owned(), "yes".into()));
    }
    let subroutine = conference.subroutine.as_deref().filter(|name| escape::is_name(name));
    row.extend(subroutine.map(|name| ("subroutine".to_owned(), name.into())));
    let options = [
        ("bridge", bridge_options(index, conference)),
        ("user", user_options(index, conference)),
        ("admin", vec!["admin=yes".to_owned()]),
    ];
    for (key, options) in options {
        let numbered = (1..).zip(options).map(|(at, option): (i64, _)| (format!("{key}{at}"), option.into()));
        row.extend(numbered);
    }
    row
}

/// What holds for all conferences.
fn general(index: &Index<'_>, place: usize) -> Vec<String> {
    index.general(place).iter().map(|(name, value)| format!("{name}={value}")).collect()
}

fn bridge_options(index: &Index<'_>, conference: &Conference) -> Vec<String> {
    let mut options = general(index, BRIDGE);
    options.push(format!("max_members={}", conference.max_users));
    if conference.record {
        let folder = format!("{}/monitor/{}", index.model.site.directories.spool, conference.tenant_uuid);
        options.push("record_conference=yes".to_owned());
        options.push("record_file_timestamp=no".to_owned());
        options.push(format!("record_file={folder}/conference-{}.wav", conference.id));
    }
    options
}

fn user_options(index: &Index<'_>, conference: &Conference) -> Vec<String> {
    let flags = [
        ("quiet", conference.quiet),
        ("announce_join_leave", conference.announce_join_leave),
        ("announce_user_count", conference.announce_user_count),
        ("announce_only_user", conference.announce_only_user),
    ];
    let flag = |(name, on)| format!("{name}={}", if on { "yes" } else { "no" });
    let mut options = general(index, USER);
    options.extend(flags.into_iter().map(flag));
    if let Some(class) = groups::known_music(index, conference.music.as_deref()) {
        options.push("music_on_hold_when_empty=yes".to_owned());
        options.push(format!("music_on_hold_class={class}"));
    }
    options
}
