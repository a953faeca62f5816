//! Who has failed how often lately: counters that run out like leaking buckets. Pure: the time is a parameter.
//!
//! What is certain (a connection), what is likely (an answer over UDP) and what anybody may have sent in another's name
//! are counted apart, since only the first two say who is to blame.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::event::{Fact, Seen};
use crate::domain::network::Network;

/// So many times the limit make a flood of what may be forged.
const FLOOD: f64 = 5.0;
/// So many times the limit are needed where phones are at home.
const AT_HOME: f64 = 10.0;
/// Most addresses that are counted for.
const MOST: usize = 16_384;
/// Most addresses with phones that are remembered.
const MOST_HOMES: usize = 65_536;
/// An address had a phone with the right password: longer than Asterisk keeps a registration that is not renewed.
const HOME: Duration = Duration::from_secs(2 * 3600);
/// Names that are kept of what an address has tried.
const NAMES: usize = 10;
/// How often somebody is warned of that is not blocked.
const AGAIN: Duration = Duration::from_secs(60);

/// So many failures within that time are too many.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub failures: u32,
    pub within: Duration,
}

/// What is to be done about an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Nothing,
    /// Block it, longer each time.
    Block,
    /// Block it for a moment: the requests may be forged.
    Brief,
    /// Tell of it: phones are at home there, and somebody may only have written its address.
    Warn,
}

#[derive(Debug)]
struct Count {
    certain: f64,
    likely: f64,
    heard: f64,
    /// All that was refused, for people.
    refused: u32,
    last: Instant,
    challenged: Option<Instant>,
    warned: Option<Instant>,
    accounts: Vec<String>,
    what: &'static str,
}

/// The counters.
#[derive(Debug)]
pub struct Tally {
    limit: Limit,
    counts: HashMap<Network, Count>,
    homes: HashMap<Network, Instant>,
}

/// What a counter tells of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub failures: u32,
    pub what: &'static str,
    pub accounts: Vec<String>,
}

impl Tally {
    pub fn new(limit: Limit) -> Self {
        Self { limit, counts: HashMap::new(), homes: HashMap::new() }
    }

    /// A phone is registered from there.
    pub fn at_home(&mut self, network: Network, now: Instant) {
        if self.homes.len() >= MOST_HOMES {
            self.homes.retain(|_, since| now.saturating_duration_since(*since) < HOME);
        }
        if self.homes.len() < MOST_HOMES {
            self.homes.insert(network, now);
        }
    }

    /// Has a phone with the right password been there lately?
    pub fn is_home(&self, network: &Network, now: Instant) -> bool {
        self.homes.get(network).is_some_and(|since| now.saturating_duration_since(*since) < HOME)
    }

    /// Counts an event, and says what it leads to.
    pub fn count(&mut self, seen: &Seen, now: Instant) -> Verdict {
        if seen.fact == Fact::Success {
            self.at_home(seen.network, now);
            if let Some(count) = self.counts.get_mut(&seen.network) {
                // Its challenge was answered.
                count.heard = (count.heard - 1.0).max(0.0);
            }
            return Verdict::Nothing;
        }
        self.make_room(now);
        let (limit, home) = (self.limit, self.is_home(&seen.network, now));
        let count = self.counts.entry(seen.network).or_insert_with(|| Count::new(now));
        count.leak(limit, now);
        count.add(seen, limit, now);
        count.verdict(limit, home, now)
    }

    /// What is known of an address.
    pub fn record(&self, network: &Network) -> Record {
        let count = self.counts.get(network);
        count.map_or(Record { failures: 0, what: "", accounts: Vec::new() }, |count| Record {
            failures: if count.refused > 0 { count.refused } else { count.heard as u32 },
            what: count.what,
            accounts: count.accounts.clone(),
        })
    }

    /// Begins anew with an address.
    pub fn forget(&mut self, network: &Network) {
        self.counts.remove(network);
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.counts.len()
    }

    /// Room for one more. Who may be forged goes first: it can be made in any number.
    fn make_room(&mut self, now: Instant) {
        if self.counts.len() < MOST {
            return;
        }
        let within = self.limit.within;
        self.counts.retain(|_, count| now.saturating_duration_since(count.last) < within);
        if self.counts.len() >= MOST {
            self.counts.retain(|_, count| count.likely >= 1.0);
        }
        if self.counts.len() >= MOST {
            self.counts.clear();
        }
    }
}

impl Count {
    fn new(now: Instant) -> Self {
        Self {
            certain: 0.0,
            likely: 0.0,
            heard: 0.0,
            refused: 0,
            last: now,
            challenged: None,
            warned: None,
            accounts: Vec::new(),
            what: "",
        }
    }

    fn leak(&mut self, limit: Limit, now: Instant) {
        let passed = now.saturating_duration_since(self.last).as_secs_f64();
        let gone = passed / limit.within.as_secs_f64() * f64::from(limit.failures);
        for level in [&mut self.certain, &mut self.likely] {
            *level = (*level - gone).max(0.0);
        }
        self.heard = (self.heard - gone * FLOOD).max(0.0);
        self.last = now;
    }

    fn add(&mut self, seen: &Seen, limit: Limit, now: Instant) {
        let asked = self.challenged.is_some_and(|at| now.saturating_duration_since(at) < limit.within * 2);
        self.heard += 1.0;
        match seen.fact {
            Fact::Refused => {
                self.certain += 1.0;
                self.likely += 1.0;
            }
            Fact::Answered if asked => self.likely += 1.0,
            Fact::Challenged => self.challenged = Some(now),
            Fact::Answered | Fact::Heard | Fact::Success => {}
        }
        if seen.fact != Fact::Challenged {
            self.refused = self.refused.saturating_add(1);
        }
        if seen.fact != Fact::Challenged || self.what.is_empty() {
            self.what = seen.what;
        }
        if let Some(name) = &seen.account
            && self.accounts.len() < NAMES
            && !self.accounts.contains(name)
        {
            self.accounts.push(name.clone());
        }
    }

    fn verdict(&mut self, limit: Limit, home: bool, now: Instant) -> Verdict {
        let most = f64::from(limit.failures);
        let flood = self.heard >= most * FLOOD;
        if home {
            let warned = self.warned.is_some_and(|at| now.saturating_duration_since(at) < AGAIN);
            if self.certain >= most * AT_HOME {
                return Verdict::Block;
            }
            if !warned && (self.likely >= most || flood) {
                self.warned = Some(now);
                return Verdict::Warn;
            }
            return Verdict::Nothing;
        }
        match () {
            () if self.likely >= most => Verdict::Block,
            () if flood => Verdict::Brief,
            () => Verdict::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    const LIMIT: Limit = Limit { failures: 20, within: Duration::from_secs(60) };

    fn at(host: u32) -> Network {
        Network::of_owner(IpAddr::from([10, (host >> 16) as u8, (host >> 8) as u8, host as u8]))
    }

    fn seen(network: Network, fact: Fact) -> Seen {
        Seen { network, fact, what: "wrong passwords", account: Some("ann".to_owned()) }
    }

    /// The verdict after each of so many events.
    fn feed(tally: &mut Tally, host: u32, facts: &[Fact], times: u32, now: Instant) -> Vec<Verdict> {
        (0..times)
            .flat_map(|_| {
                facts.iter().map(|fact| tally.count(&seen(at(host), *fact), now)).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn wrong_answers_are_too_many_at_the_limit() {
        let (mut tally, now) = (Tally::new(LIMIT), Instant::now());
        let verdicts = feed(&mut tally, 1, &[Fact::Challenged, Fact::Answered], 20, now);
        assert_eq!(verdicts.iter().position(|one| *one == Verdict::Block), Some(39));
        assert!(verdicts.iter().take(39).all(|one| *one == Verdict::Nothing));
        let record = tally.record(&at(1));
        tally.forget(&at(1));
        assert_eq!((record.failures, record.accounts), (20, vec!["ann".to_owned()]));
        assert!(feed(&mut tally, 1, &[Fact::Refused], 19, now).iter().all(|one| *one == Verdict::Nothing));
    }

    #[test]
    fn a_phone_with_a_wrong_password_that_tries_twice_a_minute_is_never_blocked() {
        let (mut tally, mut now) = (Tally::new(LIMIT), Instant::now());
        for _ in 0..500 {
            let verdicts = feed(&mut tally, 1, &[Fact::Challenged, Fact::Answered], 1, now);
            assert_eq!(verdicts, [Verdict::Nothing; 2]);
            now += Duration::from_secs(30);
        }
    }

    #[test]
    fn what_may_be_forged_blocks_for_a_moment_and_only_in_floods() {
        let (mut tally, now) = (Tally::new(LIMIT), Instant::now());
        let verdicts = feed(&mut tally, 1, &[Fact::Heard], 100, now);
        assert_eq!(verdicts.iter().position(|one| *one != Verdict::Nothing), Some(99));
        assert_eq!(verdicts.last(), Some(&Verdict::Brief));
        // An answer that nothing has asked for is no answer.
        let verdicts = feed(&mut tally, 2, &[Fact::Answered], 99, now);
        assert!(verdicts.iter().all(|one| *one == Verdict::Nothing));
    }

    #[test]
    fn nothing_over_udp_blocks_an_address_where_a_phone_is_at_home() {
        let (mut tally, now) = (Tally::new(LIMIT), Instant::now());
        tally.count(&seen(at(1), Fact::Success), now);
        let facts = [Fact::Challenged, Fact::Answered, Fact::Heard];
        let verdicts = feed(&mut tally, 1, &facts, 5000, now);
        assert_eq!(verdicts.iter().filter(|one| **one == Verdict::Warn).count(), 1, "warned once a minute");
        assert!(verdicts.iter().all(|one| matches!(one, Verdict::Nothing | Verdict::Warn)));
        let verdicts = feed(&mut tally, 1, &[Fact::Refused], 200, now);
        assert_eq!(
            verdicts.iter().position(|one| *one == Verdict::Block),
            Some(199),
            "far over the limit, for certain"
        );
        // Hours later it is nobody's home.
        let later = now + HOME;
        assert!(feed(&mut tally, 1, &[Fact::Refused], 20, later).contains(&Verdict::Block));
    }

    #[test]
    fn right_answers_take_their_challenge_back() {
        let (mut tally, now) = (Tally::new(LIMIT), Instant::now());
        let verdicts = feed(&mut tally, 1, &[Fact::Challenged, Fact::Success], 1000, now);
        assert!(verdicts.iter().all(|one| *one == Verdict::Nothing));
    }

    #[test]
    fn forged_addresses_without_number_take_no_more_memory_and_push_out_no_guesser() {
        let (mut tally, now) = (Tally::new(LIMIT), Instant::now());
        feed(&mut tally, 1, &[Fact::Refused], 10, now);
        for host in 2..40_000 {
            tally.count(&seen(at(host), Fact::Heard), now);
            assert!(tally.len() <= MOST);
        }
        assert!(feed(&mut tally, 1, &[Fact::Refused], 10, now).contains(&Verdict::Block));
    }
}
