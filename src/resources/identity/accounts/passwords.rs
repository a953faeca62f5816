//! `PUT /users/{user}/password` and `/users/password/reset` (auth.md 5.4).

use super::{found, seen, store};
use crate::auth::passwords;
use crate::domain::refusal::Refusal;
use crate::domain::schema::{Field, Rule, Schema};
use crate::domain::secret::Secret;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route, Waiting};
use crate::resources::identity::body::{self, text};
use actix_web::http::Method;
use rusqlite::Connection;
use serde_json::json;
use std::time::Instant;
use uuid::Uuid;

static CHANGE: Schema = Schema::new(
    "PasswordChange",
    &[
        Field::prose("old_password").required().rules(&[Rule::Min(1)]),
        Field::prose("new_password").required().rules(&[Rule::Min(1)]),
    ],
);

static RESET: Schema = Schema::new(
    "PasswordReset",
    &[Field::prose("password").required().null_allowed().rules(&[Rule::Min(1)])],
);

pub fn routes() -> Vec<Route> {
    let reset = "/users/password/reset";
    vec![
        Route::act(Method::PUT, "/users/{user:uuid}/password", "Change a password", change_password)
            .body(&CHANGE),
        Route::read(reset, "Ask for a new password by mail", ask_for_reset).status(204).public(),
        Route::act(Method::POST, reset, "Set an account's password", reset_password)
            .status(204)
            .body(&RESET)
            .public(),
    ]
}

fn secret(body: &crate::domain::schema::Object, name: &str) -> Secret {
    Secret::new(text(body, name).unwrap_or_default())
}

async fn hashed(call: &Call, password: Secret) -> Result<String> {
    let hash = call.app.passwords.run(move || passwords::hash(password.expose())).await?;
    hash.ok_or_else(|| Error::Unavailable("The password could not be hashed. Try again".to_owned()))
}

fn change_password(call: Call) -> Waiting {
    Box::pin(async move {
        let body = body::read(&call, &CHANGE, "users")?;
        let (old, new) = (secret(&body, "old_password"), secret(&body, "new_password"));
        let (uuid, hash) = call.read(current).await?;
        // A stolen token must not find out the password.
        let attempt = call.app.throttle.attempt(call.client.address, &uuid.to_string(), Instant::now());
        let attempt = attempt.map_err(|seconds| Refusal::Later {
            seconds,
            text: format!("Too many failed logins. Try again in {seconds} s"),
        })?;
        let right = call.app.passwords.run(move || passwords::verify(old.expose(), hash.as_deref())).await?;
        if !right {
            return Err(Refusal::failed_login().into());
        }
        call.app.throttle.succeeded(attempt);
        let hash = hashed(&call, new).await?;
        call.app.db.write_aside(move |tx| store::set_password(tx, uuid, Some(&hash))).await?;
        Ok(Answer::Empty)
    })
}

/// The account of the path and its password, which is nothing where nobody can log in.
fn current(call: &Call, connection: &Connection) -> Result<(Uuid, Option<String>)> {
    let account = found(call, connection)?;
    if !["native", "default"].contains(&account.authentication_method.as_str()) {
        let message = format!("Unable to update externally managed password for user : \"{}\"", account.uuid);
        return Err(Refusal::Detailed {
            status: 405,
            message: json!(message),
            error_id: "password-managed-externally",
            details: json!({"user_uuid": account.uuid}),
            resource: Some("users"),
        }
        .into());
    }
    let can_log_in =
        account.username.is_some() || account.emails.iter().any(|email| email.main && email.confirmed);
    let hash = store::password(connection, account.uuid)?;
    Ok((account.uuid, hash.filter(|_| can_log_in)))
}

/// Mail is not sent: who asks is told nothing either way.
fn ask_for_reset(call: &Call, _: &Connection) -> Result<Answer> {
    let given = ["username", "email", "login"].iter().filter(|name| call.query(name).is_some()).count();
    if given == 1 {
        return Ok(Answer::Empty);
    }
    Err(Refusal::Detailed {
        status: 400,
        message: json!(["\"username\" or \"email\" or \"login\" should be used"]),
        error_id: "invalid-data",
        details: json!({}),
        resource: Some("reset"),
    }
    .into())
}

/// The token may stand in the query, as it does in a link of a mail.
fn reset_password(call: Call) -> Waiting {
    Box::pin(async move {
        let named = call.query("user_uuid").and_then(|uuid| Uuid::try_parse(uuid).ok());
        let access = format!(
            "auth.users.password.reset.{}.create",
            named.map_or_else(String::new, |uuid| uuid.to_string())
        );
        let token = match call.query("token") {
            Some(token) if call.client.token.is_empty() => token.to_owned(),
            _ => call.client.token.expose().to_owned(),
        };
        let mut call = call;
        call.caller = call.identify(&token, &access)?;
        let body = body::read(&call, &RESET, "users")?;
        let uuid = named.unwrap_or_default();
        let uuid = call.read(move |call, connection| Ok(seen(call, connection, uuid)?.uuid)).await?;
        let hash = match text(&body, "password") {
            Some(password) => Some(hashed(&call, Secret::new(password)).await?),
            None => None,
        };
        call.app.db.write_aside(move |tx| store::set_password(tx, uuid, hash.as_deref())).await?;
        Ok(Answer::Empty)
    })
}
