//! What Asterisk's security events say about an address.

use std::net::IpAddr;
use std::time::SystemTime;

use crate::apply::ami::Message;
use crate::domain::network::Network;

/// How long Asterisk takes an answer to one of its challenges, and as much again for a busy machine.
const FRESH: u64 = 64;
/// Longest name of an account that is kept.
const LONGEST_NAME: usize = 64;

/// Why an event counts, and for how much: who sends UDP can write any address into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// The right password.
    Success,
    /// Asterisk has asked for a password.
    Challenged,
    /// Refused over a connection (TCP, TLS, WebSocket): the address is the sender's.
    Refused,
    /// A wrong answer over UDP with what looks like a fresh challenge of Asterisk's. Asterisk says the same of a made-up
    /// one, so it is likely to be the sender's address, not certain.
    Answered,
    /// Anything else that is refused over UDP.
    Heard,
}

/// One event of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub network: Network,
    pub fact: Fact,
    /// What was tried, for people.
    pub what: &'static str,
    /// The account that was tried, when it is told.
    pub account: Option<String>,
}

impl Seen {
    /// Reads an event of the class `security`; nothing for other services than SIP, for events that say nothing, and for
    /// lines that are none of Asterisk's.
    pub fn of_event(event: &Message, now: SystemTime) -> Option<Seen> {
        let told = Told::read(event)?;
        let (transport, address) = remote(told.remote)?;
        let udp = transport == "UDP";
        let weak = if udp { Fact::Heard } else { Fact::Refused };
        let (fact, what) = match told.event {
            "SuccessfulAuth" if event.is("UsingPassword", "1") => (Fact::Success, ""),
            "ChallengeSent" => (Fact::Challenged, "requests without a password"),
            "ChallengeResponseFailed" if udp && is_fresh(event.get("Challenge").unwrap_or_default(), now) => {
                (Fact::Answered, "wrong passwords")
            }
            "ChallengeResponseFailed" | "InvalidPassword" => (weak, "wrong passwords"),
            "InvalidAccountID" => (weak, "unknown accounts"),
            "FailedACL" => (weak, "accounts that are not for this address"),
            "RequestBadFormat" => (weak, "malformed requests"),
            "RequestNotAllowed" | "RequestNotSupported" | "AuthMethodNotAllowed" => {
                (weak, "requests that are not allowed")
            }
            _ => return None,
        };
        Some(Seen { network: Network::of_owner(address), fact, what, account: account(told.account) })
    }
}

/// The fields of an event that count. The account is what a stranger has sent, and Asterisk (22.10.1) writes the line ends in
/// it: `REGISTER` by `<sip:a%0d%0aRemoteAddress%3a...@...>` makes a second address. So each is taken from its place.
struct Told<'a> {
    event: &'a str,
    account: &'a str,
    remote: &'a str,
}

impl<'a> Told<'a> {
    fn read(message: &'a Message) -> Option<Self> {
        let lines: Vec<_> = message.lines().collect();
        let value = |at: usize, key: &str| lines.get(at).filter(|line| line.0 == key).map(|line| line.1);
        let account = lines.iter().position(|line| line.0 == "AccountID")?;
        let service = lines.iter().take(account).find(|line| line.0 == "Service")?;
        // The account is too short for all three of these lines.
        let remote = (account..lines.len()).find_map(|at| {
            value(at, "SessionID")?;
            value(at + 1, "LocalAddress")?;
            value(at + 2, "RemoteAddress")
        })?;
        let event = value(0, "Event")?;
        (service.1 == "PJSIP").then_some(Self { event, account: lines.get(account)?.1, remote })
    }
}

/// `IPV4/UDP/192.0.2.1/5060`.
fn remote(text: &str) -> Option<(&str, IpAddr)> {
    let mut parts = text.split('/').skip(1);
    let (transport, address) = (parts.next()?, parts.next()?);
    Some((transport, address.trim_matches(['[', ']']).parse().ok()?))
}

/// Asterisk's challenges are the time and 32 hexadecimal digits.
fn is_fresh(challenge: &str, now: SystemTime) -> bool {
    let Some((time, digits)) = challenge.split_once('/') else { return false };
    let now = now.duration_since(SystemTime::UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    let hexadecimal = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    hexadecimal && time.parse::<u64>().is_ok_and(|time| now.abs_diff(time) <= FRESH)
}

/// A name that somebody hostile has written: short and plain.
fn account(name: &str) -> Option<String> {
    let plain = name.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' });
    (!name.is_empty() && name != "<unknown>").then(|| plain.take(LONGEST_NAME).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const DIGITS: &str = "0df1022d0adf9340263d72e81f0ca9e9";

    fn read(event: &str, account: &str, remote: &str, more: &str) -> Option<Seen> {
        let text = format!(
            "Event: {event}\r\nPrivilege: security,all\r\nService: PJSIP\r\nEventVersion: 1\r\nAccountID: {account}\r\n\
             SessionID: a@b\r\nLocalAddress: IPV4/UDP/192.0.2.9/5060\r\nRemoteAddress: {remote}\r\n{more}\r\n"
        );
        let mut decoder = crate::apply::ami::Decoder::default();
        decoder.buffer().extend_from_slice(text.as_bytes());
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_477_762);
        Seen::of_event(&decoder.message().unwrap().unwrap(), now)
    }

    fn failed(remote: &str, challenge: &str) -> Option<Fact> {
        let more = format!("Challenge: {challenge}\r\nResponse: {DIGITS}\r\nExpectedResponse: \r\n");
        read("ChallengeResponseFailed", "<unknown>", remote, &more).map(|seen| seen.fact)
    }

    #[test]
    fn an_answer_over_udp_counts_for_its_address_only_with_a_fresh_challenge() {
        let fact = |challenge: &str| failed("IPV4/UDP/192.0.2.1/5060", challenge).unwrap();
        assert_eq!(fact(&format!("1795477762/{DIGITS}")), Fact::Answered);
        assert_eq!(fact(&format!("1795477730/{DIGITS}")), Fact::Answered);
        let (old, early) = (format!("1795477600/{DIGITS}"), format!("1795477900/{DIGITS}"));
        for forged in ["", "1/abc", &old, &early, "1795477762/xyz"] {
            assert_eq!(fact(forged), Fact::Heard, "{forged}");
        }
        assert_eq!(failed("IPV4/TCP/192.0.2.1/5060", ""), Some(Fact::Refused));
        assert_eq!(failed("IPV4/TLS/192.0.2.1/5060", "1/abc"), Some(Fact::Refused));
    }

    #[test]
    fn addresses_and_accounts_are_read() {
        let seen = read("InvalidAccountID", "a\u{7}b", "IPV6/UDP/2001:db8:1:2::9/5060", "").unwrap();
        assert_eq!(seen.network.to_string(), "2001:db8:1:2::/64");
        assert_eq!(seen.account.as_deref(), Some("a?b"));
        assert_eq!((seen.fact, seen.what), (Fact::Heard, "unknown accounts"));
        let good = read("SuccessfulAuth", "ann", "IPV4/UDP/192.0.2.1/5060", "UsingPassword: 1\r\n").unwrap();
        assert_eq!(good.fact, Fact::Success);
    }

    #[test]
    fn an_account_cannot_write_another_address_into_its_event() {
        let real = "IPV4/UDP/192.0.2.1/5060";
        for account in [
            "a\r\nRemoteAddress: IPV4/TCP/9.9.9.9/1",
            "a\r\nService: PJSIP",
            "a\r\nEvent: SuccessfulAuth",
            "a\r\nSessionID: x\r\nLocalAddress: y",
        ] {
            let seen = read("InvalidAccountID", account, real, "").unwrap();
            assert_eq!(
                (seen.network.to_string().as_str(), seen.fact),
                ("192.0.2.1", Fact::Heard),
                "{account}"
            );
            assert_eq!(seen.account.as_deref(), Some("a"));
        }
        // One that ends the event ends in nothing.
        assert_eq!(read("InvalidAccountID", "a\r\n\r\nEvent: FailedACL", real, ""), None);
    }

    #[test]
    fn what_says_nothing_is_passed_over() {
        assert_eq!(read("SessionLimit", "a", "IPV4/UDP/192.0.2.1/5060", ""), None);
        assert_eq!(read("InvalidPassword", "a", "IPV4/UDP//", ""), None);
        assert_eq!(read("InvalidPassword", "a", "", ""), None);
    }
}
