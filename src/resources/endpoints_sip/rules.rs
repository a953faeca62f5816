//! The rules that need the database: names, templates, transports.

use super::{Kind, store};
use crate::domain::problems::{Problems, already_exists, not_permitted, param_not_found};
use crate::domain::py::Py;
use crate::domain::schema::Object;
use crate::domain::sip::{SECTIONS, check_names, check_values, section_name};
use crate::error::Result;
use crate::http::Scope;
use crate::resources::random::random_text;
use crate::resources::sip_transports;
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

/// Refuses a body; `own` is the endpoint that it changes.
///
/// # Errors
/// 400 with all mistakes, in the contract's order.
pub fn check(
    connection: &Connection,
    scope: &Scope,
    kind: Kind,
    own: Option<Uuid>,
    body: &Object,
) -> Result<()> {
    let mut problems = Problems(check_names(body));
    problems.0.extend(check_values(body));
    let templates = template_uuids(body).unwrap_or_default();
    for template in &templates {
        let known = store::get(connection, *template)?
            .filter(|known| known.kind == Kind::Template && scope.sees(known.tenant_uuid));
        if known.is_none() {
            let shown = Py::Raw(format!("OrderedDict([('uuid', {})])", Py::Uuid(*template)));
            problems.0.extend(param_not_found("templates", "endpoint_sip", &[("templates", shown)]).0);
        }
    }
    if let Some(transport) = transport_uuid(body)
        && sip_transports::store::get(connection, transport)?.is_none()
    {
        let meta = [("uuid", transport.into())];
        problems.0.extend(param_not_found("transport", "SIPTransport", &meta).0);
    }
    if let Some(name) = body.get("name").and_then(Value::as_str)
        && let Some(resource) = taken(connection, name, own)?
    {
        problems.0.extend(already_exists(resource, &[("name", name.into())]).0);
    }
    if let (Kind::Template, Some(own)) = (kind, own) {
        problems.0.extend(cycle(connection, own, &templates)?);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// The uuids of `templates`, when the body gives them.
pub fn template_uuids(body: &Object) -> Option<Vec<Uuid>> {
    let items = body.get("templates")?.as_array()?;
    Some(items.iter().filter_map(|item| uuid_of(item.get("uuid")?)).collect())
}

/// The uuid of `transport`, when the body gives one.
pub fn transport_uuid(body: &Object) -> Option<Uuid> {
    uuid_of(body.get("transport")?.get("uuid")?)
}

fn uuid_of(value: &Value) -> Option<Uuid> {
    Uuid::try_parse(value.as_str()?).ok()
}

/// What has this name already, in any tenant: endpoints, templates and transports share one file of Asterisk's,
/// where a name means one section. `except` does not count.
///
/// # Errors
/// The database can't be read.
pub fn taken(connection: &Connection, name: &str, except: Option<Uuid>) -> Result<Option<&'static str>> {
    if let Some((uuid, kind)) = store::by_name(connection, name)?
        && Some(uuid) != except
    {
        return Ok(Some(kind.resource()));
    }
    let transport = sip_transports::store::by_name(connection, name)?;
    Ok(transport.filter(|uuid| Some(*uuid) != except).map(|_| "Transport"))
}

fn cycle(connection: &Connection, own: Uuid, templates: &[Uuid]) -> Result<Vec<String>> {
    if templates.contains(&own) {
        return Ok(not_permitted("Cannot use itself as template", &[]).0);
    }
    let used = store::with_templates(connection, templates)?;
    let includes = used.iter().find(|template| template.templates.contains(&own));
    let text = |uuid| format!("SIPEndpointTemplate({uuid}) already include this template");
    Ok(includes.map(|template| not_permitted(&text(template.uuid), &[]).0).unwrap_or_default())
}

/// The name of an endpoint that was given none. The original makes a random one, with which a phone that knows
/// only its username and password can't register, because it asks for the AOR of its username. So the username
/// is the name where it can be; else eight random characters.
pub fn default_name(connection: &Connection, kind: Kind, body: &Object) -> Result<String> {
    if kind == Kind::Endpoint
        && let Some(username) = username(body)
        && section_name(&Value::from(username)).is_none()
        && taken(connection, username, None)?.is_none()
    {
        return Ok(username.to_owned());
    }
    loop {
        let name = random_text(8)?;
        if taken(connection, &name, None)?.is_none() {
            return Ok(name);
        }
    }
}

fn username(body: &Object) -> Option<&str> {
    let pairs = body.get(SECTIONS.auth)?.as_array()?;
    let pair = pairs.iter().rev().find(|pair| pair.get(0).and_then(Value::as_str) == Some("username"))?;
    pair.get(1)?.as_str()
}
