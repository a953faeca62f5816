//! SQL of skills, and of who has them.

use super::Skill;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "skill.id",
    from: "skill",
    tenant: Some("skill.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "skill.id"),
        Column::text("name", "skill.name"),
        Column::text("description", "skill.description").ordered_by(NULLS_LAST),
    ],
    default_order: "skill.name {dir}, skill.id {dir}",
};

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Skill>> {
    let mut get = connection.prepare_cached(
        "SELECT s.id, s.tenant_uuid, s.name, s.description
         FROM json_each(?1) asked CROSS JOIN skill s ON s.id = asked.value ORDER BY asked.key",
    )?;
    let rows = get.query_map([id_list(ids)], |row| {
        Ok(Skill {
            id: row.get(0)?,
            tenant_uuid: uuid_at(row, 1)?,
            name: row.get(2)?,
            description: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn by_name(connection: &Connection, tenant: Uuid, name: &str) -> Result<Option<i64>> {
    let mut get = connection.prepare_cached("SELECT id FROM skill WHERE tenant_uuid = ?1 AND name = ?2")?;
    Ok(get.query_row(params![tenant.to_string(), name], |row| row.get(0)).optional()?)
}

pub fn insert(tx: &WriteTx, row: &Skill) -> Result<i64> {
    tx.prepare_cached("INSERT INTO skill (tenant_uuid, name, description) VALUES (?1, ?2, ?3)")?
        .execute(params![row.tenant_uuid.to_string(), row.name, row.description])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Skill) -> Result<()> {
    tx.prepare_cached("UPDATE skill SET name = ?2, description = ?3 WHERE id = ?1")?.execute(params![
        row.id,
        row.name,
        row.description
    ])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM skill WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Gives an agent a skill; one that they have gets the new weight.
pub fn give(tx: &WriteTx, skill: i64, agent: i64, weight: i64) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO agent_skill (agent_id, skill_id, weight) VALUES (?1, ?2, ?3)")?
        .execute([agent, skill, weight])?;
    Ok(())
}

pub fn take(tx: &WriteTx, skill: i64, agent: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM agent_skill WHERE agent_id = ?1 AND skill_id = ?2")?
        .execute([agent, skill])?;
    Ok(())
}

/// Who has a skill.
#[derive(Debug)]
pub struct AgentRow {
    pub skill: i64,
    pub weight: i64,
    pub id: i64,
    pub number: String,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
}

/// The agents that have these skills, lowest id first.
pub fn agents_of(connection: &Connection, skills: &[i64]) -> Result<Vec<AgentRow>> {
    let mut get = connection.prepare_cached(
        "SELECT s.skill_id, s.weight, a.id, a.number, a.firstname, a.lastname
         FROM json_each(?1) asked CROSS JOIN agent_skill s ON s.skill_id = asked.value
         JOIN agent a ON a.id = s.agent_id ORDER BY a.id",
    )?;
    let rows = get.query_map([id_list(skills)], |row| {
        Ok(AgentRow {
            skill: row.get(0)?,
            weight: row.get(1)?,
            id: row.get(2)?,
            number: row.get(3)?,
            firstname: row.get(4)?,
            lastname: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The skills of these agents: agent, weight, skill, its name.
pub fn of_agents(connection: &Connection, agents: &[i64]) -> Result<Vec<(i64, i64, i64, String)>> {
    let mut get = connection.prepare_cached(
        "SELECT s.agent_id, s.weight, k.id, k.name
         FROM json_each(?1) asked CROSS JOIN agent_skill s ON s.agent_id = asked.value
         JOIN skill k ON k.id = s.skill_id ORDER BY k.id",
    )?;
    let rows =
        get.query_map([id_list(agents)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
