//! Loads the model from one snapshot: one statement a table, joined in memory. The only place where SQL meets
//! the renderer's input.

mod agents;
mod boards;
mod ceilings;
mod dialplan;
mod filters;
mod groups;
mod hours;
mod lines;
mod outgoing;
mod queues;
mod rooms;
mod rows;

use crate::error::Result;
use crate::model::{Model, Site};
use crate::resources::blocks::store as blocks;
use crate::resources::endpoints_sip::store;
use rusqlite::Connection;

/// All that the renderer may see, as the database is in this snapshot.
///
/// # Errors
/// The database can't be read.
pub fn model(connection: &Connection, site: Site) -> Result<Model> {
    let mut users = rows::users(connection)?;
    let stored = store::all(connection)?;
    let watched = dialplan::watched(connection, &users)?;
    let lines = lines::all_lines(connection, &users, &stored)?;
    groups::give_endpoints(connection, &lines, &mut users)?;
    let followed = hours::followed(connection)?;
    for user in &mut users {
        user.schedule = followed.by("user", user.id);
    }
    let parking_lots = boards::parking_lots(connection)?;
    let mut extensions = dialplan::extensions(connection, &lines)?;
    boards::add_slots(&parking_lots, &mut extensions);
    Ok(Model {
        site,
        transports: rows::transports(connection)?,
        contexts: rows::contexts(connection)?,
        users,
        endpoints: lines::endpoints(connection, &lines, &stored)?,
        extensions,
        tenants: outgoing::tenants(connection)?,
        trunks: outgoing::trunks(connection)?,
        outcalls: outgoing::outcalls(connection, &followed)?,
        permissions: outgoing::permissions(connection)?,
        ceilings: ceilings::all(connection)?,
        destinations: dialplan::destinations(connection)?,
        agents: agents::agents(connection)?,
        general: rooms::general(connection)?,
        conferences: rooms::conferences(connection)?,
        music: rooms::music(connection)?,
        sounds: rooms::sounds(connection)?,
        groups: groups::groups(connection, &followed)?,
        queue_general: queues::general(connection)?,
        queues: queues::queues(connection, &followed)?,
        incalls: groups::incalls(connection, &followed)?,
        schedules: hours::schedules(connection)?,
        ivrs: hours::ivrs(connection)?,
        filters: filters::filters(connection)?,
        pagings: filters::pagings(connection)?,
        parking_lots,
        switchboards: boards::switchboards(connection)?,
        mailboxes: rows::mailboxes(connection)?,
        zones: rows::zones(connection)?,
        features: rows::features(connection)?,
        blocks: blocks::active(connection)?.into_iter().map(|(network, _)| network).collect(),
        watched,
    })
}
