//! Who is logged in, where, and what they answer: `GET /agents` of agentd, `/agents/by-id|by-number/{agent}`.

use super::actions::{agent, in_scope};
use super::floor::{self, Member};
use super::trouble::{Trouble, answered};
use crate::apply::{Login, Talk};
use crate::error::Result;
use crate::http::{Answer, Call, Route, Waiting};
use crate::resources::agents::{Agent, store};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    vec![
        Route::wait("/agents/by-id/{agent:int}", "What an agent does", |call| answered(call, get_status))
            .shows::<Status>(),
        Route::wait("/agents/by-number/{number}", "What an agent does", |call| answered(call, get_status))
            .shows::<Status>(),
    ]
}

/// What an agent does, keys in agentd's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Status {
    id: i64,
    tenant_uuid: Uuid,
    /// This installation.
    origin_uuid: Uuid,
    number: String,
    logged: bool,
    paused: bool,
    paused_reason: Option<String>,
    extension: Option<String>,
    context: Option<String>,
    state_interface: Option<String>,
    queues: Vec<QueueStatus>,
}

/// One of an agent's queues.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct QueueStatus {
    id: i64,
    name: String,
    display_name: String,
    logged: bool,
    paused: bool,
    paused_reason: Option<String>,
}

/// All agents of the tenant.
pub fn list_statuses(call: Call) -> Waiting {
    answered(call, |call| async move {
        let agents = call.read(in_scope).await?;
        let mut talk = call.asterisk().await?;
        let logins = floor::logins(&mut talk).await?;
        let pauses = floor::pauses(&mut talk).await?;
        let members = floor::members(&mut talk, None).await?;
        Ok(Answer::json(&statuses(&call, agents, &Seen { logins, pauses, members }).await?)?)
    })
}

async fn get_status(call: Call) -> Result<Answer, Trouble> {
    let agent = agent(&call).await?;
    Ok(Answer::json(&status_of(&call, agent).await?)?)
}

/// What one agent does.
pub async fn status_of(call: &Call, agent: Agent) -> Result<Option<Status>, Trouble> {
    let mut talk = call.asterisk().await?;
    let seen = seen(&mut talk, agent.id).await?;
    Ok(statuses(call, vec![agent], &seen).await?.pop())
}

/// What Asterisk knows.
struct Seen {
    logins: BTreeMap<i64, Login>,
    pauses: BTreeMap<i64, String>,
    members: Vec<Member>,
}

async fn seen(talk: &mut Talk, agent: i64) -> Result<Seen, Trouble> {
    let logins = floor::login(talk, agent).await?.into_iter().map(|login| (agent, login)).collect();
    let pauses = floor::pause_of(talk, agent).await?.into_iter().map(|reason| (agent, reason)).collect();
    Ok(Seen { logins, pauses, members: floor::members(talk, Some(agent)).await? })
}

async fn statuses(call: &Call, agents: Vec<Agent>, seen: &Seen) -> Result<Vec<Status>, Trouble> {
    let ids: Vec<i64> = agents.iter().map(|agent| agent.id).collect();
    let rows = call.read(move |_, connection| store::queues_of(connection, &ids)).await?;
    let mut queues: HashMap<i64, Vec<QueueStatus>> = HashMap::new();
    for row in rows {
        let is_this = |member: &&Member| member.agent == row.agent && member.queue == row.running_name;
        let member = seen.members.iter().find(is_this);
        let status = QueueStatus {
            id: row.queue,
            display_name: row.queue_label.unwrap_or_else(|| row.queue_name.clone()),
            name: row.queue_name,
            logged: member.is_some(),
            paused: member.is_some_and(|member| member.paused),
            paused_reason: member.and_then(|member| member.reason.clone()),
        };
        queues.entry(row.agent).or_default().push(status);
    }
    let origin_uuid = call.app.server_uuid;
    let status = |agent: Agent| {
        let login = seen.logins.get(&agent.id);
        let queues = queues.remove(&agent.id).unwrap_or_default();
        let pause = seen.pauses.get(&agent.id);
        Status {
            id: agent.id,
            tenant_uuid: agent.tenant_uuid,
            origin_uuid,
            number: agent.number,
            logged: login.is_some(),
            paused: pause.is_some() || queues.iter().any(|queue| queue.paused),
            paused_reason: pause.filter(|reason| !reason.is_empty()).cloned(),
            extension: login.map(|login| login.exten.clone()),
            context: login.map(|login| login.context.clone()),
            state_interface: login.map(|login| format!("PJSIP/{}", login.endpoint)),
            queues,
        }
    };
    Ok(agents.into_iter().map(status).collect())
}
