//! The dialplan's counters of outgoing calls in Asterisk's database (`cordboard-calls`, `user-12` and `trunk-3`): of an hour
//! that is long past they count for nothing, and whose they were may be deleted. They go.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use tracing::debug;

use super::ami::{AmiError, Client};
use super::link::Link;
use super::worker::Worker;

const FAMILY: &str = "cordboard-calls";
/// A counter is of its hour and the one before. One more, for an Asterisk whose clock is not ours.
const OLD: u64 = 3;
/// How often they are looked at.
const EVERY: Duration = Duration::from_secs(3600);

impl Worker {
    /// Removes counters that count for nothing, once an hour.
    pub async fn sweep_counters(&mut self) {
        if self.ceilings.sweep_at.is_some_and(|at| Instant::now() < at) {
            return;
        }
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return };
        match sweep(client, SystemTime::now()).await {
            Ok(count) => {
                debug!(count, "old counters of calls removed");
                self.ceilings.sweep_at = Some(Instant::now() + EVERY);
            }
            Err(error) => self.lost(&error),
        }
    }
}

pub(super) async fn sweep(client: &mut Client, now: SystemTime) -> Result<usize, AmiError> {
    let hour = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() / 3600;
    let mut old = Vec::new();
    client
        .list("DBGetTree", &[("Family", FAMILY)], |event| {
            let key = event.get("Key").and_then(|key| key.strip_prefix("/cordboard-calls/"));
            if let Some((key, value)) = key.zip(event.get("Val"))
                && is_old(value, hour)
            {
                old.push(key.to_owned());
            }
        })
        .await?;
    for key in &old {
        match client.action("DBDel", &[("Family", FAMILY), ("Key", key)]).await {
            Ok(_) | Err(AmiError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(old.len())
}

/// `<hours since 1970>:<calls of that hour>:<calls of the one before>`. What is something else is not the dialplan's.
fn is_old(value: &str, hour: u64) -> bool {
    value
        .split(':')
        .next()
        .and_then(|of| of.parse().ok())
        .is_none_or(|of: u64| of.saturating_add(OLD) <= hour)
}

#[cfg(test)]
mod tests {
    use super::is_old;

    #[test]
    fn a_counter_of_this_hour_or_the_last_ones_stays() {
        for (value, old) in
            [("100:3:1", false), ("99:3:1", false), ("98:3:1", false), ("97:3:1", true), ("101:1:0", false)]
        {
            assert_eq!(is_old(value, 100), old, "{value}");
        }
        assert!(is_old("", 100) && is_old("soon:1:2", 100) && !is_old("18446744073709551615:1:1", 100));
    }
}
