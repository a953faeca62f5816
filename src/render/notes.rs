//! What renders, and won't do what was meant: for the administrator to mend.

use super::index;
use crate::domain::schema::truth;
use crate::model::Model;

/// So many are named.
const NAMED: usize = 5;

/// A sentence for each kind of mistake.
pub fn notes(model: &Model) -> Vec<String> {
    browsers(model).into_iter().collect()
}

/// Lines for browsers where no browser can connect. An Asterisk that is not ours has a web server of its own.
fn browsers(model: &Model) -> Option<String> {
    if !model.site.managed || model.site.sip_wss.is_some() {
        return None;
    }
    let is_for_browsers =
        |options| index::option(options, "webrtc").is_some_and(|value| truth(value) == Some(true));
    let lines = model.endpoints.iter().filter(|one| one.trunk.is_none() && is_for_browsers(&one.endpoint));
    let names: Vec<&str> = lines.map(|line| line.name.as_str()).collect();
    let more = match names.len().checked_sub(NAMED) {
        None | Some(0) => String::new(),
        Some(more) => format!(" and {more} more"),
    };
    let named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    (!names.is_empty())
        .then(|| format!("lines for browsers (webrtc=yes) that no browser can reach, since sip.wss is not set: {named}{more}"))
}
