//! Registrations with an IAX provider (confd.md 3.4).

mod api;
pub mod store;

pub use api::{View, routes};

use crate::db::WriteTx;
use crate::domain::problems::field_message;
use crate::domain::schema::{Default, Field, Object, Pattern, Rule, Schema, pattern};
use crate::domain::secret::unseen;
use crate::error::{Error, Result};
use crate::http::Scope;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static CREDENTIAL: Pattern = LazyLock::new(|| pattern("^[^:/ ]*$"));
static HOST: Pattern = LazyLock::new(|| pattern("^[^:/ ?]*$"));
static CALLBACK: Pattern = LazyLock::new(|| pattern("^[^? ]*$"));

/// Of the whole line `username:password@host:port/exten?context`.
const LONGEST: usize = 255;

pub static SCHEMA: Schema = Schema::new(
    "IAXRegister",
    &[
        Field::text("auth_username").nullable().rules(&[Rule::Pattern(&CREDENTIAL)]),
        Field::text("auth_password").nullable().rules(&[Rule::Pattern(&CREDENTIAL)]),
        Field::text("remote_host").required().rules(&[Rule::Pattern(&HOST)]),
        Field::int("remote_port").nullable().rules(&[Rule::Range(0, 65535)]),
        Field::text("callback_extension").nullable().rules(&[Rule::Pattern(&CALLBACK)]),
        Field::text("callback_context").nullable(),
        Field::bool("enabled").or(Default::Bool(true)),
    ],
);

/// A registration's row.
#[derive(Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Register {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub auth_username: Option<String>,
    pub auth_password: Option<String>,
    pub remote_host: String,
    pub remote_port: Option<i64>,
    pub callback_extension: Option<String>,
    pub callback_context: Option<String>,
    pub enabled: bool,
}

unseen!(Register);

/// Makes a registration in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: something is given without what it belongs to, or all is too long.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let register: Register = serde_json::from_value(Value::Object(row))?;
    check(&register)?;
    store::insert(tx, &register)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// As [`create`].
pub fn update(tx: &WriteTx, old: &Register, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    let register: Register = serde_json::from_value(row)?;
    check(&register)?;
    store::update(tx, &register)
}

/// A registration that the request sees.
///
/// # Errors
/// 404.
pub fn visible(connection: &Connection, scope: &Scope, id: i64) -> Result<Register> {
    let row = store::get(connection, id)?.filter(|register| scope.sees(register.tenant_uuid));
    row.ok_or_else(|| Error::not_found("IAXRegister", &[("id", id.into())]))
}

fn check(register: &Register) -> Result<()> {
    let alone = |field: &str, other: &str| {
        let text = format!("Cannot set field \"{field}\" if the field \"{other}\" is not set");
        Err(field_message(field, &text).into())
    };
    if register.auth_username.is_some() && register.auth_password.is_none() {
        return alone("auth_username", "auth_password");
    }
    if register.callback_context.is_some() && register.callback_extension.is_none() {
        return alone("callback_context", "callback_extension");
    }
    if line(register).chars().count() > LONGEST {
        let text = format!("The whole registration is longer than maximum length {LONGEST}.");
        return Err(field_message("_schema", &text).into());
    }
    Ok(())
}

/// The registration as `iax.conf` writes it: `username:password@host:port/exten?context`.
pub fn line(register: &Register) -> String {
    let mut line = String::new();
    if let Some(name) = &register.auth_username {
        line.push_str(name);
        if let Some(password) = &register.auth_password {
            line.push(':');
            line.push_str(password);
        }
        line.push('@');
    }
    line.push_str(&register.remote_host);
    if let Some(port) = register.remote_port {
        line.push_str(&format!(":{port}"));
    }
    if let Some(exten) = &register.callback_extension {
        line.push('/');
        line.push_str(exten);
        if let Some(context) = &register.callback_context {
            line.push('?');
            line.push_str(context);
        }
    }
    line
}
