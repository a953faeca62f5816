//! Who takes whose calls, and who speaks to many.

use super::CallerId;

/// Secretaries who take the calls of their boss.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub id: i64,
    pub enabled: bool,
    /// By the API's name.
    pub strategy: String,
    /// Which calls it is for: internal, external or all.
    pub source: String,
    pub caller_id: CallerId,
    /// Seconds that the secretaries ring together; none and 0 are for ever.
    pub timeout: Option<i64>,
    pub boss: Option<FilterMember>,
    /// In the order in which they ring.
    pub secretaries: Vec<FilterMember>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterMember {
    pub id: i64,
    pub user: i64,
    /// Seconds that the boss rings; none and 0 are for ever. A secretary rings as long as her own phone does.
    pub timeout: Option<i64>,
    /// Does this secretary take calls?
    pub active: bool,
}

/// Many phones that hear one caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paging {
    pub id: i64,
    pub tenant_uuid: String,
    /// Digits.
    pub number: String,
    /// Free text.
    pub name: Option<String>,
    pub announce_caller: bool,
    /// A sound file.
    pub announce_sound: Option<String>,
    pub caller_notification: bool,
    pub duplex: bool,
    pub ignore_forward: bool,
    pub record: bool,
    /// Ids of users, lowest first.
    pub members: Vec<i64>,
    pub callers: Vec<i64>,
}
