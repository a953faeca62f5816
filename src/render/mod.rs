//! The renderer: a pure function from the model to a set of files. No clock, environment, randomness or hash order.
//!
//! One module an output file; [`OUTPUTS`] is the table of them all. What an object holds is decided here,
//! how it looks stands in `templates/asterisk/`.

mod agents;
mod builder;
mod calldata;
mod caller_id;
mod conferences;
mod destinations;
mod emergency;
mod error;
mod escape;
mod extensions;
mod features;
mod fileset;
mod filters;
mod groups;
mod index;
mod ivr;
mod left_out;
mod managed;
mod music;
mod notes;
mod outgoing;
mod outputs;
mod parking;
mod pjsip;
mod pjsip_acl;
mod pjsip_aor;
mod pjsip_auth;
mod pjsip_endpoint;
mod pjsip_registration;
mod pjsip_values;
mod queue_rows;
mod queues;
mod schedules;
mod secret;
mod sounds;
mod switchboards;
mod typed;
mod voicemail;

pub use builder::{CANARY, canary_value};
pub use error::RenderError;
pub use fileset::{File, FileSet, Kind, Object};
pub use index::Index;
pub use left_out::LeftOut;
pub use outputs::{OUTPUTS, Output, Reload, Scope};
pub use parking::lot_name;
pub use pjsip::ADDRESS_IDENTIFY;
pub use sounds::FOLDER as SOUNDS_FOLDER;
pub use typed::FEATURE;

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::model::Model;
use left_out::{Failed, Flaws};

/// Renders every file of the installation: those that are always cordboard's, and for a managed Asterisk
/// all the others too.
///
/// A part of the model with a value that cannot stand in an Asterisk file (a control character, a line that is
/// too long, a name outside its alphabet) is left out with what depends on it, and named in
/// [`FileSet::left_out`].
///
/// # Errors
/// [`RenderError`] when it is a setting of the site itself.
pub fn render(model: &Model) -> Result<FileSet, RenderError> {
    let mut flaws = Flaws::default();
    let mut model = Cow::Borrowed(model);
    loop {
        match render_whole(&model) {
            Ok(mut set) => {
                set.sounds = sounds::all(&model);
                set.left_out = flaws.into_list();
                set.notes = notes::notes(&model);
                return Ok(set);
            }
            Err(Failed::Whole(error)) => return Err(error),
            Err(Failed::Parts(found)) => model = Cow::Owned(flaws.take_out(&model, found)?),
        }
    }
}

fn render_whole(model: &Model) -> Result<FileSet, Failed> {
    let index = Index::new(model);
    let wanted: Vec<&Output> =
        OUTPUTS.iter().filter(|output| output.scope.is_rendered(model.site.managed)).collect();
    let mut rendered = if model.users.len() < WORTH_A_THREAD {
        render_from(&AtomicUsize::new(0), &wanted, &index)
    } else {
        render_by_two(&wanted, &index)
    };
    rendered.sort_by_key(|(at, _)| *at);
    let mut set = FileSet::default();
    let mut flaws = Vec::new();
    for (at, file) in rendered {
        match (file, wanted.get(at)) {
            (Ok(file), Some(output)) => {
                set.files.insert(output.file, file);
            }
            (Err(Failed::Parts(more)), _) => flaws.extend(more),
            (Err(error), _) => return Err(error),
            (Ok(_), None) => {}
        }
    }
    if flaws.is_empty() { Ok(set) } else { Err(Failed::Parts(flaws)) }
}

/// Below so many users, a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 500;

type Rendered = Vec<(usize, Result<File, Failed>)>;

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
