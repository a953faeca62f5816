//! What a token stands for, and the tree of tenants in which it counts.

use crate::db::Epoch;
use crate::domain::acl::{Acl, Owner};
use crate::error::Result;
use crate::http::uuid_at;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The `auth_id` of tokens that belong to nobody: the administrator's.
pub const INTERNAL: &str = "wazo-auth";

/// A token's rights, as they were at its login.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The account, or nobody's.
    pub account: Option<Uuid>,
    pub session: Option<Uuid>,
    /// Where the account is now.
    pub tenant: Uuid,
    pub acl: Acl,
    /// Seconds since 1970; an administrator's token does not end.
    pub expires_at: Option<i64>,
}

impl Grant {
    /// The grant of the token with this hash, expired or not.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn find(connection: &Connection, hash: &str) -> Result<Option<Grant>> {
        let mut session = connection.prepare_cached(
            "SELECT s.uuid, a.uuid, a.tenant_uuid, s.acl, s.expires_at
             FROM session s JOIN account a ON a.uuid = s.account_uuid WHERE s.hash = ?1",
        )?;
        let found = session
            .query_row([hash], |row| {
                let acl: String = row.get(3)?;
                Ok((uuid_at(row, 0)?, uuid_at(row, 1)?, uuid_at(row, 2)?, acl, row.get(4)?))
            })
            .optional()?;
        if let Some((session, account, tenant, acl, expires_at)) = found {
            let (auth_id, session_id) = (account.to_string(), session.to_string());
            let owner = Owner { auth_id: &auth_id, session: &session_id };
            let acl = Acl::new(serde_json::from_str(&acl)?, owner);
            let (account, session) = (Some(account), Some(session));
            return Ok(Some(Grant { account, session, tenant, acl, expires_at: Some(expires_at) }));
        }
        let mut token = connection.prepare_cached("SELECT tenant_uuid FROM token WHERE hash = ?1")?;
        let tenant = token.query_row([hash], |row| uuid_at(row, 0)).optional()?;
        Ok(tenant.map(Grant::administrator))
    }

    /// All rights in a tenant, for nobody in particular.
    fn administrator(tenant: Uuid) -> Grant {
        let acl = Acl::new(vec!["#".to_owned()], Owner { auth_id: INTERNAL, session: "" });
        Grant { account: None, session: None, tenant, acl, expires_at: None }
    }

    /// Who the token's owner is to others: the account's uuid, or `wazo-auth`.
    pub fn auth_id(&self) -> String {
        self.account.map_or_else(|| INTERNAL.to_owned(), |account| account.to_string())
    }

    /// Does the token still count in this second?
    pub fn is_alive(&self, now: i64) -> bool {
        self.expires_at.is_none_or(|end| now <= end)
    }
}

/// Which tenant is below which.
#[derive(Debug, Default)]
pub struct Tree {
    parents: HashMap<Uuid, Option<Uuid>>,
}

impl Tree {
    /// # Errors
    /// The database can't be read.
    pub fn read(connection: &Connection) -> Result<Tree> {
        let mut all = connection.prepare_cached("SELECT uuid, parent_uuid FROM tenant")?;
        let rows = all.query_map([], |row| {
            let parent: Option<String> = row.get(1)?;
            Ok((uuid_at(row, 0)?, parent.and_then(|parent| Uuid::try_parse(&parent).ok())))
        })?;
        Ok(Tree { parents: rows.collect::<rusqlite::Result<_>>()? })
    }

    /// Has this tenant none above it?
    pub fn is_top(&self, tenant: Uuid) -> bool {
        self.parents.get(&tenant).is_some_and(Option::is_none)
    }

    /// Is `tenant` this one or below it?
    pub fn is_within(&self, tenant: Uuid, top: Uuid) -> bool {
        let mut seen = HashSet::new();
        let mut next = self.parents.contains_key(&tenant).then_some(tenant);
        while let Some(tenant) = next.filter(|tenant| seen.insert(*tenant)) {
            if tenant == top {
                return true;
            }
            next = self.parents.get(&tenant).copied().flatten();
        }
        false
    }

    /// The tenants above this one, nearest first.
    pub fn above(&self, tenant: Uuid) -> Vec<Uuid> {
        let mut above = Vec::new();
        let mut next = self.parents.get(&tenant).copied().flatten();
        while let Some(parent) = next.filter(|parent| !above.contains(parent)) {
            above.push(parent);
            next = self.parents.get(&parent).copied().flatten();
        }
        above
    }

    /// This tenant and all below it, in the order of their uuids.
    pub fn below(&self, top: Uuid) -> Vec<Uuid> {
        let mut tenants: Vec<Uuid> =
            self.parents.keys().copied().filter(|tenant| self.is_within(*tenant, top)).collect();
        tenants.sort_unstable();
        tenants
    }
}

/// The stored form of a token.
pub fn hash_token(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The number that grows when tokens are worth less.
///
/// # Errors
/// The database can't be read.
pub fn epoch(connection: &Connection) -> Result<Epoch> {
    let mut number = connection.prepare_cached("SELECT number FROM token_epoch")?;
    Ok(number.query_row([], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_ends_even_where_it_bites_its_tail() {
        let [top, left, right] = [1, 2, 3].map(Uuid::from_u128);
        let parents = [(top, None), (left, Some(top)), (right, Some(left))];
        let tree = Tree { parents: parents.into_iter().collect() };
        assert_eq!((tree.below(left), tree.above(right)), (vec![left, right], vec![left, top]));
        assert!(tree.is_top(top) && tree.is_within(right, top) && !tree.is_within(top, right));
        assert!(!tree.is_within(Uuid::from_u128(9), Uuid::from_u128(9)), "an unknown one is nowhere");
        let circle = Tree { parents: [(left, Some(right)), (right, Some(left))].into_iter().collect() };
        assert!(!circle.is_within(left, top));
    }
}
