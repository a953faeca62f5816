//! Policies: named access lists, given to accounts and groups (auth.md 6).

mod api;
mod rights;
mod seed;
pub mod store;

pub use api::{found, list_of, routes};
pub use rights::rights_of;
pub use seed::{ADMIN, seed};

use crate::error::Result;
use crate::http::Call;
use crate::resources::random::random_text;
use serde::Serialize;
use uuid::Uuid;

/// Longest name and slug, in code points.
pub const LONGEST: usize = 80;

/// A policy as it is stored.
#[derive(Debug, Clone)]
pub struct Policy {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub slug: String,
    pub description: Option<String>,
    pub acl: Vec<String>,
    pub managed: bool,
    pub shared: bool,
}

/// A policy as the API shows it, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    uuid: Uuid,
    tenant_uuid: Uuid,
    name: String,
    slug: String,
    description: Option<String>,
    acl: Vec<String>,
    read_only: bool,
    shared: bool,
}

impl Policy {
    /// Ours, or one that a tenant above shares: it is not changed from here.
    fn is_read_only(&self, call: &Call) -> bool {
        self.managed || !call.scope().sees(self.tenant_uuid)
    }

    fn view(self, call: &Call) -> View {
        let read_only = self.is_read_only(call);
        let foreign = read_only && self.tenant_uuid != call.scope().tenant;
        View {
            uuid: self.uuid,
            tenant_uuid: if foreign { call.scope().tenant } else { self.tenant_uuid },
            name: self.name,
            slug: self.slug,
            description: self.description,
            acl: self.acl,
            read_only,
            shared: self.shared && !foreign && !self.managed,
        }
    }
}

/// Refuses who would give a right that they don't have.
///
/// # Errors
/// 401.
pub fn require_may_add<'a>(call: &Call, accesses: impl IntoIterator<Item = &'a String>) -> Result<()> {
    let acl = call.caller.acl();
    let lacking = accesses.into_iter().find(|access| !acl.is_some_and(|acl| acl.may_add(access)));
    lacking.map_or(Ok(()), |access| Err(call.caller.lacks(access)))
}

/// Refuses who would take a right that they don't have.
///
/// # Errors
/// 401.
pub fn require_may_remove<'a>(call: &Call, accesses: impl IntoIterator<Item = &'a String>) -> Result<()> {
    let acl = call.caller.acl();
    let lacking = accesses.into_iter().find(|access| !acl.is_some_and(|acl| acl.may_remove(access)));
    lacking.map_or(Ok(()), |access| Err(call.caller.lacks(access)))
}

/// A slug from a name: what can stand in one, else three random letters.
///
/// # Errors
/// The system has no randomness, or `taken` fails.
pub fn slug_of(name: &str, longest: usize, taken: impl Fn(&str) -> Result<bool>) -> Result<String> {
    let fits = |c: &char| c.is_ascii_alphanumeric() || ['_', '-'].contains(c);
    let mut slug: String = name.chars().filter(fits).take(longest).collect();
    while slug.is_empty() || taken(&slug)? {
        slug = random_text(3)?;
    }
    Ok(slug)
}
