//! The only reader of the time.

use jiff::Timestamp;
use std::time::{Duration, SystemTime};

/// Now in UTC as the contract writes it: naive ISO 8601 with microseconds.
pub fn now() -> String {
    written(Timestamp::now())
}

/// Now.
pub fn instant() -> Timestamp {
    Timestamp::now()
}

/// Now, as the system counts.
pub fn system() -> SystemTime {
    SystemTime::now()
}

/// Now in whole seconds since 1970.
pub fn seconds() -> i64 {
    Timestamp::now().as_second()
}

/// Now in seconds since 1970, with a fraction.
pub fn fraction() -> f64 {
    Timestamp::now().as_microsecond() as f64 / 1e6
}

/// Now in microseconds since 1970.
pub fn micros() -> i64 {
    Timestamp::now().as_microsecond()
}

/// Microseconds since 1970 as the contract writes a token's local times: without a fraction where there is none.
pub fn here(micros: i64) -> String {
    let time = at(micros).to_zoned_datetime(jiff::tz::TimeZone::system());
    let format = if micros % 1_000_000 == 0 { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M:%S%.6f" };
    time.strftime(format).to_string()
}

/// Microseconds since 1970 as [`now`] writes them.
pub fn universal(micros: i64) -> String {
    written(at(micros))
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A time of the system as [`now`] writes it; the earliest for one that is out of range.
pub fn utc(time: SystemTime) -> String {
    written(Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// The time that [`now`] or [`utc`] has written.
pub fn read(text: &str) -> Option<SystemTime> {
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let micros = jiff::tz::Offset::UTC.to_timestamp(civil).ok()?.as_microsecond();
    Some(SystemTime::UNIX_EPOCH + Duration::from_micros(micros.try_into().ok()?))
}

fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

#[cfg(test)]
mod tests {
    use super::{read, utc};
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_written_time_is_read_again() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_micros(1_700_000_000_123_456);
        assert_eq!(utc(time), "2023-11-14T22:13:20.123456");
        assert_eq!(read(&utc(time)), Some(time));
        assert_eq!(read("soon"), None);
    }
}
