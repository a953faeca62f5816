//! The `auth` block of a user (confd.md 2.6.5): an account that the auth API will serve. The password is kept as an
//! argon2id hash, made before the write transaction.

use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::{Default, Field, Kind, Object, Rule, Schema};
use crate::error::{Error, Result};
use crate::http::Call;
use argon2::password_hash::{Output, ParamsString, PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use rusqlite::{Connection, params};
use serde::Serialize;
use serde_json::Value;
use std::sync::Mutex;
use uuid::Uuid;

/// What the original answers when its auth server refuses an account.
const CONFLICT: &str = "409 Client Error: Conflict detected for url: http://localhost:80/api/auth/0.1/users";

/// Where [`hash_password`] leaves the hash in a body. No schema knows it, and a client's own is taken away.
const HASH: &str = "password_hash";

/// Memory in KiB, passes and lanes of argon2id: OWASP's smallest, which a Raspberry Pi bears.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Blocks of 1 KiB, more than 32 MiB in all.
const RESERVED: usize = 33 * 1024;

/// One at a time: each takes its memory.
static HASHING: Mutex<()> = Mutex::new(());

pub static SCHEMA: Schema = Schema::new(
    "UserAccount",
    &[
        Field::text("username").null_allowed().rules(&[Rule::Between(1, 256)]),
        Field::text("password").null_allowed().rules(&[Rule::Min(1)]),
        Field::text("firstname").null_allowed(),
        Field::text("lastname").null_allowed(),
        Field::text("purpose").or(Default::Text("user")).rules(&[Rule::OneOf(&[
            "user",
            "internal",
            "external_api",
        ])]),
        Field::new("enabled", Kind::LooseBool).or(Default::Bool(true)),
        Field::new("email_address", Kind::Email).null_allowed(),
    ],
);

/// An account as the answer to `POST /users` shows it.
#[derive(Debug, Serialize)]
pub struct Account {
    pub uuid: Uuid,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub username: String,
    pub enabled: bool,
    pub tenant_uuid: Uuid,
    pub emails: Vec<Email>,
}

#[derive(Debug, Serialize)]
pub struct Email {
    pub uuid: Uuid,
    pub address: String,
    pub main: bool,
    pub confirmed: bool,
}

/// Hashes the password of the `auth` block, its own or the user's, and leaves the hash in the body. Runs before the
/// write transaction. The clear password stays for the schema to judge.
pub fn hash_password(call: &mut Call) {
    let Some(body) = call.body_mut().and_then(Value::as_object_mut) else { return };
    let clear = |object: &Object| {
        object.get("password").and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let users = clear(body);
    let Some(auth) = body.get_mut("auth").and_then(Value::as_object_mut) else { return };
    auth.remove(HASH);
    if let Some(hash) = clear(auth).or(users).and_then(|password| hash(&password)) {
        auth.insert(HASH.to_owned(), Value::from(hash));
    }
}

/// The PHC string of a password.
pub fn hash(password: &str) -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    let salt = SaltString::encode_b64(&bytes).ok()?;
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).ok()?;
    let _one_at_a_time = HASHING.lock().ok();
    // glibc gives blocks of more than 32 MiB back at once when they are freed; smaller ones it would keep, in every
    // thread that hashes. What is reserved beyond the need is never touched.
    let mut blocks: Vec<Block> = Vec::with_capacity(RESERVED);
    blocks.resize(params.block_count(), Block::default());
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut hash = [0_u8; 32];
    argon.hash_password_into_with_memory(password.as_bytes(), &bytes, &mut hash, &mut blocks).ok()?;
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(salt.as_salt()),
        hash: Some(Output::new(&hash).ok()?),
    };
    Some(phc.to_string())
}

/// Makes a user's account. `auth` was read by [`SCHEMA`], `raw` is the block as [`hash_password`] left it, `user` the
/// user's row: what `auth` lacks is taken from there.
///
/// # Errors
/// 400 when somebody has the user name or the address.
pub fn create(tx: &WriteTx, user: &Object, auth: &Object, raw: Option<&Value>) -> Result<Account> {
    let hash = raw.and_then(|raw| raw.get(HASH)).and_then(Value::as_str);
    create_hashed(tx, user, auth, hash)
}

/// As [`create`], with the hash of the password, if there is one.
///
/// # Errors
/// As [`create`].
pub fn create_hashed(tx: &WriteTx, user: &Object, auth: &Object, hash: Option<&str>) -> Result<Account> {
    let account = compose(user, auth);
    let email = account.emails.first();
    if taken(tx, &account.username, email)? {
        return Err(Problems::one(CONFLICT).into());
    }
    if hash.is_none() && [auth, user].iter().any(|given| given.get("password").is_some_and(Value::is_string))
    {
        return Err(Error::Internal("the password could not be hashed".to_owned()));
    }
    let purpose = auth.get("purpose").and_then(Value::as_str).unwrap_or("user");
    tx.prepare_cached(
        "INSERT INTO user_auth (user_uuid, username, password_hash, firstname, lastname, purpose, enabled, email_uuid,
             email) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        account.uuid.to_string(),
        account.username,
        hash,
        account.firstname,
        account.lastname,
        purpose,
        account.enabled,
        email.map(|email| email.uuid.to_string()),
        email.map(|email| &email.address),
    ])?;
    Ok(account)
}

fn compose(user: &Object, auth: &Object) -> Account {
    let text = |object: &Object, name: &str| {
        object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let either = |name: &str| text(auth, name).or_else(|| text(user, name));
    let uuid = |name: &str| text(user, name).and_then(|uuid| Uuid::try_parse(&uuid).ok()).unwrap_or_default();
    let email = text(auth, "email_address").or_else(|| text(user, "email"));
    let username = either("username").or_else(|| email.clone()).unwrap_or_else(|| uuid("uuid").to_string());
    let emails = email.map(|address| Email { uuid: Uuid::new_v4(), address, main: true, confirmed: true });
    Account {
        uuid: uuid("uuid"),
        firstname: either("firstname"),
        lastname: either("lastname"),
        username,
        enabled: auth.get("enabled").and_then(Value::as_bool).unwrap_or(true),
        tenant_uuid: uuid("tenant_uuid"),
        emails: emails.into_iter().collect(),
    }
}

fn taken(connection: &Connection, username: &str, email: Option<&Email>) -> Result<bool> {
    let mut other = connection.prepare_cached(
        "SELECT 1 FROM user_auth WHERE username = ?1
         UNION ALL SELECT 1 FROM user_auth WHERE email = ?2",
    )?;
    Ok(other.exists(params![username, email.map(|email| &email.address)])?)
}
