//! The `auth` block of a user (confd.md 2.6.5): an account of the auth API. The password is kept as an argon2id hash,
//! made before the write transaction.

use crate::auth::passwords::hash;
use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::{Default, Field, Kind, Object, Rule, Schema};
use crate::error::{Error, Result};
use crate::http::Call;
use crate::resources::identity::accounts::{self, Email, NewAccount, usual_method};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// What the original answers when its auth server refuses an account.
const CONFLICT: &str = "409 Client Error: Conflict detected for url: http://localhost:80/api/auth/0.1/users";

/// Where [`hash_password`] leaves the hash in a body. No schema knows it, and a client's own is taken away.
const HASH: &str = "password_hash";

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
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Account {
    pub uuid: Uuid,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub username: String,
    pub enabled: bool,
    pub tenant_uuid: Uuid,
    pub emails: Vec<Email>,
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
    let logins = std::iter::once(&account.username).chain(account.emails.iter().map(|email| &email.address));
    for login in logins {
        if accounts::store::login_taken(tx, login, None)? {
            return Err(Problems::one(CONFLICT).into());
        }
    }
    if hash.is_none() && [auth, user].iter().any(|given| given.get("password").is_some_and(Value::is_string))
    {
        return Err(Error::Internal("the password could not be hashed".to_owned()));
    }
    let purpose = auth.get("purpose").and_then(Value::as_str).unwrap_or("user");
    let stored = accounts::Account {
        uuid: account.uuid,
        tenant_uuid: account.tenant_uuid,
        username: Some(account.username.clone()),
        firstname: account.firstname.clone(),
        lastname: account.lastname.clone(),
        purpose: purpose.to_owned(),
        authentication_method: usual_method(purpose).to_owned(),
        enabled: account.enabled,
        emails: account.emails.clone(),
    };
    let stored = NewAccount { account: stored, password_hash: hash.map(str::to_owned) };
    accounts::store::insert(tx, &stored)?;
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
