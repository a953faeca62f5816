//! Agents with their queues, and the keys that name them.

use super::rows::all;
use crate::error::Result;
use crate::model::Agent;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Every agent, by id.
pub fn agents(connection: &Connection) -> Result<Vec<Agent>> {
    let mut queues: BTreeMap<i64, Vec<(String, i64)>> = BTreeMap::new();
    let members = all(
        connection,
        "SELECT m.agent_id, q.running_name, m.penalty FROM queue_agent m JOIN queue q ON q.id = m.queue_id
         WHERE q.enabled ORDER BY m.agent_id, m.priority, q.id",
        |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?)),
    )?;
    for (agent, name, penalty) in members {
        queues.entry(agent).or_default().push((name, penalty));
    }
    let mut keys: BTreeMap<i64, Vec<(i64, String)>> = BTreeMap::new();
    let named = all(
        connection,
        "SELECT DISTINCT CAST(k.target AS INTEGER), t.user_id, k.arguments ->> 'action'
         FROM func_key k JOIN func_key_template t ON t.id = k.template_id
         WHERE k.type = 'agent' AND t.user_id IS NOT NULL ORDER BY 1, 2, 3",
        |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?)),
    )?;
    for (agent, user, action) in named {
        keys.entry(agent).or_default().push((user, action));
    }
    all(
        connection,
        "SELECT id, tenant_uuid, number, password, language, preprocess_subroutine FROM agent ORDER BY id",
        |row| {
            let id = row.get(0)?;
            Ok(Agent {
                id,
                tenant_uuid: row.get(1)?,
                number: row.get(2)?,
                password: row.get(3)?,
                language: row.get(4)?,
                subroutine: row.get(5)?,
                queues: queues.remove(&id).unwrap_or_default(),
                keys: keys.remove(&id).unwrap_or_default(),
            })
        },
    )
}
