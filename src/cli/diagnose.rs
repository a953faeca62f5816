//! `cordboard diagnose EXTEN`: why does a number not ring? Asks the running cordboard, which knows the phones; without one
//! the database alone.

use super::{admin, healthcheck};
use crate::http::Scope;
use crate::resources::diagnose::{self, Asked};
use crate::resources::tenants;
use crate::settings::Settings;
use serde_json::Value;

/// Prints the page.
///
/// # Errors
/// There is no such context, or no database yet.
pub fn diagnose(settings: &Settings, asked: &Asked<'_>) -> anyhow::Result<()> {
    if let Some(page) = ask(settings, asked) {
        print!("{page}");
        return Ok(());
    }
    let db = admin::database(settings)?;
    let report = db.read(|connection| {
        let master = tenants::store::identity(connection)?.map(|(_, master)| master).unwrap_or_default();
        diagnose::offline(connection, &settings.calls, &Scope::of(connection, master)?, asked)
    })?;
    print!("{}", report.text);
    eprintln!("cordboard does not run here: which phones are registered is not known.");
    Ok(())
}

/// The page of the running cordboard, if it answers and takes the administrator's token.
fn ask(settings: &Settings, asked: &Asked<'_>) -> Option<String> {
    let token = healthcheck::administrator(settings)?;
    let mut path = format!("/1.1/cordboard/diagnose?exten={}", escaped(asked.exten));
    for (name, value) in [("context", asked.context), ("caller", asked.caller)] {
        if let Some(value) = value {
            path = format!("{path}&{name}={}", escaped(value));
        }
    }
    let (status, body) = healthcheck::ask(settings, &path, Some(&token)).ok()?;
    let report: Value = serde_json::from_str(&body).ok().filter(|_| status == 200)?;
    report.get("text")?.as_str().map(str::to_owned)
}

/// A value of a query.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}
