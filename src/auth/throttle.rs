//! Patience with wrong passwords: each failed login makes the next one wait longer, by address, by account, and by both.
//!
//! The pair of address and account bears little, so a guesser is stopped soon. An account alone never waits long: nobody
//! can keep its owner out from elsewhere.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures are forgotten after this long without another one.
const FORGET: Duration = Duration::from_secs(15 * 60);

/// Most addresses, accounts and pairs that are remembered each.
const REMEMBERED: usize = 20_000;

/// How many failures cost nothing, and the longest wait after more.
#[derive(Clone, Copy)]
struct Patience {
    free: u32,
    longest: Duration,
}

const PAIR: Patience = Patience { free: 10, longest: Duration::from_secs(300) };
const ADDRESS: Patience = Patience { free: 40, longest: Duration::from_secs(300) };
const ACCOUNT: Patience = Patience { free: 40, longest: Duration::from_secs(5) };

/// Who failed how often.
#[derive(Default)]
pub struct Throttle {
    failures: Mutex<Failures>,
}

#[derive(Default)]
struct Failures {
    pairs: HashMap<(IpAddr, String), Count>,
    addresses: HashMap<IpAddr, Count>,
    accounts: HashMap<String, Count>,
}

#[derive(Clone, Copy)]
struct Count {
    failures: u32,
    last: Instant,
}

/// One login under way. It counts as failed until it is told that it succeeded, so that many at once gain nothing.
pub struct Attempt {
    address: IpAddr,
    account: String,
}

impl Throttle {
    /// Lets a login be tried.
    ///
    /// # Errors
    /// The seconds to wait before the next one.
    pub fn attempt(&self, address: IpAddr, login: &str, now: Instant) -> Result<Attempt, u64> {
        let (address, account) = (network(address), login.to_lowercase());
        let pair = (address, account.clone());
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = [
            wait(&failures.pairs, &pair, PAIR, now),
            wait(&failures.addresses, &address, ADDRESS, now),
            wait(&failures.accounts, &account, ACCOUNT, now),
        ];
        let wait = wait.into_iter().max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait.as_secs().max(1));
        }
        count(&mut failures.pairs, pair, now);
        count(&mut failures.addresses, address, now);
        count(&mut failures.accounts, account.clone(), now);
        Ok(Attempt { address, account })
    }

    /// A login was right: it was no failure, and this address is trusted with this account again.
    pub fn succeeded(&self, attempt: Attempt) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        forgive(&mut failures.addresses, &attempt.address);
        forgive(&mut failures.accounts, &attempt.account);
        failures.pairs.remove(&(attempt.address, attempt.account));
    }
}

/// How long `key` has to wait.
fn wait<K: Eq + Hash>(counts: &HashMap<K, Count>, key: &K, patience: Patience, now: Instant) -> Duration {
    let Some(count) = counts.get(key) else { return Duration::ZERO };
    let Some(over) = count.failures.checked_sub(patience.free) else { return Duration::ZERO };
    let delay = Duration::from_secs(1 << over.min(16)).min(patience.longest);
    delay.saturating_sub(now.saturating_duration_since(count.last))
}

fn count<K: Eq + Hash>(counts: &mut HashMap<K, Count>, key: K, now: Instant) {
    if counts.len() >= REMEMBERED {
        counts.retain(|_, count| now.saturating_duration_since(count.last) < FORGET);
    }
    if counts.len() >= REMEMBERED {
        counts.clear();
    }
    let count = counts.entry(key).or_insert(Count { failures: 0, last: now });
    if now.saturating_duration_since(count.last) >= FORGET {
        count.failures = 0;
    }
    *count = Count { failures: count.failures.saturating_add(1), last: now };
}

fn forgive<K: Eq + Hash>(counts: &mut HashMap<K, Count>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        count.failures = count.failures.saturating_sub(1);
    }
}

/// Of IPv6 the network: its owner has all addresses in it.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUESSER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 7));
    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn fail(throttle: &Throttle, address: IpAddr, login: &str, times: u32, now: Instant) {
        for _ in 0..times {
            assert!(throttle.attempt(address, login, now).is_ok());
        }
    }

    #[test]
    fn each_failure_more_makes_the_wait_longer() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        fail(&throttle, GUESSER, "anna", 10, start);
        let mut now = start;
        for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            assert_eq!(throttle.attempt(GUESSER, "Anna", now).err(), Some(expected));
            now += Duration::from_secs(expected);
            assert!(throttle.attempt(GUESSER, "anna", now).is_ok(), "after {expected} seconds");
        }
        assert!(throttle.attempt(GUESSER, "anna", now + FORGET).is_ok());
        assert!(throttle.attempt(GUESSER, "anna", now + FORGET).is_ok(), "all is forgotten");
    }

    #[test]
    fn the_owner_of_an_account_is_not_kept_out_from_elsewhere() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        fail(&throttle, GUESSER, "anna", 10, now);
        assert!(throttle.attempt(HOME, "anna", now).is_ok());
        for host in 0..40 {
            let address = IpAddr::from([203, 0, 113, host]);
            drop(throttle.attempt(address, "anna", now));
        }
        let wait = throttle.attempt(HOME, "anna", now).err().unwrap();
        assert!(wait <= 5, "{wait} seconds");
    }

    #[test]
    fn an_address_that_tries_many_accounts_waits_too() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for number in 0..40 {
            fail(&throttle, GUESSER, &format!("user-{number}"), 1, now);
        }
        assert!(throttle.attempt(GUESSER, "another", now).is_err());
        let neighbour = |last| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        fail(&throttle, neighbour(1), "anna", 10, now);
        assert!(throttle.attempt(neighbour(2), "anna", now).is_err(), "one owner has both");
    }

    #[test]
    fn right_logins_cost_nothing() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..200 {
            let attempt = throttle.attempt(HOME, "anna", now).unwrap();
            throttle.succeeded(attempt);
        }
    }
}
