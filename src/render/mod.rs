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

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

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
    let wanted: Vec<&Output> =
        OUTPUTS.iter().filter(|output| output.scope == Scope::Always || model.site.managed).collect();
    let mut rendered = if model.users.len() < WORTH_A_THREAD {
        render_from(&AtomicUsize::new(0), &wanted, &index)
    } else {
        render_by_two(&wanted, &index)
    };
    rendered.sort_by_key(|(at, _)| *at);
    let mut set = FileSet::default();
    for (at, file) in rendered {
        let file = file?;
        if let Some(output) = wanted.get(at) {
            set.files.insert(output.file, file);
        }
    }
    Ok(set)
}

/// Below so many users, a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 500;

type Rendered = Vec<(usize, Result<File, RenderError>)>;

/// Every file is a function of the model alone, so two threads may each take the next one.
fn render_by_two(wanted: &[&Output], index: &Index<'_>) -> Rendered {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let other = scope.spawn(|| render_from(&next, wanted, index));
        let mut rendered = render_from(&next, wanted, index);
        match other.join() {
            Ok(more) => rendered.extend(more),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        rendered
    })
}

fn render_from(next: &AtomicUsize, wanted: &[&Output], index: &Index<'_>) -> Rendered {
    let take = || next.fetch_add(1, Ordering::Relaxed);
    std::iter::from_fn(|| {
        let at = take();
        wanted.get(at).map(|output| (at, (output.render)(output.file, index)))
    })
    .collect()
}
