//! Settings → the guard against who attacks SIP; the database as its list of blocks.

use crate::apply::{ApplySettings, BlockList, GuardSettings, Limit, Mode, Offence, Ports};
use crate::clock;
use crate::db::{self, Db, WriteTx};
use crate::domain::network::Network;
use crate::load;
use crate::model::{Options, Site};
use crate::resources::blocks::{self, Offender, Terms, store};
use crate::settings::{Abuse, Settings};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

/// The database as the guard sees it.
pub struct Blocks {
    db: Db,
    terms: Terms,
}

impl Blocks {
    /// The blocks in this database, which last as the settings say.
    pub fn new(db: Db, abuse: &Abuse) -> Blocks {
        let seconds = |number: u32| Duration::from_secs(number.into());
        Blocks { db, terms: Terms { first: seconds(abuse.duration), longest: seconds(abuse.longest) } }
    }
}

/// What the guard of these settings is told.
pub fn guard(settings: &Settings, apply: &ApplySettings) -> GuardSettings {
    let (abuse, sip) = (&settings.abuse, &settings.sip);
    let port = |text: &str| text.parse::<SocketAddr>().ok().map(|address| address.port());
    GuardSettings {
        account: match &apply.mode {
            Mode::Managed { ami, .. } | Mode::External { ami } => Some(ami.clone()),
            Mode::None => None,
        },
        limit: Limit { failures: abuse.failures, within: Duration::from_secs(abuse.seconds.into()) },
        block: abuse.block,
        trusted: abuse.trusted.clone(),
        firewall: abuse.firewall,
        ports: Ports {
            udp: port(&sip.udp).into_iter().collect(),
            tcp: [&sip.tcp, &sip.tls, &sip.wss].into_iter().filter_map(|text| port(text)).collect(),
        },
    }
}

impl BlockList for Blocks {
    fn revision(&self) -> Result<i64, String> {
        self.db.read(db::revision).map_err(|error| error.to_string())
    }

    fn block(&self, offences: &[Offence]) -> Result<(), String> {
        let (offenders, terms): (Vec<_>, _) = (offences.iter().map(offender).collect(), self.terms);
        let write = move |tx: &WriteTx| offenders.iter().try_for_each(|one| blocks::block(tx, one, terms));
        self.db.write_blocking("attack on SIP", write).map(drop).map_err(|error| error.to_string())
    }

    fn release(&self, networks: &[Network]) -> Result<(), String> {
        let networks = networks.to_vec();
        let write =
            move |tx: &WriteTx| networks.iter().try_for_each(|network| store::delete(tx, network).map(drop));
        self.db.write_blocking("trusted address", write).map(drop).map_err(|error| error.to_string())
    }

    fn end_blocks(&self) -> Result<(), String> {
        self.db.write_blocking("end of a block", blocks::end).map(drop).map_err(|error| error.to_string())
    }

    fn blocked(&self) -> Result<Vec<(Network, SystemTime)>, String> {
        let blocked = self.db.read(store::active).map_err(|error| error.to_string())?;
        Ok(blocked.into_iter().filter_map(|(network, until)| Some((network, clock::read(&until)?))).collect())
    }

    fn providers(&self) -> Result<Vec<String>, String> {
        let model = self.db.read(|connection| load::model(connection, Site::default()));
        let model = model.map_err(|error| error.to_string())?;
        let trunks = model.endpoints.iter().filter(|endpoint| endpoint.trunk.is_some());
        let hosts = trunks.flat_map(|trunk| {
            let lists = [&trunk.identify, &trunk.aor, &trunk.registration, &trunk.endpoint];
            lists.into_iter().flat_map(hosts).collect::<Vec<_>>()
        });
        Ok(hosts.collect::<BTreeSet<_>>().into_iter().collect())
    }
}

/// The hosts that a trunk's options name.
fn hosts(options: &Options) -> Vec<String> {
    let values = options.iter().filter(|(key, _)| {
        matches!(
            key.as_str(),
            "match" | "contact" | "server_uri" | "client_uri" | "outbound_proxy" | "from_domain"
        )
    });
    let hosts = values.flat_map(|(_, value)| value.split(',')).filter_map(host);
    hosts.collect()
}

/// `sip:name@host:5060;lr`, `host:5060`, `[2001:db8::1]:5060`, `10.0.0.0/8`: the host, address or network.
fn host(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('!');
    let text = text.trim_start_matches("sips:").trim_start_matches("sip:");
    let text = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
    let text = text.split([';', '?', '>', '\\']).next().unwrap_or_default();
    let host = match text.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None if text.matches(':').count() > 1 => text,
        None => text.split(':').next().unwrap_or_default(),
    };
    (!host.is_empty()).then(|| host.to_owned())
}

fn offender(offence: &Offence) -> Offender {
    Offender {
        network: offence.network,
        reason: offence.reason.clone(),
        failures: offence.failures,
        accounts: offence.accounts.clone(),
        brief: offence.brief,
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_hosts_of_a_trunk_are_read() {
        for (text, found) in [
            ("sip:me@sip.example.com:5060;transport=udp", "sip.example.com"),
            ("198.51.100.7", "198.51.100.7"),
            ("198.51.100.7:5080", "198.51.100.7"),
            (" 198.51.100.0/24", "198.51.100.0/24"),
            ("198.51.100.0/255.255.255.0", "198.51.100.0/255.255.255.0"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("sip:[2001:db8::1]:5060", "2001:db8::1"),
            ("sip:proxy.example\\;lr", "proxy.example"),
        ] {
            assert_eq!(host(text).as_deref(), Some(found));
        }
        assert_eq!(host(""), None);
    }
}
