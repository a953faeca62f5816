//! SIP endpoints and their templates: what PJSIP is told about a phone, as lists of options (confd.md 3.2).
//! Which line uses an endpoint is the line's business.

mod api;
mod defaults;
mod rules;
pub mod store;
mod view;

pub use api::{merged_view, routes};
pub use defaults::seed_tenant;
pub use rules::taken;
pub use store::Endpoint;
pub use view::{View, merged, views, webrtc};

use crate::db::WriteTx;
use crate::domain::schema::{Default, Field, Kind as Type, Mode, Object, Rule, Schema};
use crate::domain::sip::{SECTIONS, section_name};
use crate::error::{Error, Result};
use crate::http::Scope;
use crate::resources::lines;
use serde_json::Value;
use uuid::Uuid;

/// An endpoint, or a template that endpoints are made after: one table, two resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Endpoint,
    Template,
}

impl Kind {
    /// The resource's name in error texts.
    pub fn resource(self) -> &'static str {
        match self {
            Kind::Endpoint => "SIPEndpoint",
            Kind::Template => "SIPEndpointTemplate",
        }
    }
}

static REFERENCE: Schema = Schema::new("SIPReference", &[Field::new("uuid", Type::Uuid).required()]);

/// The rule of a section's name: only the first mistake is named.
pub const SECTION_NAME: &[Rule] = &[Rule::Custom(section_name)];

/// Asterisk drops blanks at the ends of a value: with a password that could never be typed right again.
const CREDENTIAL: &[Rule] = &[Rule::Between(1, 4092), Rule::Custom(blank_ends)];

fn blank_ends(value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    (text.trim() != text).then(|| "Blanks at the ends are not allowed.".to_owned())
}

const fn options(name: &'static str, absent: Default) -> Field {
    pairs(name, absent, &[Rule::Between(1, 4092)])
}

const fn credentials(name: &'static str, absent: Default) -> Field {
    pairs(name, absent, CREDENTIAL)
}

const fn pairs(name: &'static str, absent: Default, text: &'static [Rule]) -> Field {
    let kind = Type::Pairs { arity: "Length must be between 2 and 2.", text };
    Field::new(name, kind).or(absent).rules(&[Rule::Max(512)])
}

/// The fields of an endpoint; `list` and `null` are what an absent list and an absent text become.
const fn fields(list: Default, null: Default) -> [Field; 12] {
    [
        Field::text("name").rules(SECTION_NAME),
        Field::text("label").null_allowed().or(null).rules(&[Rule::Max(128)]),
        options(SECTIONS.aor, list),
        credentials(SECTIONS.auth, list),
        options(SECTIONS.endpoint, list),
        options(SECTIONS.identify, list),
        options(SECTIONS.registration, list),
        credentials(SECTIONS.registration_outbound_auth, list),
        credentials(SECTIONS.outbound_auth, list),
        Field::many("templates", &REFERENCE).or(list),
        Field::nested("transport", &REFERENCE).null_allowed().or(null),
        Field::text("asterisk_id").null_allowed().or(null).rules(&[Rule::Max(1024)]),
    ]
}

static FIELDS: [Field; 12] = fields(Default::EmptyList, Default::Null);
static GIVEN: [Field; 13] = with_uuid(fields(Default::Absent, Default::Absent));

/// The fields with `uuid` before them: which endpoint is meant.
const fn with_uuid(fields: [Field; 12]) -> [Field; 13] {
    let [a, b, c, d, e, f, g, h, i, j, k, l] = fields;
    [Field::new("uuid", Type::Uuid), a, b, c, d, e, f, g, h, i, j, k, l]
}

pub static SCHEMA: Schema = Schema::new("SIPEndpoint", &FIELDS);

/// An endpoint inside a body that updates: what is not given stays as it is.
pub static PARTIAL: Schema = Schema::new("SIPEndpointUpdate", &GIVEN);

/// Makes an endpoint in the scope's tenant from a body that [`SCHEMA`] or [`PARTIAL`] has read.
///
/// # Errors
/// Every rule that the body breaks.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<Uuid> {
    insert(tx, scope, Kind::Endpoint, body)
}

fn insert(tx: &WriteTx, scope: &Scope, kind: Kind, body: &Object) -> Result<Uuid> {
    rules::check(tx, scope, kind, None, body)?;
    let uuid = Uuid::new_v4();
    let mut row = SCHEMA.read(body, Mode::Create)?;
    if !row.contains_key("name") {
        row.insert("name".to_owned(), Value::from(rules::default_name(tx, kind, body)?));
    }
    store::insert(tx, uuid, scope.tenant, kind, &row)?;
    Ok(uuid)
}

/// Changes what the body gives; a given list replaces the stored one.
///
/// # Errors
/// Every rule that the body breaks.
pub fn update(tx: &WriteTx, scope: &Scope, uuid: Uuid, body: &Object) -> Result<()> {
    let endpoint = store::get(tx, uuid)?
        .ok_or_else(|| Error::not_found(Kind::Endpoint.resource(), &[("uuid", uuid.into())]))?;
    rules::check(tx, scope, endpoint.kind, Some(uuid), body)?;
    store::update(tx, &endpoint, body)?;
    match lines::store::of_endpoint(tx, uuid)? {
        Some(line) => lines::caller_id::sync(tx, line),
        None => Ok(()),
    }
}

/// Deletes an endpoint or a template. A line that used it goes on without.
///
/// # Errors
/// The database can't be written.
pub fn delete(tx: &WriteTx, uuid: Uuid) -> Result<()> {
    store::delete(tx, uuid)
}
