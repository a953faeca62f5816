//! Groups with their members, and incalls.

use super::hours::Followed;
use super::lines::Line;
use super::rows::all;
use crate::error::Result;
use crate::model::{CallerId, Group, Incall, Member, User};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Tells every user what all their lines ring, the main line first.
pub fn give_endpoints(
    connection: &Connection,
    lines: &BTreeMap<i64, Line>,
    users: &mut [User],
) -> Result<()> {
    let pairs = all(
        connection,
        "SELECT user_id, line_id FROM user_line ORDER BY user_id, position, line_id",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
    )?;
    for (user, line) in pairs {
        let user = users.binary_search_by_key(&user, |user| user.id).ok().and_then(|at| users.get_mut(at));
        if let (Some(user), Some(line)) = (user, lines.get(&line)) {
            user.endpoints.extend(line.endpoint_name.clone());
            user.interfaces.extend(line.interface.clone());
        }
    }
    Ok(())
}

/// Every group, by id.
pub fn groups(connection: &Connection, followed: &Followed) -> Result<Vec<Group>> {
    let mut members = members(connection)?;
    all(
        connection,
        "SELECT g.id, 'grp-' || t.slug || '-' || g.uuid, g.label, g.enabled, g.ring_strategy, g.caller_id_mode,
                g.caller_id_name, g.timeout, g.user_timeout, g.retry_delay, g.music_on_hold, g.ring_in_use,
                g.mark_answered_elsewhere, g.ignore_forward, g.max_calls, g.preprocess_subroutine, g.tenant_uuid,
                g.dtmf_record_toggle
         FROM call_group g JOIN tenant t ON t.uuid = g.tenant_uuid ORDER BY g.id",
        |row| {
            let id = row.get(0)?;
            Ok(Group {
                id,
                name: row.get(1)?,
                label: row.get(2)?,
                enabled: row.get(3)?,
                strategy: row.get(4)?,
                caller_id: CallerId { mode: row.get(5)?, name: row.get(6)? },
                timeout: row.get(7)?,
                user_timeout: row.get(8)?,
                retry_delay: row.get(9)?,
                music_on_hold: row.get(10)?,
                ring_in_use: row.get(11)?,
                mark_answered_elsewhere: row.get(12)?,
                ignore_forward: row.get(13)?,
                max_calls: row.get(14)?,
                subroutine: row.get(15)?,
                tenant_uuid: row.get(16)?,
                schedule: followed.by("group", id),
                may_record: row.get(17)?,
                members: members.remove(&id).unwrap_or_default(),
            })
        },
    )
}

fn members(connection: &Connection) -> Result<BTreeMap<i64, Vec<Member>>> {
    let users = all(
        connection,
        "SELECT group_id, user_id FROM group_user ORDER BY group_id, priority, user_id",
        |row| Ok((row.get::<_, i64>(0)?, Member::User(row.get(1)?))),
    )?;
    let numbers = all(
        connection,
        "SELECT group_id, exten, context FROM group_extension ORDER BY group_id, priority, context, exten",
        |row| Ok((row.get::<_, i64>(0)?, Member::Number { exten: row.get(1)?, context: row.get(2)? })),
    )?;
    let mut members: BTreeMap<i64, Vec<Member>> = BTreeMap::new();
    for (group, member) in users.into_iter().chain(numbers) {
        members.entry(group).or_default().push(member);
    }
    Ok(members)
}

/// Every incall, by id.
pub fn incalls(connection: &Connection, followed: &Followed) -> Result<Vec<Incall>> {
    all(
        connection,
        "SELECT id, caller_id_mode, caller_id_name, greeting_sound, preprocess_subroutine
         FROM incall ORDER BY id",
        |row| {
            let id = row.get(0)?;
            Ok(Incall {
                id,
                schedule: followed.by("incall", id),
                caller_id: CallerId { mode: row.get(1)?, name: row.get(2)? },
                greeting: row.get(3)?,
                subroutine: row.get(4)?,
            })
        },
    )
}
