//! Lines: what joins a user, an endpoint and a number (confd.md 3.1, 3.7, 3.8). Here: making, changing and deleting
//! them. What the endpoint holds is the endpoint's business, who uses a line the user's.

mod api;
pub mod caller_id;
pub mod endpoints;
pub mod extensions;
mod recursive;
mod schema;
pub mod store;
mod view;

pub use recursive::{delete_recursive, update_recursive};
pub use schema::{NESTED, NESTED_UPDATE, OWN, SCHEMA};
pub use view::{Brief, Created, View, created_views, views};

use super::endpoint::Reference;
use super::{contexts, devices, documents, endpoints_custom, endpoints_sccp, endpoints_sip};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, already_exists, different_tenants, param_not_found};
use crate::domain::schema::{Mode, Object};
use crate::domain::sip::SECTIONS;
use crate::error::{Error, Result, gather, refuse};
use crate::http::{Call, Route, Scope};
use crate::resources::extensions as numbers;
use crate::resources::random::below;
use rusqlite::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

/// The registrar of lines that name none; there always is one.
const REGISTRAR: &str = "default";

/// A line's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: i64,
    /// The tenant of its context.
    pub tenant_uuid: Uuid,
    /// Name of a context.
    pub context: String,
    /// Six digits.
    pub provisioning_code: String,
    /// From 1.
    pub position: i64,
    pub registrar: String,
    pub endpoint_sip_uuid: Option<Uuid>,
    pub endpoint_custom_id: Option<i64>,
    pub endpoint_sccp_id: Option<i64>,
    pub device_id: Option<String>,
}

impl Line {
    /// The line's one endpoint.
    pub fn endpoint(&self) -> Option<Reference> {
        let sip = self.endpoint_sip_uuid.map(Reference::Sip);
        let sip = sip.or_else(|| self.endpoint_custom_id.map(Reference::Custom));
        sip.or_else(|| self.endpoint_sccp_id.map(Reference::Sccp))
    }
}

pub fn routes() -> Vec<Route> {
    [api::routes(), endpoints::routes(), extensions::routes()].concat()
}

/// Makes a line with the endpoint and the extensions in its body, read by [`SCHEMA`] or [`NESTED`].
///
/// # Errors
/// Every rule that the body breaks.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    make(tx, scope, body, |error, _| error)
}

/// As [`create`], for a line inside something larger: what is wrong with an extension ends in its place.
///
/// # Errors
/// As [`create`].
pub fn create_nested(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    make(tx, scope, body, |error, index| error.at(&format!("extensions[{index}]")))
}

/// `placed` is given what is wrong with an extension, and its index.
fn make(tx: &WriteTx, scope: &Scope, body: &Object, placed: fn(Error, usize) -> Error) -> Result<i64> {
    let mut problems = Problems::default();
    gather(&mut problems, check(tx, None, body))?;
    let name = text(body, "context").unwrap_or_default();
    let context = gather(&mut problems, contexts::named(tx, scope, name))?;
    let inner = Scope {
        tenant: context.as_ref().map_or(scope.tenant, |context| context.tenant_uuid),
        visible: scope.visible.clone(),
    };
    let endpoint = make_endpoint(tx, &inner, body, name, &mut problems)?;
    let Some(context) = context else { return Err(problems.into()) };
    let code = text(body, "provisioning_code");
    let code = match code {
        Some(code) if !store::code_taken(tx, code, None)? => code.to_owned(),
        _ => free_code(tx)?,
    };
    let line = Line {
        id: 0,
        tenant_uuid: context.tenant_uuid,
        context: context.name,
        provisioning_code: code,
        position: body.get("position").and_then(Value::as_i64).unwrap_or(1),
        registrar: text(body, "registrar").unwrap_or(REGISTRAR).to_owned(),
        endpoint_sip_uuid: None,
        endpoint_custom_id: None,
        endpoint_sccp_id: None,
        device_id: None,
    };
    let id = store::insert(tx, &line)?;
    store::set_endpoint(tx, id, endpoint)?;
    let line = store::get(tx, id)?.unwrap_or(Line { id, ..line });
    gather(&mut problems, caller_id::set_first(tx, &line, &without_nulls(body)))?;
    for (index, extension) in objects(body, "extensions").enumerate() {
        let added = add_extension(tx, scope, &line, extension).map_err(|error| placed(error, index));
        gather(&mut problems, added)?;
    }
    refuse(problems)?;
    Ok(line.id)
}

/// Makes the endpoint of a line's body. One that is refused is stood in for: what else is wrong with the line is
/// wanted too, and nothing of it will be kept.
fn make_endpoint(
    tx: &WriteTx,
    scope: &Scope,
    body: &Object,
    context: &str,
    problems: &mut Problems,
) -> Result<Option<Reference>> {
    let made = if let Some(Value::Object(endpoint)) = body.get("endpoint_custom") {
        endpoints_custom::create(tx, scope, endpoint).map(Reference::Custom)
    } else if let Some(Value::Object(endpoint)) = body.get("endpoint_sip") {
        endpoints_sip::create(tx, scope, &with_context(endpoint.clone(), context)).map(Reference::Sip)
    } else if let Some(Value::Object(endpoint)) = body.get("endpoint_sccp").filter(|given| !is_empty(given)) {
        endpoints_sccp::create(tx, scope, endpoint).map(Reference::Sccp)
    } else {
        return Ok(None);
    };
    if let Some(endpoint) = gather(problems, made)? {
        return Ok(Some(endpoint));
    }
    let bare = endpoints_sip::SCHEMA.read_all(&Object::new(), Mode::Create).0;
    Ok(Some(Reference::Sip(endpoints_sip::create(tx, scope, &bare)?)))
}

/// Changes a line's own fields, read by [`OWN`] or [`SCHEMA`].
///
/// # Errors
/// Every rule that the body breaks.
pub fn update(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    let Some(mut line) = store::get(tx, id)? else { return Err(not_found(id)) };
    let mut problems = Problems::default();
    if let Some(name) = text(body, "context")
        && let Some(context) = gather(&mut problems, contexts::named(tx, scope, name))?
    {
        if context.tenant_uuid != line.tenant_uuid {
            let current = ("line_tenant_uuid", line.tenant_uuid);
            problems.0.extend(different_tenants(current, ("context_tenant_uuid", context.tenant_uuid)).0);
        }
        line.context = context.name;
    }
    gather(&mut problems, check(tx, Some(id), body))?;
    if let Some(code) = text(body, "provisioning_code") {
        code.clone_into(&mut line.provisioning_code);
    }
    if let Some(position) = body.get("position").and_then(Value::as_i64) {
        line.position = position;
    }
    if let Some(registrar) = text(body, "registrar") {
        registrar.clone_into(&mut line.registrar);
    }
    if let Some(main) = store::extensions(tx, id)?.first()
        && let Some(extension) = numbers::store::get(tx, *main)?
    {
        line.context = extension.context;
    }
    gather(&mut problems, caller_id::set(tx, &line, body))?;
    refuse(problems)?;
    store::update(tx, &line)
}

/// Deletes a line with its endpoint. Its users go on without it, its extensions stay.
///
/// # Errors
/// The database can't be written.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    let endpoint = store::get(tx, id)?.and_then(|line| line.endpoint());
    store::delete(tx, id)?;
    match endpoint {
        Some(Reference::Sip(uuid)) => endpoints_sip::delete(tx, uuid),
        Some(Reference::Custom(id)) => endpoints_custom::delete(tx, id),
        Some(Reference::Sccp(id)) => endpoints_sccp::store::delete(tx, id),
        Some(Reference::Iax(_)) | None => Ok(()),
    }
}

/// The line that the path names, if the request sees it.
///
/// # Errors
/// 404.
pub fn found(call: &Call, connection: &Connection) -> Result<Line> {
    let id = call.int("line");
    call.visible(store::get(connection, id)?, |line| line.tenant_uuid, "Line", id)
}

fn not_found(id: i64) -> Error {
    Error::not_found("Line", &[("id", id.into())])
}

/// What a body may not name: a code that is taken, a registrar that there is not.
fn check(connection: &Connection, own: Option<i64>, body: &Object) -> Result<()> {
    let mut problems = Problems::default();
    if let Some(code) = text(body, "provisioning_code")
        && store::code_taken(connection, code, own)?
    {
        problems.0.extend(already_exists("Line", &[("provisioning_code", code.into())]).0);
    }
    if let Some(name) = text(body, "registrar").filter(|name| *name != REGISTRAR)
        && !documents::registrar_exists(connection, name)?
    {
        problems.0.extend(param_not_found("registrar", "Registrar", &[("registrar", name.into())]).0);
    }
    refuse(problems)
}

/// An SCCP endpoint that says nothing is none (confd.md 2.6.1).
fn is_empty(endpoint: &Value) -> bool {
    endpoint.as_object().is_some_and(Object::is_empty)
}

/// Gives a line that has its user the device of a body, if the body names one.
///
/// # Errors
/// 404 for an unknown device, 400 for one that the line can't have.
pub fn give_device(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    text(body, "device_id").map_or(Ok(()), |device| devices::give(tx, scope, id, device))
}

/// An endpoint that says nothing of its context is in that of its line.
fn with_context(mut endpoint: Object, context: &str) -> Object {
    let options = endpoint.entry(SECTIONS.endpoint).or_insert_with(|| json!([]));
    if let Value::Array(pairs) = options
        && !pairs.iter().any(|pair| pair.get(0).and_then(Value::as_str) == Some("context"))
    {
        pairs.push(json!(["context", context]));
    }
    endpoint
}

/// Gives a line the extension of a body: the one that exists, or a new one.
fn add_extension(tx: &WriteTx, scope: &Scope, line: &Line, body: &Object) -> Result<()> {
    let mut body = body.clone();
    body.entry("context").or_insert_with(|| Value::from(line.context.as_str()));
    let (exten, context) =
        (text(&body, "exten").unwrap_or_default(), text(&body, "context").unwrap_or_default());
    let known = numbers::store::find(tx, context, exten)?.filter(|known| scope.sees(known.tenant_uuid));
    let extension = match known {
        Some(extension) => Some(extension),
        None => numbers::store::get(tx, numbers::create(tx, scope, &body)?)?,
    };
    extension.map_or(Ok(()), |extension| extensions::attach(tx, line, &extension))
}

fn free_code(connection: &Connection) -> Result<String> {
    loop {
        let code = (100_000 + below(900_000)?).to_string();
        if !store::code_taken(connection, &code, None)? {
            return Ok(code);
        }
    }
}

/// On creation null stands for nothing given.
fn without_nulls(body: &Object) -> Object {
    body.iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn text<'a>(body: &'a Object, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

fn objects<'a>(body: &'a Object, name: &str) -> impl Iterator<Item = &'a Object> {
    body.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}
