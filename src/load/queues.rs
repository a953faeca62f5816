//! Queues with the users who answer.

use super::hours::Followed;
use super::rows::all;
use crate::error::Result;
use crate::model::{CallerId, Queue, QueueSwitches, QueueUser};
use rusqlite::types::Type;
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;

/// Every queue, by id.
pub fn queues(connection: &Connection, followed: &Followed) -> Result<Vec<Queue>> {
    let mut users: BTreeMap<i64, Vec<QueueUser>> = BTreeMap::new();
    let rows = all(
        connection,
        "SELECT queue_id, user_id, penalty FROM queue_user ORDER BY queue_id, priority, user_id",
        |row| Ok((row.get::<_, i64>(0)?, QueueUser { user: row.get(1)?, penalty: row.get(2)? })),
    )?;
    for (queue, user) in rows {
        users.entry(queue).or_default().push(user);
    }
    all(
        connection,
        "SELECT id, tenant_uuid, running_name, label, enabled, options, timeout, music_on_hold, wait_time_threshold,
                CAST(wait_ratio_threshold AS TEXT), caller_id_mode, caller_id_name, preprocess_subroutine,
                data_quality, dtmf_hangup_callee_enabled, dtmf_hangup_caller_enabled,
                dtmf_transfer_callee_enabled, dtmf_transfer_caller_enabled, dtmf_record_callee_enabled,
                dtmf_record_caller_enabled, retry_on_timeout, ring_on_hold, announce_hold_time_on_entry,
                ignore_forward, mark_answered_elsewhere, dtmf_record_toggle
         FROM queue ORDER BY id",
        |row| {
            let id = row.get(0)?;
            Ok(Queue {
                id,
                tenant_uuid: row.get(1)?,
                name: row.get(2)?,
                label: row.get(3)?,
                enabled: row.get(4)?,
                options: options(row)?,
                switches: switches(row)?,
                timeout: row.get(6)?,
                music_on_hold: row.get(7)?,
                wait_time: row.get(8)?,
                wait_ratio: row.get(9)?,
                caller_id: CallerId { mode: row.get(10)?, name: row.get(11)? },
                subroutine: row.get(12)?,
                schedule: followed.by("queue", id),
                users: users.remove(&id).unwrap_or_default(),
            })
        },
    )
}

/// The general options that an administrator has set.
pub fn general(connection: &Connection) -> Result<Vec<(String, String)>> {
    all(
        connection,
        "SELECT name, value FROM asterisk_option
         WHERE area = 'queues/general' AND value IS NOT NULL ORDER BY position",
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

fn options(row: &Row<'_>) -> rusqlite::Result<Vec<(String, String)>> {
    serde_json::from_str(row.get_ref(5)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(5, Type::Text, Box::new(error)))
}

fn switches(row: &Row<'_>) -> rusqlite::Result<QueueSwitches> {
    Ok(QueueSwitches {
        data_quality: row.get(13)?,
        hangup_callee: row.get(14)?,
        hangup_caller: row.get(15)?,
        transfer_callee: row.get(16)?,
        transfer_caller: row.get(17)?,
        record_callee: row.get(18)?,
        record_caller: row.get(19)?,
        retry: row.get(20)?,
        rings: row.get(21)?,
        announce_hold_time: row.get(22)?,
        ignore_forward: row.get(23)?,
        elsewhere: row.get(24)?,
        may_record: row.get(25)?,
    })
}
