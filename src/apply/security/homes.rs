//! Where phones are registered from.

use std::net::IpAddr;

use crate::apply::ami::{AmiError, Client};
use crate::domain::network::Network;

/// The networks of all contacts that Asterisk knows.
pub async fn all(client: &mut Client) -> Result<Vec<Network>, AmiError> {
    let mut homes = Vec::new();
    client
        .list("PJSIPShowContacts", &[], |event| {
            let hosts = ["Uri", "ViaAddr"].iter().filter_map(|key| host(event.get(key)?));
            homes.extend(hosts.map(Network::of_owner));
        })
        .await?;
    Ok(homes)
}

/// The address in `sip:ann@192.0.2.1:5060;ob`, or an address alone.
fn host(text: &str) -> Option<IpAddr> {
    let rest = text.split_once('@').map_or(text, |(_, rest)| rest);
    let rest = rest.trim_start_matches("sip:").trim_start_matches("sips:");
    let end = rest.find([';', '>', '?', '/']).unwrap_or(rest.len());
    let rest = rest.get(..end)?;
    if let Ok(address) = rest.trim_matches(['[', ']']).parse() {
        return Some(address);
    }
    rest.rsplit_once(':')?.0.trim_matches(['[', ']']).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_address_of_a_contact_is_read() {
        for (text, address) in [
            ("sip:ann@192.0.2.1:5060", Some("192.0.2.1")),
            ("sip:ann@192.0.2.1;ob", Some("192.0.2.1")),
            ("sip:192.0.2.1:5062;transport=tcp", Some("192.0.2.1")),
            ("sips:ann@[2001:db8::1]:5061", Some("2001:db8::1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("192.0.2.1", Some("192.0.2.1")),
            ("sip:ann@phone.example:5060", None),
            ("", None),
        ] {
            assert_eq!(host(text).map(|found| found.to_string()).as_deref(), address, "{text}");
        }
    }
}
