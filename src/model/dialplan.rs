//! What can be dialled, and where a call goes on.

use super::Treatment;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extension {
    /// `[*#0-9]{1,40}` or a pattern `_…`; with `+` in a context for outgoing calls.
    pub exten: String,
    pub context: String,
    pub reached: Reached,
}

/// What a number reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    Lines {
        /// Main user of the lines that share the number.
        user: Option<i64>,
        /// Names of the SIP endpoints of every line that shares it.
        endpoints: Vec<String>,
        /// What is dialled for its custom lines: `Local/1001@default`.
        interfaces: Vec<String>,
    },
    /// The network, by an outcall's id.
    Outcall { id: i64, treatment: Treatment },
    /// A slot of a parking lot.
    Slot { lot: i64 },
    /// Another resource.
    Resource {
        /// Its word: group, incall.
        word: String,
        id: i64,
    },
}

impl Default for Reached {
    fn default() -> Self {
        Self::Lines { user: None, endpoints: Vec::new(), interfaces: Vec::new() }
    }
}

impl Extension {
    /// The main user of the lines that this number rings.
    pub fn user(&self) -> Option<i64> {
        match self.reached {
            Reached::Lines { user, .. } => user,
            Reached::Outcall { .. } | Reached::Slot { .. } | Reached::Resource { .. } => None,
        }
    }

    /// The SIP endpoints that this number rings.
    pub fn endpoints(&self) -> &[String] {
        match &self.reached {
            Reached::Lines { endpoints, .. } => endpoints,
            Reached::Outcall { .. } | Reached::Slot { .. } | Reached::Resource { .. } => &[],
        }
    }
}

/// Where a call goes on: a fallback, or what an incall reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Destination {
    /// The owner's word: user, group, incall.
    pub owner: String,
    pub owner_id: i64,
    /// What happened: noanswer, busy, congestion, fail; answer for an incall.
    pub event: String,
    /// A type of the contract's vocabulary.
    pub kind: String,
    /// Id of the object that the type names.
    pub target: Option<String>,
    /// `number@context` of the voicemail that the type names, when it is enabled.
    pub mailbox: Option<String>,
    /// The other arguments by the API's names; what is null is not among them.
    pub arguments: Vec<(String, String)>,
}

impl Destination {
    /// An argument.
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
