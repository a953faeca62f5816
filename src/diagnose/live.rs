//! What a report asks the running Asterisk, and what it says.

use super::{Question, floor, number};
use crate::model::Model;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A phone that registered for an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contact {
    /// Where it is reached.
    pub uri: String,
    /// As Asterisk says it: `Reachable`, `Unreachable`, `NonQualified` …
    pub status: String,
    pub user_agent: Option<String>,
}

/// The phones by the names of their endpoints; nothing when Asterisk can't be asked.
pub type Contacts = Option<BTreeMap<String, Vec<Contact>>>;

/// A member of a queue, as app_queue has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueMember {
    /// `Agent/801` for an agent, a user's name for a user.
    pub name: String,
    /// `Local/12@cordboard-queue-member/n`.
    pub interface: String,
    /// Asterisk's number of a device state.
    pub state: u8,
    pub paused: bool,
    /// Why; may be empty.
    pub reason: String,
}

/// What is to be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Endpoints of which the contacts are wanted.
    pub endpoints: Vec<String>,
    /// What app_queue calls a queue.
    pub queue: Option<String>,
    /// The name of a parking lot whose calls are counted.
    pub lot: Option<String>,
    /// The name of a conference whose people are counted.
    pub room: Option<String>,
}

/// What Asterisk says; where it can't be asked, nothing of anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    pub contacts: Contacts,
    pub members: Option<Vec<QueueMember>>,
    /// Who waits in the queue or the lot, or is in the conference.
    pub inside: Option<usize>,
}

/// What a question has Asterisk asked.
pub fn wanted(model: &Model, question: &Question) -> Wanted {
    let found = number::find(model, &question.exten, &question.context);
    let number::Found::Number { extension, .. } = found else { return Wanted::default() };
    let mut wanted = floor::wanted(model, extension);
    wanted.endpoints = number::endpoints(model, extension);
    wanted
}
