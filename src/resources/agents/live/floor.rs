//! What Asterisk knows of agents, and how it is changed: its database and app_queue's members.

use crate::apply::agents::{LEFT, LOGINS, Login, PAUSES, PHONES, agent_at, interface};
use crate::apply::{LiveError, Message, Talk};
use std::collections::BTreeMap;

/// An agent in a queue, as app_queue has it.
#[derive(Debug, Clone)]
pub struct Member {
    pub queue: String,
    pub agent: i64,
    pub paused: bool,
    pub reason: Option<String>,
}

/// What app_queue is told of an agent who joins.
#[derive(Debug, Clone)]
pub struct Joining<'a> {
    pub agent: i64,
    pub number: &'a str,
    pub endpoint: &'a str,
}

async fn get(talk: &mut Talk, family: &str, key: &str) -> Result<Option<String>, LiveError> {
    match talk.list("DBGet", &[("Family", family), ("Key", key)]).await {
        Ok(events) => Ok(events.iter().find_map(|event| event.get("Val")).map(str::to_owned)),
        Err(LiveError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn put(talk: &mut Talk, family: &str, key: &str, value: &str) -> Result<(), LiveError> {
    talk.action("DBPut", &[("Family", family), ("Key", key), ("Val", value)]).await.map(drop)
}

async fn forget(talk: &mut Talk, family: &str, key: &str) -> Result<(), LiveError> {
    tolerant(talk, "DBDel", &[("Family", family), ("Key", key)]).await
}

/// What Asterisk refuses here is so already.
async fn tolerant(talk: &mut Talk, action: &str, fields: &[(&str, &str)]) -> Result<(), LiveError> {
    match talk.action(action, fields).await {
        Ok(_) | Err(LiveError::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn tree(talk: &mut Talk, family: &str) -> Result<Vec<(String, String)>, LiveError> {
    let events = talk.list("DBGetTree", &[("Family", family)]).await?;
    let prefix = format!("/{family}/");
    let entry = |event: &Message| {
        Some((event.get("Key")?.strip_prefix(&prefix)?.to_owned(), event.get("Val")?.to_owned()))
    };
    Ok(events.iter().filter_map(entry).collect())
}

/// Where an agent is logged in.
pub async fn login(talk: &mut Talk, agent: i64) -> Result<Option<Login>, LiveError> {
    let key = agent.to_string();
    Ok(get(talk, LOGINS, &key).await?.and_then(|value| Login::of_entry(&key, &value)))
}

/// Everybody who is logged in, by the agent's id.
pub async fn logins(talk: &mut Talk) -> Result<BTreeMap<i64, Login>, LiveError> {
    let entries = tree(talk, LOGINS).await?;
    let logins = entries.iter().filter_map(|(key, value)| Login::of_entry(key, value));
    Ok(logins.map(|login| (login.agent, login)).collect())
}

/// The agent who is logged in at a phone.
pub async fn agent_of(talk: &mut Talk, endpoint: &str) -> Result<Option<i64>, LiveError> {
    let Some(agent) = get(talk, PHONES, endpoint).await?.and_then(|agent| agent.parse().ok()) else {
        return Ok(None);
    };
    let there = login(talk, agent).await?;
    Ok(there.filter(|login| login.endpoint == endpoint).map(|login| login.agent))
}

/// The queues that an agent has left one by one.
pub async fn left(talk: &mut Talk, agent: i64) -> Result<Vec<String>, LiveError> {
    let entries = tree(talk, &format!("{LEFT}/{agent}")).await?;
    Ok(entries.into_iter().map(|(queue, _)| queue).collect())
}

/// Remembers that an agent has left a queue.
pub async fn leave(talk: &mut Talk, agent: i64, queue: &str) -> Result<(), LiveError> {
    put(talk, &format!("{LEFT}/{agent}"), queue, "1").await?;
    remove(talk, agent, queue).await
}

/// Forgets that an agent has left a queue.
pub async fn come_back(talk: &mut Talk, agent: i64, queue: &str) -> Result<(), LiveError> {
    forget(talk, &format!("{LEFT}/{agent}"), queue).await
}

/// Writes where an agent is logged in.
pub async fn sit(talk: &mut Talk, login: &Login) -> Result<(), LiveError> {
    let agent = login.agent.to_string();
    put(talk, PHONES, &login.endpoint, &agent).await?;
    put(talk, LOGINS, &agent, &login.value()).await
}

/// Forgets where an agent was logged in, and that they paused.
pub async fn stand_up(talk: &mut Talk, login: &Login) -> Result<(), LiveError> {
    let agent = login.agent.to_string();
    forget(talk, LOGINS, &agent).await?;
    if get(talk, PHONES, &login.endpoint).await?.is_some_and(|there| there == agent) {
        forget(talk, PHONES, &login.endpoint).await?;
    }
    forget(talk, PAUSES, &agent).await
}

/// The reason of an agent's pause.
pub async fn pause_of(talk: &mut Talk, agent: i64) -> Result<Option<String>, LiveError> {
    let value = get(talk, PAUSES, &agent.to_string()).await?;
    Ok(value.and_then(|value| value.strip_prefix("yes:").map(str::to_owned)))
}

/// The reasons of all who pause.
pub async fn pauses(talk: &mut Talk) -> Result<BTreeMap<i64, String>, LiveError> {
    let entries = tree(talk, PAUSES).await?;
    let pause =
        |(key, value): &(String, String)| Some((key.parse().ok()?, value.strip_prefix("yes:")?.to_owned()));
    Ok(entries.iter().filter_map(pause).collect())
}

/// Pauses an agent in every queue, also those joined later.
pub async fn pause(talk: &mut Talk, agent: i64, reason: &str) -> Result<(), LiveError> {
    put(talk, PAUSES, &agent.to_string(), &format!("yes:{reason}")).await?;
    let interface = interface(agent);
    let fields = [("Interface", &*interface), ("Paused", "true"), ("Reason", reason)];
    tolerant(talk, "QueuePause", &fields).await
}

/// Ends an agent's pause.
pub async fn go_on(talk: &mut Talk, agent: i64) -> Result<(), LiveError> {
    forget(talk, PAUSES, &agent.to_string()).await?;
    tolerant(talk, "QueuePause", &[("Interface", &interface(agent)), ("Paused", "false")]).await
}

/// Makes an agent a member of a queue.
pub async fn join(
    talk: &mut Talk,
    who: &Joining<'_>,
    (queue, penalty): (&str, i64),
    pause: Option<&str>,
) -> Result<(), LiveError> {
    let (interface, name) = (interface(who.agent), format!("Agent/{}", who.number));
    let (penalty, state) = (penalty.to_string(), format!("PJSIP/{}", who.endpoint));
    let fields = [
        ("Queue", queue),
        ("Interface", &*interface),
        ("Penalty", &*penalty),
        ("Paused", if pause.is_some() { "true" } else { "false" }),
        ("MemberName", &*name),
        ("StateInterface", &*state),
    ];
    tolerant(talk, "QueueAdd", &fields).await?;
    if let Some(reason) = pause.filter(|reason| !reason.is_empty()) {
        let fields = [("Queue", queue), ("Interface", &*interface), ("Paused", "true"), ("Reason", reason)];
        tolerant(talk, "QueuePause", &fields).await?;
    }
    Ok(())
}

/// Takes an agent out of a queue.
pub async fn remove(talk: &mut Talk, agent: i64, queue: &str) -> Result<(), LiveError> {
    tolerant(talk, "QueueRemove", &[("Queue", queue), ("Interface", &interface(agent))]).await
}

/// The memberships of agents: of one, or of all.
pub async fn members(talk: &mut Talk, agent: Option<i64>) -> Result<Vec<Member>, LiveError> {
    let one = agent.map(interface);
    let fields: Vec<(&str, &str)> = one.iter().map(|interface| ("Member", interface.as_str())).collect();
    let events = talk.list("QueueStatus", &fields).await?;
    let member = |event: &Message| {
        Some(Member {
            queue: event.get("Queue")?.to_owned(),
            agent: agent_at(event.get("Location")?)?,
            paused: event.is("Paused", "1"),
            reason: event.get("PausedReason").filter(|reason| !reason.is_empty()).map(str::to_owned),
        })
    };
    Ok(events.iter().filter_map(member).collect())
}

/// Writes to the log of queues, and tells the applier that an agent came or went.
pub async fn tell(talk: &mut Talk, number: &str, event: &str, login: &Login) -> Result<(), LiveError> {
    let (name, place) = (format!("Agent/{number}"), format!("{}@{}", login.exten, login.context));
    let fields = [("Queue", "NONE"), ("Interface", &*name), ("Event", event), ("Message", &*place)];
    tolerant(talk, "QueueLog", &fields).await?;
    let agent = login.agent.to_string();
    tolerant(talk, "UserEvent", &[("UserEvent", "CordboardAgent"), ("Agent", &*agent)]).await
}
