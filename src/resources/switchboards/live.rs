//! The calls of a switchboard in the running Asterisk: two parking lots, one for those who wait, one for those who are
//! held.

use super::operators::Operator;
use crate::apply::{LiveError, Message, Talk};
use crate::error::Result;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};
use uuid::Uuid;

/// How long an operator's phone rings, in milliseconds.
const PATIENCE: &str = "30000";

/// Headers by which phones of several makers answer by themselves.
const ANSWER_BY_ITSELF: [&str; 3] = [
    "PJSIP_HEADER(add,Call-Info)=<sip:127.0.0.1>\\;answer-after=0",
    "PJSIP_HEADER(add,Alert-Info)=<http://127.0.0.1>\\;info=alert-autoanswer",
    "PJSIP_HEADER(add,Answer-Mode)=Auto",
];

/// Calls that an operator's phone rings for, with that phone's channel: nobody else gets them meanwhile.
static CLAIMED: LazyLock<Mutex<HashMap<String, Claim>>> = LazyLock::new(Mutex::default);

/// An operator's phone that rings for a call.
#[derive(Debug, Clone)]
struct Claim {
    channel: String,
    since: Instant,
}

/// A phone rings no longer than [`PATIENCE`].
const LONGEST_CLAIM: Duration = Duration::from_secs(60);

/// Asterisk makes the phone's channel a moment after it was told to.
const MOMENT: Duration = Duration::from_secs(3);

/// One at a time: of two who answer the same call, one has it.
static TURN: LazyLock<Arc<Mutex<()>>> = LazyLock::new(Arc::default);

/// A switchboard as its lots are named after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Board {
    pub id: i64,
}

/// Those who wait, or those who are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Queue,
    Hold,
}

/// A call in a lot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// The unique id of the caller's channel.
    pub id: String,
    pub name: String,
    pub number: String,
    place: String,
    /// Seconds that it has been there.
    since: u64,
}

impl Board {
    fn lot(self, kind: Kind) -> String {
        let what = match kind {
            Kind::Queue => "queue",
            Kind::Hold => "hold",
        };
        format!("switchboard-{}-{what}", self.id)
    }
}

/// The calls that nobody's phone rings for yet, the oldest first.
///
/// # Errors
/// Asterisk can't be asked.
pub async fn calls(talk: &mut Talk, board: &Board, kind: Kind) -> Result<Vec<Call>> {
    let mut calls = parked(talk, &board.lot(kind)).await?;
    let mut free = Vec::with_capacity(calls.len());
    for call in calls.drain(..) {
        if !is_claimed(talk, &call.id).await? {
            free.push(call);
        }
    }
    Ok(free)
}

async fn parked(talk: &mut Talk, lot: &str) -> Result<Vec<Call>> {
    let events = match talk.list("ParkedCalls", &[("ParkingLot", lot)]).await {
        Ok(events) => events,
        // A switchboard that was made a moment ago has no lot yet.
        Err(LiveError::Refused(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let mut calls: Vec<Call> = events.iter().filter_map(read).collect();
    calls.sort_by(|a, b| b.since.cmp(&a.since).then_with(|| a.id.cmp(&b.id)));
    Ok(calls)
}

fn read(event: &Message) -> Option<Call> {
    let text = |name: &str| {
        let value = event.get(name).filter(|value| *value != "<unknown>");
        value.unwrap_or_default().to_owned()
    };
    Some(Call {
        id: event.get("ParkeeUniqueid")?.to_owned(),
        name: text("ParkeeCallerIDName"),
        number: text("ParkeeCallerIDNum"),
        place: event.get("ParkingSpace")?.to_owned(),
        since: text("ParkingDuration").parse().unwrap_or(0),
    })
}

/// Does an operator's phone ring for this call?
async fn is_claimed(talk: &mut Talk, call: &str) -> Result<bool> {
    let Some(claim) = CLAIMED.lock().await.get(call).cloned() else { return Ok(false) };
    let rings = |event: &Message| event.is("Uniqueid", &claim.channel);
    if claim.since.elapsed() < MOMENT || channels(talk).await?.iter().any(rings) {
        return Ok(true);
    }
    CLAIMED.lock().await.remove(call);
    Ok(false)
}

async fn channels(talk: &mut Talk) -> Result<Vec<Message>> {
    Ok(talk.list("CoreShowChannels", &[]).await?)
}

/// Rings the operator's phone, which gets the call when it answers. Gives the id of its channel; nothing when there is
/// no such call, or another operator has it.
///
/// # Errors
/// Asterisk can't be asked.
pub async fn answer(
    talk: &mut Talk,
    board: &Board,
    kind: Kind,
    id: &str,
    operator: &Operator,
) -> Result<Option<String>> {
    let _turn = TURN.lock().await;
    let Some(call) = calls(talk, board, kind).await?.into_iter().find(|call| call.id == id) else {
        return Ok(None);
    };
    let channel = Uuid::new_v4().to_string();
    let (data, shown) = (format!("{},{}", board.lot(kind), call.place), shown(&call));
    let mut fields = vec![
        ("Channel", operator.phone.as_str()),
        ("ChannelId", channel.as_str()),
        ("Application", "ParkedCall"),
        ("Data", data.as_str()),
        ("CallerID", shown.as_str()),
        ("Timeout", PATIENCE),
        ("Async", "true"),
    ];
    fields.extend(ANSWER_BY_ITSELF.map(|header| ("Variable", header)));
    talk.action("Originate", &fields).await?;
    let mut claimed = CLAIMED.lock().await;
    // Whoever was called longer ago does not ring any more.
    claimed.retain(|_, claim| claim.since.elapsed() < LONGEST_CLAIM);
    claimed.insert(call.id, Claim { channel: channel.clone(), since: Instant::now() });
    drop(claimed);
    Ok(Some(channel))
}

/// Who calls, as the operator's phone shows it. What a caller sent must not end the name, nor keep the call from being
/// answered: the manager interface takes no control characters.
fn shown(call: &Call) -> String {
    let odd = |c: char| c.is_control() || matches!(c, '"' | '\\' | '<' | '>');
    let plain = |text: &str| text.replace(odd, "");
    format!("\"{}\" <{}>", plain(&call.name), plain(&call.number))
}

/// Puts a caller who talks with an operator on hold. False when there is no such caller of this switchboard, or they are
/// held already.
///
/// # Errors
/// Asterisk can't be asked.
pub async fn hold(talk: &mut Talk, board: &Board, id: &str) -> Result<bool> {
    let _turn = TURN.lock().await;
    let all = channels(talk).await?;
    let caller = all.iter().find(|event| event.is("Uniqueid", id));
    let Some(name) = caller.and_then(|caller| caller.get("Channel")) else { return Ok(false) };
    let came_from = talk.action("Getvar", &[("Channel", name), ("Variable", "CB_SWITCHBOARD")]).await;
    let own = came_from.is_ok_and(|answer| answer.is("Value", &board.id.to_string()));
    // All who are in one lot share a bridge: who is in any talks with nobody.
    if !own || talk.list("ParkedCalls", &[]).await?.iter().any(|event| event.is("ParkeeUniqueid", id)) {
        return Ok(false);
    }
    let lot = board.lot(Kind::Hold);
    let parked = talk.action("Park", &[("Channel", name), ("Parkinglot", &lot), ("Timeout", "0")]).await;
    match parked {
        Err(LiveError::Refused(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    CLAIMED.lock().await.remove(id);
    let bridge = caller.and_then(|caller| caller.get("BridgeId")).filter(|bridge| !bridge.is_empty());
    let others = all.iter().filter(|event| !event.is("Uniqueid", id) && event.get("BridgeId") == bridge);
    let others: Vec<&str> = others.filter_map(|event| event.get("Channel")).collect();
    // Who is left alone is hung up; in a conversation of three nobody is.
    if let ([partner], Some(_)) = (others.as_slice(), bridge) {
        match talk.action("Hangup", &[("Channel", partner)]).await {
            // Gone by itself is as good.
            Ok(_) | Err(LiveError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::{Call, shown};

    #[test]
    fn what_a_caller_is_called_stays_a_name() {
        let call =
            Call { name: "a\" \u{1}<1>\u{7f} \\".to_owned(), number: "12>".to_owned(), ..Call::default() };
        assert_eq!(shown(&call), "\"a 1 \" <12>");
    }
}
