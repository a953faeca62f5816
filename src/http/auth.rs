//! Who calls, and what of the tree of tenants they see (confd.md 1.3, auth.md 11.1).

use crate::auth::{Grant, Keyring, Tree};
use crate::domain::acl::Acl;
use crate::domain::py::Py;
use crate::domain::refusal::Refusal;
use crate::domain::secret::Secret;
use crate::error::{Error, Result};
use rusqlite::Connection;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// The right to see the tenants below one's own.
const READ_TENANTS: &str = "auth.tenants.read";

/// Somebody whose token is known and allows the access. Only [`Caller::identify`] makes one.
#[derive(Debug, Clone)]
pub struct Caller {
    pub scope: Scope,
    /// The tenant of the token itself is the master tenant.
    pub master: bool,
    token: Secret,
    grant: Option<Arc<Grant>>,
    tree: Arc<Tree>,
}

/// What a request sees.
#[derive(Debug, Clone)]
pub struct Scope {
    /// T: the `Wazo-Tenant` header, else the token's tenant.
    pub tenant: Uuid,
    /// T and all tenants below it.
    pub visible: Vec<Uuid>,
}

impl Scope {
    /// What a tenant sees: itself and all below it.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn of(connection: &Connection, tenant: Uuid) -> Result<Scope> {
        Ok(Scope { tenant, visible: Tree::read(connection)?.below(tenant) })
    }

    pub fn sees(&self, tenant: Uuid) -> bool {
        self.visible.contains(&tenant)
    }

    /// The visible tenants as a JSON list, for `IN (SELECT value FROM json_each(?))`.
    pub fn visible_json(&self) -> String {
        serde_json::json!(self.visible).to_string()
    }
}

/// Whose words a refusal is told in, and whose rules hold for tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Confd,
    Auth,
}

/// What a request shows of itself.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    pub token: &'a str,
    /// The `Wazo-Tenant` header, perhaps empty.
    pub tenant: &'a str,
    /// The access that the route needs.
    pub access: &'a str,
}

/// Why somebody is not let in.
enum Denial {
    UnknownToken,
    NoRight,
    Tenant,
}

impl Caller {
    /// Whoever calls a public route: sees no tenant.
    pub fn nobody() -> Caller {
        let scope = Scope { tenant: Uuid::nil(), visible: Vec::new() };
        Caller { scope, master: false, token: Secret::default(), grant: None, tree: Arc::default() }
    }

    /// Finds the caller by the token, and asks whether it allows the access.
    ///
    /// # Errors
    /// 401 in the service's words when the token, the right or the tenant is missing.
    pub fn identify(keyring: &Keyring, credentials: Credentials, service: Service) -> Result<Caller> {
        let denied = |denial| Err(denial_of(&credentials, service, denial));
        let Credentials { token, tenant, access } = credentials;
        let Some((grant, tree)) = keyring.find(token)? else { return denied(Denial::UnknownToken) };
        if !grant.acl.allows(access) {
            return denied(Denial::NoRight);
        }
        let asked = match tenant {
            "" => Some(grant.tenant),
            text => Uuid::try_parse(text).ok().filter(|tenant| tree.is_within(*tenant, grant.tenant)),
        };
        let Some(tenant) = asked else { return denied(Denial::Tenant) };
        // Confd learns of tenants below by asking auth in the caller's name.
        let sees_below = service == Service::Auth || grant.acl.allows(READ_TENANTS);
        let visible = if sees_below { tree.below(tenant) } else { vec![tenant] };
        Ok(Caller {
            scope: Scope { tenant, visible },
            master: tree.is_top(grant.tenant),
            token: Secret::new(token),
            grant: Some(grant),
            tree,
        })
    }

    /// Refuses a caller whose token is not of the master tenant.
    ///
    /// # Errors
    /// 401 `["<token>"]`.
    pub fn require_master(&self) -> Result<()> {
        if self.master { Ok(()) } else { Err(Error::Unauthorized(self.token.expose().to_owned())) }
    }

    /// The account whose token it is; nobody's for an administrator's token.
    pub fn account(&self) -> Option<Uuid> {
        self.grant.as_ref()?.account
    }

    /// Does the caller's token allow this access too?
    pub fn may(&self, access: &str) -> bool {
        self.acl().is_some_and(|acl| acl.allows(access))
    }

    /// The access list of the token.
    pub fn acl(&self) -> Option<&Acl> {
        self.grant.as_ref().map(|grant| &grant.acl)
    }

    /// The tree of tenants at the time of the request.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// 401 for an access that the token does not allow in this way, in confd's words.
    pub fn refused(&self, access: &str) -> Error {
        let parts = vec![self.token.expose().into(), access.into(), Py::None];
        Error::Unauthorized(Py::Tuple(parts).to_string())
    }

    /// 401 for who would give or take rights that they don't have (auth.md 1.2, row 5c).
    pub fn lacks(&self, access: &str) -> Error {
        let details = json!({"invalid_token": self.token.expose(), "required_access": access});
        Refusal::unauthorized("Unauthorized", "unauthorized", details).into()
    }
}

fn denial_of(credentials: &Credentials, service: Service, denial: Denial) -> Error {
    let Credentials { token, tenant, access } = *credentials;
    let header = (!tenant.is_empty()).then_some(tenant);
    if service == Service::Confd {
        let mut parts: Vec<Py> = vec![token.into(), access.into()];
        if !matches!(denial, Denial::UnknownToken) {
            parts.push(header.into());
        }
        return Error::Unauthorized(Py::Tuple(parts).to_string());
    }
    let refusal = match denial {
        Denial::UnknownToken => {
            let details = json!({"invalid_token": token, "reason": "not_found_or_expired",
                "required_access": access});
            Refusal::unauthorized("Unauthorized", "unauthorized", details)
        }
        Denial::NoRight => {
            let details = json!({"invalid_token": token, "reason": "missing_permission_or_invalid_tenant",
                "required_access": access, "tenant_uuid": header});
            Refusal::unauthorized("Unauthorized", "unauthorized", details)
        }
        Denial::Tenant => Refusal::unauthorized(
            "Unauthorized tenant",
            "unauthorized-tenant",
            json!({"tenant_uuid": tenant}),
        ),
    };
    refusal.into()
}

/// A uuid column, stored as text.
pub fn uuid_at(row: &rusqlite::Row<'_>, index: usize) -> rusqlite::Result<Uuid> {
    let text = row.get_ref(index)?.as_str()?;
    Uuid::try_parse(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
    })
}
