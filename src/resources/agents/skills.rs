//! `/agents/{agent}/skills/{skill}`: what an agent can do (confd.md 6.4).

use super::found;
use crate::db::WriteTx;
use crate::domain::problems::different_tenants;
use crate::domain::schema::{Default, Field, Mode, Rule, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::skills;
use serde_json::Value;

static WEIGHT: Schema =
    Schema::new("AgentSkill", &[Field::int("skill_weight").or(Default::Int(0)).rules(&[Rule::AtLeast(0)])]);

pub fn routes() -> Vec<Route> {
    let one = "/agents/{agent:int}/skills/{skill:int}";
    vec![
        Route::put(one, "Give an agent a skill", put_skill).body(&WEIGHT),
        Route::delete(one, "Take a skill from an agent", delete_skill),
    ]
}

fn put_skill(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let agent = found(call, tx)?;
    let skill = skills::found(call, tx)?;
    let body = call.parse(&WEIGHT, Mode::Create)?;
    if agent.tenant_uuid != skill.tenant_uuid {
        let left = ("agent_tenant_uuid", agent.tenant_uuid);
        return Err(different_tenants(left, ("skill_tenant_uuid", skill.tenant_uuid)).into());
    }
    let weight = body.get("skill_weight").and_then(Value::as_i64).unwrap_or_default();
    skills::store::give(tx, skill.id, agent.id, weight)?;
    Ok(Answer::Empty)
}

fn delete_skill(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let agent = found(call, tx)?;
    skills::store::take(tx, skills::found(call, tx)?.id, agent.id)?;
    Ok(Answer::Empty)
}
