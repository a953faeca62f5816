//! The section `http`: where the API is, and whether it speaks TLS.

use super::{Origins, number, switch};
use serde::Deserialize;
use std::net::ToSocketAddrs;
use std::path::PathBuf;

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// `host:port` of the REST API.
    pub listen: String,
    pub tls: Tls,
    /// PEM files of a certificate (with the chain above it) and its key; cordboard's own when not given.
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
    /// Another address than loopback may go without TLS.
    #[serde(deserialize_with = "switch")]
    pub allow_plain: bool,
    /// Whose pages may use the API in a browser.
    pub origins: Origins,
    /// How many requests an address may send in a minute without a token that counts; 0 is any number.
    #[serde(deserialize_with = "number")]
    pub strangers_per_minute: u32,
    /// How many connections an address may have open; 0 is any number.
    #[serde(deserialize_with = "number")]
    pub connections_per_address: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    #[default]
    Off,
    On,
}

impl Default for Http {
    fn default() -> Self {
        Http {
            listen: "127.0.0.1:9486".to_owned(),
            tls: Tls::Off,
            certificate: None,
            key: None,
            allow_plain: false,
            origins: Origins::Any,
            strangers_per_minute: 600,
            connections_per_address: 128,
        }
    }
}

impl Http {
    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        match self.tls {
            Tls::Off => "http",
            Tls::On => "https",
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.certificate.is_some() != self.key.is_some() {
            return Err("http.certificate and http.key belong together: give both or none".to_owned());
        }
        if self.tls == Tls::Off && !self.allow_plain && self.is_public() {
            return Err(format!(
                "http.listen = {:?} can be reached from the network, and without TLS everybody there can read \
                 passwords and tokens. Set http.tls = \"on\" (cordboard makes a certificate when http.certificate \
                 is not given), or listen on 127.0.0.1 behind a proxy that speaks TLS, or, if you want it in the \
                 clear, set http.allow_plain = true",
                self.listen
            ));
        }
        Ok(())
    }

    /// Is one of the addresses another than loopback? One that names nothing is told when it is listened on.
    fn is_public(&self) -> bool {
        self.listen.to_socket_addrs().is_ok_and(|mut all| all.any(|one| !one.ip().is_loopback()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), String> {
        Http::deserialize(text.parse::<toml::Table>().unwrap()).unwrap().check()
    }

    #[test]
    fn only_loopback_goes_without_tls_unless_told() {
        for listen in ["127.0.0.1:9486", "127.8.8.8:1", "[::1]:9486"] {
            assert_eq!(checked(&format!("listen = \"{listen}\"")), Ok(()), "{listen}");
        }
        for listen in ["0.0.0.0:9486", "[::]:9486", "192.0.2.1:80"] {
            let said = checked(&format!("listen = \"{listen}\"")).unwrap_err();
            assert!(said.contains("http.tls") && said.contains("http.allow_plain"), "{said}");
            assert_eq!(checked(&format!("listen = \"{listen}\"\ntls = \"on\"")), Ok(()));
            assert_eq!(checked(&format!("listen = \"{listen}\"\nallow_plain = true")), Ok(()));
        }
    }

    #[test]
    fn a_certificate_comes_with_its_key() {
        assert!(checked("tls = \"on\"\nkey = \"k.pem\"").unwrap_err().contains("http.certificate"));
        assert_eq!(checked("tls = \"on\"\nkey = \"k.pem\"\ncertificate = \"c.pem\""), Ok(()));
    }
}
