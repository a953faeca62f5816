//! Zone messages: how a voicemail says when a message came in, by zone (confd.md 4.4). They have no tenant.

mod api;
mod seed;
pub mod store;

pub use api::routes;
pub use seed::seed;

use crate::domain::schema::{Field, Rule, Schema};
use serde::{Deserialize, Serialize};

static ZONE: Schema = Schema::new(
    "ZoneMessage",
    &[
        Field::text("name").required().rules(&[Rule::Max(128)]),
        Field::text("timezone").required().rules(&[Rule::Max(128)]),
        Field::text("message").nullable(),
    ],
);

pub static SCHEMA: Schema = Schema::new("ZoneMessages", &[Field::many("items", &ZONE).required()]);

/// A zone: its name, the IANA time zone, and what is said (app_voicemail's syntax).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct ZoneMessage {
    pub name: String,
    pub timezone: String,
    pub message: Option<String>,
}
