//! Ranges of numbers, by what may be reached there.

use super::{Context, store};
use crate::error::Result;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// What a range's numbers reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RangeKind {
    User,
    Group,
    Queue,
    Conference,
    Incall,
}

impl RangeKind {
    pub const ALL: [RangeKind; 5] =
        [RangeKind::User, RangeKind::Group, RangeKind::Queue, RangeKind::Conference, RangeKind::Incall];

    /// The word in the database; with `_ranges` behind it, the field of a context.
    pub fn word(self) -> &'static str {
        match self {
            RangeKind::User => "user",
            RangeKind::Group => "group",
            RangeKind::Queue => "queue",
            RangeKind::Conference => "conference_room",
            RangeKind::Incall => "incall",
        }
    }
}

/// A range as stored. `end` is `start` when it was not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Range {
    pub start: String,
    pub end: String,
    /// Only of incall ranges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did_length: Option<i64>,
}

impl Range {
    /// Is a number (digits) in this range? With `did_length` only its last digits count.
    pub fn contains(&self, exten: &str) -> bool {
        match (self.bounds(), number(self.significant(exten))) {
            (Some((start, end)), Some(number)) => start <= number && number <= end,
            _ => false,
        }
    }

    /// First and last number.
    pub fn bounds(&self) -> Option<(u64, u64)> {
        number(&self.start).zip(number(&self.end))
    }

    /// The part of a number that counts.
    pub fn significant<'a>(&self, exten: &'a str) -> &'a str {
        let digits = usize::try_from(self.did_length.unwrap_or(0)).unwrap_or(0);
        let skip = if digits > 0 { exten.len().saturating_sub(digits) } else { 0 };
        exten.get(skip..).unwrap_or_default()
    }
}

/// Digits as a number; sixteen digits, the most that a range takes, fit.
pub fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// May `exten` reach something of this kind in the context? Patterns (`_…`) may; what is no number may not.
///
/// # Errors
/// The database can't be read.
pub fn in_range(connection: &Connection, context: &Context, kind: RangeKind, exten: &str) -> Result<bool> {
    if exten.starts_with('_') {
        return Ok(true);
    }
    let ranges = store::ranges(connection, context.id, kind)?;
    Ok(ranges.iter().any(|range| range.contains(exten)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: &str, end: &str, did_length: Option<i64>) -> Range {
        Range { start: start.to_owned(), end: end.to_owned(), did_length }
    }

    #[test]
    fn a_range_holds_its_bounds_and_what_is_between() {
        let users = range("1000", "1999", None);
        assert!(users.contains("1000") && users.contains("1999") && users.contains("01500"));
        assert!(!users.contains("999") && !users.contains("2000"));
        for no_number in ["*10", "", "+1500", "1a", "99999999999999999999999"] {
            assert!(!users.contains(no_number), "{no_number}");
        }
    }

    #[test]
    fn with_a_did_length_only_the_last_digits_count() {
        let incalls = range("100", "199", Some(3));
        assert!(incalls.contains("5555150") && incalls.contains("150"));
        assert!(!incalls.contains("5555250"));
        assert!(!range("100", "199", Some(0)).contains("5555150"));
    }
}
