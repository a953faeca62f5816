//! Lines as the API shows them: briefly in GET, with the complete endpoint and extensions in the answer to POST.

use super::{Line, store};
use crate::domain::secret::unseen;
use crate::domain::sip::{CallerId, Options, caller_id};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::{applications, endpoints_custom, endpoints_sccp, endpoints_sip, extensions};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A line, keys in the contract's order. `E` is how its SIP endpoint is shown, `C` its custom one, `S` its
/// SCCP one, `X` its extensions.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct View<E, C, S, X> {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: Option<String>,
    pub protocol: Option<&'static str>,
    pub device_id: Option<String>,
    pub device_slot: i64,
    pub provisioning_extension: String,
    pub context: String,
    pub provisioning_code: String,
    pub position: i64,
    pub caller_id_name: Option<String>,
    pub caller_id_num: Option<String>,
    pub registrar: String,
    pub links: Vec<Link>,
    pub application: Option<applications::Brief>,
    pub endpoint_sip: Option<E>,
    pub endpoint_sccp: Option<S>,
    pub endpoint_custom: Option<C>,
    pub extensions: Vec<X>,
    pub users: Vec<UserView>,
    pub is_webrtc: bool,
}

/// A line as GET shows it.
pub type Brief = View<EndpointView, endpoints_custom::Brief, endpoints_sccp::Brief, ExtensionView>;

/// A line as the answer to POST shows it.
pub type Created = View<endpoints_sip::View, endpoints_custom::View, endpoints_sccp::View, extensions::View>;

/// A SIP endpoint inside a line: of its credentials only the username.
#[derive(Clone, Serialize, schemars::JsonSchema)]
pub struct EndpointView {
    pub uuid: Uuid,
    pub label: Option<String>,
    pub name: String,
    pub auth_section_options: Options,
    pub links: Vec<Link>,
}

unseen!(EndpointView);

/// An extension inside a line.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ExtensionView {
    pub id: i64,
    pub exten: String,
    pub context: String,
    pub links: Vec<Link>,
}

/// A user inside a line.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct UserView {
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
    pub links: Vec<Link>,
}

/// What a line has of other resources, as they are shown in it.
struct Parts<E, C, S, X> {
    endpoints: HashMap<Uuid, (Shown, E)>,
    /// With their interfaces.
    customs: HashMap<i64, (String, C)>,
    /// With their caller ids.
    sccps: HashMap<i64, (CallerId, S)>,
    extensions: HashMap<i64, Vec<X>>,
    users: HashMap<i64, Vec<UserView>>,
    applications: HashMap<i64, applications::Brief>,
    webrtc: HashSet<Uuid>,
}

/// What of an endpoint is the line's own.
struct Shown {
    name: String,
    caller_id: CallerId,
}

/// The lines as GET shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<Brief>> {
    let lines = store::many(connection, ids)?;
    let endpoints = endpoints_sip::store::many(connection, &endpoint_uuids(&lines))?;
    let parts = Parts {
        applications: applications::briefs_of_lines(call, connection, ids)?,
        customs: customs(call, connection, &lines)?,
        sccps: sccps(call, connection, &lines)?,
        endpoints: endpoints
            .into_iter()
            .map(|endpoint| {
                let shown =
                    Shown { name: endpoint.name.clone(), caller_id: caller_id(&endpoint.options.endpoint) };
                (endpoint.uuid, (shown, endpoint_view(call, endpoint)))
            })
            .collect(),
        extensions: grouped(store::extension_rows(connection, ids)?, |extension| ExtensionView {
            links: call.links("extensions", &format!("/extensions/{}", extension.id)),
            id: extension.id,
            exten: extension.exten,
            context: extension.context,
        }),
        users: users(call, connection, ids)?,
        webrtc: endpoints_sip::webrtc(connection, &endpoint_uuids(&lines))?,
    };
    Ok(assemble(call, lines, parts))
}

/// The lines as the answer to POST shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn created_views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<Created>> {
    let lines = store::many(connection, ids)?;
    let uuids = endpoint_uuids(&lines);
    // One by one: lines that share a number each show it, and few lines are made at once.
    let mut extensions = HashMap::new();
    for (line, extension) in store::extension_rows(connection, ids)? {
        let views = extensions::views(call, connection, &[extension.id])?;
        extensions.entry(line).or_insert_with(Vec::new).extend(views);
    }
    let parts = Parts {
        applications: HashMap::new(),
        customs: customs(call, connection, &lines)?,
        sccps: sccps(call, connection, &lines)?,
        endpoints: endpoints_sip::views(call, connection, &uuids)?
            .into_iter()
            .map(|view| {
                let shown = Shown { name: view.name.clone(), caller_id: caller_id(&view.options.endpoint) };
                (view.uuid, (shown, view))
            })
            .collect(),
        extensions,
        users: users(call, connection, ids)?,
        webrtc: endpoints_sip::webrtc(connection, &uuids)?,
    };
    Ok(assemble(call, lines, parts))
}

/// The custom endpoints of these lines by their ids, with their interfaces.
fn customs<C: From<endpoints_custom::View>>(
    call: &Call,
    connection: &Connection,
    lines: &[Line],
) -> Result<HashMap<i64, (String, C)>> {
    let ids: Vec<i64> = lines.iter().filter_map(|line| line.endpoint_custom_id).collect();
    let views = endpoints_custom::views(call, connection, &ids)?.into_iter();
    Ok(views.map(|view| (view.id, (view.interface.clone(), C::from(view)))).collect())
}

/// The SCCP endpoints of these lines by their ids, with their caller ids.
fn sccps<S: From<endpoints_sccp::View>>(
    call: &Call,
    connection: &Connection,
    lines: &[Line],
) -> Result<HashMap<i64, (CallerId, S)>> {
    let ids: Vec<i64> = lines.iter().filter_map(|line| line.endpoint_sccp_id).collect();
    let views = endpoints_sccp::views(call, connection, &ids)?.into_iter();
    let shown = views.map(|view| {
        let caller_id = CallerId { name: Some(view.cid_name.clone()), num: Some(view.cid_num.clone()) };
        (view.id, (caller_id, S::from(view)))
    });
    Ok(shown.collect())
}

fn endpoint_uuids(lines: &[Line]) -> Vec<Uuid> {
    lines.iter().filter_map(|line| line.endpoint_sip_uuid).collect()
}

fn endpoint_view(call: &Call, endpoint: endpoints_sip::Endpoint) -> EndpointView {
    let username = |(key, _): &(String, String)| key == "username";
    EndpointView {
        links: call.links("endpoint_sip", &format!("/endpoints/sip/{}", endpoint.uuid)),
        uuid: endpoint.uuid,
        label: endpoint.label,
        name: endpoint.name,
        auth_section_options: endpoint.options.auth.into_iter().filter(username).collect(),
    }
}

fn users(call: &Call, connection: &Connection, ids: &[i64]) -> Result<HashMap<i64, Vec<UserView>>> {
    Ok(grouped(store::user_rows(connection, ids)?, |user| UserView {
        uuid: user.uuid,
        firstname: user.firstname,
        lastname: user.lastname,
        links: call.links("users", &format!("/users/{}", user.id)),
    }))
}

fn grouped<R, V>(rows: Vec<(i64, R)>, mut view: impl FnMut(R) -> V) -> HashMap<i64, Vec<V>> {
    let mut groups: HashMap<i64, Vec<V>> = HashMap::new();
    for (line, row) in rows {
        groups.entry(line).or_default().push(view(row));
    }
    groups
}

fn assemble<E, C, S, X>(
    call: &Call,
    lines: Vec<Line>,
    mut parts: Parts<E, C, S, X>,
) -> Vec<View<E, C, S, X>> {
    let mut view = |line: Line| {
        let (shown, endpoint) = line.endpoint_sip_uuid.and_then(|uuid| parts.endpoints.remove(&uuid)).unzip();
        let (name, caller_id) =
            shown.map_or((None, CallerId::default()), |shown| (Some(shown.name), shown.caller_id));
        let (sccp_id, sccp) = line.endpoint_sccp_id.and_then(|id| parts.sccps.remove(&id)).unzip();
        let caller_id = sccp_id.unwrap_or(caller_id);
        let (interface, custom) = line.endpoint_custom_id.and_then(|id| parts.customs.remove(&id)).unzip();
        let protocol = endpoint.as_ref().map(|_| "sip").or_else(|| custom.as_ref().map(|_| "custom"));
        let protocol = protocol.or_else(|| sccp.as_ref().map(|_| "sccp"));
        View {
            id: line.id,
            tenant_uuid: line.tenant_uuid,
            protocol,
            name: name.or(interface),
            device_id: line.device_id,
            device_slot: line.position,
            provisioning_extension: line.provisioning_code.clone(),
            context: line.context,
            provisioning_code: line.provisioning_code,
            position: line.position,
            caller_id_name: caller_id.name,
            caller_id_num: caller_id.num,
            registrar: line.registrar,
            links: call.links("lines", &format!("/lines/{}", line.id)),
            application: parts.applications.remove(&line.id),
            endpoint_sip: endpoint,
            endpoint_sccp: sccp,
            endpoint_custom: custom,
            extensions: parts.extensions.remove(&line.id).unwrap_or_default(),
            users: parts.users.remove(&line.id).unwrap_or_default(),
            is_webrtc: line.endpoint_sip_uuid.is_some_and(|uuid| parts.webrtc.contains(&uuid)),
        }
    };
    lines.into_iter().map(&mut view).collect()
}
