//! Groups of phones, and calls from outside.

/// How a caller is shown from here on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallerId {
    /// prepend, append or overwrite.
    pub mode: Option<String>,
    /// Free text; it may hold a number too: `"Sales" <123>`, or digits alone.
    pub name: Option<String>,
}

/// Several phones that ring for one number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    pub id: i64,
    pub tenant_uuid: String,
    /// `grp-<tenant slug>-<uuid>`: the name of its queue.
    pub name: String,
    /// As shown to people. Free text.
    pub label: String,
    pub enabled: bool,
    /// A strategy by the API's name.
    pub strategy: String,
    pub caller_id: CallerId,
    /// Seconds until the fallback; none and 0 are for ever.
    pub timeout: Option<i64>,
    /// Seconds that a member rings; 0 is until the fallback.
    pub user_timeout: Option<i64>,
    /// Seconds between two rounds.
    pub retry_delay: Option<i64>,
    pub music_on_hold: Option<String>,
    /// False: who is on the phone is left in peace.
    pub ring_in_use: bool,
    pub mark_answered_elsewhere: bool,
    /// What a phone sends calls on to (302) is not followed.
    pub ignore_forward: bool,
    /// A member may begin and end a recording in the middle of a call.
    pub may_record: bool,
    /// Most calls at a time; none and 0 are no limit.
    pub max_calls: Option<i64>,
    /// A dialplan context of the administrator's, run before the members ring.
    pub subroutine: Option<String>,
    /// Id of an enabled schedule.
    pub schedule: Option<i64>,
    /// Users first, each kind by priority.
    pub members: Vec<Member>,
}

/// Who rings in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    /// All lines of the user of this id.
    User(i64),
    /// A number as if it had been dialled in the context; it need not exist. Free texts.
    Number { exten: String, context: String },
}

/// What a call from outside reaches, beside its destination.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incall {
    pub id: i64,
    pub caller_id: CallerId,
    /// A sound that is played first.
    pub greeting: Option<String>,
    /// A dialplan context of the administrator's, run before the greeting.
    pub subroutine: Option<String>,
    /// Id of an enabled schedule.
    pub schedule: Option<i64>,
}
