//! Trunks: the ways to and from the telephone network. A trunk is an endpoint and the context in which calls that come
//! over it begin (confd.md 6.6).

mod api;
mod endpoints;
mod registers;
pub mod store;
mod view;

pub use view::{SipBrief, View, views};

use crate::db::WriteTx;
use crate::domain::problems::different_tenants;
use crate::domain::schema::{Default, Field, Object, Rule, Schema};
use crate::error::{Error, Result};
use crate::http::{Call, Route, Scope};
use crate::resources::endpoint::Reference;
use crate::resources::{contexts, endpoints_custom, endpoints_iax, endpoints_sip, registers_iax};
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

pub static SCHEMA: Schema = Schema::new(
    "Trunk",
    &[
        Field::text("context").nullable(),
        Field::bool("twilio_incoming").null_allowed().or(Default::Bool(false)),
        Field::text("outgoing_caller_id_format")
            .or(Default::Text("+E164"))
            .rules(&[Rule::OneOf(&["+E164", "E164", "national"])]),
    ],
);

/// A trunk's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trunk {
    pub id: i64,
    pub tenant_uuid: Uuid,
    /// Name of a context.
    pub context: Option<String>,
    /// Stored only.
    pub twilio_incoming: bool,
    /// `+E164`, `E164` or `national`.
    pub outgoing_caller_id_format: String,
    pub endpoint: Option<Reference>,
    pub register_iax_id: Option<i64>,
}

pub fn routes() -> Vec<Route> {
    [api::routes(), endpoints::routes(), registers::routes()].concat()
}

/// Makes a trunk in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: an unknown context, or one of another tenant.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut trunk = Trunk {
        id: 0,
        tenant_uuid: scope.tenant,
        context: None,
        twilio_incoming: false,
        outgoing_caller_id_format: String::new(),
        endpoint: None,
        register_iax_id: None,
    };
    fill(tx, scope, &mut trunk, body)?;
    store::insert(tx, &trunk)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// As [`create`].
pub fn update(tx: &WriteTx, scope: &Scope, mut trunk: Trunk, body: &Object) -> Result<()> {
    fill(tx, scope, &mut trunk, body)?;
    store::update(tx, &trunk)
}

fn fill(connection: &Connection, scope: &Scope, trunk: &mut Trunk, body: &Object) -> Result<()> {
    if let Some(context) = body.get("context") {
        trunk.context = context.as_str().map(str::to_owned);
    }
    if let Some(name) = trunk.context.as_deref().filter(|_| body.contains_key("context")) {
        let context = contexts::named(connection, scope, name)?;
        if context.tenant_uuid != trunk.tenant_uuid {
            let left = ("trunk_tenant_uuid", trunk.tenant_uuid);
            return Err(different_tenants(left, ("context_tenant_uuid", context.tenant_uuid)).into());
        }
    }
    if let Some(twilio) = body.get("twilio_incoming") {
        trunk.twilio_incoming = twilio.as_bool().unwrap_or(false);
    }
    if let Some(format) = body.get("outgoing_caller_id_format").and_then(Value::as_str) {
        format.clone_into(&mut trunk.outgoing_caller_id_format);
    }
    Ok(())
}

/// Deletes a trunk with its endpoint and its registration.
///
/// # Errors
/// The database can't be written.
pub fn delete(tx: &WriteTx, trunk: &Trunk) -> Result<()> {
    store::delete(tx, trunk.id)?;
    match trunk.endpoint {
        Some(Reference::Sip(uuid)) => endpoints_sip::delete(tx, uuid)?,
        Some(Reference::Custom(id)) => endpoints_custom::delete(tx, id)?,
        Some(Reference::Iax(id)) => endpoints_iax::delete(tx, id)?,
        Some(Reference::Sccp(_)) | None => {}
    }
    trunk.register_iax_id.map_or(Ok(()), |id| registers_iax::store::delete(tx, id))
}

/// The trunk that the path names, if the request sees it.
///
/// # Errors
/// 404.
pub fn found(call: &Call, connection: &Connection) -> Result<Trunk> {
    let id = call.int("trunk");
    store::get(connection, id)?
        .filter(|trunk| call.scope().sees(trunk.tenant_uuid))
        .ok_or_else(|| Error::not_found("Trunk", &[("id", id.into())]))
}
