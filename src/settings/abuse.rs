//! The section `abuse`: when an address that attacks SIP is blocked, how, for how long, and which never is.

use super::{number, switch};
use crate::domain::network::Network;
use serde::{Deserialize, Deserializer};

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Abuse {
    /// Offenders are blocked. If not, they are only told of in the log.
    #[serde(deserialize_with = "switch")]
    pub block: bool,
    /// So many failures …
    #[serde(deserialize_with = "number")]
    pub failures: u32,
    /// … within so many seconds are too many.
    #[serde(deserialize_with = "number")]
    pub seconds: u32,
    /// Seconds that a first block lasts; each further one lasts twice as long.
    #[serde(deserialize_with = "number")]
    pub duration: u32,
    /// Seconds that no block exceeds.
    #[serde(deserialize_with = "number")]
    pub longest: u32,
    /// Addresses and networks that are never blocked.
    #[serde(deserialize_with = "networks")]
    pub trusted: Vec<Network>,
    pub firewall: Firewall,
}

/// Are offenders' packets dropped by nftables, before Asterisk sees them?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Firewall {
    /// When `nft` is there and may.
    #[default]
    Auto,
    On,
    Off,
}

impl Default for Abuse {
    fn default() -> Self {
        let loopback = ["127.0.0.0/8", "::1"].into_iter().filter_map(Network::read).collect();
        Abuse {
            block: true,
            failures: 20,
            seconds: 60,
            duration: 600,
            longest: 86_400,
            trusted: loopback,
            firewall: Firewall::Auto,
        }
    }
}

impl Abuse {
    pub(super) fn check(&self) -> Result<(), String> {
        for (key, value) in [
            ("failures", self.failures),
            ("seconds", self.seconds),
            ("duration", self.duration),
            ("longest", self.longest),
        ] {
            if value == 0 {
                return Err(format!("abuse.{key} = 0: a whole number from 1 on is expected"));
            }
        }
        Ok(())
    }
}

fn networks<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Network>, D::Error> {
    let read = |text: String| {
        Network::read(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no address and no network")))
    };
    super::texts(from)?.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Abuse, String> {
        let abuse =
            Abuse::deserialize(text.parse::<toml::Table>().unwrap()).map_err(|error| error.to_string())?;
        abuse.check().map(|()| abuse)
    }

    #[test]
    fn trusted_networks_are_a_list_or_a_line() {
        let names = |abuse: Abuse| abuse.trusted.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(read("").unwrap()), ["127.0.0.0/8", "::1"]);
        assert_eq!(names(read("trusted = []").unwrap()), [""; 0]);
        assert_eq!(names(read("trusted = \"\"").unwrap()), [""; 0]);
        assert_eq!(names(read("trusted = \"10.0.0.0/8, ::1\"").unwrap()), ["10.0.0.0/8", "::1"]);
        assert_eq!(names(read("trusted = [\"192.0.2.7\"]").unwrap()), ["192.0.2.7"]);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert!(read("trusted = [\"office\"]").unwrap_err().contains("\"office\" is no address"));
        assert!(read("failures = 0").unwrap_err().contains("abuse.failures"));
        assert!(read("firewall = \"maybe\"").is_err());
    }
}
