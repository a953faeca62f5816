//! The only reader of the time.

use jiff::Timestamp;
use std::time::SystemTime;

/// Now in UTC as the contract writes it: naive ISO 8601 with microseconds.
pub fn now() -> String {
    written(Timestamp::now())
}

/// A time of the system as [`now`] writes it; the earliest for one that is out of range.
pub fn utc(time: SystemTime) -> String {
    written(Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}
