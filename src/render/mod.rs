//! The renderer: a pure function from the model to a set of files. No clock, environment, randomness or hash order.
//!
//! One module an output file; [`outputs`] is the table of them all. What an object holds is decided here,
//! how it looks stands in `templates/asterisk/`.

mod builder;
mod calldata;
mod error;
mod escape;
mod extensions;
mod fileset;
mod index;
mod managed;
mod outputs;
mod pjsip;
mod pjsip_aor;
mod pjsip_auth;
mod pjsip_endpoint;
mod pjsip_values;
mod secret;
mod voicemail;

pub use builder::canary_value;
pub use error::RenderError;
pub use fileset::{File, FileSet, Kind, Object};
pub use outputs::{OUTPUTS, Output, Reload, Scope};

use crate::model::Model;
use index::Index;

/// Renders every file of the installation: those that are always cordboard's, and for a managed Asterisk
/// all the others too.
///
/// # Errors
/// [`RenderError`] when a value cannot stand in an Asterisk file: a control character, a line that is too
/// long, a name outside its alphabet. The domain refuses all of these before.
pub fn render(model: &Model) -> Result<FileSet, RenderError> {
    let index = Index::new(model);
    let mut set = FileSet::default();
    for output in OUTPUTS {
        if output.scope == Scope::Always || model.site.managed {
            set.files.insert(output.file, (output.render)(output.file, &index)?);
        }
    }
    Ok(set)
}
