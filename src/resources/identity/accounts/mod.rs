//! Accounts: who can log in (auth.md 5).

mod api;
mod emails;
mod passwords;
pub mod store;

use crate::domain::refusal::Refusal;
use crate::domain::secret::unseen;
use crate::error::{Error, Result};
use crate::http::{Call, Route};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// The routes of accounts and of what is directly theirs.
pub fn routes() -> Vec<Route> {
    [api::routes(), emails::routes(), passwords::routes()].concat()
}

/// An address of an account.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Email {
    pub uuid: Uuid,
    pub address: String,
    pub main: bool,
    pub confirmed: bool,
}

/// An account as it is stored, without its password.
#[derive(Debug)]
pub struct Account {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub username: Option<String>,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub purpose: String,
    pub authentication_method: String,
    pub enabled: bool,
    pub emails: Vec<Email>,
}

/// An account to be stored.
pub struct NewAccount {
    pub account: Account,
    /// The PHC string.
    pub password_hash: Option<String>,
}

unseen!(NewAccount);

/// An account as the API shows it, keys in the contract's order but in the answer to its creation.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    username: Option<String>,
    uuid: Uuid,
    enabled: bool,
    emails: Vec<Email>,
    firstname: Option<String>,
    lastname: Option<String>,
    purpose: String,
    tenant_uuid: Uuid,
    authentication_method: String,
}

impl Account {
    /// A [`View`] with its keys in the order that the answer to a creation has.
    pub fn created(&self) -> Value {
        json!({
            "uuid": self.uuid, "username": self.username, "firstname": self.firstname, "lastname": self.lastname,
            "purpose": self.purpose, "emails": self.emails, "enabled": self.enabled,
            "tenant_uuid": self.tenant_uuid, "authentication_method": self.authentication_method,
        })
    }

    pub fn view(self) -> View {
        View {
            username: self.username,
            uuid: self.uuid,
            enabled: self.enabled,
            emails: self.emails,
            firstname: self.firstname,
            lastname: self.lastname,
            purpose: self.purpose,
            tenant_uuid: self.tenant_uuid,
            authentication_method: self.authentication_method,
        }
    }
}

/// How who does not say otherwise proves to be who they are.
pub fn usual_method(purpose: &str) -> &'static str {
    if purpose == "user" { "default" } else { "native" }
}

/// The account that the path names as `{user}`.
///
/// # Errors
/// 404 when there is none that the request sees.
pub fn found(call: &Call, connection: &Connection) -> Result<Account> {
    seen(call, connection, call.uuid("user"))
}

/// The account with this uuid.
///
/// # Errors
/// As [`found`].
pub fn seen(call: &Call, connection: &Connection, uuid: Uuid) -> Result<Account> {
    let account = store::accounts(connection, &[uuid])?.pop();
    account.filter(|account| call.scope().sees(account.tenant_uuid)).ok_or_else(|| unknown(uuid))
}

/// 404.
pub fn unknown(uuid: Uuid) -> Error {
    Refusal::unknown("user", "unknown-user", "users", &uuid.to_string()).into()
}

/// 409 for a login that somebody has.
pub fn taken(field: &str, login: &str) -> Error {
    let message = format!("The login \"{login}\" is already used");
    Refusal::conflict("users", json!({field: {"constraint_id": "unique", "message": message}})).into()
}
