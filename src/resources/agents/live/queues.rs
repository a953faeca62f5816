//! One queue of an agent: `/agents/by-id/{agent}/add|remove`, which change what they answer for good, and
//! `/agents/{agent}/queues/{queue}/login|logoff`, which hold while they are logged in and at the next login.

use super::actions::agent;
use super::floor::{self, Joining};
use super::trouble::{
    IN_QUEUE, NO_SUCH_QUEUE, NOT_IN_QUEUE, NOT_LOGGED, QUEUE_OF_ANOTHER, Trouble, answered,
};
use crate::domain::queue_options::running_name;
use crate::domain::schema::{Field, Mode, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::agents::{Agent, store};
use crate::resources::queues;
use crate::resources::queues::members::Place;
use actix_web::http::Method;
use serde_json::Value;

static QUEUE: Schema = Schema::new("AgentQueueId", &[Field::int("queue_id").required()]);

pub fn routes() -> Vec<Route> {
    let act = Route::act;
    vec![
        act(Method::POST, "/agents/by-id/{agent:int}/add", "Give an agent a queue", |call| {
            answered(call, add)
        })
        .status(204)
        .body(&QUEUE),
        act(Method::POST, "/agents/by-id/{agent:int}/remove", "Take a queue from an agent", |call| {
            answered(call, remove)
        })
        .status(204)
        .body(&QUEUE),
        act(
            Method::PUT,
            "/agents/{agent:int}/queues/{queue:int}/login",
            "Let an agent answer a queue",
            |call| answered(call, log_in),
        ),
        act(
            Method::PUT,
            "/agents/{agent:int}/queues/{queue:int}/logoff",
            "Let an agent answer a queue no longer",
            |call| answered(call, log_off),
        ),
    ]
}

async fn add(call: Call) -> Result<Answer, Trouble> {
    let agent = agent(&call).await?;
    let queue = asked(&call).await?;
    if queue.tenant_uuid != agent.tenant_uuid {
        return Err(QUEUE_OF_ANOTHER);
    }
    let added = call.write("agent joins a queue", move |_, tx| {
        let new = store::penalty(tx, queue.id, agent.id)?.is_none();
        if new {
            store::join_queue(tx, queue.id, agent.id, Place { penalty: 0, priority: 0 })?;
        }
        Ok(new)
    });
    if added.await? { Ok(Answer::Empty) } else { Err(IN_QUEUE) }
}

async fn remove(call: Call) -> Result<Answer, Trouble> {
    let agent = agent(&call).await?;
    let queue = asked(&call).await?;
    let removed = call.write("agent leaves a queue", move |_, tx| {
        let member = store::penalty(tx, queue.id, agent.id)?.is_some();
        store::leave_queue(tx, queue.id, agent.id).map(|()| member)
    });
    if removed.await? { Ok(Answer::Empty) } else { Err(NOT_IN_QUEUE) }
}

/// The queue that the body names.
async fn asked(call: &Call) -> Result<queues::Queue, Trouble> {
    let body = call.parse(&QUEUE, Mode::Create)?;
    visible(call, body.get("queue_id").and_then(Value::as_i64).unwrap_or_default()).await
}

async fn visible(call: &Call, id: i64) -> Result<queues::Queue, Trouble> {
    let queue = call.read(move |call, connection| queues::visible(connection, call.scope(), id)).await?;
    queue.ok_or(NO_SUCH_QUEUE)
}

async fn log_in(call: Call) -> Result<Answer, Trouble> {
    let agent = agent(&call).await?;
    answer_queue(&call, &agent).await?;
    Ok(Answer::Empty)
}

async fn log_off(call: Call) -> Result<Answer, Trouble> {
    let agent = agent(&call).await?;
    ignore_queue(&call, &agent).await?;
    Ok(Answer::Empty)
}

/// The name and penalty of the queue that the path names.
async fn own(call: &Call, agent: &Agent) -> Result<(String, i64), Trouble> {
    let queue = visible(call, call.int("queue")).await?;
    let (id, agent) = (queue.id, agent.id);
    let penalty = call.read(move |_, connection| store::penalty(connection, id, agent)).await?;
    penalty.map(|penalty| (running_name(&queue.name, &queue.options), penalty)).ok_or(NOT_IN_QUEUE)
}

/// Lets an agent who is logged in answer the queue of the path again.
pub async fn answer_queue(call: &Call, agent: &Agent) -> Result<(), Trouble> {
    let (queue, penalty) = own(call, agent).await?;
    let mut talk = call.asterisk().await?;
    let login = floor::login(&mut talk, agent.id).await?.ok_or(NOT_LOGGED)?;
    floor::come_back(&mut talk, agent.id, &queue).await?;
    let pause = floor::pause_of(&mut talk, agent.id).await?;
    let who = Joining { agent: agent.id, number: &agent.number, endpoint: &login.endpoint };
    floor::join(&mut talk, &who, (&queue, penalty), pause.as_deref()).await?;
    Ok(())
}

/// Lets an agent who is logged in answer the queue of the path no longer.
pub async fn ignore_queue(call: &Call, agent: &Agent) -> Result<(), Trouble> {
    let (queue, _) = own(call, agent).await?;
    let mut talk = call.asterisk().await?;
    floor::login(&mut talk, agent.id).await?.ok_or(NOT_LOGGED)?;
    floor::leave(&mut talk, agent.id, &queue).await?;
    Ok(())
}
