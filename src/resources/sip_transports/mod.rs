//! SIP transports: where Asterisk listens (confd.md 3.3). They belong to no tenant.

mod api;
pub mod store;

pub use api::routes;

use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::{Default, Field, Kind, Pattern, Rule, Schema, pattern};
use crate::error::Result;
use crate::resources::endpoints_sip::SECTION_NAME;
use serde::Serialize;
use std::sync::LazyLock;
use uuid::Uuid;

static OPTION: Pattern = LazyLock::new(|| pattern(r"^[a-zA-Z0-9_/.:,-]*$"));

pub static SCHEMA: Schema = Schema::new(
    "SIPTransport",
    &[
        Field::text("name").required().rules(SECTION_NAME),
        Field::new(
            "options",
            Kind::Pairs {
                arity: "Length must be between 2 and 2.",
                text: &[Rule::Between(1, 4092), Rule::Pattern(&OPTION)],
            },
        )
        .or(Default::EmptyList)
        .rules(&[Rule::Max(128)]),
    ],
);

/// A transport: its row, and what the API shows.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Transport {
    pub uuid: Uuid,
    pub name: String,
    pub options: Vec<(String, String)>,
}

/// The transports of a fresh system. The original has neither TCP nor TLS; cordboard serves phones there too.
///
/// # Errors
/// The database can't be written.
pub fn seed(tx: &WriteTx) -> Result<()> {
    let fresh =
        [("udp", "0.0.0.0:5060"), ("tcp", "0.0.0.0:5060"), ("tls", "0.0.0.0:5061"), ("wss", "0.0.0.0:5060")];
    for (protocol, bind) in fresh {
        let options = [("protocol", protocol), ("bind", bind)];
        store::insert(tx, Uuid::new_v4(), &format!("transport-{protocol}"), &serde_json::json!(options))?;
    }
    Ok(())
}

/// A body whose options Asterisk does not know is refused.
fn known_options(body: &crate::domain::schema::Object) -> Vec<String> {
    crate::domain::sip::check_transport_names(body).into_iter().collect()
}

fn refused_if_any(problems: Vec<String>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems).into()) }
}
