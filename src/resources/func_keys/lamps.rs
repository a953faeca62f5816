//! Which lamps of programmable keys are lit: services and forwards that are on, groups that one belongs to, agents who are
//! logged in; and those of secretaries who take calls. A lamp is named by the number of its key.

use super::codes::Codes;
use crate::domain::exten::dialable;
use crate::domain::programmable::{self, AGENT_KEYS};
use crate::error::Result;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

const FORWARDS: [&str; 3] = ["busy", "noanswer", "unconditional"];

/// Every lit lamp, and those that are known to be dark.
///
/// # Errors
/// The database can't be read.
pub fn all(connection: &Connection) -> Result<BTreeMap<String, bool>> {
    let codes = Codes::load(connection)?;
    let mut lit = BTreeSet::new();
    switches(connection, &codes, &mut lit)?;
    mailboxes(connection, &codes, &mut lit)?;
    memberships(connection, &codes, &mut lit)?;
    agents(connection, &codes, &mut lit)?;
    let mut lamps: BTreeMap<String, bool> = lit.into_iter().map(|name| (name, true)).collect();
    secretaries(connection, &codes, &mut lamps)?;
    Ok(lamps)
}

/// One lamp a secretary, the same for all who watch it.
fn secretaries(connection: &Connection, codes: &Codes, lamps: &mut BTreeMap<String, bool>) -> Result<()> {
    let Some(code) = codes.code("bsfilter") else { return Ok(()) };
    let mut all =
        connection.prepare_cached("SELECT id, active FROM call_filter_member WHERE side = 'surrogate'")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        lamps.insert(format!("{code}{}", row.get::<_, i64>(0)?), row.get(1)?);
    }
    Ok(())
}

/// A forward lights the key that names its number, and the one that names none; to nowhere it is none.
fn switches(connection: &Connection, codes: &Codes, lit: &mut BTreeSet<String>) -> Result<()> {
    let mut all = connection.prepare_cached(
        "SELECT user_id, name, destination FROM user_switch WHERE enabled AND name != 'mailbox'",
    )?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let (user, name, number): (i64, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let number = dialable(&number.unwrap_or_default());
        if FORWARDS.contains(&name.as_str()) {
            if number.is_empty() {
                continue;
            }
            lit.extend(codes.lamp(user, &name, Some(&number)));
        }
        lit.extend(codes.lamp(user, &name, None));
    }
    Ok(())
}

/// Mailboxes are on unless they were switched off, so only those are looked at that have a key.
fn mailboxes(connection: &Connection, codes: &Codes, lit: &mut BTreeSet<String>) -> Result<()> {
    let mut all = connection.prepare_cached(
        "WITH of_users (user_id) AS (
             SELECT t.user_id FROM func_key k JOIN func_key_template t ON t.id = k.template_id
             WHERE k.type = 'service' AND k.arguments ->> 'service' = 'enablevm' AND t.user_id IS NOT NULL
             UNION
             SELECT u.id FROM func_key k JOIN user u ON u.func_key_template_id = k.template_id
             WHERE k.type = 'service' AND k.arguments ->> 'service' = 'enablevm'
         )
         SELECT u.id FROM of_users o JOIN user u ON u.id = o.user_id
         WHERE u.voicemail_id IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM user_switch s WHERE s.user_id = u.id AND s.name = 'mailbox' AND NOT s.enabled)",
    )?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        lit.extend(codes.lamp(row.get(0)?, "mailbox", None));
    }
    Ok(())
}

/// A key to join or to toggle is lit for members, a key to leave for those who are none.
fn memberships(connection: &Connection, codes: &Codes, lit: &mut BTreeSet<String>) -> Result<()> {
    let mut all = connection.prepare_cached(
        "WITH of_users (user_id, action, target) AS (
             SELECT t.user_id, k.arguments ->> 'action', k.target
             FROM func_key k JOIN func_key_template t ON t.id = k.template_id
             WHERE k.type = 'groupmember' AND t.user_id IS NOT NULL
             UNION
             SELECT u.id, k.arguments ->> 'action', k.target
             FROM func_key k JOIN user u ON u.func_key_template_id = k.template_id
             WHERE k.type = 'groupmember'
         )
         SELECT o.user_id, o.action, o.target, EXISTS (
             SELECT 1 FROM group_user g WHERE g.group_id = CAST(o.target AS INTEGER) AND g.user_id = o.user_id)
         FROM of_users o",
    )?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let (user, action, group): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let member: bool = row.get(3)?;
        if member != (action == "leave") {
            lit.extend(codes.lamp(user, &format!("member-{action}"), Some(&group)));
        }
    }
    Ok(())
}

/// A key to log in or to toggle is lit while the agent is logged in, a key to log out while they are not.
fn agents(connection: &Connection, codes: &Codes, lit: &mut BTreeSet<String>) -> Result<()> {
    let mut all = connection.prepare_cached(
        "SELECT t.user_id, k.arguments ->> 'action', a.id,
                EXISTS (SELECT 1 FROM agent_login l WHERE l.agent_id = a.id)
         FROM func_key k JOIN func_key_template t ON t.id = k.template_id
         JOIN agent a ON a.id = CAST(k.target AS INTEGER)
         WHERE k.type = 'agent' AND t.user_id IS NOT NULL",
    )?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let (user, action, agent): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let logged: bool = row.get(3)?;
        let feature = AGENT_KEYS.iter().find(|(known, _)| *known == action).map(|(_, feature)| *feature);
        if logged != (action == "logout") {
            let argument = programmable::agent(agent);
            lit.extend(feature.and_then(|feature| codes.key(user, feature, Some(&argument))));
        }
    }
    Ok(())
}
