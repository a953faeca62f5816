//! The ways out of the house, and who may take them.

use crate::domain::ceiling::{Ceilings, OwnCeiling};
use crate::domain::secret::unseen;
use std::collections::BTreeMap;

/// How many calls may go out, where it was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnCeilings {
    /// By uuid.
    pub tenants: BTreeMap<String, Ceilings<OwnCeiling>>,
    /// By id.
    pub users: BTreeMap<i64, OwnCeiling>,
    /// By id.
    pub trunks: BTreeMap<i64, OwnCeiling>,
}

/// A tenant, as far as calls depend on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tenant {
    pub uuid: String,
    /// ISO 3166, two letters.
    pub country: Option<String>,
}

/// A way to the telephone network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trunk {
    pub id: i64,
    pub tenant_uuid: String,
    /// How a caller id that was chosen for one call is written: `+E164`, `E164` or `national`.
    pub caller_id_format: String,
    pub way: Way,
}

/// What is dialled to use a trunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Name of a SIP endpoint.
    Sip(String),
    /// A dial string before the number, and what follows it.
    Custom { interface: String, suffix: Option<String> },
}

impl Default for Way {
    fn default() -> Self {
        Self::Sip(String::new())
    }
}

/// Which calls go out over which trunks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcall {
    pub id: i64,
    pub tenant_uuid: String,
    pub enabled: bool,
    /// The caller's internal caller id goes out as it is.
    pub internal_caller_id: bool,
    /// Seconds; nothing is no limit.
    pub ring_time: Option<i64>,
    /// A dialplan context of the administrator's, run before the call goes out.
    pub subroutine: Option<String>,
    /// Id of an enabled schedule.
    pub schedule: Option<i64>,
    /// Ids of trunks, in order.
    pub trunks: Vec<i64>,
    /// Ids of enabled permissions.
    pub permissions: Vec<i64>,
}

/// What is done to a number that goes out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Treatment {
    /// So many digits are dropped.
    pub strip_digits: i64,
    /// Then this is put before it.
    pub external_prefix: Option<String>,
    /// `"Name" <number>`: who calls, unless the user has a number of their own. Free text.
    pub caller_id: Option<String>,
}

/// An enabled call permission.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Permission {
    pub id: i64,
    /// False: it denies.
    pub allows: bool,
    /// Digits, `*` and `#`: asked instead of a refusal.
    pub password: Option<String>,
    /// Patterns of numbers.
    pub patterns: Vec<String>,
}

unseen!(Permission);
