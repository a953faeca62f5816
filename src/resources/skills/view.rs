//! A skill as the API shows it, and briefly inside its agents.

use super::store;
use crate::error::Result;
use crate::http::{Call, Link};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A skill, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub description: Option<String>,
    pub links: Vec<Link>,
    pub agents: Vec<Agent>,
}

/// An agent inside a skill.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Agent {
    pub skill_weight: i64,
    pub id: i64,
    pub number: String,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub links: Vec<Link>,
}

/// A skill inside an agent.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub skill_weight: i64,
    pub id: i64,
    pub name: String,
    pub links: Vec<Link>,
}

/// The skills as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut agents: HashMap<i64, Vec<Agent>> = HashMap::new();
    for row in store::agents_of(connection, ids)? {
        let agent = Agent {
            links: call.links("agents", &format!("/agents/{}", row.id)),
            skill_weight: row.weight,
            id: row.id,
            number: row.number,
            firstname: row.firstname,
            lastname: row.lastname,
        };
        agents.entry(row.skill).or_default().push(agent);
    }
    let shown = store::many(connection, ids)?.into_iter().map(|skill| View {
        links: call.links("skills", &format!("/agents/skills/{}", skill.id)),
        agents: agents.remove(&skill.id).unwrap_or_default(),
        id: skill.id,
        tenant_uuid: skill.tenant_uuid,
        name: skill.name,
        description: skill.description,
    });
    Ok(shown.collect())
}

/// The skills of agents, by the agent's id.
///
/// # Errors
/// The database can't be read.
pub fn briefs_of_agents(
    call: &Call,
    connection: &Connection,
    agents: &[i64],
) -> Result<HashMap<i64, Vec<Brief>>> {
    let mut briefs: HashMap<i64, Vec<Brief>> = HashMap::new();
    for (agent, skill_weight, id, name) in store::of_agents(connection, agents)? {
        let links = call.links("skills", &format!("/agents/skills/{id}"));
        briefs.entry(agent).or_default().push(Brief { skill_weight, id, name, links });
    }
    Ok(briefs)
}
