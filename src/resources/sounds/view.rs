//! A category of sounds as the API shows it.

use super::{Sound, store};
use crate::error::Result;
use crate::http::{Call, Link};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use std::path::Path;
use uuid::Uuid;

/// A category, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    /// Nothing for what came with Asterisk.
    pub tenant_uuid: Option<Uuid>,
    pub name: String,
    pub files: Vec<FileView>,
    pub links: Vec<Link>,
}

/// A sound: all files of one name.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FileView {
    pub name: String,
    pub formats: Vec<FormatView>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FormatView {
    pub format: Option<String>,
    pub language: Option<String>,
    pub text: Option<String>,
    /// What a field that holds a sound takes: without language and format, which Asterisk chooses.
    pub path: String,
}

/// The categories as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut files: HashMap<i64, Vec<store::SoundFile>> = HashMap::new();
    for file in store::files_of(connection, ids)? {
        files.entry(file.sound_id).or_default().push(file);
    }
    let mut rows: HashMap<i64, Sound> =
        store::get_many(connection, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let shown = ids.iter().filter_map(|id| {
        let row = rows.remove(id)?;
        let folder = call.app.sounds.own.join(format!("sounds/{}/{}", row.tenant_uuid, row.name));
        Some(View {
            tenant_uuid: Some(row.tenant_uuid),
            files: by_name(files.remove(id).unwrap_or_default(), &folder),
            links: call.links("sounds", &format!("/sounds/{}", row.name)),
            name: row.name,
        })
    });
    Ok(shown.collect())
}

/// `files` come in the order of their names.
fn by_name(files: Vec<store::SoundFile>, folder: &Path) -> Vec<FileView> {
    let mut views: Vec<FileView> = Vec::new();
    for file in files {
        let format = FormatView {
            format: Some(file.format),
            language: Some(file.language).filter(|language| !language.is_empty()),
            text: None,
            path: folder.join(&file.name).display().to_string(),
        };
        match views.last_mut().filter(|last| last.name == file.name) {
            Some(last) => last.formats.push(format),
            None => views.push(FileView { name: file.name, formats: vec![format] }),
        }
    }
    views
}
