//! `queues.conf`: a queue for every group whose members don't ring in turn.

use super::builder::{self, Builder};
use super::escape;
use super::fileset::{File, Kind};
use super::groups::{self, LINEAR};
use super::index::Index;
use super::left_out::{Failed, Part};
use crate::model::Group;

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
    let general = [("persistentmembers", "no"), ("autofill", "yes"), ("shared_lastcall", "yes")];
    builder.section(Kind::Plain, "general", &[], &general)?;
    for group in index.model.groups.iter().filter(|group| group.enabled && group.strategy != LINEAR) {
        let done = escape::name("group", &group.name)
            .and_then(|name| builder.section(Kind::Queue, name, &[&group.label], &options(index, group)));
        builder.note(done, || Part::Group(group.id));
    }
    builder.finish_with_canary(1, builder::CANARY, builder::CANARY, |digest| {
        vec![("member", format!("{NOBODY},0,{digest}"))]
    })
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
