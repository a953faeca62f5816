//! Phone numbers: what a tenant's users may show to the outside (confd.md 6.9). One is the tenant's main number.

mod api;
mod range;
pub mod store;

pub use api::routes;

use crate::db::WriteTx;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Default, Field, Kind, Object, Pattern, Rule, Schema, pattern};
use crate::error::Result;
use crate::http::{Call, Link};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static NUMBER: Pattern = LazyLock::new(|| pattern(r"^\+?[0-9]+$"));

const IS_NUMBER: &[Rule] = &[Rule::Between(1, 128), Rule::Pattern(&NUMBER)];

pub static SCHEMA: Schema = Schema::new(
    "PhoneNumber",
    &[
        Field::text("number").required().rules(IS_NUMBER),
        Field::text("caller_id_name").nullable().rules(&[Rule::Between(1, 256)]),
        Field::bool("shared").or(Default::Bool(false)),
    ],
);

/// The body of `PUT /phone-numbers/main`.
static MAIN: Schema =
    Schema::new("PhoneNumberMain", &[Field::new("phone_number_uuid", Kind::Uuid).required()]);

/// A phone number's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct PhoneNumber {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    /// Digits, perhaps after a `+`.
    pub number: String,
    pub caller_id_name: Option<String>,
    /// The one that a tenant shows by default.
    pub main: bool,
    /// Every user of the tenant may show it.
    pub shared: bool,
}

/// A phone number as the API shows it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct View {
    #[serde(flatten)]
    row: PhoneNumber,
    links: Vec<Link>,
}

fn view(call: &Call, row: PhoneNumber) -> View {
    View { links: call.links("phone_numbers", &format!("/phone-numbers/{}", row.uuid)), row }
}

/// Makes a phone number from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: the tenant has it already.
fn create(tx: &WriteTx, tenant: Uuid, body: &Object) -> Result<PhoneNumber> {
    let mut row = body.clone();
    row.insert("uuid".to_owned(), Value::from(Uuid::new_v4().to_string()));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    row.insert("main".to_owned(), Value::from(false));
    let row: PhoneNumber = serde_json::from_value(Value::Object(row))?;
    refuse_duplicate(tx, &row)?;
    store::insert(tx, &row)?;
    Ok(row)
}

/// Changes what `body` holds.
///
/// # Errors
/// As [`create`].
fn update(tx: &WriteTx, old: &PhoneNumber, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    let new: PhoneNumber = serde_json::from_value(row)?;
    refuse_duplicate(tx, &new)?;
    store::update(tx, &new)
}

fn refuse_duplicate(tx: &WriteTx, row: &PhoneNumber) -> Result<()> {
    match store::find(tx, row.tenant_uuid, &row.number)? {
        Some(other) if other != row.uuid => {
            let meta = [("number", (&row.number).into())];
            Err(already_exists("PhoneNumber", &meta).into())
        }
        _ => Ok(()),
    }
}
