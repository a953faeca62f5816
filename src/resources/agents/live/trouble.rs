//! What is against an action, in agentd's words.

use crate::apply::LiveError;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Waiting};
use serde_json::json;
use std::future::Future;

/// Why an action was not done.
#[derive(Debug)]
pub enum Trouble {
    /// A status and agentd's sentence.
    Said(u16, &'static str),
    Error(Error),
}

pub const NO_SUCH_AGENT: Trouble = Trouble::Said(404, "no such agent");
pub const NO_SUCH_QUEUE: Trouble = Trouble::Said(404, "no such queue");
pub const NO_SUCH_EXTEN: Trouble = Trouble::Said(404, "no such extension and context");
pub const NO_SUCH_LINE: Trouble = Trouble::Said(404, "no such line");
pub const ALREADY_LOGGED: Trouble = Trouble::Said(409, "already logged");
pub const NOT_LOGGED: Trouble = Trouble::Said(409, "not logged");
pub const IN_USE: Trouble = Trouble::Said(409, "extension and context already in use");
pub const IN_QUEUE: Trouble = Trouble::Said(409, "agent already in queue");
pub const NOT_IN_QUEUE: Trouble = Trouble::Said(409, "agent not in queue");
pub const CONTEXT_OF_ANOTHER: Trouble = Trouble::Said(400, "agent and context are not in the same tenant");
pub const QUEUE_OF_ANOTHER: Trouble = Trouble::Said(400, "agent and queue are not in the same tenant");

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Error(error)
    }
}

impl From<LiveError> for Trouble {
    fn from(error: LiveError) -> Self {
        Trouble::Error(error.into())
    }
}

/// Runs an action for its answer, or what is against it.
pub fn answered<F>(call: Call, run: fn(Call) -> F) -> Waiting
where
    F: Future<Output = Result<Answer, Trouble>> + 'static,
{
    Box::pin(async move {
        let (status, text) = match run(call).await {
            Ok(answer) => return Ok(answer),
            Err(Trouble::Said(status, text)) => (status, text.to_owned()),
            Err(Trouble::Error(Error::Invalid(problems))) => (400, problems.0.join("; ")),
            Err(Trouble::Error(Error::NotFound(text))) => (404, text),
            Err(Trouble::Error(Error::Unavailable(text))) => (503, text),
            Err(Trouble::Error(error)) => return Err(error),
        };
        Answer::with_status(status, &json!({"error": text}))
    })
}
