//! `cordboard_agents.conf`: what the dialplan looks up when an agent logs in or is called. A change reloads nothing.

use std::borrow::Cow;

use super::builder::Builder;
use super::escape;
use super::features;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use crate::domain::programmable;
use crate::model::Agent;

type Row<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// Lists are cut to what a line of the file holds.
const ROOM: usize = 7000;

/// Two rows an agent: `[agent-id]`, and `[number-<number>-<tenant>]` which leads there.
pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for agent in &index.model.agents {
        let part = || Part::Agent(agent.id);
        let row = row(index, agent);
        let done = builder.section(Kind::CallData, &format!("agent-{}", agent.id), &[], &row);
        builder.note(done, part);
        let by_number = format!("number-{}-{}", agent.number, agent.tenant_uuid);
        let row = [("agent", agent.id.to_string())];
        let done = builder.section(Kind::CallData, &by_number, &[], &row);
        builder.note(done, part);
    }
    builder.finish_data()
}

fn row<'a>(index: &Index<'_>, agent: &'a Agent) -> Row<'a> {
    let mut row: Row<'_> =
        vec![("tenant", agent.tenant_uuid.as_str().into()), ("number", agent.number.as_str().into())];
    match agent.password.as_deref().filter(|password| !password.is_empty()) {
        Some(password) if can_be_typed(password) => row.push(("password", password.into())),
        Some(_) => row.push(("locked", "yes".into())),
        None => {}
    }
    let plain = [("language", &agent.language), ("subroutine", &agent.subroutine)];
    for (key, value) in plain {
        if let Some(value) = value.as_deref().filter(|value| escape::is_name(value)) {
            row.push((key, value.into()));
        }
    }
    let queues = agent.queues.iter().filter(|(name, _)| escape::is_name(name));
    let (names, penalties): (Vec<_>, Vec<_>) =
        queues.map(|(name, penalty)| (name.clone(), penalty.to_string())).unzip();
    let names = fitting(names);
    let penalties = penalties.into_iter().take(names.len()).collect();
    let keys = |wanted: fn(&str) -> bool| fitting(keys(index, agent, wanted));
    let lists = [
        ("queues", names),
        ("penalties", penalties),
        ("keys_in", keys(|action| action != "logout")),
        ("keys_out", keys(|action| action == "logout")),
    ];
    for (key, list) in lists {
        if !list.is_empty() {
            row.push((key, list.join("&").into()));
        }
    }
    row
}

/// The numbers of the keys with these actions.
fn keys(index: &Index<'_>, agent: &Agent, wanted: fn(&str) -> bool) -> Vec<String> {
    let Some(prefix) = features::code(index, programmable::FEATURE) else { return Vec::new() };
    let number = |(user, action): &(i64, String)| {
        let (_, feature) = programmable::AGENT_KEYS.iter().find(|(known, _)| known == action)?;
        let code = features::code(index, feature)?;
        Some(programmable::number(prefix, *user, code, Some(&programmable::agent(agent.id))))
    };
    agent.keys.iter().filter(|(_, action)| wanted(action)).filter_map(number).collect()
}

/// The keypad has digits and a star; the hash ends what is typed. A file name would begin with a slash.
fn can_be_typed(password: &str) -> bool {
    password.bytes().all(|b| b.is_ascii_digit() || b == b'*')
}

fn fitting(list: Vec<String>) -> Vec<String> {
    let mut room = ROOM;
    list.into_iter()
        .take_while(|one| {
            room = room.saturating_sub(one.len() + 1);
            room > 0
        })
        .collect()
}
