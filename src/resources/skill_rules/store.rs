//! SQL of skill rules.

use super::SkillRule;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

pub static LISTING: Listing = Listing {
    id: "skill_rule.id",
    from: "skill_rule",
    tenant: Some("skill_rule.tenant_uuid"),
    only: None,
    columns: &[Column::int("id", "skill_rule.id"), Column::text("name", "skill_rule.name")],
    default_order: "skill_rule.name {dir}, skill_rule.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<SkillRule> {
    let rules = serde_json::from_str(row.get_ref(3)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(3, Type::Text, Box::new(error)))?;
    Ok(SkillRule { id: row.get(0)?, tenant_uuid: uuid_at(row, 1)?, name: row.get(2)?, rules })
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<SkillRule>> {
    let mut get = connection.prepare_cached(
        "SELECT r.id, r.tenant_uuid, r.name, r.rules
         FROM json_each(?1) asked CROSS JOIN skill_rule r ON r.id = asked.value ORDER BY asked.key",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

pub fn insert(tx: &WriteTx, row: &SkillRule) -> Result<i64> {
    let rules = serde_json::to_string(&row.rules)?;
    tx.prepare_cached("INSERT INTO skill_rule (tenant_uuid, name, rules) VALUES (?1, ?2, ?3)")?
        .execute(params![row.tenant_uuid.to_string(), row.name, rules])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &SkillRule) -> Result<()> {
    let rules = serde_json::to_string(&row.rules)?;
    tx.prepare_cached("UPDATE skill_rule SET name = ?2, rules = ?3 WHERE id = ?1")?
        .execute(params![row.id, row.name, rules])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM skill_rule WHERE id = ?1")?.execute([id])?;
    Ok(())
}
