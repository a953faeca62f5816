//! SQL of agents, of their queues and of whose they are.

use super::Agent;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, Scope, uuid_at};
use crate::resources::queues::members::Place;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "agent.id",
    from: "agent",
    tenant: Some("agent.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "agent.id"),
        Column::text("firstname", "agent.firstname").ordered_by(NULLS_LAST),
        Column::text("lastname", "agent.lastname").ordered_by(NULLS_LAST),
        Column::text("number", "agent.number"),
        Column::text("preprocess_subroutine", "agent.preprocess_subroutine").ordered_by(NULLS_LAST),
    ],
    default_order: "agent.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Agent> {
    Ok(Agent {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        number: row.get(2)?,
        firstname: row.get(3)?,
        lastname: row.get(4)?,
        password: row.get(5)?,
        language: row.get(6)?,
        preprocess_subroutine: row.get(7)?,
        description: row.get(8)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Agent>> {
    Ok(many(connection, &[id])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Agent>> {
    let mut get = connection.prepare_cached(
        "SELECT a.id, a.tenant_uuid, a.number, a.firstname, a.lastname, a.password, a.language,
                a.preprocess_subroutine, a.description
         FROM json_each(?1) asked CROSS JOIN agent a ON a.id = asked.value ORDER BY asked.key",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

pub fn by_number(connection: &Connection, tenant: Uuid, number: &str) -> Result<Option<i64>> {
    let mut get = connection.prepare_cached("SELECT id FROM agent WHERE tenant_uuid = ?1 AND number = ?2")?;
    Ok(get.query_row(params![tenant.to_string(), number], |row| row.get(0)).optional()?)
}

pub fn insert(tx: &WriteTx, row: &Agent) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO agent (tenant_uuid, number, firstname, lastname, password, language, preprocess_subroutine,
             description)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        row.tenant_uuid.to_string(),
        row.number,
        row.firstname,
        row.lastname,
        row.password,
        row.language,
        row.preprocess_subroutine,
        row.description
    ])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Agent) -> Result<()> {
    tx.prepare_cached(
        "UPDATE agent SET firstname = ?2, lastname = ?3, password = ?4, language = ?5, preprocess_subroutine = ?6,
             description = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        row.id,
        row.firstname,
        row.lastname,
        row.password,
        row.language,
        row.preprocess_subroutine,
        row.description
    ])?;
    Ok(())
}

/// The database itself takes them out of queues and from users, and sweeps function keys that name them.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM agent WHERE id = ?1")?.execute([id])?;
    Ok(())
}

pub fn join_queue(tx: &WriteTx, queue: i64, agent: i64, place: Place) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO queue_agent (queue_id, agent_id, penalty, priority) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute([queue, agent, place.penalty, place.priority])?;
    Ok(())
}

pub fn leave_queue(tx: &WriteTx, queue: i64, agent: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM queue_agent WHERE queue_id = ?1 AND agent_id = ?2")?
        .execute([queue, agent])?;
    Ok(())
}

pub fn leave_queues(tx: &WriteTx, agent: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM queue_agent WHERE agent_id = ?1")?.execute([agent])?;
    Ok(())
}

/// An agent in a queue.
#[derive(Debug)]
pub struct Member {
    pub queue: i64,
    pub agent: i64,
    pub place: Place,
    pub queue_name: String,
    pub queue_label: Option<String>,
    /// What app_queue calls it.
    pub running_name: String,
    pub number: String,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
}

fn member(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        queue: row.get(0)?,
        agent: row.get(1)?,
        place: Place { penalty: row.get(2)?, priority: row.get(3)? },
        queue_name: row.get(4)?,
        queue_label: row.get(5)?,
        number: row.get(6)?,
        firstname: row.get(7)?,
        lastname: row.get(8)?,
        running_name: row.get(9)?,
    })
}

/// The memberships of these agents, by queue.
pub fn queues_of(connection: &Connection, agents: &[i64]) -> Result<Vec<Member>> {
    let mut get = connection.prepare_cached(
        "SELECT m.queue_id, a.id, m.penalty, m.priority, q.name, q.label, a.number, a.firstname, a.lastname,
                q.running_name
         FROM json_each(?1) asked CROSS JOIN queue_agent m ON m.agent_id = asked.value
         JOIN queue q ON q.id = m.queue_id JOIN agent a ON a.id = m.agent_id ORDER BY m.queue_id",
    )?;
    Ok(get.query_map([id_list(agents)], member)?.collect::<rusqlite::Result<_>>()?)
}

/// The agents of these queues, by priority.
pub fn agents_of_queues(connection: &Connection, queues: &[i64]) -> Result<Vec<Member>> {
    let mut get = connection.prepare_cached(
        "SELECT m.queue_id, a.id, m.penalty, m.priority, q.name, q.label, a.number, a.firstname, a.lastname,
                q.running_name
         FROM json_each(?1) asked CROSS JOIN queue_agent m ON m.queue_id = asked.value
         JOIN queue q ON q.id = m.queue_id JOIN agent a ON a.id = m.agent_id
         ORDER BY m.queue_id, m.priority, a.id",
    )?;
    Ok(get.query_map([id_list(queues)], member)?.collect::<rusqlite::Result<_>>()?)
}

/// The users of agents, lowest id first.
pub const USERS: &str = "SELECT m.agent_id, u.id, u.uuid, u.firstname, u.lastname
    FROM json_each(?1) asked CROSS JOIN user_agent m ON m.agent_id = asked.value
    JOIN user u ON u.id = m.user_id ORDER BY u.id";

/// Is the agent anybody's?
pub fn has_users(connection: &Connection, agent: i64) -> Result<bool> {
    Ok(connection.prepare_cached(USERS)?.exists([id_list(&[agent])])?)
}

/// The agents of these users: user, agent, its number.
pub fn of_users(connection: &Connection, users: &[i64]) -> Result<Vec<(i64, i64, String)>> {
    let mut get = connection.prepare_cached(
        "SELECT m.user_id, a.id, a.number
         FROM json_each(?1) asked CROSS JOIN user_agent m ON m.user_id = asked.value
         JOIN agent a ON a.id = m.agent_id",
    )?;
    let rows = get.query_map([id_list(users)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn give_to_user(tx: &WriteTx, user: i64, agent: i64) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO user_agent (user_id, agent_id) VALUES (?1, ?2)")?
        .execute([user, agent])?;
    Ok(())
}

pub fn take_from_user(tx: &WriteTx, user: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM user_agent WHERE user_id = ?1")?.execute([user])?;
    Ok(())
}

/// The agent with a number that the request sees; that of its own tenant first.
pub fn visible_by_number(connection: &Connection, scope: &Scope, number: &str) -> Result<Option<i64>> {
    let mut get = connection.prepare_cached(
        "SELECT id FROM agent WHERE number = ?1 AND tenant_uuid IN (SELECT value FROM json_each(?2))
         ORDER BY tenant_uuid = ?3 DESC, id LIMIT 1",
    )?;
    let bound = params![number, scope.visible_json(), scope.tenant.to_string()];
    Ok(get.query_row(bound, |row| row.get(0)).optional()?)
}

/// The agents of these tenants, by id.
pub fn of_tenants(connection: &Connection, tenants: &[Uuid]) -> Result<Vec<Agent>> {
    let mut get = connection.prepare_cached(
        "SELECT id, tenant_uuid, number, firstname, lastname, password, language, preprocess_subroutine, description
         FROM agent WHERE tenant_uuid IN (SELECT value FROM json_each(?1)) ORDER BY id",
    )?;
    let tenants = serde_json::to_string(tenants)?;
    Ok(get.query_map([tenants], read)?.collect::<rusqlite::Result<_>>()?)
}

/// Names and penalties of the queues that an agent answers, by priority.
pub fn served(connection: &Connection, agent: i64) -> Result<Vec<(String, i64)>> {
    let mut get = connection.prepare_cached(
        "SELECT q.running_name, m.penalty FROM queue_agent m JOIN queue q ON q.id = m.queue_id
         WHERE m.agent_id = ?1 AND q.enabled ORDER BY m.priority, q.id",
    )?;
    let rows = get.query_map([agent], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An agent's penalty in a queue; nothing when they are no member.
pub fn penalty(connection: &Connection, queue: i64, agent: i64) -> Result<Option<i64>> {
    let mut get =
        connection.prepare_cached("SELECT penalty FROM queue_agent WHERE queue_id = ?1 AND agent_id = ?2")?;
    Ok(get.query_row([queue, agent], |row| row.get(0)).optional()?)
}

/// The phones of a number: the context's tenant and the endpoint, the main line first.
pub fn phones(connection: &Connection, exten: &str, context: &str) -> Result<Vec<(String, String)>> {
    let mut get = connection.prepare_cached(
        "SELECT c.tenant_uuid, s.name
         FROM extension e JOIN context c ON c.name = e.context
         JOIN line_extension le ON le.extension_id = e.id
         JOIN line l ON l.id = le.line_id JOIN endpoint_sip s ON s.uuid = l.endpoint_sip_uuid
         WHERE e.exten = ?1 AND e.context = ?2 ORDER BY l.id",
    )?;
    let rows = get.query_map([exten, context], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The phone of a user's own line: endpoint, number and context.
pub fn phone_of_line(
    connection: &Connection,
    user: &str,
    line: i64,
) -> Result<Option<(String, String, String)>> {
    let mut get = connection.prepare_cached(
        "SELECT s.name, e.exten, e.context
         FROM user u JOIN user_line ul ON ul.user_id = u.id JOIN line l ON l.id = ul.line_id
         JOIN endpoint_sip s ON s.uuid = l.endpoint_sip_uuid
         JOIN line_extension le ON le.line_id = l.id JOIN extension e ON e.id = le.extension_id
         WHERE u.uuid = ?1 AND l.id = ?2 ORDER BY le.position LIMIT 1",
    )?;
    let row = get.query_row(params![user, line], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    Ok(row.optional()?)
}
