//! `cordboard_ivr.conf`: menus. The dialplan looks at it in the middle of a call: a change reloads nothing.

use std::borrow::Cow;

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::{escape, schedules};
use crate::domain::entry::{Entry, entry};
use crate::domain::text::is_file;
use crate::model::Ivr;

/// A row a menu, `[ivr-id]`.
pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for ivr in &index.model.ivrs {
        let done = builder.section(Kind::CallData, &format!("ivr-{}", ivr.id), &[], &values(ivr));
        builder.note(done, || Part::Ivr(ivr.id));
    }
    builder.finish_data()
}

fn values(ivr: &Ivr) -> Vec<(String, Cow<'_, str>)> {
    let sounds = [
        ("greeting", ivr.greeting.as_deref()),
        ("menu", Some(ivr.menu.as_str())),
        ("invalid", ivr.invalid.as_deref()),
        ("abort", ivr.abort.as_deref()),
    ];
    let mut row: Vec<(String, Cow<'_, str>)> = Vec::new();
    for (key, sound) in sounds {
        let sound = sound.map(escape::trim).filter(|sound| is_file(sound));
        row.extend(sound.map(|sound| (key.to_owned(), sound.into())));
    }
    row.push(("timeout".to_owned(), ivr.timeout.clamp(0, 86_400).to_string().into()));
    row.push(("max_tries".to_owned(), ivr.max_tries.to_string().into()));
    for (key, expressions) in [("choices", choices(ivr)), ("begun", beginnings(ivr))] {
        let lists = (1..).zip(schedules::lists(expressions));
        row.extend(lists.map(|(at, list): (i64, _)| (format!("{key}{at}"), list.into())));
    }
    row
}

/// `0:^[1]$`: the place of the choice and the digits that are it; of two that fit, the first one counts.
fn choices(ivr: &Ivr) -> Vec<String> {
    let read = |(at, exten): (usize, &String)| entry(exten).map(|entry| (entry, at));
    let mut entries: Vec<(Entry, usize)> = ivr.choices.iter().enumerate().filter_map(read).collect();
    entries.sort_by(|(one, _), (other, _)| one.rank.cmp(&other.rank));
    entries.into_iter().map(|(entry, at)| format!("{at}:{}", entry.whole)).collect()
}

/// The digits after which another one is waited for.
fn beginnings(ivr: &Ivr) -> Vec<String> {
    let begun = ivr.choices.iter().filter_map(|exten| entry(exten)?.begun);
    begun.map(|expression| format!("0:{expression}")).collect()
}
