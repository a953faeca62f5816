//! `features.conf`: what is typed in the middle of a call.

use super::builder::{self, Builder};
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::Failed;
use crate::domain::general::{APPLICATION_MAP, FEATURE_MAP, FEATURES};

/// The feature that the canary gives other keys. It is in nobody's calls.
pub const FEATURE: &str = "cordboard-canary-keys";

/// What `togglerecord` runs, whatever stands behind its keys.
const TOGGLE_RECORD: &str = "self,Gosub(cordboard-toggle-record,s,1)";

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    let section = |place| index.general(place);
    builder.section(Kind::Plain, "general", &[], &section(FEATURES))?;
    builder.section(Kind::Plain, "featuremap", &[], &section(FEATURE_MAP))?;
    let mut typed: Vec<(String, String)> = section(APPLICATION_MAP)
        .into_iter()
        .map(|(name, value)| {
            (name, format!("{},{TOGGLE_RECORD}", value.split(',').next().unwrap_or_default()))
        })
        .collect();
    typed.push((FEATURE.to_owned(), "0,self,NoOp".to_owned()));
    builder.section(Kind::Plain, "applicationmap", &[], &typed)?;
    builder.finish_with_canary(usize::MAX, builder::CANARY, builder::CANARY, |digest| {
        // Asterisk takes eleven keys.
        let keys = digest.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
        vec![(FEATURE, keys.to_string())]
    })
}
