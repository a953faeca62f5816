//! `cordboard render DIR`: the files that the database would become, to be read or compared.

use crate::connect::{self, Office};
use crate::db::Db;
use crate::settings::Settings;
use crate::storage;
use anyhow::Context;
use std::path::Path;

/// Writes every file into `dir`, a folder that is empty or that it makes. Works while cordboard runs; Asterisk is
/// not touched.
///
/// # Errors
/// There is no database yet, the folder has something in it, or a value can't be rendered.
pub fn render(settings: &Settings, dir: &Path) -> anyhow::Result<()> {
    let file = storage::database(&settings.storage.dir);
    anyhow::ensure!(file.exists(), "There is no database in storage.dir yet: start `cordboard serve` once");
    storage::make_private(dir)?;
    let mut inside = std::fs::read_dir(dir)?;
    anyhow::ensure!(inside.next().is_none(), "{} is not empty: name a new folder", dir.display());
    let office = Office { db: Db::open(&file)?, site: connect::site_to_read(settings)?, phones: None };
    let (revision, files) = office.rendered()?;
    for (name, file) in &files.files {
        let path = dir.join(name);
        std::fs::write(&path, file.text()).with_context(|| format!("{} can't be written", path.display()))?;
    }
    println!("Revision {revision} is in {}: {} files.", dir.display(), files.files.len());
    Ok(())
}
