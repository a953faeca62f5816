//! Tokens: logging in, asking what a token may do, logging out (auth.md 3).

mod api;
mod issue;
pub mod store;

pub use api::routes;

use crate::clock;
use crate::domain::refusal::Refusal;
use crate::domain::schema::Object;
use crate::domain::secret::Secret;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A token as the API shows it, keys in the contract's order.
#[derive(Serialize, schemars::JsonSchema)]
struct View {
    token: String,
    auth_id: String,
    xivo_user_uuid: Option<Uuid>,
    xivo_uuid: Uuid,
    issued_at: String,
    expires_at: String,
    utc_issued_at: String,
    utc_expires_at: String,
    acl: Vec<String>,
    metadata: Metadata,
    session_uuid: Option<Uuid>,
    remote_addr: String,
    user_agent: String,
    /// Only in the answer to the login that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// Whose a token is.
#[derive(Serialize, schemars::JsonSchema)]
struct Metadata {
    /// Of the account, or the word of the administrator's token.
    uuid: String,
    tenant_uuid: Uuid,
    auth_id: String,
    pbx_user_uuid: Option<Uuid>,
    xivo_uuid: Uuid,
    purpose: String,
    /// Of users alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    admin: Option<bool>,
}

/// What the answer of a route about one token holds.
#[derive(Serialize, schemars::JsonSchema)]
struct Data<T> {
    data: T,
}

/// The answer to a logout.
#[derive(Serialize, schemars::JsonSchema)]
struct Message {
    message: &'static str,
}

/// Which scopes a token has, in the order in which they were asked.
#[derive(Serialize, schemars::JsonSchema)]
struct Scopes {
    #[schemars(with = "BTreeMap<String, bool>")]
    scopes: Object,
}

/// A session with its token's rights.
pub struct Session {
    uuid: Uuid,
    account: store::Account,
    acl: Vec<String>,
    admin: bool,
    mobile: bool,
    /// Microseconds since 1970.
    issued_at: i64,
    expires_at: i64,
    remote_addr: String,
    user_agent: String,
}

impl Session {
    fn view(self, token: &Secret, server: Uuid, refresh_token: Option<&Secret>) -> View {
        let account = &self.account;
        let pbx_user = account.is_user().then_some(account.uuid);
        let metadata = Metadata {
            uuid: account.uuid.to_string(),
            tenant_uuid: account.tenant_uuid,
            auth_id: account.uuid.to_string(),
            pbx_user_uuid: pbx_user,
            xivo_uuid: server,
            purpose: account.purpose.clone(),
            admin: account.is_user().then_some(self.admin),
        };
        View {
            token: token.expose().to_owned(),
            auth_id: account.uuid.to_string(),
            xivo_user_uuid: pbx_user,
            xivo_uuid: server,
            issued_at: clock::here(self.issued_at),
            expires_at: clock::here(self.expires_at),
            utc_issued_at: clock::universal(self.issued_at),
            utc_expires_at: clock::universal(self.expires_at),
            acl: self.acl,
            metadata,
            session_uuid: Some(self.uuid),
            remote_addr: self.remote_addr,
            user_agent: self.user_agent,
            refresh_token: refresh_token.map(|token| token.expose().to_owned()),
        }
    }
}

/// 429: the account has all the sessions that one may have.
fn too_many(account: Uuid) -> Refusal {
    Refusal::reason(429, format!("User {account} has exceeded the maximum number of active sessions"))
}
