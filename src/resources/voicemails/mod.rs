//! Voicemails: mailboxes of users, or of a whole context (confd.md 4.1).

mod api;
mod rules;
pub mod spool;
pub mod store;
mod view;

pub use api::routes;
pub use view::{View, views};

use crate::db::WriteTx;
use crate::domain::py::Py;
use crate::domain::schema::{Default, Field, Kind, Messages, Mode, Object, Pattern, Rule, Schema, pattern};
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::Scope;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static NUMBER: Pattern = LazyLock::new(|| pattern("^[0-9]{1,40}$"));
static PASSWORD: Pattern = LazyLock::new(|| pattern("^[0-9]{1,80}$"));
static LANGUAGE: Pattern = LazyLock::new(|| pattern("^[a-z]{2}_[A-Z]{2}$"));

pub static SCHEMA: Schema = Schema::new(
    "Voicemail",
    &[
        Field::text("name").required().rules(&[Rule::Max(80)]),
        Field::text("number").required().rules(&[Rule::Pattern(&NUMBER)]),
        Field::text("context").required(),
        Field::text("password").nullable().rules(&[Rule::Pattern(&PASSWORD)]),
        Field::text("email").nullable().rules(&[Rule::Max(80)]),
        Field::text("language").nullable().rules(&[Rule::Pattern(&LANGUAGE)]),
        Field::text("timezone").nullable().rules(&[Rule::Max(128)]),
        Field::text("pager").nullable().rules(&[Rule::Max(80)]),
        Field::int("max_messages").nullable().rules(&[Rule::AtLeast(0)]),
        Field::bool("attach_audio").nullable(),
        Field::bool("delete_messages").or(Default::Bool(false)),
        Field::bool("ask_password").or(Default::Bool(true)),
        Field::bool("enabled").or(Default::Bool(true)),
        Field::new("options", Kind::Pairs { arity: "Length must be 2.", text: &[] })
            .or(Default::EmptyList)
            .rules(&[Rule::Custom(too_much)]),
        Field::text("accesstype")
            .or(Default::Text("personal"))
            .rules(&[Rule::OneOf(&["personal", "global"])]),
    ],
)
.checked(check_deletion);

/// A voicemail's row.
#[derive(Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Voicemail {
    pub id: i64,
    /// The tenant of its context.
    pub tenant_uuid: Uuid,
    pub name: String,
    pub number: String,
    pub context: String,
    pub password: Option<String>,
    pub email: Option<String>,
    pub language: Option<String>,
    /// The name of a zone message.
    pub timezone: Option<String>,
    pub pager: Option<String>,
    pub max_messages: Option<i64>,
    pub attach_audio: Option<bool>,
    pub delete_messages: bool,
    pub ask_password: bool,
    pub enabled: bool,
    pub options: Vec<(String, String)>,
    /// `personal` or `global`.
    pub accesstype: String,
}

unseen!(Voicemail);

/// Makes a voicemail from a body that [`SCHEMA`] has read; it belongs to its context's tenant.
///
/// # Errors
/// 400: an unknown context or timezone, a number that is taken, a second global voicemail.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let mut voicemail: Voicemail = serde_json::from_value(Value::Object(row))?;
    voicemail.tenant_uuid = rules::check(tx, scope, None, &voicemail)?;
    let id = store::insert(tx, &voicemail)?;
    store::password_is_set(tx, id)?;
    Ok(id)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// As [`create`]; a voicemail with users can't become global nor leave their tenant.
pub fn update(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    let Some(old) = store::get(tx, id)? else {
        return Err(crate::Error::not_found("Voicemail", &[("id", id.into())]));
    };
    let mut row = serde_json::to_value(&old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    let mut new: Voicemail = serde_json::from_value(row)?;
    new.tenant_uuid = rules::check(tx, scope, Some(&old), &new)?;
    store::update(tx, &new)?;
    if body.contains_key("password") { store::password_is_set(tx, id) } else { Ok(()) }
}

/// Deletes without asking whose it is: see [`store::users`].
///
/// # Errors
/// The database can't be written.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    store::delete(tx, id)
}

/// All options stand in one line of `voicemail.conf`, of which Asterisk reads 8191 bytes.
fn too_much(options: &Value) -> Option<String> {
    const MOST: usize = 6000;
    let texts = options.as_array().into_iter().flatten().filter_map(Value::as_array).flatten();
    let bytes: usize = texts.filter_map(Value::as_str).map(|text| text.len() + 1).sum();
    (bytes > MOST).then(|| format!("Longer than {MOST} bytes together."))
}

/// Whoever has messages deleted must get them by mail. Judged on the body alone, also on update.
fn check_deletion(body: &Object, _: Mode) -> Messages {
    let truthy = |name: &str| match body.get(name) {
        Some(Value::Bool(value)) => *value,
        Some(Value::String(text)) => !text.is_empty(),
        _ => false,
    };
    let missing = if !truthy("delete_messages") {
        return Messages::new();
    } else if !truthy("email") {
        "email must be provided if delete_messages is set"
    } else if !truthy("attach_audio") {
        "attach_audio must be set if delete_messages is set"
    } else {
        return Messages::new();
    };
    vec![("_schema".to_owned(), Py::List(vec![missing.into()]))]
}
