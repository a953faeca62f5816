//! `pjsip_acl.conf`: who is refused before anything else is looked at. Asterisk blocks everybody when it can't read an
//! address here, so only values that are addresses reach it.

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::Failed;

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    let blocks = &index.model.blocks;
    if !blocks.is_empty() {
        let denied = blocks.iter().map(|network| ("deny", network.to_string()));
        let options: Vec<_> = std::iter::once(("type", "acl".to_owned())).chain(denied).collect();
        builder.section(Kind::Plain, "cordboard-blocks", &[], &options)?;
    }
    builder.finish()
}
