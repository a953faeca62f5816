//! `PUT /outcalls/{outcall}/trunks`: over which trunks a call goes out, the first one first (confd.md 6.7).

use super::{found, store};
use crate::db::WriteTx;
use crate::domain::problems::{different_tenants, not_permitted, param_not_found};
use crate::domain::schema::{Field, Mode, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::trunks;
use serde_json::Value;
use std::collections::BTreeSet;

static TRUNK: Schema = Schema::new("OutcallTrunk", &[Field::int("id").required()]);

static SCHEMA: Schema = Schema::new("OutcallTrunks", &[Field::many("trunks", &TRUNK).required()]);

pub fn routes() -> Vec<Route> {
    vec![
        Route::put(
            "/outcalls/{outcall:int}/trunks",
            "Replace and order the trunks of an outcall",
            put_trunks,
        )
        .body(&SCHEMA),
    ]
}

fn put_trunks(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let outcall = found(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let mut wanted = Vec::new();
    for item in body.get("trunks").and_then(Value::as_array).into_iter().flatten() {
        let id = item.get("id").and_then(Value::as_i64).unwrap_or_default();
        let trunk = trunks::store::get(tx, id)?.filter(|trunk| call.scope().sees(trunk.tenant_uuid));
        wanted.push(trunk.ok_or_else(|| param_not_found("trunks", "Trunk", &[("id", id.into())]))?);
    }
    let ids: Vec<i64> = wanted.iter().map(|trunk| trunk.id).collect();
    if ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
        return Err(not_permitted("Cannot associate same trunk more than once", &[]).into());
    }
    if let Some(trunk) = wanted.iter().find(|trunk| trunk.tenant_uuid != outcall.tenant_uuid) {
        let left = ("outcall_tenant_uuid", outcall.tenant_uuid);
        return Err(different_tenants(left, ("trunk_tenant_uuid", trunk.tenant_uuid)).into());
    }
    store::replace_trunks(tx, outcall.id, &ids)?;
    Ok(Answer::Empty)
}
