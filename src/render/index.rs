//! The model, indexed once so that no file is rendered in quadratic time.

use std::collections::{BTreeMap, BTreeSet};

use super::{escape, music};
use crate::domain::general::AREAS;
use crate::model::{Context, Endpoint, Extension, Mailbox, Model, Options, Transport, Trunk, User};

/// Transports that the site itself says where to listen; that of TLS only when the settings have one.
const SITE_TRANSPORTS: [&str; 2] = ["transport-udp", "transport-tcp"];
pub const TLS_TRANSPORT: &str = "transport-tls";
pub const WSS_TRANSPORT: &str = "transport-wss";

/// The model and what the files look up in it.
pub struct Index<'a> {
    pub model: &'a Model,
    /// The contexts that are rendered, in the model's order.
    pub contexts: Vec<&'a Context>,
    context_names: BTreeMap<&'a str, &'a Context>,
    users: BTreeMap<i64, &'a User>,
    trunks: BTreeMap<i64, &'a Trunk>,
    countries: BTreeMap<&'a str, &'a str>,
    /// Every trunk that an outcall of a tenant uses, by tenant: in the order of the outcalls, each once.
    pub emergency_trunks: BTreeMap<&'a str, Vec<i64>>,
    extensions: BTreeMap<&'a str, Vec<&'a Extension>>,
    zones: BTreeSet<&'a str>,
    music: BTreeSet<&'a str>,
    transports: BTreeSet<&'a str>,
    aliases: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> Index<'a> {
    pub fn new(model: &'a Model) -> Self {
        let contexts: Vec<_> = model.contexts.iter().filter(|context| context.enabled).collect();
        let mut extensions: BTreeMap<&str, Vec<&Extension>> = BTreeMap::new();
        for extension in &model.extensions {
            extensions.entry(&extension.context).or_default().push(extension);
        }
        Self {
            model,
            context_names: contexts.iter().map(|context| (context.name.as_str(), *context)).collect(),
            contexts,
            users: model.users.iter().map(|user| (user.id, user)).collect(),
            trunks: model.trunks.iter().map(|trunk| (trunk.id, trunk)).collect(),
            countries: model
                .tenants
                .iter()
                .filter_map(|tenant| Some((tenant.uuid.as_str(), tenant.country.as_deref()?)))
                .collect(),
            extensions,
            zones: model
                .zones
                .iter()
                .map(|zone| zone.name.as_str())
                .filter(|name| escape::is_name(name))
                .collect(),
            music: model
                .music
                .iter()
                .filter(|class| music::plays(class))
                .map(|class| class.name.as_str())
                .collect(),
            transports: transports(model).map(|transport| transport.name.as_str()).collect(),
            aliases: aliases(model),
            emergency_trunks: emergency_trunks(model),
        }
    }

    pub fn user(&self, id: Option<i64>) -> Option<&'a User> {
        self.users.get(&id?).copied()
    }

    pub fn trunk(&self, id: i64) -> Option<&'a Trunk> {
        self.trunks.get(&id).copied()
    }

    /// The code of a tenant's country.
    pub fn country(&self, tenant: &str) -> Option<&'a str> {
        self.countries.get(tenant).copied()
    }

    pub fn context(&self, name: &str) -> Option<&'a Context> {
        self.context_names.get(name).copied()
    }

    /// The extensions of a context, by number.
    pub fn extensions(&self, context: &str) -> &[&'a Extension] {
        self.extensions.get(context).map_or(&[], Vec::as_slice)
    }

    /// True when a zone message of that name is rendered.
    pub fn has_zone(&self, name: &str) -> bool {
        self.zones.contains(name)
    }

    /// The options of a set of `domain::general::AREAS` that have an effect.
    pub fn general(&self, place: usize) -> Options {
        let seed = || {
            let seed = AREAS.get(place).map(|area| area.seed).unwrap_or_default();
            seed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        self.model.general.get(place).cloned().unwrap_or_else(seed)
    }

    /// True when there is a class of music of that name.
    pub fn has_music(&self, name: &str) -> bool {
        self.music.contains(name)
    }

    /// True when an endpoint may name this transport. The site's own are never named: Asterisk then answers
    /// over whatever a phone registered with, be it UDP or TCP.
    pub fn names_transport(&self, name: &str) -> bool {
        self.transports.contains(name)
    }

    /// The authentication name of an endpoint that its phone may show in place of the endpoint's name:
    /// different from it, and nobody else's name.
    pub fn alias(&self, endpoint: &'a Endpoint) -> Option<&'a str> {
        let name = auth_username(endpoint)?;
        (self.aliases.get(name)? == &Some(endpoint.name.as_str())).then_some(name)
    }

    /// The context itself and all that it includes, each once, in the order of the dialplan's search.
    pub fn search(&self, context: &'a Context) -> Vec<&'a Context> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![context];
        while let Some(next) = waiting.pop() {
            if seen.insert(next.name.as_str()) {
                found.push(next);
                waiting.extend(next.includes.iter().rev().filter_map(|name| self.context(name)));
            }
        }
        found
    }
}

fn emergency_trunks(model: &Model) -> BTreeMap<&str, Vec<i64>> {
    let mut trunks: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    let known: BTreeSet<i64> = model.trunks.iter().map(|trunk| trunk.id).collect();
    for outcall in &model.outcalls {
        for id in outcall.trunks.iter().filter(|id| known.contains(id)) {
            let all = trunks.entry(&outcall.tenant_uuid).or_default();
            if !all.contains(id) {
                all.push(*id);
            }
        }
    }
    trunks
}

/// The stored transports that are rendered as they are stored: those of the site and websockets are not. A transport-tls
/// of somebody's own names a certificate.
pub fn transports(model: &Model) -> impl Iterator<Item = &Transport> {
    let is_site = |transport: &Transport| match transport.name.as_str() {
        TLS_TRANSPORT => model.site.sip_tls.is_some() || option(&transport.options, "cert_file").is_none(),
        name => SITE_TRANSPORTS.contains(&name),
    };
    model.transports.iter().filter(move |transport| {
        !is_site(transport) && !matches!(option(&transport.options, "protocol"), Some("ws" | "wss"))
    })
}

/// The last value of an option.
pub fn option<'a>(options: &'a Options, name: &str) -> Option<&'a str> {
    options.iter().rev().find(|(key, _)| key == name).map(|(_, value)| escape::trim(value))
}

/// What stands for `username` in an endpoint's authentication options.
pub fn auth_username(endpoint: &Endpoint) -> Option<&str> {
    option(&endpoint.auth, "username").filter(|name| !name.is_empty())
}

/// Authentication names by the one endpoint that they stand for; nothing where two would claim a name.
fn aliases(model: &Model) -> BTreeMap<&str, Option<&str>> {
    let names: BTreeSet<_> = model.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    let mut aliases = BTreeMap::new();
    for endpoint in &model.endpoints {
        let Some(username) = auth_username(endpoint) else { continue };
        if escape::is_name(username) && !names.contains(username) {
            aliases.entry(username).and_modify(|owner| *owner = None).or_insert(Some(endpoint.name.as_str()));
        }
    }
    aliases
}

/// `number@context` of a mailbox.
pub fn mailbox_name(mailbox: &Mailbox) -> String {
    format!("{}@{}", mailbox.number, mailbox.context)
}
