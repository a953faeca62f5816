//! Who answers a call over REST, and on which phone.

use super::calls::refusal;
use crate::error::{Error, Result};
use crate::http::{Call, Key};
use crate::resources::users;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use uuid::Uuid;

/// The phone of an operator, as Asterisk dials it: `PJSIP/ab12cd34`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    pub phone: String,
}

/// The user whose token it is, on their main line or the one of `line_id`. A token that is nobody's names the user:
/// `user_uuid`.
///
/// # Errors
/// 400: no user, none that the request sees, no line, a line that is not theirs.
pub async fn of_request(call: &Call) -> Result<Operator> {
    let named = call.query("user_uuid").and_then(|text| Uuid::try_parse(text).ok());
    let Some(uuid) = call.caller.account().or(named) else {
        let text = "The token is no user's: name one with user_uuid";
        return Err(refusal(400, text, "invalid-user", json!({})));
    };
    let line = call.query("line_id").map(str::to_owned);
    call.read(move |call, connection| find(call, connection, uuid, line.as_deref())).await
}

fn find(call: &Call, connection: &Connection, uuid: Uuid, line: Option<&str>) -> Result<Operator> {
    let details = json!({"user_uuid": uuid, "line_id": line});
    let user = users::identity(connection, Key::Uuid(uuid))?
        .filter(|user| call.scope().sees(user.tenant_uuid))
        .ok_or_else(|| refusal(400, "No such user", "no-such-confd-user", details.clone()))?;
    let own = |text: &str, error_id| -> Error { refusal(400, text, error_id, details.clone()) };
    let line: Option<i64> = match line {
        Some(text) => Some(text.parse().map_err(|_| own("The user has no such line", "invalid-user-line"))?),
        None => None,
    };
    let phone = phone(connection, user.id, line)?;
    let missing = || match line {
        Some(_) => own("The user has no such line", "invalid-user-line"),
        None => own("The user has no line with a phone", "user-missing-main-line"),
    };
    Ok(Operator { phone: phone.ok_or_else(missing)? })
}

/// What is dialled for a user's line: the main one, or the one that is asked for.
fn phone(connection: &Connection, user: i64, line: Option<i64>) -> Result<Option<String>> {
    let mut phone = connection.prepare_cached(
        "SELECT coalesce('PJSIP/' || s.name, c.interface)
         FROM user_line ul JOIN line l ON l.id = ul.line_id
         LEFT JOIN endpoint_sip s ON s.uuid = l.endpoint_sip_uuid
         LEFT JOIN endpoint_custom c ON c.id = l.endpoint_custom_id AND c.enabled
         WHERE ul.user_id = ?1 AND (ul.line_id = ?2 OR (?2 IS NULL AND ul.position = 0))",
    )?;
    let found: Option<Option<String>> = phone.query_row(params![user, line], |row| row.get(0)).optional()?;
    Ok(found.flatten())
}
