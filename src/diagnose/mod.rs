//! Why does a number not ring? From a number to what it is, whose it is, which phones are there, what is switched, and
//! what would happen now: over the same model that the renderer sees. Pure: the time and what Asterisk says of the phones
//! are given. `number.rs` finds what a number reaches, `user.rs` walks through a call to a person, `places.rs` says where
//! calls go on, `page.rs` writes it all down.

mod hours;
mod number;
mod page;
mod places;
mod user;

pub use number::{Found, find};

use crate::model::Model;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// As it is dialled.
    pub exten: String,
    /// Where it is dialled: a context's name.
    pub context: String,
    pub now: Timestamp,
}

/// A phone that registered for an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Where it is reached.
    pub uri: String,
    /// As Asterisk says it: `Reachable`, `Unreachable`, `NonQualified` …
    pub status: String,
    pub user_agent: Option<String>,
}

/// The phones by the names of their endpoints; nothing when Asterisk can't be asked.
pub type Contacts = Option<BTreeMap<String, Vec<Contact>>>;

/// How a finding bears on the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `number`, `user`, `enabled`, `schedule`, `dnd`, `forward`, `lines`, `contacts`, `voicemail` …
    pub what: &'static str,
    pub state: State,
    pub says: String,
}

/// A line and its phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The endpoint's name, or a custom line's dial string.
    pub name: String,
    pub protocol: &'static str,
    /// Unknown when Asterisk can't be asked, and for custom lines.
    pub registered: Option<bool>,
    pub contacts: Vec<Contact>,
}

/// Whose number it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    pub id: i64,
    pub uuid: String,
    pub name: String,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    contacts: &'a Contacts,
    report: Report,
}

impl Draft<'_> {
    fn find(&mut self, what: &'static str, state: State, says: impl Into<String>) {
        self.report.findings.push(Finding { what, state, says: says.into() });
    }
}

/// Follows a call to a number. `hints` are further notes of whoever asks, for a number that reaches nothing.
pub fn diagnose(model: &Model, question: &Question, contacts: &Contacts, hints: &[String]) -> Report {
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
    let mut draft = Draft { model, question, contacts, report };
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
            number::reached(draft, extension)
        }
    }
}

/// The SIP endpoints of which a report wants the contacts.
pub fn endpoints(model: &Model, question: &Question) -> Vec<String> {
    match find(model, &question.exten, &question.context) {
        Found::Number { extension, .. } => number::endpoints(model, extension),
        Found::Nobody | Found::Feature { .. } => Vec::new(),
    }
}
