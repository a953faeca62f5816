//! Skills: what agents can do, and how well (confd.md 6.4). Stock Asterisk can't route by skills, so they are stored.

mod api;
pub mod store;
mod view;

pub use api::{found, routes};
pub use view::{Brief, briefs_of_agents};

use crate::db::WriteTx;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Field, Object, Pattern, Rule, Schema, pattern};
use crate::error::Result;
use crate::http::Scope;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static NAME: Pattern = LazyLock::new(|| pattern("^[-_.a-zA-Z0-9]+$"));

pub static SCHEMA: Schema = Schema::new(
    "Skill",
    &[
        Field::text("name").required().rules(&[Rule::Pattern(&NAME), Rule::Max(64)]),
        Field::prose("description").nullable(),
    ],
);

/// A skill's row.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Skill {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub description: Option<String>,
}

/// Makes a skill in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: the name is taken.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let skill: Skill = serde_json::from_value(Value::Object(row))?;
    refuse_taken(tx, &skill)?;
    store::insert(tx, &skill)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: the name is taken.
pub fn update(tx: &WriteTx, old: &Skill, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    let skill: Skill = serde_json::from_value(row)?;
    refuse_taken(tx, &skill)?;
    store::update(tx, &skill)
}

fn refuse_taken(tx: &WriteTx, skill: &Skill) -> Result<()> {
    match store::by_name(tx, skill.tenant_uuid, &skill.name)? {
        Some(other) if other != skill.id => {
            Err(already_exists("Skill", &[("name", skill.name.as_str().into())]).into())
        }
        _ => Ok(()),
    }
}
