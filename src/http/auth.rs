//! Who calls, and what of the tree of tenants they see (confd.md 1.3).

use crate::domain::py::Py;
use crate::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Somebody whose token is known. Only [`Caller::identify`] makes one.
#[derive(Debug, Clone)]
pub struct Caller {
    pub scope: Scope,
    /// The tenant of the token itself is the master tenant.
    pub master: bool,
    token: String,
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
        Ok(Scope { tenant, visible: below(connection, tenant)? })
    }

    pub fn sees(&self, tenant: Uuid) -> bool {
        self.visible.contains(&tenant)
    }

    /// The visible tenants as a JSON list, for `IN (SELECT value FROM json_each(?))`.
    pub fn visible_json(&self) -> String {
        serde_json::json!(self.visible).to_string()
    }
}

/// The stored form of a token.
pub fn hash_token(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Caller {
    /// Whoever calls a public route: sees no tenant.
    pub fn nobody() -> Caller {
        let scope = Scope { tenant: Uuid::nil(), visible: Vec::new() };
        Caller { scope, master: false, token: String::new() }
    }

    /// Finds the caller by token. `acl` is the access that the route needs, `header` the `Wazo-Tenant` header.
    ///
    /// # Errors
    /// 401 with the contract's text when the token or the tenant is not known.
    pub fn identify(connection: &Connection, token: &str, header: Option<&str>, acl: &str) -> Result<Caller> {
        let own: Option<Uuid> = connection
            .prepare_cached("SELECT tenant_uuid FROM token WHERE hash = ?1")?
            .query_row([hash_token(token)], |row| uuid_at(row, 0))
            .optional()?;
        let Some(own) = own else {
            return Err(refusal(&[token.into(), acl.into()]));
        };
        let below_own = below(connection, own)?;
        let master = is_master(connection, own)?;
        let header = header.filter(|header| !header.is_empty());
        let Some(asked) = header else {
            let scope = Scope { tenant: own, visible: below_own };
            return Ok(Caller { scope, master, token: token.to_owned() });
        };
        let tenant = Uuid::try_parse(asked).ok().filter(|tenant| below_own.contains(tenant));
        let Some(tenant) = tenant else {
            return Err(refusal(&[token.into(), acl.into(), asked.into()]));
        };
        let visible = below(connection, tenant)?;
        Ok(Caller { scope: Scope { tenant, visible }, master, token: token.to_owned() })
    }

    /// Refuses a caller whose token is not of the master tenant.
    ///
    /// # Errors
    /// 401 `["<token>"]`.
    pub fn require_master(&self) -> Result<()> {
        if self.master { Ok(()) } else { Err(Error::Unauthorized(self.token.clone())) }
    }
}

fn refusal(parts: &[Py]) -> Error {
    Error::Unauthorized(Py::Tuple(parts.to_vec()).to_string())
}

fn is_master(connection: &Connection, tenant: Uuid) -> Result<bool> {
    let mut parent = connection.prepare_cached("SELECT parent_uuid IS NULL FROM tenant WHERE uuid = ?1")?;
    Ok(parent.query_row([tenant.to_string()], |row| row.get(0))?)
}

fn below(connection: &Connection, tenant: Uuid) -> Result<Vec<Uuid>> {
    let mut tree = connection.prepare_cached(
        "WITH RECURSIVE below (uuid) AS (
             SELECT uuid FROM tenant WHERE uuid = ?1
             UNION SELECT tenant.uuid FROM tenant JOIN below ON tenant.parent_uuid = below.uuid
         ) SELECT uuid FROM below",
    )?;
    let rows = tree.query_map([tenant.to_string()], |row| uuid_at(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A uuid column, stored as text.
pub fn uuid_at(row: &rusqlite::Row<'_>, index: usize) -> rusqlite::Result<Uuid> {
    let text = row.get_ref(index)?.as_str()?;
    Uuid::try_parse(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
    })
}
