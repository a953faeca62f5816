//! `/users/me/agents`: the agent of the user whose token it is.

use super::actions::{self, Phone};
use super::trouble::{NO_SUCH_AGENT, NO_SUCH_LINE, Trouble, answered};
use super::{queues, status};
use crate::domain::schema::{Field, Mode, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Key, Route};
use crate::resources::agents::{Agent, store};
use crate::resources::users;
use actix_web::http::Method;
use rusqlite::Connection;
use serde_json::Value;

static LINE: Schema = Schema::new("AgentLine", &[Field::int("line_id").required()]);

pub fn routes() -> Vec<Route> {
    let act = Route::act;
    let post = |path, summary, run| act(Method::POST, path, summary, run).status(204);
    let (get, put) = (Method::GET, Method::PUT);
    vec![
        act(get, "/users/me/agents", "What one's own agent does", |call| answered(call, get_own))
            .shows::<status::Status>(),
        post("/users/me/agents/login", "Log one's own agent in", |call| answered(call, log_in)).body(&LINE),
        post("/users/me/agents/logoff", "Log one's own agent out", |call| answered(call, log_off)),
        post("/users/me/agents/pause", "Pause", |call| answered(call, pause)).body(&actions::PAUSE),
        post("/users/me/agents/unpause", "End one's pause", |call| answered(call, go_on)),
        act(put.clone(), "/users/me/agents/queues/{queue:int}/login", "Answer a queue", |call| {
            answered(call, answer_queue)
        }),
        act(put, "/users/me/agents/queues/{queue:int}/logoff", "Answer a queue no longer", |call| {
            answered(call, ignore_queue)
        }),
    ]
}

/// The caller's agent.
async fn own(call: &Call) -> Result<Agent, Trouble> {
    call.read(of_caller).await?.ok_or(NO_SUCH_AGENT)
}

fn of_caller(call: &Call, connection: &Connection) -> Result<Option<Agent>> {
    let Some(account) = call.caller.account() else { return Ok(None) };
    let Some(user) = users::identity(connection, Key::Uuid(account))? else { return Ok(None) };
    let own = store::of_users(connection, &[user.id])?;
    own.first().map(|(_, agent, _)| store::get(connection, *agent)).transpose().map(Option::flatten)
}

async fn get_own(call: Call) -> Result<Answer, Trouble> {
    let agent = own(&call).await?;
    Ok(Answer::json(&status::status_of(&call, agent).await?)?)
}

async fn log_in(call: Call) -> Result<Answer, Trouble> {
    let agent = own(&call).await?;
    let body = call.parse(&LINE, Mode::Create)?;
    let line = body.get("line_id").and_then(Value::as_i64).unwrap_or_default();
    let phone = call.read(move |call, connection| phone_of(call, connection, line)).await?;
    actions::sit_down(&call, &agent, &phone.ok_or(NO_SUCH_LINE)?).await?;
    Ok(Answer::Empty)
}

/// The phone of one of the caller's own lines.
fn phone_of(call: &Call, connection: &Connection, line: i64) -> Result<Option<Phone>> {
    let Some(account) = call.caller.account() else { return Ok(None) };
    let phone = store::phone_of_line(connection, &account.to_string(), line)?;
    Ok(phone.map(|(endpoint, exten, context)| Phone { endpoint, exten, context }))
}

async fn log_off(call: Call) -> Result<Answer, Trouble> {
    let agent = own(&call).await?;
    actions::stand_up(&call, &agent).await?;
    Ok(Answer::Empty)
}

async fn pause(call: Call) -> Result<Answer, Trouble> {
    let agent = own(&call).await?;
    actions::take_a_break(&call, &agent).await?;
    Ok(Answer::Empty)
}

async fn go_on(call: Call) -> Result<Answer, Trouble> {
    let agent = own(&call).await?;
    actions::work_again(&call, &agent).await?;
    Ok(Answer::Empty)
}

async fn answer_queue(call: Call) -> Result<Answer, Trouble> {
    let agent = own(&call).await?;
    queues::answer_queue(&call, &agent).await?;
    Ok(Answer::Empty)
}

async fn ignore_queue(call: Call) -> Result<Answer, Trouble> {
    let agent = own(&call).await?;
    queues::ignore_queue(&call, &agent).await?;
    Ok(Answer::Empty)
}
