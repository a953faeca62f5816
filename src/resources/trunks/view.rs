//! A trunk as the API shows it.

use super::{Trunk, store};
use crate::domain::secret::unseen;
use crate::domain::sip::Options;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::endpoint::{Owner, Reference};
use crate::resources::{endpoints_custom, endpoints_iax, endpoints_sip};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A trunk, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub context: Option<String>,
    pub twilio_incoming: bool,
    pub outgoing_caller_id_format: String,
    pub links: Vec<Link>,
    pub endpoint_sip: Option<SipBrief>,
    pub endpoint_custom: Option<endpoints_custom::Brief>,
    pub endpoint_iax: Option<endpoints_iax::Brief>,
    pub outcalls: Vec<OutcallBrief>,
    pub register_iax: Option<Owner>,
}

/// A SIP endpoint inside a trunk: of its credentials only the username, of its registration only the address.
#[derive(Clone, Serialize, schemars::JsonSchema)]
pub struct SipBrief {
    pub uuid: Uuid,
    pub label: Option<String>,
    pub name: String,
    pub auth_section_options: Options,
    pub registration_section_options: Options,
    pub links: Vec<Link>,
}

unseen!(SipBrief);

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct OutcallBrief {
    pub id: i64,
    pub name: String,
    pub links: Vec<Link>,
}

/// The endpoints of trunks, as they are shown in them.
struct Endpoints {
    sip: HashMap<Uuid, SipBrief>,
    custom: HashMap<i64, endpoints_custom::Brief>,
    iax: HashMap<i64, endpoints_iax::Brief>,
}

/// The trunks as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let trunks = store::many(connection, ids)?;
    let mut endpoints = endpoints(call, connection, &trunks)?;
    let mut outcalls: HashMap<i64, Vec<OutcallBrief>> = HashMap::new();
    for (trunk, id, name) in store::outcalls(connection, ids)? {
        let links = call.links("outcalls", &format!("/outcalls/{id}"));
        outcalls.entry(trunk).or_default().push(OutcallBrief { id, name, links });
    }
    let shown = trunks.into_iter().map(|trunk| {
        let outcalls = outcalls.remove(&trunk.id).unwrap_or_default();
        view(call, trunk, &mut endpoints, outcalls)
    });
    Ok(shown.collect())
}

fn endpoints(call: &Call, connection: &Connection, trunks: &[Trunk]) -> Result<Endpoints> {
    let (mut uuids, mut customs, mut iaxes) = (Vec::new(), Vec::new(), Vec::new());
    for endpoint in trunks.iter().filter_map(|trunk| trunk.endpoint) {
        match endpoint {
            Reference::Sip(uuid) => uuids.push(uuid),
            Reference::Custom(id) => customs.push(id),
            Reference::Iax(id) => iaxes.push(id),
            Reference::Sccp(_) => {}
        }
    }
    let sip = endpoints_sip::store::many(connection, &uuids)?.into_iter();
    let custom = endpoints_custom::views(call, connection, &customs)?.into_iter();
    let iax = endpoints_iax::views(call, connection, &iaxes)?.into_iter();
    Ok(Endpoints {
        sip: sip.map(|endpoint| (endpoint.uuid, sip_brief(call, endpoint))).collect(),
        custom: custom.map(|view| (view.id, view.into())).collect(),
        iax: iax
            .map(|view| (view.id, endpoints_iax::Brief { id: view.id, name: view.name, links: view.links }))
            .collect(),
    })
}

fn sip_brief(call: &Call, endpoint: endpoints_sip::Endpoint) -> SipBrief {
    let only = |options: Options, name: &str| options.into_iter().filter(|(key, _)| key == name).collect();
    SipBrief {
        links: call.links("endpoint_sip", &format!("/endpoints/sip/{}", endpoint.uuid)),
        uuid: endpoint.uuid,
        label: endpoint.label,
        name: endpoint.name,
        auth_section_options: only(endpoint.options.auth, "username"),
        registration_section_options: only(endpoint.options.registration, "client_uri"),
    }
}

fn view(call: &Call, trunk: Trunk, endpoints: &mut Endpoints, outcalls: Vec<OutcallBrief>) -> View {
    let (mut endpoint_sip, mut endpoint_custom, mut endpoint_iax) = (None, None, None);
    match trunk.endpoint {
        Some(Reference::Sip(uuid)) => endpoint_sip = endpoints.sip.remove(&uuid),
        Some(Reference::Custom(id)) => endpoint_custom = endpoints.custom.remove(&id),
        Some(Reference::Iax(id)) => endpoint_iax = endpoints.iax.remove(&id),
        Some(Reference::Sccp(_)) | None => {}
    }
    let register = |id| Owner { id, links: call.links("register_iax", &format!("/registers/iax/{id}")) };
    View {
        id: trunk.id,
        tenant_uuid: trunk.tenant_uuid,
        context: trunk.context,
        twilio_incoming: trunk.twilio_incoming,
        outgoing_caller_id_format: trunk.outgoing_caller_id_format,
        links: call.links("trunks", &format!("/trunks/{}", trunk.id)),
        endpoint_sip,
        endpoint_custom,
        endpoint_iax,
        outcalls,
        register_iax: trunk.register_iax_id.map(register),
    }
}
