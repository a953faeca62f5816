//! A switchboard as the API shows it.

use super::{Switchboard, fallbacks, store};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::{destinations, incalls, people};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A switchboard as the API shows it, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub timeout: Option<i64>,
    pub queue_music_on_hold: Option<String>,
    pub waiting_room_music_on_hold: Option<String>,
    pub links: Vec<Link>,
    pub incalls: Vec<incalls::Brief>,
    #[schemars(schema_with = "fallbacks::shown")]
    pub fallbacks: Object,
    pub members: Members,
}

/// Who may take the calls.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Members {
    pub users: Vec<people::Brief>,
}

/// A switchboard inside a user.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub uuid: Uuid,
    pub name: String,
    pub links: Vec<Link>,
}

/// The switchboards as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut members = people::of_owners(call, connection, store::USERS, ids)?;
    let mut fallbacks = destinations::fallbacks(connection, "switchboard", &fallbacks::EVENTS, ids)?;
    let mut rows: HashMap<i64, Switchboard> =
        store::get_many(connection, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let uuids: Vec<Uuid> = rows.values().map(|board| board.uuid).collect();
    let mut incalls = incalls::pointing_at_uuids(call, connection, "switchboard", &uuids)?;
    let shown = ids.iter().filter_map(|id| {
        let board = rows.remove(id)?;
        Some(View {
            uuid: board.uuid,
            tenant_uuid: board.tenant_uuid,
            name: board.name,
            timeout: board.timeout,
            queue_music_on_hold: board.queue_music_on_hold,
            waiting_room_music_on_hold: board.waiting_room_music_on_hold,
            links: call.links("switchboards", &format!("/switchboards/{}", board.uuid)),
            incalls: incalls.remove(&board.uuid).unwrap_or_default(),
            fallbacks: fallbacks.remove(id).unwrap_or_default(),
            members: Members { users: members.remove(id).unwrap_or_default() },
        })
    });
    Ok(shown.collect())
}

/// The switchboards of users, by the user's id.
///
/// # Errors
/// The database can't be read.
pub fn briefs_of_users(
    call: &Call,
    connection: &Connection,
    users: &[i64],
) -> Result<HashMap<i64, Vec<Brief>>> {
    let mut briefs: HashMap<i64, Vec<Brief>> = HashMap::new();
    for (user, uuid, name) in store::of_users(connection, users)? {
        let links = call.links("switchboards", &format!("/switchboards/{uuid}"));
        briefs.entry(user).or_default().push(Brief { uuid, name, links });
    }
    Ok(briefs)
}
