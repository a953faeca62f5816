//! `/agents/by-id|by-number/{agent}/login|logoff|pause|unpause`, `/agents/logoff`, `/agents/relog`.

use super::floor::{self, Joining};
use super::trouble::{
    ALREADY_LOGGED, CONTEXT_OF_ANOTHER, IN_USE, NO_SUCH_AGENT, NO_SUCH_EXTEN, NOT_LOGGED, Trouble, answered,
};
use crate::apply::{Login, Talk};
use crate::domain::schema::{Field, Mode, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::agents::{Agent, store};
use actix_web::http::Method;
use rusqlite::Connection;
use serde_json::Value;

static LOGIN: Schema = Schema::new(
    "AgentLogin",
    &[
        Field::text("extension").required().rules(&[Rule::Min(1)]),
        Field::text("context").required().rules(&[Rule::Min(1)]),
        Field::text("endpoint").null_allowed(),
    ],
);

/// The body of a pause, which may be missing.
pub static PAUSE: Schema =
    Schema::new("AgentPause", &[Field::text("reason").null_allowed().rules(&[Rule::Max(80)])]);

pub fn routes() -> Vec<Route> {
    let post = |path, summary, run| Route::act(Method::POST, path, summary, run).status(204);
    vec![
        post("/agents/by-id/{agent:int}/login", "Log an agent in", |call| answered(call, log_in))
            .body(&LOGIN),
        post("/agents/by-number/{number}/login", "Log an agent in", |call| answered(call, log_in))
            .body(&LOGIN),
        post("/agents/by-id/{agent:int}/logoff", "Log an agent out", |call| answered(call, log_off)),
        post("/agents/by-number/{number}/logoff", "Log an agent out", |call| answered(call, log_off)),
        post("/agents/by-id/{agent:int}/pause", "Let an agent pause", |call| answered(call, pause))
            .body(&PAUSE),
        post("/agents/by-number/{number}/pause", "Let an agent pause", |call| answered(call, pause))
            .body(&PAUSE),
        post("/agents/by-id/{agent:int}/unpause", "End an agent's pause", |call| answered(call, go_on)),
        post("/agents/by-number/{number}/unpause", "End an agent's pause", |call| answered(call, go_on)),
        post("/agents/logoff", "Log all agents of the tenant out", |call| answered(call, log_all_off)),
        post("/agents/relog", "Log all agents of the tenant out and in again", |call| answered(call, relog)),
    ]
}

/// The agent that the path names, by id or number.
pub async fn agent(call: &Call) -> Result<Agent, Trouble> {
    call.read(named).await?.ok_or(NO_SUCH_AGENT)
}

fn named(call: &Call, connection: &Connection) -> Result<Option<Agent>> {
    let number = call.segment("number");
    let id = if number.is_empty() {
        Some(call.int("agent"))
    } else {
        store::visible_by_number(connection, call.scope(), number)?
    };
    let agent = id.map(|id| store::get(connection, id)).transpose()?.flatten();
    Ok(agent.filter(|agent| call.scope().sees(agent.tenant_uuid)))
}

/// A phone at which an agent may log in.
#[derive(Debug, Clone)]
pub struct Phone {
    pub endpoint: String,
    pub exten: String,
    pub context: String,
}

async fn log_in(call: Call) -> Result<Answer, Trouble> {
    let agent = agent(&call).await?;
    let body = call.parse(&LOGIN, Mode::Create)?;
    let (tenant, asked) = (agent.tenant_uuid, body.clone());
    let found = call.read(move |_, connection| phones(connection, &asked)).await?;
    let Some((of, phone)) = found else { return Err(NO_SUCH_EXTEN) };
    if of != tenant.to_string() {
        // What the request does not see is not told of.
        let seen = call.scope().visible.iter().any(|tenant| tenant.to_string() == of);
        return Err(if seen { CONTEXT_OF_ANOTHER } else { NO_SUCH_EXTEN });
    }
    sit_down(&call, &agent, &phone).await?;
    Ok(Answer::Empty)
}

/// The phone of a number, with its tenant: the one that `endpoint` names, else the first.
fn phones(connection: &Connection, body: &Object) -> Result<Option<(String, Phone)>> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (exten, context, endpoint) = (text("extension"), text("context"), text("endpoint"));
    let wanted = endpoint.strip_prefix("PJSIP/").unwrap_or(&endpoint).to_owned();
    let found = store::phones(connection, &exten, &context)?;
    let fits = |(_, name): &&(String, String)| wanted.is_empty() || *name == wanted;
    let found = found.iter().find(fits).cloned();
    Ok(found.map(|(tenant, endpoint)| (tenant, Phone { endpoint, exten, context })))
}

/// Logs an agent in at a phone and makes them a member of the queues that they were logged in last; of all when of none.
pub async fn sit_down(call: &Call, agent: &Agent, phone: &Phone) -> Result<(), Trouble> {
    let id = agent.id;
    let queues = call.read(move |_, connection| store::served(connection, id)).await?;
    let mut talk = call.asterisk().await?;
    if floor::login(&mut talk, id).await?.is_some() {
        return Err(ALREADY_LOGGED);
    }
    if floor::agent_of(&mut talk, &phone.endpoint).await?.is_some() {
        return Err(IN_USE);
    }
    let Phone { endpoint, exten, context } = phone.clone();
    let login = Login { agent: id, endpoint, exten, context };
    floor::sit(&mut talk, &login).await?;
    join_queues(&mut talk, agent, &login, &queues).await?;
    floor::tell(&mut talk, &agent.number, "AGENTCALLBACKLOGIN", &login).await?;
    Ok(())
}

async fn join_queues(
    talk: &mut Talk,
    agent: &Agent,
    login: &Login,
    queues: &[(String, i64)],
) -> Result<(), Trouble> {
    let mut left = floor::left(talk, agent.id).await?;
    if queues.iter().all(|(queue, _)| left.contains(queue)) {
        for queue in std::mem::take(&mut left) {
            floor::come_back(talk, agent.id, &queue).await?;
        }
    }
    let who = Joining { agent: agent.id, number: &agent.number, endpoint: &login.endpoint };
    for (queue, penalty) in queues.iter().filter(|(queue, _)| !left.contains(queue)) {
        floor::join(talk, &who, (queue, *penalty), None).await?;
    }
    Ok(())
}

async fn log_off(call: Call) -> Result<Answer, Trouble> {
    let agent = agent(&call).await?;
    stand_up(&call, &agent).await?;
    Ok(Answer::Empty)
}

/// Logs an agent out.
pub async fn stand_up(call: &Call, agent: &Agent) -> Result<(), Trouble> {
    let mut talk = call.asterisk().await?;
    let login = floor::login(&mut talk, agent.id).await?.ok_or(NOT_LOGGED)?;
    leave_all(&mut talk, agent, &login).await
}

async fn leave_all(talk: &mut Talk, agent: &Agent, login: &Login) -> Result<(), Trouble> {
    floor::stand_up(talk, login).await?;
    for member in floor::members(talk, Some(agent.id)).await? {
        floor::remove(talk, agent.id, &member.queue).await?;
    }
    floor::tell(talk, &agent.number, "AGENTCALLBACKLOGOFF", login).await?;
    Ok(())
}

async fn pause(call: Call) -> Result<Answer, Trouble> {
    let agent = agent(&call).await?;
    take_a_break(&call, &agent).await?;
    Ok(Answer::Empty)
}

/// Pauses an agent in all queues, for the reason of the body.
pub async fn take_a_break(call: &Call, agent: &Agent) -> Result<(), Trouble> {
    let body = if call.has_body() { call.parse(&PAUSE, Mode::Create)? } else { Object::new() };
    let reason = body.get("reason").and_then(Value::as_str).unwrap_or_default();
    let mut talk = call.asterisk().await?;
    floor::login(&mut talk, agent.id).await?.ok_or(NOT_LOGGED)?;
    floor::pause(&mut talk, agent.id, reason).await?;
    Ok(())
}

async fn go_on(call: Call) -> Result<Answer, Trouble> {
    let agent = agent(&call).await?;
    work_again(&call, &agent).await?;
    Ok(Answer::Empty)
}

/// Ends an agent's pause.
pub async fn work_again(call: &Call, agent: &Agent) -> Result<(), Trouble> {
    let mut talk = call.asterisk().await?;
    floor::login(&mut talk, agent.id).await?.ok_or(NOT_LOGGED)?;
    floor::go_on(&mut talk, agent.id).await?;
    Ok(())
}

/// The agents of the tenant who are logged in.
async fn logged(call: &Call, talk: &mut Talk) -> Result<Vec<(Agent, Login)>, Trouble> {
    let agents = call.read(in_scope).await?;
    let mut logins = floor::logins(talk).await?;
    Ok(agents.into_iter().filter_map(|agent| logins.remove(&agent.id).map(|login| (agent, login))).collect())
}

/// The agents of the tenant, with `recurse=true` of those below it too.
pub fn in_scope(call: &Call, connection: &Connection) -> Result<Vec<Agent>> {
    let scope = call.scope();
    let tenants = if call.flag("recurse")? { scope.visible.clone() } else { vec![scope.tenant] };
    store::of_tenants(connection, &tenants)
}

async fn log_all_off(call: Call) -> Result<Answer, Trouble> {
    let mut talk = call.asterisk().await?;
    for (agent, login) in logged(&call, &mut talk).await? {
        leave_all(&mut talk, &agent, &login).await?;
    }
    Ok(Answer::Empty)
}

async fn relog(call: Call) -> Result<Answer, Trouble> {
    let mut talk = call.asterisk().await?;
    for (agent, login) in logged(&call, &mut talk).await? {
        let id = agent.id;
        let queues = call.read(move |_, connection| store::served(connection, id)).await?;
        leave_all(&mut talk, &agent, &login).await?;
        floor::sit(&mut talk, &login).await?;
        join_queues(&mut talk, &agent, &login, &queues).await?;
        floor::tell(&mut talk, &agent.number, "AGENTCALLBACKLOGIN", &login).await?;
    }
    Ok(Answer::Empty)
}
