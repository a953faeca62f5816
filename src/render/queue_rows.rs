//! `cordboard_queues.conf`: what the dialplan looks up when a queue is called. A change reloads nothing.

use std::borrow::Cow;

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::groups::{caller, known_music, subroutine};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::schedules;
use crate::model::Queue;

type Row<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// A row a queue, `[queue-id]`; one that is disabled has none.
pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for queue in index.model.queues.iter().filter(|queue| queue.enabled) {
        let done =
            builder.section(Kind::CallData, &format!("queue-{}", queue.id), &[], &values(index, queue));
        builder.note(done, || Part::Queue(queue.id));
    }
    builder.finish_data()
}

fn values<'a>(index: &Index<'_>, queue: &'a Queue) -> Row<'a> {
    let music = music(index, queue);
    let rings = queue.switches.rings || music.is_none();
    let mut row: Row<'_> = vec![("settings", settings(queue, music, rings).into())];
    row.extend(subroutine(queue.subroutine.as_deref()));
    row.extend(schedules::followed(queue.schedule));
    caller(&queue.caller_id, &mut row);
    row.extend(queue.wait_time.map(|seconds| ("wait_time", seconds.to_string().into())));
    row.extend(queue.wait_ratio.as_deref().map(|ratio| ("wait_ratio", ratio.into())));
    let leaves_busy = queue.options.iter().any(|(name, value)| name == "ringinuse" && value == "no");
    let flags = [
        ("ignore_forward", queue.switches.ignore_forward),
        ("leave_busy", leaves_busy),
        ("may_record", queue.switches.may_record),
    ];
    row.extend(flags.into_iter().filter(|(_, on)| *on).map(|(key, _)| (key, "yes".into())));
    row
}

/// What `MSet` sets: the queue and its options, for how long, what who waits hears, what comes before.
fn settings(queue: &Queue, music: Option<&str>, rings: bool) -> String {
    let limited = queue.wait_time.is_some() || queue.wait_ratio.is_some();
    let yes = |on: bool| if on { "yes" } else { "" };
    let seconds = queue.timeout.filter(|seconds| *seconds > 0).map(|seconds| seconds.to_string());
    [
        ("WAZO_QUEUENAME", queue.name.as_str()),
        ("WAZO_QUEUEOPTIONS", &options(queue, rings)),
        ("CB_SECONDS", seconds.as_deref().unwrap_or_default()),
        ("CB_QUEUE_MUSIC", music.unwrap_or_default()),
        ("CB_QUEUE_RINGS", yes(rings)),
        ("CB_QUEUE_LIMITED", yes(limited)),
        ("CB_QUEUE_ANNOUNCES", yes(queue.switches.announce_hold_time)),
        ("CB_QUEUE_SUBROUTINE", yes(queue.subroutine.is_some())),
        ("CB_QUEUE_SHOWS", yes(queue.caller_id.mode.is_some())),
        ("CB_QUEUE_SCHEDULED", yes(queue.schedule.is_some())),
    ]
    .map(|(name, value)| format!("{name}={value}"))
    .join(",")
}

/// The class that a waiting caller hears; nothing where this Asterisk has no music at all.
pub fn music<'a>(index: &Index<'_>, queue: &'a Queue) -> Option<&'a str> {
    known_music(index, queue.music_on_hold.as_deref()).or_else(|| known_music(index, Some("default")))
}

/// Options of `Queue`.
fn options(queue: &Queue, rings: bool) -> String {
    let on = &queue.switches;
    let chosen = [
        (on.data_quality, 'd'),
        (on.hangup_callee, 'h'),
        (on.hangup_caller, 'H'),
        (on.transfer_callee, 't'),
        (on.transfer_caller, 'T'),
        (on.record_callee, 'x'),
        (on.record_caller, 'X'),
        (on.ignore_forward, 'i'),
        (on.elsewhere, 'C'),
        (!on.retry, 'n'),
        (rings, 'r'),
    ];
    chosen.into_iter().filter(|(chosen, _)| *chosen).map(|(_, option)| option).collect()
}
