//! When calls are taken, and menus.

use crate::domain::hours::Period;

/// An enabled schedule. Where calls go when it is closed is with all destinations: owner `schedule`, event `closed`, or
/// `exceptional-0` and on for the exceptional periods by their place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    pub id: i64,
    /// A name of the IANA time zones; nothing for the machine's.
    pub timezone: Option<String>,
    pub open: Vec<Period>,
    /// Closed while one of these matches; the first one counts.
    pub exceptional: Vec<Period>,
}

/// A menu: a caller hears what there is, and types a choice. Where choices lead is with all destinations: owner `ivr`,
/// event `choice-0` and on by their place; and `invalid`, `timeout`, `abort`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ivr {
    pub id: i64,
    /// Sound files. Free texts.
    pub greeting: Option<String>,
    pub menu: String,
    pub invalid: Option<String>,
    pub abort: Option<String>,
    /// Seconds without a digit.
    pub timeout: i64,
    /// So many times the menu is heard.
    pub max_tries: i64,
    /// Numbers and patterns.
    pub choices: Vec<String>,
}
