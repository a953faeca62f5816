//! `features.conf`: what is typed in the middle of a call.

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::Failed;
use crate::domain::general::{APPLICATION_MAP, FEATURE_MAP, FEATURES};

/// What `togglerecord` runs, whatever stands behind its keys.
const TOGGLE_RECORD: &str = "self,Gosub(cordboard-toggle-record,s,1)";

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    let section = |place| index.general(place);
    builder.section(Kind::Plain, "general", &[], &section(FEATURES))?;
    builder.section(Kind::Plain, "featuremap", &[], &section(FEATURE_MAP))?;
    let typed: Vec<(String, String)> = section(APPLICATION_MAP)
        .into_iter()
        .map(|(name, value)| {
            (name, format!("{},{TOGGLE_RECORD}", value.split(',').next().unwrap_or_default()))
        })
        .collect();
    builder.section(Kind::Plain, "applicationmap", &[], &typed)?;
    builder.finish()
}
