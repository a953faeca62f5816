//! Feature codes: what a phone dials to switch something (`/extensions/features`, confd.md 3.5). They are there from
//! the start, for all tenants; their numbers can be changed and each can be switched off.

mod api;
mod seed;
pub mod store;

pub use api::routes;
pub use seed::seed;

use crate::db::WriteTx;
use crate::domain::exten::canonical;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Field, Kind, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::extensions::check_number;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The context that the API shows; it has no rows of its own.
const CONTEXT: &str = "xivo-features";

pub static SCHEMA: Schema = Schema::new(
    "FeatureExtension",
    &[
        Field::text("exten").required().rules(&[Rule::Max(40)]),
        Field::new("enabled", Kind::LooseBool),
        Field::new("commented", Kind::LooseBool),
    ],
);

/// A feature code's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    pub uuid: Uuid,
    /// `fwdunc`, `vmusermsg` …
    pub feature: String,
    /// `*98`, or a pattern when something follows: `_*21.`
    pub exten: String,
    pub enabled: bool,
}

/// A feature code as the API shows it, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    uuid: Uuid,
    exten: String,
    /// Not shown in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'static str>,
    feature: String,
    enabled: bool,
    links: Vec<Link>,
}

impl View {
    /// As an element of a list.
    pub fn listed(call: &Call, row: Feature) -> View {
        View {
            links: call.links("extensions_features", &format!("/extensions/features/{}", row.uuid)),
            uuid: row.uuid,
            exten: row.exten,
            context: None,
            feature: row.feature,
            enabled: row.enabled,
        }
    }

    /// As an item of its own.
    pub fn whole(call: &Call, row: Feature) -> View {
        View { context: Some(CONTEXT), ..View::listed(call, row) }
    }
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: the number is none, or another feature's, be it as a pattern that means the same.
pub fn update(tx: &WriteTx, mut feature: Feature, body: &Object) -> Result<()> {
    if let Some(exten) = body.get("exten").and_then(Value::as_str) {
        check_number(exten)?;
        let meaning = canonical(exten);
        let same = |other: &Feature| other.uuid != feature.uuid && canonical(&other.exten) == meaning;
        if store::all(tx)?.iter().any(same) {
            return Err(already_exists("FeatureExtension", &[("exten", exten.into())]).into());
        }
        exten.clone_into(&mut feature.exten);
    }
    let flag = |name: &str| body.get(name).and_then(Value::as_bool);
    let enabled = flag("enabled").or_else(|| flag("commented").map(|commented| !commented));
    feature.enabled = enabled.unwrap_or(feature.enabled);
    store::update(tx, &feature)
}
