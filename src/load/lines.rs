//! Lines with what belongs to them: users, SIP endpoints with their templates merged in, extensions.

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
    /// Main user's id and name.
    pub user: Option<(i64, String)>,
    /// Of every user of the line.
    mailboxes: Vec<String>,
}

/// Every line, by id. `users` are in the order of their ids.
pub fn all_lines(
    connection: &Connection,
    users: &[User],
    stored: &[store::Endpoint],
) -> Result<BTreeMap<i64, Line>> {
    let names: HashMap<Uuid, &str> = stored.iter().map(|row| (row.uuid, row.name.as_str())).collect();
    let rows =
        all(connection, "SELECT id, tenant_uuid, context, endpoint_sip_uuid FROM line ORDER BY id", |row| {
            let endpoint = row.get_ref(3)?.as_str_or_null()?.and_then(|uuid| Uuid::try_parse(uuid).ok());
            Ok(Line {
                id: row.get(0)?,
                tenant_uuid: row.get(1)?,
                context: row.get(2)?,
                endpoint_name: endpoint.and_then(|uuid| names.get(&uuid)).map(|name| (*name).to_owned()),
                endpoint,
                user: None,
                mailboxes: Vec::new(),
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
    Ok(lines)
}

/// The endpoints that a line uses, by name.
pub fn endpoints(
    connection: &Connection,
    lines: &BTreeMap<i64, Line>,
    stored: &[store::Endpoint],
) -> Result<Vec<Endpoint>> {
    let transports: HashMap<String, String> =
        all(connection, "SELECT uuid, name FROM sip_transport", |row| Ok((row.get(0)?, row.get(1)?)))?
            .into_iter()
            .collect();
    let used: HashMap<Uuid, &Line> = lines.values().filter_map(|line| Some((line.endpoint?, line))).collect();
    let templates = stored.iter().filter(|row| row.kind == Kind::Template);
    let mut resolver = Resolver::rendered(templates.map(|row| (row.uuid, source(row))).collect());
    let rows = stored.iter().filter_map(|row| Some((row, *used.get(&row.uuid)?)));
    Ok(rows
        .map(|(row, line)| {
            let merged = resolver.merge(source(row));
            let options = merged.options.map(owned);
            let transport = merged.transport.and_then(|uuid| transports.get(&uuid.to_string()).cloned());
            endpoint(row, line, options, transport)
        })
        .collect())
}

fn source(row: &store::Endpoint) -> Source<'_, Uuid> {
    Source { options: &row.options, templates: &row.templates, transport: row.transport_uuid }
}

fn owned(pairs: &Vec<(&str, &str)>) -> Options {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn endpoint(
    row: &store::Endpoint,
    line: &Line,
    options: Sections<Options>,
    transport: Option<String>,
) -> Endpoint {
    let (user, comment) = line.user.clone().map_or((None, String::new()), |(id, name)| (Some(id), name));
    Endpoint {
        name: row.name.clone(),
        comment,
        user,
        line_id: line.id,
        tenant_uuid: line.tenant_uuid.clone(),
        context: line.context.clone(),
        transport,
        endpoint: options.endpoint,
        aor: options.aor,
        auth: options.auth,
        identify: options.identify,
        registration: options.registration,
        registration_outbound_auth: options.registration_outbound_auth,
        outbound_auth: options.outbound_auth,
        mailboxes: line.mailboxes.clone(),
    }
}
