//! Handlers of `/queues/skillrules`.

use super::{SCHEMA, SkillRule, store, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde_json::Value;

pub fn routes() -> Vec<Route> {
    let all = "/queues/skillrules";
    let one = "/queues/skillrules/{rule:int}";
    vec![
        Route::read(all, "List skill rules", list_rules).lists::<super::View>(),
        Route::post(all, "Create a skill rule", create_rule).shows::<super::View>().body(&SCHEMA),
        Route::read(one, "Get a skill rule", get_rule).shows::<super::View>(),
        Route::put(one, "Change a skill rule", update_rule).body(&SCHEMA),
        Route::delete(one, "Delete a skill rule", delete_rule),
    ]
}

fn found(call: &Call, connection: &Connection) -> Result<SkillRule> {
    let id = call.int("rule");
    call.visible(store::many(connection, &[id])?.pop(), |rule| rule.tenant_uuid, "SkillRule", id)
}

fn list_rules(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_rule(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let mut row = call.parse(&SCHEMA, Mode::Create)?;
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(call.scope().tenant.to_string()));
    let id = store::insert(tx, &serde_json::from_value(Value::Object(row))?)?;
    call.created(&format!("/queues/skillrules/{id}"), &views(call, tx, &[id])?.first())
}

fn get_rule(call: &Call, connection: &Connection) -> Result<Answer> {
    let rule = found(call, connection)?;
    Answer::json(&views(call, connection, &[rule.id])?.first())
}

fn update_rule(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let rule = found(call, tx)?;
    let mut row = serde_json::to_value(rule)?;
    if let Value::Object(row) = &mut row {
        row.extend(call.parse(&SCHEMA, Mode::Update)?);
    }
    store::update(tx, &serde_json::from_value(row)?)?;
    Ok(Answer::Empty)
}

fn delete_rule(call: &Call, tx: &WriteTx) -> Result<Answer> {
    store::delete(tx, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}
