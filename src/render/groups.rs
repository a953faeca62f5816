//! `cordboard_groups.conf` and `cordboard_incalls.conf`: what the dialplan looks up when a group or a number from
//! outside is called. A change reloads nothing.

use std::borrow::Cow;

use super::builder::Builder;
use super::escape;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::{RenderError, schedules};
use crate::domain::text::is_file;
use crate::model::{CallerId, Group, Incall, Member};

type Row<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// The strategy that no queue has: the dialplan calls one member after the other.
pub const LINEAR: &str = "linear";

/// A row a group, `[group-id]`.
pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for group in &index.model.groups {
        for member in &group.members {
            builder.note(check(member), || part(group, member));
        }
        let values = values(index, group).into_iter().map(|(key, value)| (key.to_owned(), value));
        let row: Vec<_> = values.chain(numbers(group)).collect();
        let done = builder.section(Kind::CallData, &format!("group-{}", group.id), &[], &row);
        builder.note(done, || Part::Group(group.id));
    }
    builder.finish_data()
}

/// A row an incall, `[incall-id]`.
pub fn incalls(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for incall in &index.model.incalls {
        let done =
            builder.section(Kind::CallData, &format!("incall-{}", incall.id), &[], &incall_values(incall));
        builder.note(done, || Part::Incall(incall.id));
    }
    builder.finish_data()
}

fn values<'a>(index: &Index<'_>, group: &'a Group) -> Row<'a> {
    let enabled = if group.enabled { "yes" } else { "no" };
    let mut row: Row<'_> = vec![("enabled", enabled.into()), ("tenant", group.tenant_uuid.as_str().into())];
    if group.enabled && group.strategy != LINEAR {
        row.push(("queue", group.name.as_str().into()));
    }
    let music = music(index, group);
    let options = if music.is_some() { "" } else { "r" };
    row.push(("options", options.into()));
    row.extend(music.map(|class| ("music", class.into())));
    for (key, seconds) in [("timeout", group.timeout), ("max_calls", group.max_calls)] {
        row.extend(seconds.filter(|number| *number > 0).map(|number| (key, number.to_string().into())));
    }
    row.push(("user_timeout", group.user_timeout.unwrap_or(15).to_string().into()));
    row.push(("retry_delay", group.retry_delay.unwrap_or(5).to_string().into()));
    let flags = [
        ("leave_busy", !group.ring_in_use),
        ("elsewhere", group.mark_answered_elsewhere),
        ("ignore_forward", group.ignore_forward),
        ("may_record", group.may_record),
    ];
    row.extend(flags.into_iter().filter(|(_, on)| *on).map(|(key, _)| (key, "yes".into())));
    row.extend(subroutine(group.subroutine.as_deref()));
    row.extend(schedules::followed(group.schedule));
    caller(&group.caller_id, &mut row);
    if !group.members.is_empty() {
        row.push(("members", legs(group).join("&").into()));
    }
    row
}

fn incall_values(incall: &Incall) -> Row<'_> {
    let mut row = Row::new();
    row.extend(schedules::followed(incall.schedule));
    row.extend(subroutine(incall.subroutine.as_deref()));
    let greeting = incall.greeting.as_deref().map(escape::trim).filter(|file| is_file(file));
    row.extend(greeting.map(|file| ("greeting", file.into())));
    caller(&incall.caller_id, &mut row);
    row
}

pub fn subroutine(name: Option<&str>) -> Option<(&'static str, Cow<'_, str>)> {
    name.filter(|name| escape::is_name(name)).map(|name| ("subroutine", name.into()))
}

/// The class that a waiting caller hears; nothing for ringing, also where this Asterisk has no such music.
pub fn music<'a>(index: &Index<'_>, group: &'a Group) -> Option<&'a str> {
    known_music(index, group.music_on_hold.as_deref())
}

/// A class that this Asterisk can play.
pub fn known_music<'a>(index: &Index<'_>, class: Option<&'a str>) -> Option<&'a str> {
    let site = &index.model.site;
    class.filter(|class| {
        let known = if *class == "default" { site.music_on_hold.is_some() } else { index.has_music(class) };
        escape::is_name(class) && (known || !site.managed)
    })
}

/// What `cordboard-rewrite-caller` reads: nothing when there is nothing to show.
pub fn caller<'a>(caller_id: &'a CallerId, row: &mut Row<'a>) {
    let (name, number) = name_and_number(caller_id.name.as_deref().unwrap_or_default());
    let Some(mode) = caller_id.mode.as_deref().filter(|mode| escape::is_name(mode)) else { return };
    if name.is_empty() && number.is_none() {
        return;
    }
    row.push(("caller_mode", mode.into()));
    row.push(("caller_name", name.into()));
    row.extend(number.map(|number| ("caller_number", number.into())));
}

/// `"Sales" <123>` is Sales and 123; digits alone are both.
fn name_and_number(text: &str) -> (&str, Option<&str>) {
    let text = escape::trim(text);
    let is_number = |text: &str| {
        let digits = text.strip_prefix('+').unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#'))
    };
    let unquoted = |name| {
        let name = escape::trim(name);
        name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name)
    };
    match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, number)) if is_number(number) => (unquoted(name), Some(number)),
        _ if is_number(text) => (text, Some(text)),
        _ => (unquoted(text), None),
    }
}

/// The extensions of `cordboard-member` that ring the members: `12` is a user, `5-1` the first number of group 5. An
/// interface of app_queue has 79 characters, and a number's context may have as many alone.
pub fn legs(group: &Group) -> Vec<String> {
    let mut numbers = 0;
    let leg = |member: &Member| match member {
        Member::User(id) => id.to_string(),
        Member::Number { .. } => {
            numbers += 1;
            format!("{}-{numbers}", group.id)
        }
    };
    group.members.iter().map(leg).collect()
}

/// The numbers that the legs stand for: `number1 = 555@default`.
fn numbers(group: &Group) -> Vec<(String, Cow<'_, str>)> {
    let numbers = group.members.iter().filter_map(|member| match member {
        Member::User(_) => None,
        Member::Number { exten, context } => Some(format!("{exten}@{context}")),
    });
    (1..).zip(numbers).map(|(at, number): (i64, _)| (format!("number{at}"), number.into())).collect()
}

/// A member can be a number that can be dialled, in a context that can be named.
fn check(member: &Member) -> Result<(), RenderError> {
    let Member::Number { exten, context } = member else { return Ok(()) };
    let dialable = !exten.is_empty() && exten.bytes().all(|b| b.is_ascii_digit() || b"+*#".contains(&b));
    if !dialable {
        return Err(RenderError::Name { what: "extension", name: exten.clone() });
    }
    escape::name("context", context).map(drop)
}

pub fn part(group: &Group, member: &Member) -> Part {
    match member {
        Member::User(id) => Part::User(*id),
        Member::Number { exten, context } => Part::Member(group.id, exten.clone(), context.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_a_number() {
        assert_eq!(name_and_number("\"Sales\" <+123>"), ("Sales", Some("+123")));
        assert_eq!(name_and_number("Sales <123>"), ("Sales", Some("123")));
        assert_eq!(name_and_number(" 123 "), ("123", Some("123")));
        assert_eq!(name_and_number("Sales <desk>"), ("Sales <desk>", None));
        assert_eq!(name_and_number("\"Sales\""), ("Sales", None));
        assert_eq!(name_and_number("+"), ("+", None));
    }
}
