//! `queues.conf`: every queue, and one for every group whose members don't ring in turn.

use super::builder::{self, Builder};
use super::escape;
use super::fileset::{File, Kind};
use super::groups::{self, LINEAR};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::queue_rows;
use crate::domain::queue_options::{CONDITIONS, Known, Value};
use crate::domain::text::is_file;
use crate::model::{Group, Queue, QueueUser};

/// The general options that may be set, with what they are else.
const GENERAL: &[(&str, Option<&str>)] = &[
    ("shared_lastcall", Some("yes")),
    ("negative_penalty_invalid", None),
    ("log_membername_as_agent", None),
    ("force_longest_waiting_caller", None),
    ("log_restricted_caller_id", None),
];

/// Seconds of app_queue between two rounds when it is told none.
const RETRY: i64 = 5;

/// Nobody answers here: the canary's member carries the digest as its name.
const NOBODY: &str = "Local/nobody@cordboard-nowhere/n";

/// What app_queue calls a strategy of the API.
fn strategy(name: &str) -> &'static str {
    match name {
        "random" => "random",
        "least_recent" => "leastrecent",
        "fewest_calls" => "fewestcalls",
        "memorized_round_robin" => "rrmemory",
        "weight_random" => "wrandom",
        _ => "ringall",
    }
}

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    builder.section(Kind::Plain, "general", &[], &general(index))?;
    for group in index.model.groups.iter().filter(|group| group.enabled && group.strategy != LINEAR) {
        let done = escape::name("group", &group.name)
            .and_then(|name| builder.section(Kind::Queue, name, &[&group.label], &options(index, group)));
        builder.note(done, || Part::Group(group.id));
    }
    for queue in index.model.queues.iter().filter(|queue| queue.enabled) {
        let label = queue.label.as_deref().unwrap_or_default();
        let done = escape::name("queue", &queue.name)
            .and_then(|name| builder.section(Kind::Queue, name, &[label], &queue_options(index, queue)));
        builder.note(done, || Part::Queue(queue.id));
    }
    builder.finish_with_canary(1, builder::CANARY, builder::CANARY, |digest| {
        vec![("member", format!("{NOBODY},0,{digest}"))]
    })
}

/// What the administrator set of the options that app_queue knows. Agents stay in their queues over a restart, and every
/// queue says itself how it is filled.
fn general(index: &Index<'_>) -> Vec<(&'static str, String)> {
    let mut options = vec![("persistentmembers", "yes".to_owned()), ("autofill", "yes".to_owned())];
    for (name, default) in GENERAL {
        let set = index.model.queue_general.iter().find(|(known, _)| known == name);
        let value = set.and_then(|(_, value)| Value::Switch.read(value).ok());
        options.extend(value.or(default.map(str::to_owned)).map(|value| (*name, value)));
    }
    options
}

/// Whom the queue calls, how long and in which order. Whether a member is free is asked of the dialplan when they are
/// called, so for app_queue they always are.
fn options(index: &Index<'_>, group: &Group) -> Vec<(&'static str, String)> {
    let retry = group.retry_delay.filter(|seconds| *seconds > 0).unwrap_or(RETRY);
    let mut options = vec![
        ("strategy", strategy(&group.strategy).to_owned()),
        ("timeout", group.user_timeout.unwrap_or(15).to_string()),
        ("retry", retry.to_string()),
        ("maxlen", group.max_calls.unwrap_or(0).to_string()),
        ("ringinuse", "yes".to_owned()),
        ("autofill", "yes".to_owned()),
    ];
    options.extend(groups::music(index, group).map(|class| ("musicclass", class.to_owned())));
    options.extend(groups::legs(group).iter().map(|leg| ("member", interface(leg))));
    options
}

fn interface(leg: &str) -> String {
    format!("Local/{leg}@cordboard-member/n,0")
}

/// An administrator's queue.
fn queue_options(index: &Index<'_>, queue: &Queue) -> Vec<(&'static str, String)> {
    let mut options = Vec::new();
    for known in queue.options.iter().filter_map(|(name, value)| Some((Known::named(name)?, value.as_str())))
    {
        options.extend(rendered(index, queue, known).map(|value| (known.0.name, value)));
    }
    // The dialplan asks how long callers wait.
    options.retain(|(name, _)| *name != "setqueuevar");
    options.push(("setqueuevar", "yes".to_owned()));
    options.extend(queue_rows::music(index, queue).map(|class| ("musicclass", class.to_owned())));
    options.extend(queue.users.iter().map(|member| ("member", user_member(index, member))));
    options
}

/// An option as it stands in the file; nothing when app_queue could not read it.
fn rendered(index: &Index<'_>, queue: &Queue, (known, value): (&Known, &str)) -> Option<String> {
    let value = escape::trim(value);
    match known.value {
        Value::Number | Value::Switch | Value::OneOf(_) => known.value.read(value).ok(),
        Value::Sound => is_sound(value).then(|| value.to_owned()),
        Value::Format => escape::is_name(value).then(|| value.to_owned()),
        Value::Conditions => {
            let items: Vec<_> =
                value.split(',').map(escape::trim).filter(|one| CONDITIONS.contains(one)).collect();
            (!items.is_empty()).then(|| items.join(","))
        }
        Value::Context => {
            let free =
                index.model.contexts.iter().all(|one| one.name != value) && !value.starts_with("cordboard-");
            let own = index.context(value).is_some_and(|one| one.tenant_uuid == queue.tenant_uuid);
            (escape::is_name(value) && (free || own)).then(|| value.to_owned())
        }
        Value::Stored => None,
    }
}

/// Recordings joined by commas, none of them above the folders of sounds.
fn is_sound(text: &str) -> bool {
    !text.is_empty() && text.split(',').all(|file| is_file(file) && file.split('/').all(|part| part != ".."))
}

/// A user: the extension that rings all their lines, and the phone by which app_queue sees whether they are free and
/// there. Of several lines none tells that alone: then the dialplan asks all of them when they are called.
fn user_member(index: &Index<'_>, member: &QueueUser) -> String {
    let QueueUser { user, penalty } = member;
    let known = index.user(Some(*user));
    let name = known.map(|user| user.name.replace([',', '"', '\\'], " ")).unwrap_or_default();
    let state = match known.map(|user| user.endpoints.as_slice()) {
        Some([one]) => format!("PJSIP/{one}"),
        _ => String::new(),
    };
    format!("Local/{user}@cordboard-queue-member/n,{penalty},{},{state}", escape::trim(&name))
}
