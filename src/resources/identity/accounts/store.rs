//! SQL of accounts.

use super::{Account, Email, NewAccount};
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::uuid_at;
use crate::resources::identity::listing::{Column, Listing};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "a.uuid",
    from: "account a",
    order: "username",
    columns: &[
        Column::new("username").sort("a.username_key").search("fold(a.username) LIKE ?").filter("a.username = ?"),
        Column::new("firstname").sort("fold(a.firstname)").search("fold(a.firstname) LIKE ?").filter("a.firstname = ?"),
        Column::new("lastname").sort("fold(a.lastname)").search("fold(a.lastname) LIKE ?").filter("a.lastname = ?"),
        Column::new("uuid").filter("a.uuid = ?"),
        Column::new("purpose").filter("a.purpose = ?"),
        Column::new("email_address")
            .search(
                "EXISTS (SELECT 1 FROM account_email e WHERE e.account_uuid = a.uuid AND fold(e.address) LIKE ?)",
            )
            .filter("EXISTS (SELECT 1 FROM account_email e WHERE e.account_uuid = a.uuid AND e.address = ?)"),
        Column::new("group_uuid").filter(
            "EXISTS (SELECT 1 FROM account_group_member m WHERE m.account_uuid = a.uuid AND m.group_uuid = ?)",
        ),
        Column::new("policy_uuid").filter(
            "EXISTS (SELECT 1 FROM account_policy p WHERE p.account_uuid = a.uuid AND p.policy_uuid = ?)",
        ),
        Column::new("policy_slug").filter(
            "EXISTS (SELECT 1 FROM account_policy ap JOIN policy p ON p.uuid = ap.policy_uuid
                WHERE ap.account_uuid = a.uuid AND p.slug = ?)",
        ),
        Column::new("has_policy_uuid").filter(
            "? IN (SELECT policy_uuid FROM account_policy WHERE account_uuid = a.uuid
                UNION ALL SELECT gp.policy_uuid FROM account_group_member m
                JOIN account_group_policy gp ON gp.group_uuid = m.group_uuid WHERE m.account_uuid = a.uuid)",
        ),
        Column::new("has_policy_slug").filter(
            "? IN (SELECT p.slug FROM policy p WHERE p.uuid IN (
                SELECT policy_uuid FROM account_policy WHERE account_uuid = a.uuid
                UNION ALL SELECT gp.policy_uuid FROM account_group_member m
                JOIN account_group_policy gp ON gp.group_uuid = m.group_uuid WHERE m.account_uuid = a.uuid))",
        ),
    ],
};

/// The accounts in the order of `uuids`.
///
/// # Errors
/// The database can't be read.
pub fn accounts(connection: &Connection, uuids: &[Uuid]) -> Result<Vec<Account>> {
    let list = id_list(uuids);
    let mut emails = emails_of(connection, &list)?;
    let mut get = connection.prepare_cached(
        "SELECT a.uuid, a.tenant_uuid, a.username, a.firstname, a.lastname, a.purpose, a.authentication_method,
                a.enabled
         FROM json_each(?1) page CROSS JOIN account a ON a.uuid = page.value ORDER BY page.key",
    )?;
    let rows = get.query_map([list], |row| {
        let uuid = uuid_at(row, 0)?;
        Ok(Account {
            uuid,
            tenant_uuid: uuid_at(row, 1)?,
            username: row.get(2)?,
            firstname: row.get(3)?,
            lastname: row.get(4)?,
            purpose: row.get(5)?,
            authentication_method: row.get(6)?,
            enabled: row.get(7)?,
            emails: emails.remove(&uuid).unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn emails_of(connection: &Connection, accounts: &str) -> Result<HashMap<Uuid, Vec<Email>>> {
    let mut get = connection.prepare_cached(
        "SELECT account_uuid, uuid, address, main, confirmed FROM account_email
         WHERE account_uuid IN (SELECT value FROM json_each(?1)) ORDER BY account_uuid, position",
    )?;
    let mut rows = get.query([accounts])?;
    let mut emails: HashMap<Uuid, Vec<Email>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let email =
            Email { uuid: uuid_at(row, 1)?, address: row.get(2)?, main: row.get(3)?, confirmed: row.get(4)? };
        emails.entry(uuid_at(row, 0)?).or_default().push(email);
    }
    Ok(emails)
}

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
pub fn insert(tx: &WriteTx, new: &NewAccount) -> Result<()> {
    let account = &new.account;
    tx.prepare_cached(
        "INSERT INTO account (uuid, tenant_uuid, username, username_key, password_hash, firstname, lastname, purpose,
             authentication_method, enabled) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        account.uuid.to_string(),
        account.tenant_uuid.to_string(),
        account.username,
        account.username.as_deref().map(str::to_lowercase),
        new.password_hash,
        account.firstname,
        account.lastname,
        account.purpose,
        account.authentication_method,
        account.enabled,
    ])?;
    insert_emails(tx, account.uuid, &account.emails)
}

fn insert_emails(tx: &WriteTx, account: Uuid, emails: &[Email]) -> Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO account_email (uuid, account_uuid, position, address, address_key, main, confirmed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (position, email) in (0_i64..).zip(emails) {
        insert.execute(params![
            email.uuid.to_string(),
            account.to_string(),
            position,
            email.address,
            email.address.to_lowercase(),
            email.main,
            email.confirmed,
        ])?;
    }
    Ok(())
}

/// Makes the account's addresses these.
///
/// # Errors
/// The database can't be written.
pub fn replace_emails(tx: &WriteTx, account: Uuid, emails: &[Email]) -> Result<()> {
    tx.prepare_cached("DELETE FROM account_email WHERE account_uuid = ?1")?.execute([account.to_string()])?;
    insert_emails(tx, account, emails)
}

/// Stores everything but addresses and password.
///
/// # Errors
/// The database can't be written.
pub fn update(tx: &WriteTx, account: &Account) -> Result<()> {
    tx.prepare_cached(
        "UPDATE account SET username = ?2, username_key = ?3, firstname = ?4, lastname = ?5, purpose = ?6,
             authentication_method = ?7, enabled = ?8 WHERE uuid = ?1",
    )?
    .execute(params![
        account.uuid.to_string(),
        account.username,
        account.username.as_deref().map(str::to_lowercase),
        account.firstname,
        account.lastname,
        account.purpose,
        account.authentication_method,
        account.enabled,
    ])?;
    Ok(())
}

/// # Errors
/// The database can't be written.
pub fn delete(tx: &WriteTx, uuid: Uuid) -> Result<()> {
    tx.prepare_cached("DELETE FROM account WHERE uuid = ?1")?.execute([uuid.to_string()])?;
    Ok(())
}

/// The PHC string of an account's password.
///
/// # Errors
/// The database can't be read.
pub fn password(connection: &Connection, uuid: Uuid) -> Result<Option<String>> {
    let mut get = connection.prepare_cached("SELECT password_hash FROM account WHERE uuid = ?1")?;
    Ok(get.query_row([uuid.to_string()], |row| row.get(0)).optional()?.flatten())
}

/// Sets the PHC string of the password, or takes the password away; all sessions end.
///
/// # Errors
/// The database can't be written.
pub fn set_password(tx: &WriteTx, uuid: Uuid, hash: Option<&str>) -> Result<()> {
    tx.prepare_cached("UPDATE account SET password_hash = ?2 WHERE uuid = ?1")?
        .execute(params![uuid.to_string(), hash])?;
    end_sessions(tx, uuid)
}

/// Ends all sessions of an account.
///
/// # Errors
/// The database can't be written.
pub fn end_sessions(tx: &WriteTx, uuid: Uuid) -> Result<()> {
    tx.prepare_cached("DELETE FROM session WHERE account_uuid = ?1")?.execute([uuid.to_string()])?;
    Ok(())
}
