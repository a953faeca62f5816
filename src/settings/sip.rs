//! The section `sip`: where phones and browsers find Asterisk, and the certificate that they are shown.

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sip {
    /// `host:port`, or empty for none.
    pub udp: String,
    pub tcp: String,
    /// `host:port` of SIP over TLS; none when empty.
    pub tls: String,
    /// `host:port` of SIP over websockets with TLS, for browsers; none when empty.
    pub wss: String,
    /// PEM files for both; those of the API when not given.
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
    /// First and last port: `10000-20000`.
    pub rtp_ports: String,
}

impl Default for Sip {
    fn default() -> Self {
        Sip {
            udp: "0.0.0.0:5060".to_owned(),
            tcp: "0.0.0.0:5060".to_owned(),
            tls: String::new(),
            wss: String::new(),
            certificate: None,
            key: None,
            rtp_ports: "10000-20000".to_owned(),
        }
    }
}

impl Sip {
    /// First and last RTP port.
    ///
    /// # Errors
    /// A sentence that names the key.
    pub fn rtp_range(&self) -> Result<(u16, u16), String> {
        let ports = self.rtp_ports.split_once('-').and_then(|(first, last)| {
            let (first, last) = (first.trim().parse::<u16>().ok()?, last.trim().parse::<u16>().ok()?);
            (first >= 1024 && last > first).then_some((first, last))
        });
        ports.ok_or_else(|| {
            format!("sip.rtp_ports = {:?}: two ports are expected, such as \"10000-20000\"", self.rtp_ports)
        })
    }

    /// Where a certificate is shown: the addresses of TLS and of websockets.
    pub fn encrypted(&self) -> impl Iterator<Item = SocketAddr> {
        [&self.tls, &self.wss].into_iter().filter_map(|address| address.parse().ok())
    }

    pub(super) fn check(&self) -> Result<(), String> {
        self.rtp_range()?;
        let addresses = [("udp", &self.udp), ("tcp", &self.tcp), ("tls", &self.tls), ("wss", &self.wss)];
        for (key, value) in addresses {
            if !value.is_empty() && value.parse::<SocketAddr>().is_err() {
                return Err(format!(
                    "sip.{key} = {value:?}: an address and a port are expected, such as \"0.0.0.0:5060\""
                ));
            }
        }
        if !self.wss.is_empty() && (self.wss == self.tls || self.wss == self.tcp) {
            return Err(format!("sip.wss = {:?} is used twice: it needs a port of its own", self.wss));
        }
        if self.certificate.is_some() != self.key.is_some() {
            return Err("sip.certificate and sip.key belong together: give both or none".to_owned());
        }
        Ok(())
    }

    /// What an Asterisk that somebody else runs can't have. `has_files`: the settings name a certificate for the API.
    pub(super) fn check_external(&self, has_files: bool) -> Result<(), String> {
        if !self.tls.is_empty() && self.certificate.is_none() && !has_files {
            return Err("sip.tls needs sip.certificate and sip.key when asterisk.mode is \"external\": that Asterisk \
                        can't read the storage"
                .to_owned());
        }
        if !self.wss.is_empty() {
            return Err("sip.wss is only for asterisk.mode = \"managed\": an Asterisk of your own has its web server in \
                        its own http.conf"
                .to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Sip;

    #[test]
    fn websockets_have_a_port_of_their_own() {
        let sip = |wss: &str| Sip { wss: wss.to_owned(), tls: "0.0.0.0:5061".to_owned(), ..Sip::default() };
        assert_eq!(sip("0.0.0.0:8089").check(), Ok(()));
        for wss in ["0.0.0.0:5061", "0.0.0.0:5060", "8089"] {
            assert!(sip(wss).check().unwrap_err().contains("sip.wss"), "{wss}");
        }
    }

    #[test]
    fn an_external_asterisk_has_a_web_server_of_its_own() {
        let sip = Sip { wss: "0.0.0.0:8089".to_owned(), ..Sip::default() };
        assert!(sip.check_external(true).unwrap_err().contains("http.conf"));
    }
}
