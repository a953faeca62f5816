//! The schema's history: forward only, a file is never edited once landed.

use crate::error::{Error, Result};
use rusqlite::Connection;
use rusqlite_migration::{M, MigrationDefinitionError, Migrations};

const STEPS: &[M<'static>] = &[
    M::up(include_str!("../../migrations/0001_office.sql")),
    M::up(include_str!("../../migrations/0002_mailbox_folders.sql")),
    M::up(include_str!("../../migrations/0003_person.sql")),
    M::up(include_str!("../../migrations/0004_hours.sql")),
    M::up(include_str!("../../migrations/0005_rooms.sql")),
    M::up(include_str!("../../migrations/0006_rest.sql")),
    M::up(include_str!("../../migrations/0007_queues.sql")),
    M::up(include_str!("../../migrations/0008_identity.sql")),
    M::up(include_str!("../../migrations/0009_music_of_queues.sql")),
    M::up(include_str!("../../migrations/0010_filters.sql")),
    M::up(include_str!("../../migrations/0011_agents.sql")),
    M::up(include_str!("../../migrations/0012_audit.sql")),
    M::up(include_str!("../../migrations/0013_boards.sql")),
    M::up(include_str!("../../migrations/0014_sweeps.sql")),
    M::up(include_str!("../../migrations/0015_blocks.sql")),
    M::up(include_str!("../../migrations/0016_ceilings.sql")),
    M::up(include_str!("../../migrations/0017_transport_tls.sql")),
    M::up(include_str!("../../migrations/0018_partial_indexes.sql")),
];

/// Brings the schema up to date in one transaction a step.
///
/// # Errors
/// A step failed, or the database was made by a newer cordboard.
pub fn to_latest(connection: &mut Connection) -> Result<()> {
    Migrations::from_slice(STEPS).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => {
            Error::Internal(
                "The database was made by a newer cordboard; use that version, or restore a backup"
                    .to_owned(),
            )
        }
        error => Error::Internal(format!("The database schema can't be brought up to date: {error}")),
    })
}
