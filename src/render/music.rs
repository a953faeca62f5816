//! `musiconhold.conf`: the class that came with Asterisk, and those of the tenants that have files.

use super::builder::{Builder, CANARY};
use super::escape;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::sounds;
use crate::model::MusicClass;

/// For an Asterisk that cordboard starts itself.
pub fn managed(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    if let Some(directory) = &index.model.site.music_on_hold {
        let options = [("mode", "files"), ("directory", directory.as_str()), ("sort", "alpha")];
        builder.section(Kind::Music, "default", &[], &options)?;
    }
    classes(&mut builder, index, Kind::Music);
    // A class that nobody hears.
    builder.finish_with_canary(0, CANARY, CANARY, |digest| {
        vec![("mode", "playlist".to_owned()), ("entry", format!("/{digest}"))]
    })
}

/// For the administrator's own to include: whether it does can't be seen from here.
pub fn to_include(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    classes(&mut builder, index, Kind::Plain);
    builder.finish()
}

fn classes(builder: &mut Builder, index: &Index<'_>, kind: Kind) {
    for class in index.model.music.iter().filter(|class| plays(class)) {
        // Another file is another text, and so a reload.
        let files = class.files.iter().map(|file| format!("{} {}", file.name, file.digest));
        let comments: Vec<String> = std::iter::once(class.label.clone()).chain(files).collect();
        let comments: Vec<&str> = comments.iter().map(String::as_str).collect();
        let done = escape::name("music on hold", &class.name)
            .and_then(|name| builder.section(kind, name, &comments, &options(index, class)));
        builder.note(done, || Part::Music(class.name.clone()));
    }
}

/// True for a class that Asterisk can play: one without files it does not even know.
pub fn plays(class: &MusicClass) -> bool {
    class.plays_files && !class.files.is_empty()
}

fn options(index: &Index<'_>, class: &MusicClass) -> [(&'static str, String); 3] {
    let sort = match class.sort.as_deref() {
        Some("random") => "random",
        Some("random_start") => "randstart",
        _ => "alpha",
    };
    let directory = format!("{}/{}", sounds::folder(index), sounds::music_folder(class));
    [("mode", "files".to_owned()), ("directory", directory), ("sort", sort.to_owned())]
}
