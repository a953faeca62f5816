//! `GET /cordboard/notes`: what this build does not do, and why. The page of the documentation is the only source.

use crate::error::Result;
use crate::http::{Answer, Call, Page, Route};
use rusqlite::Connection;
use serde::Serialize;

/// The page: one table, whose rows are the notes.
const PAGE: &str = include_str!("../../docs/NOTES.md");

/// One thing that is not as a client may expect.
#[derive(Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Note {
    pub topic: &'static str,
    /// The paths below `/1.1` that it is about; `*` stands for the rest of a path.
    pub routes: Vec<&'static str>,
    /// `stored`: kept and shown, without effect on calls; `absent`: answered with 404 or 405; `limited`: works in part.
    pub state: &'static str,
    pub what: &'static str,
    pub why: &'static str,
}

pub fn routes() -> Vec<Route> {
    vec![Route::read("/cordboard/notes", "What this build does not do, and why", list_notes).lists::<Note>()]
}

/// The rows of the page's table.
pub fn notes() -> Vec<Note> {
    PAGE.lines().filter_map(note).collect()
}

/// A row; nothing for the table's head and for what is no table.
fn note(line: &'static str) -> Option<Note> {
    let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").map(str::trim).collect();
    let [topic, routes, state, what, why] = cells[..] else { return None };
    let routes = routes.split(", ").map(|route| route.trim_matches('`')).filter(|route| !route.is_empty());
    ["stored", "absent", "limited"].contains(&state).then(|| Note {
        topic,
        routes: routes.collect(),
        state,
        what,
        why,
    })
}

fn list_notes(_: &Call, _: &Connection) -> Result<Answer> {
    let items = notes();
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_page_is_a_note() {
        let rows = PAGE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")).count();
        assert_eq!(notes().len() + 1, rows);
        assert!(rows > 3);
        for note in notes() {
            assert!(note.routes.iter().all(|route| route.starts_with('/')), "{note:?}");
        }
    }
}
