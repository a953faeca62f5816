//! Why does a number not ring? From a number to what it is, whose it is, which phones are there, what is switched, and
//! what would happen now: over the same model that the renderer sees. Pure: the time and what Asterisk says of the phones
//! are given (`live.rs`). `number.rs` finds what a number reaches, `user.rs` walks through a call to a person, `floor.rs`
//! to what has none behind it, `outcall.rs` to the network, `caller.rs` says what the caller may, `places.rs` where calls go on, `page.rs` writes it
//! all down.

mod caller;
mod floor;
mod hours;
mod live;
mod number;
mod outcall;
mod page;
mod places;
mod user;

pub use live::{Contact, Contacts, Live, QueueMember, Wanted, wanted};
pub use number::{Found, find};

use crate::model::Model;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// As it is dialled.
    pub exten: String,
    /// Where it is dialled: a context's name.
    pub context: String,
    /// The number of whoever dials it; nothing for somebody.
    pub caller: Option<String>,
    pub now: Timestamp,
}

/// How a finding bears on the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing in the way.
    Ok,
    /// Worth knowing.
    Note,
    /// The call does not reach a phone because of this.
    Stops,
    /// It can't be told.
    Unknown,
}

/// One step on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// `number`, `caller`, `user`, `enabled`, `filter`, `schedule`, `dnd`, `forward`, `lines`, `contacts`, `voicemail`,
    /// `permission`, `members`, `waiting`, `inside` …
    pub what: &'static str,
    pub state: State,
    pub says: String,
}

/// A line and its phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Line {
    /// The endpoint's name, or a custom line's dial string.
    pub name: String,
    pub protocol: &'static str,
    /// Unknown when Asterisk can't be asked, and for custom lines.
    pub registered: Option<bool>,
    pub contacts: Vec<Contact>,
}

/// Whose number it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Person {
    pub id: i64,
    pub uuid: String,
    pub name: String,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    pub exten: String,
    pub context: String,
    /// What the number is: `user`, `group`, `queue`, `incall`, `conference`, `outcall`, `feature`, `nobody` …
    pub kind: String,
    pub user: Option<Person>,
    pub lines: Vec<Line>,
    pub findings: Vec<Finding>,
    /// What would happen now, in a sentence.
    pub now: String,
    /// All of it on one page.
    pub text: String,
}

/// What the report is made of, while it is.
struct Draft<'a> {
    model: &'a Model,
    question: &'a Question,
    live: &'a Live,
    report: Report,
}

impl Draft<'_> {
    fn find(&mut self, what: &'static str, state: State, says: impl Into<String>) {
        self.report.findings.push(Finding { what, state, says: says.into() });
    }
}

/// Follows a call to a number. `hints` are further notes of whoever asks, for a number that reaches nothing.
pub fn diagnose(model: &Model, question: &Question, live: &Live, hints: &[String]) -> Report {
    let found = find(model, &question.exten, &question.context);
    let report = Report {
        exten: question.exten.clone(),
        context: question.context.clone(),
        kind: found.kind().to_owned(),
        user: None,
        lines: Vec::new(),
        findings: Vec::new(),
        now: String::new(),
        text: String::new(),
    };
    let mut draft = Draft { model, question, live, report };
    draft.report.now = follow(&mut draft, &found, hints);
    draft.report.text = page::write(&draft.report);
    draft.report
}

/// Collects the findings; gives what would happen now.
fn follow(draft: &mut Draft, found: &Found, hints: &[String]) -> String {
    match found {
        Found::Nobody => {
            draft.find("number", State::Stops, "Nothing is reached by this number here.");
            for hint in hints {
                draft.find("number", State::Note, hint.clone());
            }
            "The caller hears that there is no such number.".to_owned()
        }
        Found::Feature { name, exten } => {
            draft.find("number", State::Ok, format!("It is the feature code {exten} ({name})."));
            if *name == "paging" {
                let prefix = exten.trim_start_matches('_').trim_end_matches('.');
                let number = draft.question.exten.strip_prefix(prefix).unwrap_or_default().to_owned();
                return floor::page(draft, &number);
            }
            format!("Asterisk does what the feature {name} does, for the user of the calling phone.")
        }
        Found::Number { extension, line } => {
            if *line != draft.question.context {
                let text =
                    format!("It is found in the context {line}, which {} includes.", draft.question.context);
                draft.find("number", State::Note, text);
            }
            if extension.exten != draft.question.exten {
                draft.find("number", State::Note, format!("It matches the pattern {}.", extension.exten));
            }
            let caller = caller::known(draft);
            number::reached(draft, extension, caller)
        }
    }
}
