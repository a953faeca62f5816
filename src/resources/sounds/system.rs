//! The recordings that came with Asterisk: files `<language>/<name>.<format>`, read from its data folder.

use super::view::{FileView, FormatView};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What Asterisk calls the format of an extension.
const FORMATS: &[(&str, &str)] = &[
    ("wav", "slin"),
    ("sln", "slin"),
    ("wav16", "slin16"),
    ("sln16", "slin16"),
    ("gsm", "gsm"),
    ("ulaw", "ulaw"),
    ("alaw", "alaw"),
    ("g722", "g722"),
    ("g729", "g729"),
];

/// How deep folders of recordings are looked into.
const DEPTH: usize = 3;

/// The languages that there are recordings of, in order.
pub fn languages(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = entries(folder)
        .into_iter()
        .filter(|path| path.is_dir())
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

/// Every recording by its name, `digits/1` among them.
pub fn files(folder: &Path) -> Vec<FileView> {
    let mut by_name: BTreeMap<String, Vec<FormatView>> = BTreeMap::new();
    for language in languages(folder) {
        let root = folder.join(&language);
        let mut found = Vec::new();
        walk(&root, &root, DEPTH, &mut found);
        found.sort();
        for (name, format) in found {
            let view = FormatView {
                format: Some(format.to_owned()),
                language: Some(language.clone()),
                text: None,
                path: name.clone(),
            };
            by_name.entry(name).or_default().push(view);
        }
    }
    by_name.into_iter().map(|(name, formats)| FileView { name, formats }).collect()
}

/// The file of a recording: the first language and format that fit.
pub fn file(folder: &Path, name: &str, language: Option<&str>, format: Option<&str>) -> Option<PathBuf> {
    let plain = |part: &str| !part.contains('/') && !part.starts_with('.');
    if !plain(name) {
        return None;
    }
    let languages = languages(folder).into_iter().filter(|one| language.is_none_or(|asked| asked == one));
    let formats = || FORMATS.iter().filter(|(_, name)| format.is_none_or(|asked| asked == *name));
    let mut files = languages.flat_map(|language| {
        formats().map(move |(extension, _)| folder.join(&language).join(format!("{name}.{extension}")))
    });
    files.find(|path| path.is_file())
}

fn walk(root: &Path, folder: &Path, depth: usize, found: &mut Vec<(String, &'static str)>) {
    for path in entries(folder) {
        if path.is_dir() {
            if depth > 1 {
                walk(root, &path, depth - 1, found);
            }
            continue;
        }
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let format = FORMATS.iter().find(|(known, _)| *known == extension).map(|(_, format)| *format);
        let name = path.strip_prefix(root).ok().map(|path| path.with_extension(""));
        if let (Some(format), Some(name)) = (format, name.as_deref().and_then(Path::to_str)) {
            found.push((name.to_owned(), format));
        }
    }
}

/// What can't be read is not there.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
