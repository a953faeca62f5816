//! A queue as the API shows it.

use super::{DIVERSIONS, Queue, store};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::{agents, destinations, extensions, schedules};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// A whole queue, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub label: Option<String>,
    pub data_quality: bool,
    pub dtmf_hangup_callee_enabled: bool,
    pub dtmf_hangup_caller_enabled: bool,
    pub dtmf_transfer_callee_enabled: bool,
    pub dtmf_transfer_caller_enabled: bool,
    pub dtmf_record_callee_enabled: bool,
    pub dtmf_record_caller_enabled: bool,
    pub dtmf_record_toggle: bool,
    pub retry_on_timeout: bool,
    pub ring_on_hold: bool,
    pub timeout: Option<i64>,
    pub announce_hold_time_on_entry: bool,
    pub ignore_forward: bool,
    pub preprocess_subroutine: Option<String>,
    pub music_on_hold: Option<String>,
    pub wait_time_threshold: Option<i64>,
    #[schemars(with = "Option<destinations::Destination>")]
    pub wait_time_destination: Value,
    pub wait_ratio_threshold: Option<f64>,
    #[schemars(with = "Option<destinations::Destination>")]
    pub wait_ratio_destination: Value,
    pub caller_id_mode: Option<String>,
    pub caller_id_name: Option<String>,
    pub mark_answered_elsewhere: bool,
    pub enabled: bool,
    pub options: Vec<(String, String)>,
    pub links: Vec<Link>,
    pub extensions: Vec<extensions::Brief>,
    pub schedules: Vec<schedules::Brief>,
    pub members: Members,
}

/// Who answers, each list by priority.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Members {
    pub agents: Vec<agents::Member>,
    pub users: Vec<UserMember>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct UserMember {
    pub priority: i64,
    /// The contract's users have none: shown only where somebody has set one.
    #[serde(skip_serializing_if = "is_zero")]
    pub penalty: i64,
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
    pub links: Vec<Link>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// A queue inside a user.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub id: i64,
    pub name: String,
    pub label: Option<String>,
    pub links: Vec<Link>,
}

impl View {
    fn of(call: &Call, queue: Queue, diversions: [Value; 2]) -> View {
        let [wait_time_destination, wait_ratio_destination] = diversions;
        View {
            links: call.links("queues", &format!("/queues/{}", queue.id)),
            id: queue.id,
            tenant_uuid: queue.tenant_uuid,
            name: queue.name,
            label: queue.label,
            data_quality: queue.data_quality,
            dtmf_hangup_callee_enabled: queue.dtmf_hangup_callee_enabled,
            dtmf_hangup_caller_enabled: queue.dtmf_hangup_caller_enabled,
            dtmf_transfer_callee_enabled: queue.dtmf_transfer_callee_enabled,
            dtmf_transfer_caller_enabled: queue.dtmf_transfer_caller_enabled,
            dtmf_record_callee_enabled: queue.dtmf_record_callee_enabled,
            dtmf_record_caller_enabled: queue.dtmf_record_caller_enabled,
            dtmf_record_toggle: queue.dtmf_record_toggle,
            retry_on_timeout: queue.retry_on_timeout,
            ring_on_hold: queue.ring_on_hold,
            timeout: queue.timeout,
            announce_hold_time_on_entry: queue.announce_hold_time_on_entry,
            ignore_forward: queue.ignore_forward,
            preprocess_subroutine: queue.preprocess_subroutine,
            music_on_hold: queue.music_on_hold,
            wait_time_threshold: queue.wait_time_threshold,
            wait_time_destination,
            wait_ratio_threshold: queue.wait_ratio_threshold,
            wait_ratio_destination,
            caller_id_mode: queue.caller_id_mode,
            caller_id_name: queue.caller_id_name,
            mark_answered_elsewhere: queue.mark_answered_elsewhere,
            enabled: queue.enabled,
            options: queue.options,
            extensions: Vec::new(),
            schedules: Vec::new(),
            members: Members::default(),
        }
    }
}

/// The queues as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut members = members(call, connection, ids)?;
    let mut extensions = extensions::briefs(call, connection, "queue", ids)?;
    let mut destinations = destinations::of(connection, "queue", ids)?;
    let mut schedules = schedules::briefs(call, connection, schedules::Kind::Queue, ids)?;
    let mut rows: HashMap<i64, Queue> =
        store::get_many(connection, ids)?.into_iter().map(|queue| (queue.id, queue)).collect();
    let shown = ids.iter().filter_map(|id| {
        let queue = rows.remove(id)?;
        let diversions =
            DIVERSIONS.map(|event| destinations.remove(&(*id, event.to_owned())).unwrap_or_default());
        Some(View {
            extensions: extensions.remove(id).unwrap_or_default(),
            members: members.remove(id).unwrap_or_default(),
            schedules: schedules.remove(id).unwrap_or_default(),
            ..View::of(call, queue, diversions)
        })
    });
    Ok(shown.collect())
}

fn members(call: &Call, connection: &Connection, ids: &[i64]) -> Result<HashMap<i64, Members>> {
    let mut members: HashMap<i64, Members> = HashMap::new();
    for row in store::users_of(connection, ids)? {
        let member = UserMember {
            priority: row.place.priority,
            penalty: row.place.penalty,
            uuid: row.uuid,
            firstname: row.firstname,
            lastname: row.lastname,
            links: call.links("users", &format!("/users/{}", row.id)),
        };
        members.entry(row.queue_id).or_default().users.push(member);
    }
    for (queue, agents) in agents::of_queues(call, connection, ids)? {
        members.entry(queue).or_default().agents = agents;
    }
    Ok(members)
}

/// The queues of users, by the user's id.
///
/// # Errors
/// The database can't be read.
pub fn briefs_of_users(
    call: &Call,
    connection: &Connection,
    users: &[i64],
) -> Result<HashMap<i64, Vec<Brief>>> {
    let mut briefs: HashMap<i64, Vec<Brief>> = HashMap::new();
    for row in store::queues_of_users(connection, users)? {
        let links = call.links("queues", &format!("/queues/{}", row.id));
        let brief = Brief { id: row.id, name: row.name, label: row.label, links };
        briefs.entry(row.of).or_default().push(brief);
    }
    Ok(briefs)
}
