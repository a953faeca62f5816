//! What an account may do, as it is written into its token at login (auth.md 3.1).

use super::ADMIN;
use crate::error::Result;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// The rights of an account.
#[derive(Debug, Default)]
pub struct Rights {
    /// Those of the default policy, then of the groups, then the account's own.
    pub acl: Vec<String>,
    /// Has the administrators' policy, or is in their group.
    pub admin: bool,
}

/// The rights that an account has now. `default_policy` is the slug of the policy that every login has.
///
/// # Errors
/// The database can't be read.
pub fn rights_of(connection: &Connection, account: Uuid, default_policy: &str) -> Result<Rights> {
    let mut policies = connection.prepare_cached(
        "SELECT p.acl, 0 AS place, '' AS of_group, p.name, 0 FROM policy p WHERE p.managed = 1 AND p.slug = ?2
         UNION ALL
         SELECT p.acl, 1, g.name, p.name, 0 FROM account_group_member m
             JOIN account_group g ON g.uuid = m.group_uuid
             JOIN account_group_policy gp ON gp.group_uuid = g.uuid JOIN policy p ON p.uuid = gp.policy_uuid
             WHERE m.account_uuid = ?1
         UNION ALL
         SELECT p.acl, 2, '', p.name, p.managed = 1 AND p.slug = ?3 FROM account_policy ap
             JOIN policy p ON p.uuid = ap.policy_uuid WHERE ap.account_uuid = ?1
         ORDER BY 2, 3, 4",
    )?;
    let mut rights = Rights::default();
    let mut rows = policies.query(params![account.to_string(), default_policy, ADMIN])?;
    while let Some(row) = rows.next()? {
        let acl: String = row.get(0)?;
        rights.acl.extend(serde_json::from_str::<Vec<String>>(&acl)?);
        rights.admin |= row.get::<_, bool>(4)?;
    }
    let mut admins = connection.prepare_cached(
        "SELECT 1 FROM account_group_member m JOIN account_group g ON g.uuid = m.group_uuid
         WHERE m.account_uuid = ?1 AND g.slug = 'wazo_default_admin_group'",
    )?;
    rights.admin |= admins.exists([account.to_string()])?;
    Ok(rights)
}
