//! `/queues/{queue}/members/agents/{agent}`: which queues an agent answers (confd.md 6.2). It holds at once for an agent
//! who is logged in: the applier sees to that.

use super::{Agent, found, store};
use crate::db::WriteTx;
use crate::domain::problems::different_tenants;
use crate::domain::schema::{Field, Mode, Object, Schema};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route, Scope};
use crate::resources::queues::members::{PENALTY, PRIORITY, Place, place};
use crate::resources::queues::{self, Queue};
use serde_json::Value;

/// The body of `PUT /queues/{queue}/members/agents/{agent}`.
static PLACE: Schema = Schema::new("QueueAgentPlace", &[PENALTY, PRIORITY]);

/// A queue inside the body of an agent.
pub static REFERENCE: Schema = Schema::new("AgentQueue", &[Field::int("id").required(), PENALTY, PRIORITY]);

pub fn routes() -> Vec<Route> {
    let one = "/queues/{queue:int}/members/agents/{agent:int}";
    vec![
        Route::put(one, "Make an agent a member of a queue", put_agent).body(&PLACE),
        Route::delete(one, "Take an agent out of a queue", delete_agent),
    ]
}

fn put_agent(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let queue = queues::found(call, tx)?;
    let agent = found(call, tx)?;
    join(tx, &queue, &agent, place(&call.parse(&PLACE, Mode::Create)?))?;
    Ok(Answer::Empty)
}

fn delete_agent(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let queue = queues::found(call, tx)?;
    store::leave_queue(tx, queue.id, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}

/// Makes an agent a member; one who is gets a new place.
///
/// # Errors
/// 400: they are of different tenants.
pub fn join(tx: &WriteTx, queue: &Queue, agent: &Agent, place: Place) -> Result<()> {
    if queue.tenant_uuid != agent.tenant_uuid {
        let left = ("queue_tenant_uuid", queue.tenant_uuid);
        return Err(different_tenants(left, ("agent_tenant_uuid", agent.tenant_uuid)).into());
    }
    store::join_queue(tx, queue.id, agent.id, place)
}

/// Makes an agent a member of the `queues` of a body, as [`REFERENCE`] reads them.
///
/// # Errors
/// 404: an unknown queue; 400: another tenant's.
pub fn join_all(tx: &WriteTx, scope: &Scope, agent: &Agent, body: &Object) -> Result<()> {
    for item in
        body.get("queues").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
    {
        let id = item.get("id").and_then(Value::as_i64).unwrap_or_default();
        let queue = queues::visible(tx, scope, id)?;
        let queue = queue.ok_or_else(|| Error::not_found("Queue", &[("id", id.into())]))?;
        join(tx, &queue, agent, place(item))?;
    }
    Ok(())
}
