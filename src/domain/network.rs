//! Networks of addresses, such as `10.0.0.0/8`.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address and how many of its bits count; the others are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// What one owner has: the address itself; of IPv6 the /64 around it.
    pub fn of_owner(address: IpAddr) -> Network {
        let address = address.to_canonical();
        Network::new(address, if address.is_ipv4() { 32 } else { 64 })
    }

    /// The network of these first bits; more than an address has are all of them.
    pub fn new(address: IpAddr, bits: u8) -> Network {
        match address {
            IpAddr::V4(address) => {
                let bits = bits.min(32);
                let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
                Network { address: Ipv4Addr::from_bits(address.to_bits() & mask).into(), bits }
            }
            IpAddr::V6(address) => {
                let bits = bits.min(128);
                let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
                Network { address: Ipv6Addr::from_bits(address.to_bits() & mask).into(), bits }
            }
        }
    }

    /// Reads `192.0.2.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `2001:db8::/32`.
    pub fn read(text: &str) -> Option<Network> {
        let text = text.trim();
        let (address, mask) =
            text.split_once('/').map_or((text, None), |(address, mask)| (address, Some(mask)));
        let address: IpAddr = address.trim().parse().ok()?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = match mask.map(str::trim) {
            None => all,
            Some(mask) => match mask.parse::<Ipv4Addr>() {
                Ok(mask) if address.is_ipv4() => dotted(mask)?,
                _ => mask.parse().ok().filter(|bits| *bits <= all)?,
            },
        };
        Some(Network::new(address, bits))
    }

    /// The first address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// How many bits count.
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// Is every address of `other` in this network?
    pub fn holds(&self, other: &Network) -> bool {
        self.bits <= other.bits && Network::new(other.address, self.bits) == *self
    }

    /// Has it an address that `other` has too?
    pub fn meets(&self, other: &Network) -> bool {
        self.holds(other) || other.holds(self)
    }
}

/// The bits of a mask; nothing when there are gaps in it.
fn dotted(mask: Ipv4Addr) -> Option<u8> {
    let ones = mask.to_bits().leading_ones();
    (mask.to_bits().count_ones() == ones).then(|| u8::try_from(ones).ok())?
}

/// `192.0.2.1` for one address, else `2001:db8::/64`.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = if self.address.is_ipv4() { 32 } else { 128 };
        if self.bits == all {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}/{}", self.address, self.bits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        Network::read(text).unwrap()
    }

    #[test]
    fn networks_are_read_and_written() {
        for (text, written) in [
            ("192.0.2.1", "192.0.2.1"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("10.1.2.3/255.255.0.0", "10.1.0.0/16"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:db8::7/64", "2001:db8::/64"),
            ("::1", "::1"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(network(text).to_string(), written);
        }
        for text in ["", "10.0.0.0/33", "10.0.0.0/255.0.255.0", "::1/129", "::1/255.0.0.0", "office", "1.2.3"]
        {
            assert_eq!(Network::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_network_holds_its_addresses_alone() {
        assert!(network("10.0.0.0/8").holds(&network("10.200.0.1")));
        assert!(!network("10.0.0.0/8").holds(&network("11.0.0.1")));
        assert!(!network("10.0.0.1").holds(&network("10.0.0.0/8")));
        assert!(network("10.0.0.1").meets(&network("10.0.0.0/8")));
        assert!(network("0.0.0.0/0").holds(&network("192.0.2.1")));
        assert!(!network("0.0.0.0/0").meets(&network("::1")));
    }

    #[test]
    fn one_owner_has_an_address_or_a_network_of_ipv6() {
        let owner = |text: &str| Network::of_owner(text.parse().unwrap()).to_string();
        assert_eq!(owner("192.0.2.9"), "192.0.2.9");
        assert_eq!(owner("::ffff:192.0.2.9"), "192.0.2.9");
        assert_eq!(owner("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
    }
}
