//! A person of the office.

use crate::domain::secret::unseen;

#[derive(Clone, Default, PartialEq, Eq)]
pub struct User {
    pub id: i64,
    pub uuid: String,
    pub tenant_uuid: String,
    /// First and last name as shown to people.
    pub name: String,
    /// What others see of this person where it is not `name` and the main number.
    pub caller_name: Option<String>,
    pub caller_number: Option<String>,
    /// The number that reaches this person from outside, else the tenant's: as which they send calls on.
    pub outside_number: Option<String>,
    pub enabled: bool,
    /// Seconds; 0 rings for ever.
    pub ring_seconds: i64,
    pub simultaneous_calls: i64,
    pub call_transfer_enabled: bool,
    pub dtmf_hangup_enabled: bool,
    /// False: no BLF for the user's extensions.
    pub supervision_enabled: bool,
    pub music_on_hold: Option<String>,
    pub language: Option<String>,
    /// A dialplan context of the administrator's, run before the user is rung.
    pub subroutine: Option<String>,
    /// Id of an enabled schedule.
    pub schedule: Option<i64>,
    /// `number@context`, only when the mailbox is enabled.
    pub mailbox: Option<String>,
    /// Number and context of the main line's main extension.
    pub main_extension: Option<(String, String)>,
    /// Names of the SIP endpoints of all lines, the main line's first.
    pub endpoints: Vec<String>,
    /// What their custom lines ring.
    pub interfaces: Vec<String>,
    pub switches: Switches,
    pub recorded: Recorded,
    /// They may begin and end a recording in the middle of a call.
    pub may_record: bool,
    /// Who calls, when a call goes out: `"Name" <number>`, `anonymous`, or nothing for what the outcall says.
    /// Free text.
    pub outgoing_caller_id: Option<String>,
    /// Ids of enabled call permissions.
    pub permissions: Vec<i64>,
    /// Ids of the enabled call permissions of the enabled groups that the user is in.
    pub group_permissions: Vec<i64>,
    /// Takes the place of the passwords of `permissions`.
    pub permission_password: Option<String>,
}

unseen!(User);

/// What a user, or their phone, switches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switches {
    pub dnd: bool,
    /// Callers say their name, which the user hears before taking the call.
    pub incallfilter: bool,
    /// The mailbox takes no calls.
    pub mailbox_off: bool,
    /// All calls are recorded.
    pub callrecord: bool,
    pub busy: Forward,
    pub noanswer: Forward,
    pub unconditional: Forward,
}

/// Which of a user's calls are recorded from the answer on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    pub outgoing_internal: bool,
    pub outgoing_external: bool,
    pub incoming_internal: bool,
    pub incoming_external: bool,
}

/// A forward; it keeps its number while it is off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forward {
    pub enabled: bool,
    /// Free text: what of it can be dialled is dialled in the context of the user's main extension.
    pub number: Option<String>,
}
