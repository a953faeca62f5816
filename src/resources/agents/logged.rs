//! Who is logged in: the mirror of Asterisk's own word, for lamps, for the applier and for who asks.

use crate::apply::{Login, Seat};
use crate::db::WriteTx;
use crate::error::Result;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Those of agents that exist, at phones that exist.
///
/// # Errors
/// The database can't be read.
pub fn known(connection: &Connection, logins: &[Login]) -> Result<Vec<Login>> {
    let mut get = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM agent WHERE id = ?1) AND EXISTS (SELECT 1 FROM endpoint_sip WHERE name = ?2)",
    )?;
    let mut known = Vec::with_capacity(logins.len());
    for login in logins {
        if get.query_row(params![login.agent, login.endpoint], |row| row.get(0))? {
            known.push(login.clone());
        }
    }
    known.sort_by_key(|login| login.agent);
    Ok(known)
}

/// Does the mirror not show exactly these?
///
/// # Errors
/// The database can't be read.
pub fn is_news(connection: &Connection, logins: &[Login]) -> Result<bool> {
    Ok(mirrored(connection)? != known(connection, logins)?)
}

/// Makes the mirror show these, and nobody else.
///
/// # Errors
/// The database can't be written.
pub fn adopt(tx: &WriteTx, logins: &[Login]) -> Result<()> {
    tx.prepare_cached("DELETE FROM agent_login")?.execute([])?;
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO agent_login (agent_id, endpoint, exten, context) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for login in known(tx, logins)? {
        insert.execute(params![login.agent, login.endpoint, login.exten, login.context])?;
    }
    Ok(())
}

fn mirrored(connection: &Connection) -> Result<Vec<Login>> {
    let mut get = connection
        .prepare_cached("SELECT agent_id, endpoint, exten, context FROM agent_login ORDER BY agent_id")?;
    let rows = get.query_map([], |row| {
        Ok(Login { agent: row.get(0)?, endpoint: row.get(1)?, exten: row.get(2)?, context: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What the agents answer who are logged in.
///
/// # Errors
/// The database can't be read.
pub fn seats(connection: &Connection) -> Result<Vec<Seat>> {
    let logins = known(connection, &mirrored(connection)?)?;
    let mut number = connection.prepare_cached("SELECT number FROM agent WHERE id = ?1")?;
    let mut queues = connection.prepare_cached(
        "SELECT q.running_name, m.penalty FROM queue_agent m JOIN queue q ON q.id = m.queue_id
         WHERE m.agent_id = ?1 AND q.enabled",
    )?;
    let seat = |login: Login| {
        let rows = queues.query_map([login.agent], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let queues = rows.collect::<rusqlite::Result<BTreeMap<String, i64>>>()?;
        Ok(Seat { number: number.query_row([login.agent], |row| row.get(0))?, login, queues })
    };
    logins.into_iter().map(seat).collect()
}
