//! Where the sounds that were sent in are for Asterisk.

use std::collections::BTreeMap;

use super::index::Index;
use super::music;
use crate::domain::wav::Wav;
use crate::model::{Model, MusicClass};

/// The folder of all of them, in the spool.
pub const FOLDER: &str = "cordboard";

/// The absolute path of [`FOLDER`].
pub fn folder(index: &Index<'_>) -> String {
    format!("{}/{FOLDER}", index.model.site.directories.spool)
}

/// The folder of a class of music, below [`folder`].
pub fn music_folder(class: &MusicClass) -> String {
    format!("moh/{}", class.name)
}

/// Every sound by its path below [`folder`], with the digest of what was sent.
pub fn all(model: &Model) -> BTreeMap<String, String> {
    let mut sounds: BTreeMap<String, String> = model.sounds.iter().cloned().collect();
    for class in model.music.iter().filter(|class| music::plays(class)) {
        for file in &class.files {
            // Asterisk knows the rate by the extension.
            let stem = file.name.strip_suffix(".wav").unwrap_or(&file.name);
            let name = format!("{}/{stem}.{}", music_folder(class), Wav::extension(file.rate));
            sounds.insert(name, file.digest.clone());
        }
    }
    sounds
}
