//! `PUT /users/{user}/emails` and the administrator's way to it (auth.md 5.3).

use super::{Email, found, store, taken};
use crate::db::WriteTx;
use crate::domain::refusal::Refusal;
use crate::domain::schema::{Default, Field, Kind, Mode, Object, Schema};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use crate::resources::identity::body::{self, as_json, flag, text};
use serde_json::{Value, json};
use std::collections::HashSet;
use uuid::Uuid;

static EMAIL: Schema = Schema::new(
    "AccountEmail",
    &[
        Field::new("address", Kind::Email).required(),
        Field::new("main", Kind::LooseBool).or(Default::Bool(false)),
        Field::new("confirmed", Kind::LooseBool).null_allowed(),
    ],
);

static EMAILS: Schema = Schema::new("AccountEmails", &[Field::many("emails", &EMAIL).required()]);

/// Who says that an address is confirmed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Owners,
    Administrators,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::put("/users/{user:uuid}/emails", "Set an account's addresses", |call, tx| {
            replace(call, tx, Word::Owners)
        })
        .body(&EMAILS)
        .status(200)
        .shows::<Vec<Email>>()
        .aside(),
        Route::put(
            "/admin/users/{user:uuid}/emails",
            "Set and confirm an account's addresses",
            |call, tx| replace(call, tx, Word::Administrators),
        )
        .body(&EMAILS)
        .status(200)
        .shows::<Vec<Email>>()
        .aside(),
    ]
}

fn replace(call: &Call, tx: &WriteTx, word: Word) -> Result<Answer> {
    let (body, messages) = EMAILS.read_all(&body::object(call, "emails")?, Mode::Create);
    if !messages.is_empty() {
        let message = messages.iter().map(|(name, message)| (name.clone(), as_json(message)));
        return Err(wrong(Value::Object(message.collect())));
    }
    let account = found(call, tx)?;
    let list = body.get("emails").and_then(Value::as_array).into_iter().flatten();
    let given: Vec<&Object> = list.filter_map(Value::as_object).collect();
    let mut addresses = HashSet::new();
    for email in &given {
        let address = text(email, "address").unwrap_or_default();
        if !addresses.insert(address.to_lowercase()) {
            return Err(of_schema("The same address can only be used once"));
        }
    }
    match given.iter().filter(|email| flag(email, "main")).count() {
        0 if !given.is_empty() => return Err(of_schema("At least one address should be main")),
        0 | 1 => {}
        _ => return Err(of_schema("Only one address should be main")),
    }
    let emails: Vec<Email> = given.into_iter().map(|email| compose(email, &account.emails, word)).collect();
    for email in &emails {
        if store::login_taken(tx, &email.address, Some(account.uuid))? {
            return Err(taken("email_address", &email.address));
        }
    }
    store::replace_emails(tx, account.uuid, &emails)?;
    Answer::json(&emails)
}

/// An address that the account has already stays what it was.
fn compose(given: &Object, before: &[Email], word: Word) -> Email {
    let address = text(given, "address").unwrap_or_default();
    let known = before.iter().find(|email| email.address.eq_ignore_ascii_case(address));
    let said = given.get("confirmed").and_then(Value::as_bool).filter(|_| word == Word::Administrators);
    Email {
        uuid: known.map_or_else(Uuid::new_v4, |email| email.uuid),
        address: address.to_owned(),
        main: flag(given, "main"),
        confirmed: said.unwrap_or_else(|| known.is_some_and(|email| email.confirmed)),
    }
}

fn of_schema(text: &str) -> Error {
    wrong(json!({"_schema": [text]}))
}

fn wrong(message: Value) -> Error {
    let details = json!({});
    Refusal::Detailed { status: 400, message, error_id: "invalid-data", details, resource: Some("emails") }
        .into()
}
