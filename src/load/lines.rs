//! Lines with what belongs to them: users, SIP endpoints with their templates merged in, extensions.

use super::filters::{self, Pickups};
use super::rows::all;
use crate::domain::sip::{Options, Resolver, Sections, Source};
use crate::error::Result;
use crate::model::{Endpoint, User};
use crate::resources::endpoints_sip::{Kind, store};
use rusqlite::Connection;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A line as the other tables see it.
pub struct Line {
    id: i64,
    tenant_uuid: String,
    context: String,
    endpoint: Option<Uuid>,
    pub endpoint_name: Option<String>,
    /// What is dialled for a custom line that rings.
    pub interface: Option<String>,
    /// Main user's id and name.
    pub user: Option<(i64, String)>,
    /// Of every user of the line.
    mailboxes: Vec<String>,
    pickups: Pickups,
}

/// Every line, by id. `users` are in the order of their ids.
pub fn all_lines(
    connection: &Connection,
    users: &[User],
    stored: &[store::Endpoint],
) -> Result<BTreeMap<i64, Line>> {
    let names: HashMap<Uuid, &str> = stored.iter().map(|row| (row.uuid, row.name.as_str())).collect();
    let rows =
        all(connection, "SELECT l.id, l.tenant_uuid, l.context, l.endpoint_sip_uuid, c.interface
             FROM line l LEFT JOIN endpoint_custom c ON c.id = l.endpoint_custom_id AND c.enabled ORDER BY l.id", |row| {
            let endpoint = row.get_ref(3)?.as_str_or_null()?.and_then(|uuid| Uuid::try_parse(uuid).ok());
            Ok(Line {
                id: row.get(0)?,
                tenant_uuid: row.get(1)?,
                context: row.get(2)?,
                endpoint_name: endpoint.and_then(|uuid| names.get(&uuid)).map(|name| (*name).to_owned()),
                endpoint,
                interface: row.get(4)?,
                user: None,
                mailboxes: Vec::new(),
                pickups: Pickups::default(),
            })
        })?;
    let mut lines: BTreeMap<i64, Line> = rows.into_iter().map(|line| (line.id, line)).collect();
    let pairs = all(connection, "SELECT line_id, user_id FROM user_line ORDER BY line_id, rank", |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })?;
    for (line, user) in pairs {
        let user = users.binary_search_by_key(&user, |user| user.id).ok().and_then(|at| users.get(at));
        let (Some(line), Some(user)) = (lines.get_mut(&line), user) else { continue };
        line.user.get_or_insert_with(|| (user.id, user.name.clone()));
        line.mailboxes.extend(user.mailbox.clone());
    }
    for (line, pickups) in filters::pickups(connection)? {
        if let Some(line) = lines.get_mut(&line) {
            line.pickups = pickups;
        }
    }
    Ok(lines)
}

/// What an endpoint belongs to.
enum Owner<'a> {
    Line(&'a Line),
    Trunk { id: i64, tenant_uuid: String, context: Option<String> },
}

/// The trunks by their SIP endpoints.
fn trunks(connection: &Connection) -> Result<Vec<(Uuid, Owner<'static>)>> {
    let rows = all(
        connection,
        "SELECT endpoint_sip_uuid, id, tenant_uuid, context FROM trunk WHERE endpoint_sip_uuid IS NOT NULL",
        |row| {
            let owner = Owner::Trunk { id: row.get(1)?, tenant_uuid: row.get(2)?, context: row.get(3)? };
            Ok((Uuid::try_parse(row.get_ref(0)?.as_str()?).ok(), owner))
        },
    )?;
    Ok(rows.into_iter().filter_map(|(uuid, owner)| Some((uuid?, owner))).collect())
}

/// The endpoints that a line or a trunk uses, by name.
pub fn endpoints(
    connection: &Connection,
    lines: &BTreeMap<i64, Line>,
    stored: &[store::Endpoint],
) -> Result<Vec<Endpoint>> {
    let transports: HashMap<String, String> =
        all(connection, "SELECT uuid, name FROM sip_transport", |row| Ok((row.get(0)?, row.get(1)?)))?
            .into_iter()
            .collect();
    let mut used: HashMap<Uuid, Owner<'_>> =
        lines.values().filter_map(|line| Some((line.endpoint?, Owner::Line(line)))).collect();
    used.extend(trunks(connection)?);
    let templates = stored.iter().filter(|row| row.kind == Kind::Template);
    let mut resolver = Resolver::rendered(templates.map(|row| (row.uuid, source(row))).collect());
    let rows = stored.iter().filter_map(|row| Some((row, used.get(&row.uuid)?)));
    Ok(rows
        .map(|(row, owner)| {
            let merged = resolver.merge(source(row));
            let options = merged.options.map(owned);
            let transport = merged.transport.and_then(|uuid| transports.get(&uuid.to_string()).cloned());
            owned_by(owner, endpoint(row, options, transport))
        })
        .collect())
}

fn source(row: &store::Endpoint) -> Source<'_, Uuid> {
    Source { options: &row.options, templates: &row.templates, transport: row.transport_uuid }
}

fn owned(pairs: &Vec<(&str, &str)>) -> Options {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A context that there is not: a call that begins in it is answered 404.
const NOWHERE: &str = "cordboard-nowhere";

fn owned_by(owner: &Owner<'_>, endpoint: Endpoint) -> Endpoint {
    match owner {
        Owner::Line(line) => {
            let (user, comment) =
                line.user.clone().map_or((None, String::new()), |(id, name)| (Some(id), name));
            Endpoint {
                comment,
                user,
                line_id: line.id,
                tenant_uuid: line.tenant_uuid.clone(),
                context: line.context.clone(),
                mailboxes: line.mailboxes.clone(),
                called_pickups: line.pickups.called.clone(),
                taking_pickups: line.pickups.taking.clone(),
                ..endpoint
            }
        }
        Owner::Trunk { id, tenant_uuid, context } => Endpoint {
            comment: format!("trunk {id}"),
            trunk: Some(*id),
            tenant_uuid: tenant_uuid.clone(),
            context: context.clone().unwrap_or_else(|| NOWHERE.to_owned()),
            ..endpoint
        },
    }
}

fn endpoint(row: &store::Endpoint, options: Sections<Options>, transport: Option<String>) -> Endpoint {
    Endpoint {
        name: row.name.clone(),
        transport,
        endpoint: options.endpoint,
        aor: options.aor,
        auth: options.auth,
        identify: options.identify,
        registration: options.registration,
        registration_outbound_auth: options.registration_outbound_auth,
        outbound_auth: options.outbound_auth,
        ..Endpoint::default()
    }
}
