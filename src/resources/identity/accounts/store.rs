//! SQL of accounts.

use super::{Email, NewAccount};
use crate::db::WriteTx;
use crate::error::Result;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// Does another account have this login as its name or as an address, in any case?
///
/// # Errors
/// The database can't be read.
pub fn login_taken(connection: &Connection, login: &str, own: Option<Uuid>) -> Result<bool> {
    let mut other = connection.prepare_cached(
        "SELECT 1 FROM account WHERE username_key = ?1 AND uuid IS NOT ?2
         UNION ALL SELECT 1 FROM account_email WHERE address_key = ?1 AND account_uuid IS NOT ?2",
    )?;
    Ok(other.exists(params![login.to_lowercase(), own.map(|uuid| uuid.to_string())])?)
}

/// # Errors
/// The database can't be read.
pub fn exists(connection: &Connection, uuid: Uuid) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM account WHERE uuid = ?1")?.exists([uuid.to_string()])?)
}

/// Stores an account whose logins nobody has.
///
/// # Errors
/// The database can't be written.
pub fn insert(tx: &WriteTx, account: &NewAccount) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO account (uuid, tenant_uuid, username, username_key, password_hash, firstname, lastname, purpose,
             authentication_method, enabled) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        account.uuid.to_string(),
        account.tenant_uuid.to_string(),
        account.username,
        account.username.as_deref().map(str::to_lowercase),
        account.password_hash,
        account.firstname,
        account.lastname,
        account.purpose,
        account.authentication_method,
        account.enabled,
    ])?;
    account.email.iter().try_for_each(|email| insert_email(tx, account.uuid, 0, email))
}

/// Stores an address at its place in the account's list.
///
/// # Errors
/// The database can't be written.
pub fn insert_email(tx: &WriteTx, account: Uuid, position: i64, email: &Email) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO account_email (uuid, account_uuid, position, address, address_key, main, confirmed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        email.uuid.to_string(),
        account.to_string(),
        position,
        email.address,
        email.address.to_lowercase(),
        email.main,
        email.confirmed,
    ])?;
    Ok(())
}
