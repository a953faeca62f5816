//! `cordboard_filters.conf` and `cordboard_pagings.conf`: what the dialplan looks up when a boss is called, when
//! somebody switches a secretary on or off, and when somebody speaks to many. A change reloads nothing.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::{calldata, escape, groups};
use crate::domain::text::is_file;
use crate::model::{Filter, FilterMember, Paging, User};

type Row<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// As much as a value that the dialplan reads at once may have.
const LONGEST: usize = 3500;

/// A row a filter, `[filter-id]`, and a row each of its members, `[member-id]`.
pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for filter in &index.model.filters {
        let row = filter_row(index, filter);
        let done = builder.section(Kind::CallData, &format!("filter-{}", filter.id), &[], &row);
        builder.note(done, || Part::Filter(filter.id));
        let members = filter.boss.iter().chain(&filter.secretaries);
        for (member, user) in members.filter_map(|member| Some((member, index.user(Some(member.user))?))) {
            let row = member_row(filter, member, user);
            let done = builder.section(Kind::CallData, &format!("member-{}", member.id), &[], &row);
            builder.note(done, || Part::Filter(filter.id));
        }
    }
    builder.finish_data()
}

/// The enabled filters of every boss, joined by `&`, as their row in `cordboard_users.conf` names them.
pub fn of_boss(index: &Index<'_>, user: &User) -> String {
    let has =
        |filter: &&Filter| filter.enabled && filter.boss.as_ref().is_some_and(|boss| boss.user == user.id);
    let ids: Vec<String> =
        index.model.filters.iter().filter(has).map(|filter| filter.id.to_string()).collect();
    calldata::fitting(&ids, LONGEST)
}

fn filter_row<'a>(index: &Index<'_>, filter: &'a Filter) -> Row<'a> {
    let origin = match filter.source.as_str() {
        "internal" => "intern",
        "external" => "extern",
        _ => "all",
    };
    let strategy = Some(filter.strategy.as_str()).filter(|name| escape::is_name(name)).unwrap_or_default();
    let mut row: Row<'_> = vec![("strategy", strategy.into()), ("origin", origin.into())];
    row.extend(seconds(filter.timeout));
    row.extend(filter.boss.as_ref().map(|boss| ("boss", boss.id.to_string().into())));
    let known = |member: &&FilterMember| index.user(Some(member.user)).is_some_and(|user| user.enabled);
    let secretaries = filter.secretaries.iter().filter(known);
    row.push(("secretaries", joined(secretaries.map(|member| member.id.to_string()))));
    let users = filter.boss.iter().chain(&filter.secretaries).map(|member| member.user.to_string());
    row.push(("users", joined(users)));
    let spared = spared(index, filter);
    row.push(("spared", joined(spared.iter().map(|user| user.id.to_string()))));
    let lines = spared.iter().flat_map(|user| &user.endpoints).filter(|name| escape::is_name(name));
    row.push(("spared_lines", joined(lines.cloned())));
    groups::caller(&filter.caller_id, &mut row);
    row
}

/// Whose calls are never filtered: the secretaries of this boss, in any filter.
fn spared<'a>(index: &Index<'a>, filter: &Filter) -> Vec<&'a User> {
    let boss = filter.boss.as_ref().map(|boss| boss.user);
    let same = |other: &&Filter| other.boss.as_ref().map(|boss| boss.user) == boss;
    let users: BTreeSet<i64> = index
        .model
        .filters
        .iter()
        .filter(same)
        .flat_map(|filter| filter.secretaries.iter().map(|member| member.user))
        .collect();
    users.into_iter().filter_map(|id| index.user(Some(id))).collect()
}

/// Whose it is, what rings and how long.
fn member_row<'a>(filter: &Filter, member: &FilterMember, user: &'a User) -> Row<'a> {
    let is_boss = filter.boss.as_ref().is_some_and(|boss| boss.id == member.id);
    let mut row: Row<'_> =
        vec![("filter", filter.id.to_string().into()), ("user", user.id.to_string().into())];
    if !is_boss {
        row.push(("active", if member.active { "yes" } else { "no" }.into()));
    }
    row.extend(seconds(if is_boss { member.timeout } else { Some(user.ring_seconds) }));
    row.push(("endpoints", calldata::fitting(&user.endpoints, LONGEST).into()));
    row.extend(calldata::interfaces_value(&user.interfaces));
    row
}

fn seconds(seconds: Option<i64>) -> Option<(&'static str, Cow<'static, str>)> {
    seconds.filter(|seconds| *seconds > 0).map(|seconds| ("seconds", seconds.to_string().into()))
}

fn joined(parts: impl Iterator<Item = String>) -> Cow<'static, str> {
    let parts: Vec<String> = parts.collect();
    calldata::fitting(&parts, LONGEST).into()
}

/// A row a paging, `[number@tenant]`.
pub fn pagings(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for paging in &index.model.pagings {
        let row = paging_row(index, paging);
        let label = paging.name.as_deref().unwrap_or_default();
        let section = format!("{}@{}", paging.number, paging.tenant_uuid);
        let done = builder.section(Kind::CallData, &section, &[label], &row);
        builder.note(done, || Part::Paging(paging.id));
    }
    builder.finish_data()
}

fn paging_row<'a>(index: &Index<'_>, paging: &'a Paging) -> Vec<(String, Cow<'a, str>)> {
    let callers = joined(paging.callers.iter().map(i64::to_string));
    let mut row = vec![("callers".to_owned(), callers), ("options".to_owned(), page_options(paging).into())];
    let members = paging.members.iter().filter_map(|id| index.user(Some(*id)));
    let members: Vec<&User> = members.filter(|user| user.enabled).collect();
    // A value has an end: so many rows as the lines of all members need.
    let lines: Vec<&String> = members.iter().flat_map(|user| &user.endpoints).collect();
    for (at, part) in (1..).zip(lines.chunks(ROW)) {
        let part: Vec<String> = part.iter().map(|name| (*name).clone()).collect();
        row.push((format!("endpoints{at}"), part.join("&").into()));
    }
    let interfaces: Vec<String> = members.iter().flat_map(|user| &user.interfaces).cloned().collect();
    row.extend(paging.record.then(|| ("record".to_owned(), "yes".into())));
    row.extend(calldata::interfaces_value(&interfaces).map(|(key, value)| (key.to_owned(), value)));
    row
}

/// Endpoints in a row: a name has 79 characters at most.
const ROW: usize = 40;

/// Options of `Page` beside those that the dialplan adds.
fn page_options(paging: &Paging) -> String {
    let flags = [
        (paging.duplex, "d"),
        (paging.ignore_forward, "i"),
        (!paging.caller_notification, "q"),
        (!paging.announce_caller, "n"),
    ];
    let mut options: String = flags.into_iter().filter(|(on, _)| *on).map(|(_, option)| option).collect();
    let sound = paging.announce_sound.as_deref().map(escape::trim).filter(|file| is_file(file));
    if let Some(sound) = sound {
        options.push_str(&format!("A({sound})"));
    }
    options
}
