//! An agent as the API shows it, and briefly inside users and queues.

use super::store;
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::{people, skills};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// An agent, keys in the contract's order. `Q` is how queues are shown: as stored, or in the answer to the creation of a
/// user as they were sent.
#[derive(Serialize, schemars::JsonSchema)]
pub struct View<Q = Queue> {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub number: String,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    /// In clear: the contract shows it.
    pub password: Option<String>,
    pub language: Option<String>,
    pub preprocess_subroutine: Option<String>,
    pub description: Option<String>,
    pub links: Vec<Link>,
    pub queues: Vec<Q>,
    pub skills: Vec<skills::Brief>,
    pub users: Vec<people::Brief>,
}

unseen!(View);

/// A queue inside an agent.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Queue {
    pub penalty: i64,
    pub id: i64,
    pub name: String,
    pub label: Option<String>,
    pub links: Vec<Link>,
}

/// An agent inside a user.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub id: i64,
    pub number: String,
    pub links: Vec<Link>,
}

/// An agent inside a queue.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Member {
    pub priority: i64,
    pub penalty: i64,
    pub id: i64,
    pub number: String,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub links: Vec<Link>,
}

/// The agents as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut queues: HashMap<i64, Vec<Queue>> = HashMap::new();
    for row in store::queues_of(connection, ids)? {
        let queue = Queue {
            penalty: row.place.penalty,
            links: call.links("queues", &format!("/queues/{}", row.queue)),
            id: row.queue,
            name: row.queue_name,
            label: row.queue_label,
        };
        queues.entry(row.agent).or_default().push(queue);
    }
    let mut users = people::of_owners(call, connection, store::USERS, ids)?;
    let mut skills = skills::briefs_of_agents(call, connection, ids)?;
    let shown = store::many(connection, ids)?.into_iter().map(|agent| View {
        links: links(call, agent.id),
        queues: queues.remove(&agent.id).unwrap_or_default(),
        skills: skills.remove(&agent.id).unwrap_or_default(),
        users: users.remove(&agent.id).unwrap_or_default(),
        id: agent.id,
        tenant_uuid: agent.tenant_uuid,
        number: agent.number,
        firstname: agent.firstname,
        lastname: agent.lastname,
        password: agent.password,
        language: agent.language,
        preprocess_subroutine: agent.preprocess_subroutine,
        description: agent.description,
    });
    Ok(shown.collect())
}

/// The agents of users, by the user's id.
///
/// # Errors
/// The database can't be read.
pub fn briefs_of_users(call: &Call, connection: &Connection, users: &[i64]) -> Result<HashMap<i64, Brief>> {
    let rows = store::of_users(connection, users)?.into_iter();
    Ok(rows.map(|(user, id, number)| (user, Brief { id, number, links: links(call, id) })).collect())
}

/// The agents of queues, by the queue's id.
///
/// # Errors
/// The database can't be read.
pub fn of_queues(call: &Call, connection: &Connection, queues: &[i64]) -> Result<HashMap<i64, Vec<Member>>> {
    let mut members: HashMap<i64, Vec<Member>> = HashMap::new();
    for row in store::agents_of_queues(connection, queues)? {
        let member = Member {
            priority: row.place.priority,
            penalty: row.place.penalty,
            links: links(call, row.agent),
            id: row.agent,
            number: row.number,
            firstname: row.firstname,
            lastname: row.lastname,
        };
        members.entry(row.queue).or_default().push(member);
    }
    Ok(members)
}

fn links(call: &Call, id: i64) -> Vec<Link> {
    call.links("agents", &format!("/agents/{id}"))
}
