//! Queues: callers wait in order.

use super::{CallerId, Options};

/// Callers who wait in order for people who answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    pub id: i64,
    pub tenant_uuid: String,
    /// What app_queue calls it: `[-_.a-zA-Z0-9]+`.
    pub name: String,
    /// As shown to people. Free text.
    pub label: Option<String>,
    pub enabled: bool,
    /// Options of app_queue, and others that mean nothing to it. Free texts.
    pub options: Options,
    pub switches: QueueSwitches,
    /// Seconds until the fallback; none and 0 are for ever.
    pub timeout: Option<i64>,
    /// What a waiting caller hears, and everybody who is held.
    pub music_on_hold: Option<String>,
    /// Seconds of waiting on average above which nobody more comes in.
    pub wait_time: Option<i64>,
    /// Callers a member above which nobody more comes in, as a decimal number.
    pub wait_ratio: Option<String>,
    pub caller_id: CallerId,
    /// A dialplan context of the administrator's, run before the caller waits.
    pub subroutine: Option<String>,
    /// The schedule that it follows.
    pub schedule: Option<i64>,
    /// Users who answer, by priority.
    pub users: Vec<QueueUser>,
}

/// What of a queue is on or off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueSwitches {
    pub data_quality: bool,
    /// The called or the calling party may hang up, transfer, record with keys.
    pub hangup_callee: bool,
    pub hangup_caller: bool,
    pub transfer_callee: bool,
    pub transfer_caller: bool,
    pub record_callee: bool,
    pub record_caller: bool,
    /// False: a caller leaves after one round.
    pub retry: bool,
    /// True: who waits hears ringing, and is not answered before somebody answers.
    pub rings: bool,
    /// True: who comes in is told how long it takes.
    pub announce_hold_time: bool,
    /// What a phone sends calls on to (302) is not followed.
    pub ignore_forward: bool,
    pub elsewhere: bool,
    /// Who answers may begin and rest a recording in the middle of the call.
    pub may_record: bool,
}

/// A user who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueUser {
    pub user: i64,
    /// Who has more is called when nobody with less is free.
    pub penalty: i64,
}
