//! A group as the API shows it.

use super::{Group, fallbacks, store};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::call_permissions::{self, Holder};
use crate::resources::{destinations, extensions, incalls, schedules};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A group's own values, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Own {
    pub id: i64,
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub label: String,
    pub preprocess_subroutine: Option<String>,
    pub ring_strategy: String,
    pub caller_id_mode: Option<String>,
    pub caller_id_name: Option<String>,
    pub dtmf_record_toggle: bool,
    pub timeout: Option<i64>,
    pub user_timeout: Option<i64>,
    pub retry_delay: Option<i64>,
    pub music_on_hold: Option<String>,
    pub ring_in_use: bool,
    pub mark_answered_elsewhere: bool,
    pub enabled: bool,
    pub ignore_forward: bool,
    pub max_calls: Option<i64>,
}

impl Own {
    fn of(group: Group, name: String) -> Own {
        Own {
            id: group.id,
            uuid: group.uuid,
            tenant_uuid: group.tenant_uuid,
            name,
            label: group.label,
            preprocess_subroutine: group.preprocess_subroutine,
            ring_strategy: group.ring_strategy,
            caller_id_mode: group.caller_id_mode,
            caller_id_name: group.caller_id_name,
            dtmf_record_toggle: group.dtmf_record_toggle,
            timeout: group.timeout,
            user_timeout: group.user_timeout,
            retry_delay: group.retry_delay,
            music_on_hold: group.music_on_hold,
            ring_in_use: group.ring_in_use,
            mark_answered_elsewhere: group.mark_answered_elsewhere,
            enabled: group.enabled,
            ignore_forward: group.ignore_forward,
            max_calls: group.max_calls,
        }
    }
}

/// A whole group.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    #[serde(flatten)]
    pub group: Own,
    pub links: Vec<Link>,
    pub extensions: Vec<extensions::Brief>,
    #[schemars(schema_with = "fallbacks::shown")]
    pub fallbacks: Object,
    pub incalls: Vec<incalls::Brief>,
    pub schedules: Vec<schedules::Brief>,
    pub call_permissions: Vec<call_permissions::Brief>,
    pub members: Members,
}

/// Who rings, each list by priority.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Members {
    pub users: Vec<UserMember>,
    pub extensions: Vec<ExtensionMember>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct UserMember {
    pub priority: i64,
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
    pub links: Vec<Link>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ExtensionMember {
    pub priority: i64,
    pub exten: String,
    pub context: String,
}

/// A group inside a user.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub uuid: Uuid,
    pub id: i64,
    pub name: String,
    pub links: Vec<Link>,
}

/// The groups as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut members = members(call, connection, ids)?;
    let mut extensions = extensions::briefs(call, connection, "group", ids)?;
    let mut fallbacks = destinations::fallbacks(connection, "group", &fallbacks::EVENTS, ids)?;
    let mut incalls = incalls::pointing_at(call, connection, "group", ids)?;
    let mut permissions = call_permissions::briefs(call, connection, Holder::Group, ids)?;
    let mut schedules = schedules::briefs(call, connection, schedules::Kind::Group, ids)?;
    let mut rows: HashMap<i64, (Group, String)> =
        store::get_many(connection, ids)?.into_iter().map(|row| (row.0.id, row)).collect();
    let shown = ids.iter().filter_map(|id| {
        let (group, name) = rows.remove(id)?;
        Some(View {
            links: call.links("groups", &format!("/groups/{}", group.uuid)),
            group: Own::of(group, name),
            extensions: extensions.remove(id).unwrap_or_default(),
            fallbacks: fallbacks.remove(id).unwrap_or_default(),
            incalls: incalls.remove(id).unwrap_or_default(),
            schedules: schedules.remove(id).unwrap_or_default(),
            call_permissions: permissions.remove(id).unwrap_or_default(),
            members: members.remove(id).unwrap_or_default(),
        })
    });
    Ok(shown.collect())
}

fn members(call: &Call, connection: &Connection, ids: &[i64]) -> Result<HashMap<i64, Members>> {
    let mut members: HashMap<i64, Members> = HashMap::new();
    for row in store::users_of(connection, ids)? {
        let links = call.links("users", &format!("/users/{}", row.id));
        let member = UserMember {
            priority: row.priority,
            uuid: row.uuid,
            firstname: row.firstname,
            lastname: row.lastname,
            links,
        };
        members.entry(row.group_id).or_default().users.push(member);
    }
    for row in store::extension_members_of(connection, ids)? {
        let member = ExtensionMember { priority: row.priority, exten: row.exten, context: row.context };
        members.entry(row.group_id).or_default().extensions.push(member);
    }
    Ok(members)
}

/// The groups of users, by the user's id.
///
/// # Errors
/// The database can't be read.
pub fn briefs_of_users(
    call: &Call,
    connection: &Connection,
    users: &[i64],
) -> Result<HashMap<i64, Vec<Brief>>> {
    let mut briefs: HashMap<i64, Vec<Brief>> = HashMap::new();
    for row in store::groups_of_users(connection, users)? {
        let links = call.links("groups", &format!("/groups/{}", row.uuid));
        let brief = Brief { uuid: row.uuid, id: row.id, name: row.name, links };
        briefs.entry(row.of).or_default().push(brief);
    }
    Ok(briefs)
}
