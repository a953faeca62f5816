//! Parking lots with their slots, and switchboards.

use super::rows::all;
use crate::error::Result;
use crate::model::{Extension, ParkingLot, Reached, Switchboard};
use crate::resources::parking_lots::slots;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// The lots that have an enabled number, by id.
pub fn parking_lots(connection: &Connection) -> Result<Vec<ParkingLot>> {
    all(
        connection,
        "SELECT p.id, p.slots_start, p.slots_end, p.timeout, p.music_on_hold FROM parking_lot p
         WHERE EXISTS (SELECT 1 FROM extension_use eu JOIN extension e ON e.id = eu.extension_id
             WHERE eu.kind = 'parking' AND eu.owner_id = p.id AND e.enabled) ORDER BY p.id",
        |row| {
            Ok(ParkingLot {
                id: row.get(0)?,
                slots: (row.get(1)?, row.get(2)?),
                timeout: row.get(3)?,
                music: row.get(4)?,
            })
        },
    )
}

/// Adds the slots of the lots to the numbers of the contexts in which the lots have theirs.
pub fn add_slots(lots: &[ParkingLot], extensions: &mut Vec<Extension>) {
    let mut added = Vec::new();
    for extension in extensions.iter() {
        let Reached::Resource { word, id } = &extension.reached else { continue };
        let lot = lots.binary_search_by_key(id, |lot| lot.id).ok().and_then(|at| lots.get(at));
        let Some(lot) = lot.filter(|_| word == "parking") else { continue };
        added.extend(slots::numbers(&lot.slots.0, &lot.slots.1).map(|exten| Extension {
            exten,
            context: extension.context.clone(),
            reached: Reached::Slot { lot: *id },
        }));
    }
    if !added.is_empty() {
        extensions.append(&mut added);
        extensions.sort_by(|a, b| (&a.context, &a.exten).cmp(&(&b.context, &b.exten)));
        extensions.dedup_by(|a, b| (&a.context, &a.exten) == (&b.context, &b.exten));
    }
}

/// Every switchboard, by id.
pub fn switchboards(connection: &Connection) -> Result<Vec<Switchboard>> {
    let pairs = all(
        connection,
        "SELECT switchboard_id, user_id FROM switchboard_user ORDER BY switchboard_id, user_id",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
    )?;
    let mut members: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (board, user) in pairs {
        members.entry(board).or_default().push(user);
    }
    all(
        connection,
        "SELECT id, uuid, tenant_uuid, name, timeout, queue_music_on_hold, waiting_room_music_on_hold
         FROM switchboard ORDER BY id",
        |row| {
            let id = row.get(0)?;
            Ok(Switchboard {
                id,
                uuid: row.get(1)?,
                tenant_uuid: row.get(2)?,
                name: row.get(3)?,
                timeout: row.get(4)?,
                queue_music: row.get(5)?,
                hold_music: row.get(6)?,
                members: members.remove(&id).unwrap_or_default(),
            })
        },
    )
}
