//! All that routes read of a running Asterisk, one after the other, for the fuzz target that answers in its place.

use super::agents::live::floor;
use super::diagnose;
use super::switchboards::live::{Board, Kind, answer, calls, hold};
use super::switchboards::operators::Operator;
use crate::apply::Talk;
use crate::diagnose::Wanted;
use crate::error::Result;

/// Reads everything, and does what follows from it: a phone rings for each call that waits, who talks is held.
///
/// # Errors
/// Asterisk refuses, or its connection is of no more use.
pub async fn everything(talk: &mut Talk) -> Result<()> {
    let agent = 1;
    floor::login(talk, agent).await?;
    floor::logins(talk).await?;
    floor::agent_of(talk, "phone").await?;
    floor::left(talk, agent).await?;
    floor::pauses(talk).await?;
    floor::pause_of(talk, agent).await?;
    floor::members(talk, None).await?;
    let name = || Some("name".to_owned());
    let wanted = Wanted { endpoints: vec!["phone".to_owned()], queue: name(), lot: name(), room: name() };
    diagnose::ask(talk, &wanted).await;
    let (board, operator) = (Board { id: 1 }, Operator { phone: "PJSIP/phone".to_owned() });
    for call in calls(talk, &board, Kind::Queue).await? {
        answer(talk, &board, Kind::Queue, &call.id, &operator).await?;
        hold(talk, &board, &call.id).await?;
    }
    Ok(())
}
