//! Changing and deleting a line with its endpoint and its extensions (confd.md 2.7 and 3.9).

use super::{Line, add_extension, endpoints, extensions, not_found, objects, store, update};
use super::{delete, give_device, with_context, without_nulls};
use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::{Mode, Object};
use crate::error::{Error, Result};
use crate::http::Scope;
use crate::resources::endpoint::Reference;
use crate::resources::extensions::{self as numbers, Extension, usage};
use crate::resources::{endpoints_custom, endpoints_sccp, endpoints_sip};
use serde_json::Value;
use uuid::Uuid;

/// Changes a line by a body that [`super::NESTED_UPDATE`] has read. Of the extensions those that are not listed are
/// taken away, and deleted when nothing else uses them; no list, or an empty one, leaves them alone.
///
/// # Errors
/// 404 for an endpoint, extension or device that there is not, else every rule that the body breaks.
pub fn update_recursive(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    let line = store::get(tx, id)?.ok_or_else(|| not_found(id))?;
    if let Some(Value::Object(endpoint)) = body.get("endpoint_sip") {
        refuse_other_kind(&line, "SIP", line.endpoint_sip_uuid.is_some())?;
        update_endpoint(tx, scope, &line, endpoint)?;
    }
    if let Some(Value::Object(endpoint)) = body.get("endpoint_custom") {
        refuse_other_kind(&line, "custom", line.endpoint_custom_id.is_some())?;
        update_custom(tx, scope, &line, endpoint)?;
    }
    if let Some(Value::Object(endpoint)) = body.get("endpoint_sccp").filter(|given| !super::is_empty(given)) {
        refuse_other_kind(&line, "SCCP", line.endpoint_sccp_id.is_some())?;
        update_sccp(tx, scope, &line, endpoint)?;
    }
    let line = store::get(tx, id)?.ok_or_else(|| not_found(id))?;
    update_extensions(tx, scope, &line, body)?;
    update(tx, scope, id, &without_nulls(body))?;
    give_device(tx, scope, id, body)
}

fn refuse_other_kind(line: &Line, kind: &str, same: bool) -> Result<()> {
    if same || line.endpoint().is_none() {
        return Ok(());
    }
    let text = format!(
        "There is already an endpoint associated to the line that is not of type {kind}. Cannot update the line \
         with another endpoint type"
    );
    Err(Problems::one(text).into())
}

/// As [`update_endpoint`], for a custom endpoint.
fn update_custom(tx: &WriteTx, scope: &Scope, line: &Line, body: &Object) -> Result<()> {
    if let Some(id) = line.endpoint_custom_id {
        return endpoints_custom::update(tx, scope, id, body);
    }
    let scope = Scope { tenant: line.tenant_uuid, visible: scope.visible.clone() };
    let body = endpoints_custom::SCHEMA.read(body, Mode::Create)?;
    let id = endpoints_custom::create(tx, &scope, &body)?;
    store::set_endpoint(tx, line.id, Some(Reference::Custom(id)))
}

/// As [`update_endpoint`], for an SCCP endpoint.
fn update_sccp(tx: &WriteTx, scope: &Scope, line: &Line, body: &Object) -> Result<()> {
    if let Some(id) = line.endpoint_sccp_id {
        return endpoints_sccp::update(tx, id, body);
    }
    let scope = Scope { tenant: line.tenant_uuid, visible: scope.visible.clone() };
    let id = endpoints_sccp::create(tx, &scope, body)?;
    store::set_endpoint(tx, line.id, Some(Reference::Sccp(id)))
}

/// The line's own endpoint is changed in place; a line that has none gets it.
fn update_endpoint(tx: &WriteTx, scope: &Scope, line: &Line, body: &Object) -> Result<()> {
    let named = body.get("uuid").and_then(Value::as_str).and_then(|uuid| Uuid::try_parse(uuid).ok());
    let uuid = match (named, line.endpoint_sip_uuid) {
        (Some(named), Some(own)) if named == own => own,
        (None, Some(own)) => own,
        (Some(named), _) => {
            let endpoint = endpoints::visible(tx, scope, named)?;
            endpoints::attach(tx, line, Reference::Sip(endpoint.uuid), endpoint.tenant_uuid)?;
            named
        }
        (None, None) => {
            let scope = Scope { tenant: line.tenant_uuid, visible: scope.visible.clone() };
            let uuid = endpoints_sip::create(tx, &scope, &with_context(body.clone(), &line.context))?;
            return store::set_endpoint(tx, line.id, Some(Reference::Sip(uuid)));
        }
    };
    endpoints_sip::update(tx, scope, uuid, body)
}

fn update_extensions(tx: &WriteTx, scope: &Scope, line: &Line, body: &Object) -> Result<()> {
    let listed: Vec<&Object> = objects(body, "extensions").collect();
    if listed.is_empty() {
        return Ok(());
    }
    let mut known = Vec::with_capacity(listed.len());
    for item in &listed {
        known.push(existing(tx, scope, line, item)?);
    }
    for id in store::extensions(tx, line.id)? {
        if known.iter().flatten().any(|extension| extension.id == id) {
            continue;
        }
        if let Some(extension) = numbers::store::get(tx, id)? {
            extensions::detach(tx, line, &extension)?;
            delete_unused(tx, id)?;
        }
    }
    for (item, known) in listed.into_iter().zip(known) {
        match known {
            Some(extension) => {
                extensions::attach(tx, line, &extension)?;
                numbers::update(tx, scope, extension.id, item)?;
            }
            None => add_extension(tx, scope, line, item)?,
        }
    }
    Ok(())
}

/// The extension that an element means: by its id, or by its exten and context.
fn existing(tx: &WriteTx, scope: &Scope, line: &Line, item: &Object) -> Result<Option<Extension>> {
    if let Some(id) = item.get("id").and_then(Value::as_i64) {
        let row = numbers::store::get(tx, id)?.filter(|extension| scope.sees(extension.tenant_uuid));
        return row.map(Some).ok_or_else(|| Error::not_found("Extension", &[("id", id.into())]));
    }
    let exten = item.get("exten").and_then(Value::as_str).unwrap_or_default();
    let context = item.get("context").and_then(Value::as_str).unwrap_or(&line.context);
    Ok(numbers::store::find(tx, context, exten)?.filter(|known| scope.sees(known.tenant_uuid)))
}

fn delete_unused(tx: &WriteTx, extension: i64) -> Result<()> {
    match usage::of(tx, extension)? {
        None => numbers::delete(tx, extension),
        Some(_) => Ok(()),
    }
}

/// Deletes a line with its endpoint, and its extensions where nothing else uses them.
///
/// # Errors
/// The database can't be written.
pub fn delete_recursive(tx: &WriteTx, id: i64) -> Result<()> {
    let extensions = store::extensions(tx, id)?;
    delete(tx, id)?;
    for extension in extensions {
        delete_unused(tx, extension)?;
    }
    Ok(())
}
