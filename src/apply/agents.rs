//! Agents at their phones. Who is logged in stands in Asterisk's database, where the dialplan and the API write it; ours
//! mirrors it. Who is logged in is a member of the agent's queues: after every revision that changes that, and at every
//! connection, app_queue's members are compared with what is right.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tracing::{info, warn};

use super::ami::{AmiError, Client, Message};
use super::error::ApplyError;
use super::link::Link;
use super::worker::{Worker, blocking};

/// Key `<agent>`, value `<endpoint>|<number>|<context>`.
pub const LOGINS: &str = "cordboard-agent";
/// Key `<endpoint>`, value the agent.
pub const PHONES: &str = "cordboard-phone";
/// Key `<agent>/<queue>`: a queue that the agent has left.
pub const LEFT: &str = "cordboard-agent-off";
/// Key `<agent>`, value `yes:<reason>`.
pub const PAUSES: &str = "cordboard-agent-pause";

/// An agent who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Id of the agent.
    pub agent: i64,
    /// Of the phone.
    pub endpoint: String,
    pub exten: String,
    pub context: String,
}

/// What an agent who is logged in answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub login: Login,
    /// What is dialled for the agent.
    pub number: String,
    /// Penalties by the queue's name.
    pub queues: BTreeMap<String, i64>,
}

impl Login {
    /// An entry of Asterisk's database.
    pub fn of_entry(key: &str, value: &str) -> Option<Self> {
        let agent = key.rsplit('/').next()?.parse().ok()?;
        let mut parts = value.splitn(3, '|').map(str::to_owned);
        let endpoint = parts.next().filter(|name| !name.is_empty())?;
        Some(Self { agent, endpoint, exten: parts.next()?, context: parts.next()? })
    }

    /// As it stands in Asterisk's database.
    pub fn value(&self) -> String {
        format!("{}|{}|{}", self.endpoint, self.exten, self.context)
    }
}

/// What app_queue calls to reach an agent.
pub fn interface(agent: i64) -> String {
    format!("Local/id-{agent}@agentcallback")
}

/// The agent whom app_queue calls so.
pub fn agent_at(interface: &str) -> Option<i64> {
    interface.strip_prefix("Local/id-")?.strip_suffix("@agentcallback")?.parse().ok()
}

/// What is known of agents.
#[derive(Debug)]
pub(super) struct Agents {
    /// Asterisk has to be asked who is logged in.
    pub due: bool,
    /// What app_queue has been brought to; nothing when it has to be compared.
    seated: Option<Vec<Seat>>,
    revision: Option<i64>,
}

impl Default for Agents {
    fn default() -> Self {
        Self { due: true, seated: None, revision: None }
    }
}

impl Agents {
    /// Somebody has logged in or out, or Asterisk is another one.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Worker {
    /// Mirrors who is logged in; gives the database's revision, which may have moved by that.
    pub async fn take_logins(&mut self, revision: i64) -> i64 {
        if !self.agents.due {
            return revision;
        }
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return revision };
        let logins = match logins(client).await {
            Ok(logins) => logins,
            Err(error) => {
                self.agents.due = !self.refused(&error);
                return revision;
            }
        };
        let source = Arc::clone(&self.source);
        let taken = blocking(move || {
            source.adopt_logins(&logins).map_err(ApplyError::Render)?;
            source.revision().map_err(ApplyError::Render)
        });
        match taken.await {
            Ok(revision) => {
                self.agents.due = false;
                revision
            }
            Err(error) => {
                warn!("who is logged in is not known yet: {error}");
                revision
            }
        }
    }

    /// Makes agents members of their queues, and of no others; logs out who is gone.
    pub async fn seat_agents(&mut self, revision: i64) {
        let applied = self.status.borrow().applied_revision;
        if self.agents.revision == Some(revision) || applied < revision {
            return;
        }
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return };
        let source = Arc::clone(&self.source);
        let wanted = match blocking(move || source.seats().map_err(ApplyError::Render)).await {
            Ok(wanted) => wanted,
            Err(error) => return warn!("agents are not in their queues yet: {error}"),
        };
        if self.agents.seated.as_ref() != Some(&wanted) {
            let seen = match look(client).await {
                Ok(seen) => seen,
                Err(error) => {
                    self.agents.revision = self.refused(&error).then_some(revision);
                    return;
                }
            };
            let (source, logins) = (Arc::clone(&self.source), seen.logins.clone());
            let strangers =
                match blocking(move || source.strangers(&logins).map_err(ApplyError::Render)).await {
                    Ok(strangers) => strangers,
                    Err(error) => return warn!("agents are not in their queues yet: {error}"),
                };
            if let Err(error) = put_right(client, &wanted, &seen, &strangers).await {
                self.agents.revision = self.refused(&error).then_some(revision);
                return;
            }
        }
        (self.agents.seated, self.agents.revision) = (Some(wanted), Some(revision));
    }

    /// An Asterisk without app_queue, or an account without the right, has no agents; only another error is that of the
    /// connection.
    fn refused(&mut self, error: &AmiError) -> bool {
        let refused = matches!(error, AmiError::Refused { .. });
        if refused {
            warn!("agents are not looked after: {error}");
        } else {
            self.lost(error);
        }
        refused
    }
}

/// An agent in a queue, as app_queue has it.
#[derive(Debug, Clone)]
struct Member {
    queue: String,
    agent: i64,
    penalty: i64,
    endpoint: String,
}

/// What Asterisk knows of agents.
#[derive(Debug, Default)]
struct Seen {
    members: Vec<Member>,
    logins: Vec<Login>,
    left: BTreeSet<(i64, String)>,
    /// Reasons of those who pause.
    pauses: BTreeMap<i64, String>,
}

/// Members first: who is one has logged in before, and so is found among the logins, or has logged out since.
async fn look(client: &mut Client) -> Result<Seen, AmiError> {
    let mut seen = Seen::default();
    client.list("QueueStatus", &[], |event| seen.members.extend(member(event))).await?;
    seen.logins = logins(client).await?;
    client
        .list("DBGetTree", &[("Family", LEFT)], |event| {
            let path = event.get("Key").and_then(|key| key.strip_prefix(&format!("/{LEFT}/")));
            let parts = path.and_then(|path| path.split_once('/'));
            seen.left.extend(parts.and_then(|(agent, queue)| Some((agent.parse().ok()?, queue.to_owned()))));
        })
        .await?;
    client
        .list("DBGetTree", &[("Family", PAUSES)], |event| {
            let entry = event.get("Key").zip(event.get("Val"));
            seen.pauses.extend(entry.and_then(|(key, value)| {
                Some((key.rsplit('/').next()?.parse().ok()?, value.strip_prefix("yes:")?.to_owned()))
            }));
        })
        .await?;
    Ok(seen)
}

fn member(event: &Message) -> Option<Member> {
    let agent = agent_at(event.get("Location")?)?;
    Some(Member {
        queue: event.get("Queue")?.to_owned(),
        agent,
        penalty: event.get("Penalty")?.parse().ok()?,
        endpoint: event.get("StateInterface")?.strip_prefix("PJSIP/").unwrap_or_default().to_owned(),
    })
}

/// Logs everybody out and takes their seats away.
pub(super) async fn clear(client: &mut Client) -> Result<(), AmiError> {
    let seen = look(client).await?;
    put_right(client, &[], &seen, &seen.logins).await
}

async fn put_right(
    client: &mut Client,
    wanted: &[Seat],
    seen: &Seen,
    strangers: &[Login],
) -> Result<(), AmiError> {
    for login in strangers {
        log_out(client, login).await?;
    }
    let here =
        |agent: i64| seen.logins.iter().any(|login| login.agent == agent && !strangers.contains(login));
    let seat = |agent: i64| wanted.iter().find(|seat| seat.login.agent == agent);
    for member in &seen.members {
        let (interface, queue) = (interface(member.agent), member.queue.as_str());
        let fields = [("Queue", queue), ("Interface", &*interface)];
        let stays = match seat(member.agent) {
            // Somebody has logged in since the last look: the next one sees to them.
            None => here(member.agent),
            Some(seat) => {
                here(member.agent)
                    && seat.queues.contains_key(queue)
                    && seat.login.endpoint == member.endpoint
            }
        };
        if !stays {
            done(client, "QueueRemove", &fields).await?;
        } else if let Some(penalty) = seat(member.agent).and_then(|seat| seat.queues.get(queue))
            && *penalty != member.penalty
        {
            let penalty = penalty.to_string();
            let fields = [("Queue", queue), ("Interface", &*interface), ("Penalty", &*penalty)];
            done(client, "QueuePenalty", &fields).await?;
        }
    }
    for seat in wanted.iter().filter(|seat| here(seat.login.agent)) {
        for (queue, penalty) in &seat.queues {
            let agent = seat.login.agent;
            let is_member = seen.members.iter().any(|member| {
                member.agent == agent && member.queue == *queue && member.endpoint == seat.login.endpoint
            });
            if !is_member && !seen.left.contains(&(agent, queue.clone())) {
                join(client, seat, queue, *penalty, seen.pauses.get(&agent)).await?;
            }
        }
    }
    Ok(())
}

async fn join(
    client: &mut Client,
    seat: &Seat,
    queue: &str,
    penalty: i64,
    pause: Option<&String>,
) -> Result<(), AmiError> {
    let (interface, name) = (interface(seat.login.agent), format!("Agent/{}", seat.number));
    let (penalty, state) = (penalty.to_string(), format!("PJSIP/{}", seat.login.endpoint));
    let fields = [
        ("Queue", queue),
        ("Interface", &*interface),
        ("Penalty", &*penalty),
        ("Paused", if pause.is_some() { "true" } else { "false" }),
        ("MemberName", &*name),
        ("StateInterface", &*state),
    ];
    done(client, "QueueAdd", &fields).await?;
    if let Some(reason) = pause.filter(|reason| !reason.is_empty()) {
        let fields =
            [("Queue", queue), ("Interface", &*interface), ("Paused", "true"), ("Reason", reason.as_str())];
        done(client, "QueuePause", &fields).await?;
    }
    Ok(())
}

/// What app_queue refuses is so already, or the queue is not there: neither is worth the connection.
async fn done(client: &mut Client, action: &str, fields: &[(&str, &str)]) -> Result<(), AmiError> {
    match client.action(action, fields).await {
        Ok(_) => Ok(()),
        Err(AmiError::Refused { message, .. }) => {
            info!("{action} of an agent was refused: {message}");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

async fn log_out(client: &mut Client, login: &Login) -> Result<(), AmiError> {
    let agent = login.agent.to_string();
    for (family, key) in [(LOGINS, &*agent), (PHONES, &*login.endpoint), (PAUSES, &*agent)] {
        match client.action("DBDel", &[("Family", family), ("Key", key)]).await {
            Ok(_) | Err(AmiError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    info!(agent = login.agent, "logged an agent out who is gone, or whose phone is");
    Ok(())
}

async fn logins(client: &mut Client) -> Result<Vec<Login>, AmiError> {
    let mut logins = Vec::new();
    let each = |event: &Message| {
        let entry = event.get("Key").zip(event.get("Val"));
        logins.extend(entry.and_then(|(key, value)| Login::of_entry(key, value)));
    };
    client.list("DBGetTree", &[("Family", LOGINS)], each).await?;
    Ok(logins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_says_where_an_agent_sits() {
        let login = Login::of_entry("/cordboard-agent/12", "abc|1001|default").unwrap();
        assert_eq!(
            (login.agent, &*login.endpoint, &*login.exten, &*login.context),
            (12, "abc", "1001", "default")
        );
        assert_eq!(login.value(), "abc|1001|default");
        for (key, value) in
            [("/cordboard-agent/x", "a|1|c"), ("/cordboard-agent/1", "|1|c"), ("/cordboard-agent/1", "a")]
        {
            assert_eq!(Login::of_entry(key, value), None);
        }
    }

    #[test]
    fn only_agents_are_ours_in_a_queue() {
        assert_eq!(agent_at(&interface(12)), Some(12));
        assert_eq!(agent_at("Local/12@cordboard-member/n"), None);
        assert_eq!(agent_at("Local/id-x@agentcallback"), None);
    }
}
