//! Conferences and music on hold.

use super::rows::all;
use crate::domain::general::{AREAS, Area};
use crate::error::Result;
use crate::model::{Conference, MusicClass, Options, SoundFile};
use crate::resources::general;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Every conference, by id.
pub fn conferences(connection: &Connection) -> Result<Vec<Conference>> {
    all(
        connection,
        "SELECT id, tenant_uuid, preprocess_subroutine, max_users, pin, admin_pin, record, quiet_join_leave,
                announce_join_leave, announce_user_count, announce_only_user, music_on_hold
         FROM conference ORDER BY id",
        |row| {
            Ok(Conference {
                id: row.get(0)?,
                tenant_uuid: row.get(1)?,
                subroutine: row.get(2)?,
                max_users: row.get(3)?,
                pin: row.get(4)?,
                admin_pin: row.get(5)?,
                record: row.get(6)?,
                quiet: row.get(7)?,
                announce_join_leave: row.get(8)?,
                announce_user_count: row.get(9)?,
                announce_only_user: row.get(10)?,
                music: row.get(11)?,
            })
        },
    )
}

/// Every class of music, by name.
pub fn music(connection: &Connection) -> Result<Vec<MusicClass>> {
    let files = all(
        connection,
        "SELECT moh_uuid, name, digest, rate FROM moh_file ORDER BY moh_uuid, name",
        |row| {
            let file = SoundFile { name: row.get(1)?, digest: row.get(2)?, rate: row.get(3)? };
            Ok((row.get::<_, String>(0)?, file))
        },
    )?;
    let mut of_class: BTreeMap<String, Vec<SoundFile>> = BTreeMap::new();
    for (class, file) in files {
        of_class.entry(class).or_default().push(file);
    }
    all(
        connection,
        "SELECT m.uuid, 'moh-' || t.slug || '-' || m.uuid AS name, m.label, m.mode, m.sort
         FROM moh m JOIN tenant t ON t.uuid = m.tenant_uuid ORDER BY name",
        |row| {
            Ok(MusicClass {
                files: of_class.remove(&row.get::<_, String>(0)?).unwrap_or_default(),
                name: row.get(1)?,
                label: row.get(2)?,
                plays_files: row.get_ref(3)?.as_str()? != "custom",
                sort: row.get(4)?,
            })
        },
    )
}

/// Every sound of a category: path below the folder of sounds, and digest.
pub fn sounds(connection: &Connection) -> Result<Vec<(String, String)>> {
    all(
        connection,
        "SELECT 'sounds/' || s.tenant_uuid || '/' || s.name || '/'
                || CASE f.language WHEN '' THEN '' ELSE f.language || '/' END || f.name || '.' || f.extension AS path,
                f.digest
         FROM sound_file f JOIN sound s ON s.id = f.sound_id ORDER BY path",
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The general options that have an effect, one list a set of [`AREAS`].
pub fn general(connection: &Connection) -> Result<Vec<Options>> {
    let effective = |area: &Area| -> Result<Options> {
        let options = general::options(connection, area)?;
        let texts = options.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
        let taken = texts.filter(|(name, value)| area.shape(name).is_some_and(|shape| shape.takes(value)));
        Ok(taken.map(|(name, value)| (name.clone(), value.to_owned())).collect())
    };
    AREAS.iter().map(effective).collect()
}
