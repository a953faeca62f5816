//! `/users/{user}/callerids/outgoing`: the numbers that a user may show to the outside (confd.md 5.5).

use super::{Identity, found};
use crate::error::Result;
use crate::http::{Answer, Call, Page, Route};
use crate::resources::{incalls, phone_numbers};
use rusqlite::Connection;
use serde::Serialize;

/// Fewest digits that a number without its country must have to be taken for the same as one with it.
const NATIONAL: usize = 7;

/// One number.
#[derive(Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
struct CallerId {
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller_id_name: Option<String>,
}

pub fn routes() -> Vec<Route> {
    let path = "/users/{user:key}/callerids/outgoing";
    vec![Route::read(path, "List the numbers that a user may show", list_outgoing).lists::<CallerId>()]
}

fn list_outgoing(call: &Call, connection: &Connection) -> Result<Answer> {
    let items = outgoing(connection, &found(call, connection)?)?;
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}

/// The tenant's main number, the user's own, the shared ones, each once, and none at all.
fn outgoing(connection: &Connection, user: &Identity) -> Result<Vec<CallerId>> {
    let mut known: Vec<CallerId> = Vec::new();
    let mut add = |kind, number: String, name: Option<String>| {
        if !known.iter().filter_map(|other| other.number.as_deref()).any(|other| same(other, &number)) {
            known.push(CallerId {
                number: Some(number),
                kind,
                caller_id_name: Some(name.unwrap_or_default()),
            });
        }
    };
    if let Some(main) = phone_numbers::store::main(connection, user.tenant_uuid)? {
        add("main", main.number, main.caller_id_name);
    }
    for number in incalls::store::numbers_of(connection, user.id)? {
        add("associated", number, None);
    }
    for shared in phone_numbers::store::shared(connection, user.tenant_uuid)? {
        add("shared", shared.number, shared.caller_id_name);
    }
    known.push(CallerId { number: None, kind: "anonymous", caller_id_name: None });
    Ok(known)
}

/// Are these the same number, perhaps one of them without its country?
fn same(one: &str, other: &str) -> bool {
    match (one.strip_prefix('+'), other.strip_prefix('+')) {
        (Some(with), None) => with == other || is_national(with, other),
        (None, Some(with)) => with == one || is_national(with, one),
        _ => one == other,
    }
}

fn is_national(with_country: &str, number: &str) -> bool {
    let number = number.trim_start_matches('0');
    number.len() >= NATIONAL && with_country.ends_with(number)
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn a_number_is_the_same_with_and_without_its_country() {
        assert!(same("+33123456789", "0123456789") && same("5551234567", "+15551234567"));
        assert!(same("+1555", "1555") && same("100", "100"));
        assert!(!same("+33123456789", "0123456780") && !same("+15551234", "1234") && !same("1", "2"));
    }
}
