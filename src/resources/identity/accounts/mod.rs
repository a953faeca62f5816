//! Accounts: who can log in (auth.md 5).

pub mod store;

use serde::Serialize;
use uuid::Uuid;

/// An address of an account; keys in the order of the answer to a creation.
#[derive(Debug, Clone, Serialize)]
pub struct Email {
    pub uuid: Uuid,
    pub address: String,
    pub confirmed: bool,
    pub main: bool,
}

/// An account to be stored.
#[derive(Debug)]
pub struct NewAccount {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub username: Option<String>,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub purpose: String,
    pub authentication_method: String,
    pub enabled: bool,
    /// The PHC string.
    pub password_hash: Option<String>,
    pub email: Option<Email>,
}

/// How who does not say otherwise proves to be who they are.
pub fn usual_method(purpose: &str) -> &'static str {
    if purpose == "user" { "default" } else { "native" }
}
