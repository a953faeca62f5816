//! The `voicemail` of a nested user (confd.md 2.6.3): one that exists, by its id, or a new one.

use super::{Identity, full_name, voicemails as association};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, field_message};
use crate::domain::py::Py;
use crate::domain::schema::{Field, Messages, Mode, Object, Schema};
use crate::error::{Error, Result};
use crate::http::Call;
use crate::resources::voicemails;
use serde_json::Value;

/// What a new voicemail must be given, and one that exists must not.
const REQUIRED: [&str; 2] = ["number", "context"];

/// Code points of a voicemail's name; a user's may be longer.
const LONGEST_NAME: usize = 80;

/// The fields of a voicemail, none required, and `id`.
static FIELDS: [Field; 16] = fields(voicemails::SCHEMA.fields);

pub static SCHEMA: Schema = Schema::new("UserVoicemail", &FIELDS).checked(check);

#[expect(clippy::indexing_slicing, reason = "it runs in the compiler, which checks the index")]
const fn fields(of: &[Field]) -> [Field; 16] {
    assert!(of.len() == 15, "all fields of a voicemail and the id");
    let mut fields = [Field::int("id").null_allowed(); 16];
    let mut rest = of;
    let mut index = 1;
    while let [first, more @ ..] = rest {
        fields[index] = *first;
        fields[index].required = false;
        rest = more;
        index += 1;
    }
    fields
}

fn check(body: &Object, mode: Mode) -> Messages {
    if id(body).is_some() {
        return Messages::new();
    }
    if !["name", "number", "context"].iter().any(|name| body.contains_key(*name)) {
        let text = "name, number and context must be provided if no id provided";
        return vec![("_schema".to_owned(), Py::List(vec![text.into()]))];
    }
    voicemails::SCHEMA.check.map(|check| check(body, mode)).unwrap_or_default()
}

/// The id of the voicemail that is meant.
pub fn id(body: &Object) -> Option<i64> {
    body.get("id").and_then(Value::as_i64)
}

/// Makes the voicemail, or finds it; not yet the user's. `user` is the row of who gets it.
///
/// # Errors
/// 404 for an unknown id, 400 as [`voicemails::create`].
pub fn make(call: &Call, tx: &WriteTx, user: &Object, body: &Object) -> Result<i64> {
    if let Some(id) = id(body) {
        return association::visible(call, tx, id).map(|voicemail| voicemail.id);
    }
    let mut problems = Problems::default();
    for name in REQUIRED.iter().filter(|name| !body.contains_key(**name)) {
        problems.0.extend(field_message(name, "Missing data for required field.").0);
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let mut body = body.clone();
    body.remove("id");
    let name = || full_name(user).chars().take(LONGEST_NAME).collect::<String>();
    body.entry("name").or_insert_with(|| Value::from(name()));
    voicemails::create(tx, call.scope(), &body)
}

/// Gives the voicemail of this id to the user.
///
/// # Errors
/// As [`association::attach`].
pub fn give(tx: &WriteTx, user: &Identity, id: i64) -> Result<()> {
    let voicemail = voicemails::store::get(tx, id)?;
    let voicemail = voicemail.ok_or_else(|| Error::not_found("Voicemail", &[("id", id.into())]))?;
    association::attach(tx, user, &voicemail)
}
