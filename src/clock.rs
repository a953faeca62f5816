//! The only reader of the time.

use jiff::Timestamp;

/// Now in UTC as the contract writes it: naive ISO 8601 with microseconds.
pub fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}
