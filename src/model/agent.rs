//! Agents.

use crate::domain::secret::unseen;

/// Somebody who logs in at a phone to answer queues.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Agent {
    pub id: i64,
    pub tenant_uuid: String,
    /// What is dialled: `[0-9*#]+`.
    pub number: String,
    /// Free text.
    pub password: Option<String>,
    pub language: Option<String>,
    /// A dialplan context of the administrator's, run before the phone rings.
    pub subroutine: Option<String>,
    /// Names and penalties, by priority.
    pub queues: Vec<(String, i64)>,
    /// Function keys that name the agent: whose, and what they do (login, logout or toggle).
    pub keys: Vec<(i64, String)>,
}

unseen!(Agent);
