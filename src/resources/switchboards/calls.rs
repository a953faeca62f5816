//! What operators do with the calls of a switchboard over REST (behaviour.md 5.2): the routes of another service of the
//! family, with its names of rights and its shape of errors.

use super::live::{Board, Call as Parked, Kind};
use super::{found, live, operators, store};
use crate::domain::refusal::Refusal;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route, Waiting};
use actix_web::http::Method;
use serde::Serialize;
use serde_json::{Value, json};

pub fn routes() -> Vec<Route> {
    let queued = "/switchboards/{switchboard:uuid}/calls/queued";
    let held = "/switchboards/{switchboard:uuid}/calls/held";
    let answer_queued = "/switchboards/{switchboard:uuid}/calls/queued/{call}/answer";
    let answer_held = "/switchboards/{switchboard:uuid}/calls/held/{call}/answer";
    let hold = "/switchboards/{switchboard:uuid}/calls/held/{call}";
    let routes = vec![
        Route::act(Method::GET, queued, "List the calls that wait at a switchboard", list_queued)
            .shows::<Items>(),
        Route::act(Method::PUT, answer_queued, "Answer a call that waits at a switchboard", answer_waiting)
            .shows::<Answering>()
            .status(200),
        Route::act(Method::GET, held, "List the calls that a switchboard holds", list_held).shows::<Items>(),
        Route::act(Method::PUT, hold, "Hold a call at a switchboard", hold_call),
        Route::act(Method::PUT, answer_held, "Answer a call that a switchboard holds", answer_waiting_held)
            .shows::<Answering>()
            .status(200),
    ];
    routes.into_iter().map(|route| route.service("calld").unready("Asterisk can't be asked now")).collect()
}

/// A call as the API shows it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Item {
    id: String,
    caller_id_name: String,
    caller_id_number: String,
}

/// The calls of a lot.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Items {
    items: Vec<Item>,
}

/// The call of the operator's phone, which rings.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Answering {
    call_id: String,
}

impl From<Parked> for Item {
    fn from(call: Parked) -> Self {
        Item { id: call.id, caller_id_name: call.name, caller_id_number: call.number }
    }
}

fn list_queued(call: Call) -> Waiting {
    Box::pin(async move { told(list(&call, Kind::Queue).await) })
}

fn list_held(call: Call) -> Waiting {
    Box::pin(async move { told(list(&call, Kind::Hold).await) })
}

fn answer_waiting(call: Call) -> Waiting {
    Box::pin(async move { told(answer(&call, Kind::Queue).await) })
}

fn answer_waiting_held(call: Call) -> Waiting {
    Box::pin(async move { told(answer(&call, Kind::Hold).await) })
}

fn hold_call(call: Call) -> Waiting {
    Box::pin(async move { told(hold(&call).await) })
}

async fn list(call: &Call, kind: Kind) -> Result<Answer> {
    let board = board(call).await?;
    let mut talk = call.asterisk().await?;
    let items = live::calls(&mut talk, &board, kind).await?.into_iter().map(Item::from).collect();
    Answer::json(&Items { items })
}

/// Rings the operator, whose phone answers by itself where it can; then they talk.
async fn answer(call: &Call, kind: Kind) -> Result<Answer> {
    let board = board(call).await?;
    let operator = operators::of_request(call).await?;
    let mut talk = call.asterisk().await?;
    let asked = call.segment("call");
    match live::answer(&mut talk, &board, kind, asked, &operator).await? {
        Some(channel) => Answer::json(&Answering { call_id: channel }),
        None => Err(no_such_call(asked)),
    }
}

/// Whoever talks with the caller is hung up.
async fn hold(call: &Call) -> Result<Answer> {
    let board = board(call).await?;
    let mut talk = call.asterisk().await?;
    let asked = call.segment("call");
    if live::hold(&mut talk, &board, asked).await? { Ok(Answer::Empty) } else { Err(no_such_call(asked)) }
}

/// The switchboard, for who may see its calls: its members, and who may read how it is set up. The right to
/// `calld.switchboards.#` is everybody's.
async fn board(call: &Call) -> Result<Board> {
    let found = call.read(|call, connection| {
        let board = found(call, connection)?;
        let by_right = call.caller.may(&format!("confd.switchboards.{}.read", board.uuid));
        match call.caller.account() {
            Some(account) if !by_right && !store::has_member(connection, board.id, account)? => {
                Err(Error::NotFound(String::new()))
            }
            _ => Ok(board),
        }
    });
    let found = found.await;
    match found {
        Ok(board) => Ok(Board { id: board.id }),
        Err(Error::NotFound(_)) => {
            let details = json!({"switchboard_uuid": call.segment("switchboard")});
            Err(refusal(404, "No such switchboard", "no-such-switchboard", details))
        }
        Err(error) => Err(error),
    }
}

fn no_such_call(id: &str) -> Error {
    refusal(404, "No such call", "no-such-call", json!({ "call_id": id }))
}

/// An error in the shape of the service that the original has for this.
pub(super) fn refusal(status: u16, message: &str, error_id: &'static str, details: Value) -> Error {
    let (message, resource) = (json!(message), Some("switchboards"));
    Error::Refused(Box::new(Refusal::Detailed { status, message, error_id, details, resource }))
}

/// Asterisk that can't be asked, in that shape too.
fn told(answer: Result<Answer>) -> Result<Answer> {
    answer.map_err(|error| match error {
        Error::Unavailable(text) => refusal(503, &text, "asterisk-unreachable", json!({})),
        error => error,
    })
}
