//! SQL of sessions and refresh tokens as logins need them.

use super::Session;
use crate::clock;
use crate::db::{Db, WriteTx};
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::uuid_at;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

/// An account as far as a login needs it.
#[derive(Clone)]
pub struct Account {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub purpose: String,
    /// `native` when a password of ours decides.
    pub method: String,
    /// The PHC string.
    pub password_hash: Option<String>,
}

unseen!(Account);

impl Account {
    /// A person who has phones, not a program.
    pub fn is_user(&self) -> bool {
        self.purpose == "user"
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
        Ok(Account {
            uuid: uuid_at(row, 0)?,
            tenant_uuid: uuid_at(row, 1)?,
            purpose: row.get(2)?,
            method: row.get(3)?,
            password_hash: row.get(4)?,
        })
    }
}

/// The enabled account with this login: a confirmed address first, then a user name.
///
/// # Errors
/// The database can't be read.
pub fn account_by_login(connection: &Connection, login: &str) -> Result<Option<Account>> {
    let mut find = connection.prepare_cached(
        "SELECT a.uuid, a.tenant_uuid, a.purpose,
                iif(a.authentication_method = 'default', t.default_authentication_method, a.authentication_method),
                a.password_hash
         FROM (SELECT account_uuid AS uuid, 0 AS place FROM account_email WHERE address_key = ?1 AND confirmed = 1
               UNION ALL SELECT uuid, 1 FROM account WHERE username_key = ?1) found
         JOIN account a ON a.uuid = found.uuid JOIN tenant t ON t.uuid = a.tenant_uuid
         WHERE a.enabled = 1 ORDER BY found.place LIMIT 1",
    )?;
    Ok(find.query_row([login.to_lowercase()], Account::read).optional()?)
}

/// The enabled account of a refresh token, by the token's hash.
///
/// # Errors
/// The database can't be read.
pub fn account_by_refresh(connection: &Connection, hash: &str, client: &str) -> Result<Option<Account>> {
    let mut find = connection.prepare_cached(
        "SELECT a.uuid, a.tenant_uuid, a.purpose,
                iif(a.authentication_method = 'default', t.default_authentication_method, a.authentication_method),
                a.password_hash
         FROM refresh_token r JOIN account a ON a.uuid = r.account_uuid JOIN tenant t ON t.uuid = a.tenant_uuid
         WHERE r.hash = ?1 AND r.client_id = ?2 AND a.enabled = 1",
    )?;
    Ok(find.query_row([hash, client], Account::read).optional()?)
}

/// How many sessions of the account have not ended.
///
/// # Errors
/// The database can't be read.
pub fn count_sessions(connection: &Connection, account: Uuid) -> Result<i64> {
    let mut count = connection
        .prepare_cached("SELECT count(*) FROM session WHERE account_uuid = ?1 AND expires_at >= ?2")?;
    Ok(count.query_row(params![account.to_string(), clock::seconds()], |row| row.get(0))?)
}

/// Stores a session whose token has this hash.
///
/// # Errors
/// The database can't be written.
pub fn insert_session(tx: &WriteTx, session: &Session, hash: &str, refresh: Option<&str>) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO session (uuid, hash, account_uuid, refresh_hash, mobile, admin, acl, issued_at, expires_at,
             remote_addr, user_agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        session.uuid.to_string(),
        hash,
        session.account.uuid.to_string(),
        refresh,
        session.mobile,
        session.admin,
        serde_json::to_string(&session.acl)?,
        session.issued_at / 1_000_000,
        session.expires_at / 1_000_000,
        session.remote_addr,
        session.user_agent,
    ])?;
    Ok(())
}

/// The session of a token, whole.
///
/// # Errors
/// The database can't be read.
pub fn session(connection: &Connection, hash: &str) -> Result<Option<Session>> {
    let mut find = connection.prepare_cached(
        "SELECT a.uuid, a.tenant_uuid, a.purpose, a.authentication_method, NULL, s.uuid, s.acl, s.admin, s.mobile,
                s.issued_at, s.expires_at, s.remote_addr, s.user_agent
         FROM session s JOIN account a ON a.uuid = s.account_uuid WHERE s.hash = ?1",
    )?;
    let found = find
        .query_row([hash], |row| {
            let acl: String = row.get(6)?;
            let session = Session {
                account: Account::read(row)?,
                uuid: uuid_at(row, 5)?,
                acl: Vec::new(),
                admin: row.get(7)?,
                mobile: row.get(8)?,
                issued_at: row.get::<_, i64>(9)? * 1_000_000,
                expires_at: row.get::<_, i64>(10)? * 1_000_000,
                remote_addr: row.get(11)?,
                user_agent: row.get(12)?,
            };
            Ok((session, acl))
        })
        .optional()?;
    let Some((session, acl)) = found else { return Ok(None) };
    Ok(Some(Session { acl: serde_json::from_str(&acl)?, ..session }))
}

/// Ends what has this token; one that nobody has is ended already.
///
/// # Errors
/// The database can't be written.
pub fn delete_token(tx: &WriteTx, hash: &str) -> Result<()> {
    tx.prepare_cached("DELETE FROM session WHERE hash = ?1")?.execute([hash])?;
    tx.prepare_cached("DELETE FROM token WHERE hash = ?1")?.execute([hash])?;
    Ok(())
}

/// A refresh token: its hash and the text that its value is made from.
pub struct Refresh {
    pub hash: String,
    pub nonce: String,
}

/// The refresh token that a client of an account has.
///
/// # Errors
/// The database can't be read.
pub fn refresh_of(connection: &Connection, account: Uuid, client: &str) -> Result<Option<Refresh>> {
    let mut find = connection
        .prepare_cached("SELECT hash, nonce FROM refresh_token WHERE account_uuid = ?1 AND client_id = ?2")?;
    let found = find.query_row([&account.to_string(), client], |row| {
        Ok(Refresh { hash: row.get(0)?, nonce: row.get(1)? })
    });
    Ok(found.optional()?)
}

/// Stores a client's refresh token.
///
/// # Errors
/// The database can't be written.
pub fn insert_refresh(
    tx: &WriteTx,
    account: Uuid,
    client: &str,
    refresh: &Refresh,
    mobile: bool,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO refresh_token (hash, account_uuid, client_id, nonce, mobile, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![refresh.hash, account.to_string(), client, refresh.nonce, mobile, clock::now()])?;
    Ok(())
}

/// Takes a refresh token away; sessions made with it go on.
///
/// # Errors
/// The database can't be written.
pub fn delete_refresh(tx: &WriteTx, hash: &str) -> Result<()> {
    tx.prepare_cached("DELETE FROM refresh_token WHERE hash = ?1")?.execute([hash])?;
    Ok(())
}

/// Takes away the refresh token of this client and all mobile ones of the account, with their sessions; says how many
/// sessions ended.
///
/// # Errors
/// The database can't be written.
pub fn purge_mobile(tx: &WriteTx, account: Uuid, client: &str) -> Result<usize> {
    let account = account.to_string();
    let ended = tx
        .prepare_cached(
            "DELETE FROM session WHERE refresh_hash IN (SELECT hash FROM refresh_token
                 WHERE account_uuid = ?1 AND (client_id = ?2 OR mobile = 1))",
        )?
        .execute([&account, client])?;
    tx.prepare_cached(
        "DELETE FROM refresh_token WHERE account_uuid = ?1 AND (client_id = ?2 OR mobile = 1)",
    )?
    .execute([&account, client])?;
    Ok(ended)
}

/// Deletes the sessions that have ended.
///
/// # Errors
/// The database can't be written.
pub async fn delete_ended(db: &Db) -> Result<()> {
    let now = clock::seconds();
    db.write_aside(move |tx| {
        tx.prepare_cached("DELETE FROM session WHERE expires_at < ?1")?.execute([now])?;
        Ok(())
    })
    .await
}
