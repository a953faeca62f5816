//! Skill rules: which skills a call asks for (confd.md 6.9). Stock Asterisk can't route by skills, so they are stored,
//! and destinations may name them.

mod api;
mod store;

pub use api::routes;

use crate::domain::schema::{Default, Field, Rule, Schema};
use crate::error::Result;
use crate::http::{Call, Link};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

static RULE: Schema = Schema::new("SkillRuleLine", &[Field::text("definition").required()]);

pub static SCHEMA: Schema = Schema::new(
    "SkillRule",
    &[
        Field::text("name").required().rules(&[Rule::Max(64)]),
        Field::many("rules", &RULE).or(Default::EmptyList),
    ],
);

/// A skill rule's row.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema, Deserialize)]
pub struct SkillRule {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub rules: Vec<Line>,
}

/// One rule of the set: `WT < 60, english > 50`.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Line {
    pub definition: String,
}

/// A skill rule, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct View {
    #[serde(flatten)]
    rule: SkillRule,
    links: Vec<Link>,
}

fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let rules = store::many(connection, ids)?.into_iter();
    let shown = rules.map(|rule| View {
        links: call.links("skillrules", &format!("/queues/skillrules/{}", rule.id)),
        rule,
    });
    Ok(shown.collect())
}
