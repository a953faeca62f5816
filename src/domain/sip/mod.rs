//! SIP endpoint options: the seven lists, the names that PJSIP knows, how templates are merged, and the caller id.

mod caller_id;
mod merge;
mod names;
mod values;

pub use caller_id::{CallerId, caller_id, set_caller_id, user_caller_id};
pub use merge::{Merged, Resolver, Source, accumulated, one_per_key};
pub use names::{TRANSPORT, check_names, check_transport_names, documented, section_name};
pub use values::{check_values, refused};

use serde::Serialize;

/// Option names and values in order.
pub type Options = Vec<(String, String)>;

/// Something for each of the seven option lists of an endpoint, in the contract's order.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Sections<T> {
    #[serde(rename = "aor_section_options")]
    pub aor: T,
    #[serde(rename = "auth_section_options")]
    pub auth: T,
    #[serde(rename = "endpoint_section_options")]
    pub endpoint: T,
    #[serde(rename = "identify_section_options")]
    pub identify: T,
    #[serde(rename = "registration_section_options")]
    pub registration: T,
    #[serde(rename = "registration_outbound_auth_section_options")]
    pub registration_outbound_auth: T,
    #[serde(rename = "outbound_auth_section_options")]
    pub outbound_auth: T,
}

impl<T> std::fmt::Debug for Sections<T> {
    /// Passwords are among them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sections { … }")
    }
}

/// The fields of an endpoint that hold its option lists.
pub const SECTIONS: Sections<&str> = Sections {
    aor: "aor_section_options",
    auth: "auth_section_options",
    endpoint: "endpoint_section_options",
    identify: "identify_section_options",
    registration: "registration_section_options",
    registration_outbound_auth: "registration_outbound_auth_section_options",
    outbound_auth: "outbound_auth_section_options",
};

impl<T> Sections<T> {
    /// The same for each list.
    pub fn map<'a, U>(&'a self, mut f: impl FnMut(&'a T) -> U) -> Sections<U> {
        Sections {
            aor: f(&self.aor),
            auth: f(&self.auth),
            endpoint: f(&self.endpoint),
            identify: f(&self.identify),
            registration: f(&self.registration),
            registration_outbound_auth: f(&self.registration_outbound_auth),
            outbound_auth: f(&self.outbound_auth),
        }
    }

    /// List by list with another.
    pub fn zip<U, V>(self, other: Sections<U>, mut f: impl FnMut(T, U) -> V) -> Sections<V> {
        Sections {
            aor: f(self.aor, other.aor),
            auth: f(self.auth, other.auth),
            endpoint: f(self.endpoint, other.endpoint),
            identify: f(self.identify, other.identify),
            registration: f(self.registration, other.registration),
            registration_outbound_auth: f(self.registration_outbound_auth, other.registration_outbound_auth),
            outbound_auth: f(self.outbound_auth, other.outbound_auth),
        }
    }

    /// All seven, in order.
    pub fn each(&self) -> [&T; 7] {
        [
            &self.aor,
            &self.auth,
            &self.endpoint,
            &self.identify,
            &self.registration,
            &self.registration_outbound_auth,
            &self.outbound_auth,
        ]
    }
}
