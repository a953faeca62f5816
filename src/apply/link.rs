//! The connection to Asterisk over its ups and downs: down, answering but still booting, running.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::{debug, info, warn};

use super::ami::{AmiError, Client};
use super::ceilings::CeilingReached;
use super::settings::{AmiAccount, Bounds};
use super::status::AsteriskState;
use super::switches::Dialled;

const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// After an action without an answer: a hanging Asterisk is not hammered.
const HANG_PAUSE: Duration = Duration::from_secs(10);

/// What the connection reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Nothing of interest.
    Nothing,
    /// Asterisk is fully booted: what it runs has to be compared with what was promised.
    Up,
    /// A PIN was changed on a phone.
    Pin,
    /// An agent has logged in or out.
    Agent,
    /// Something was switched on a phone.
    Switched(Dialled),
    /// The messages of a mailbox were deleted on a phone: its context and number.
    Purged(String, String),
    /// A call was refused since there are too many.
    Ceiling(CeilingReached),
    /// The connection is gone.
    Down,
}

type Attempt = Pin<Box<dyn Future<Output = Result<Client, AmiError>> + Send>>;

enum State {
    Down {
        again: Instant,
    },
    /// Kept here, since [`Link::next`] may be dropped while it waits.
    Connecting {
        attempt: Attempt,
    },
    Booting {
        client: Client,
        until: Instant,
    },
    Up {
        client: Client,
    },
}

/// A connection that comes back by itself.
pub struct Link {
    account: AmiAccount,
    bounds: Bounds,
    state: State,
    pause: Duration,
    /// Why there is no connection.
    pub error: Option<String>,
}

impl Link {
    /// A link that connects at the first [`Link::next`].
    pub fn new(account: AmiAccount, bounds: Bounds) -> Self {
        Self {
            account,
            bounds,
            state: State::Down { again: Instant::now() },
            pause: SHORTEST_PAUSE,
            error: None,
        }
    }

    /// The connection, when Asterisk is fully booted.
    pub fn client(&mut self) -> Option<&mut Client> {
        match &mut self.state {
            State::Up { client } => Some(client),
            State::Down { .. } | State::Connecting { .. } | State::Booting { .. } => None,
        }
    }

    /// For the status.
    pub fn asterisk(&self) -> AsteriskState {
        match self.state {
            State::Down { .. } | State::Connecting { .. } => AsteriskState::Down,
            State::Booting { .. } => AsteriskState::Starting,
            State::Up { .. } => AsteriskState::Running,
        }
    }

    /// Connects, or waits for the next event. May be dropped at any time.
    pub async fn next(&mut self) -> Change {
        match &mut self.state {
            State::Down { again } => {
                sleep_until(*again).await;
                let (account, bound) = (self.account.clone(), self.bounds.action);
                self.state = State::Connecting {
                    attempt: Box::pin(async move { Client::connect(&account, bound).await }),
                };
                Change::Nothing
            }
            State::Connecting { attempt } => match attempt.await {
                Ok(client) => {
                    let until = Instant::now() + self.bounds.boot;
                    self.state = State::Booting { client, until };
                    Change::Nothing
                }
                Err(error) => self.lost(&error),
            },
            State::Booting { client, until } => match tokio::time::timeout_at(*until, client.event()).await {
                Ok(Ok(event)) if event.is("Event", "FullyBooted") => self.booted(),
                Ok(Ok(_)) => Change::Nothing,
                Ok(Err(error)) => self.lost(&error),
                Err(_) => {
                    let seconds = self.bounds.boot.as_secs();
                    self.lost(&AmiError::Timeout { action: "FullyBooted".to_owned(), seconds })
                }
            },
            State::Up { client } => match client.event().await {
                Ok(event) if event.is("Event", "VoicemailPasswordChange") => Change::Pin,
                Ok(event) if event.is("UserEvent", "CordboardPurged") => {
                    // The event's own Context is that of the channel.
                    let mailbox = event.get("Mailbox").and_then(|name| name.split_once('@'));
                    mailbox.map_or(Change::Nothing, |(number, context)| {
                        Change::Purged(context.to_owned(), number.to_owned())
                    })
                }
                Ok(event) if event.is("UserEvent", "CordboardAgent") => Change::Agent,
                Ok(event) if event.is("UserEvent", "CordboardCeiling") => {
                    CeilingReached::of_event(&event).map_or(Change::Nothing, Change::Ceiling)
                }
                Ok(event) => Dialled::of_event(&event).map_or(Change::Nothing, Change::Switched),
                Err(error) => self.lost(&error),
            },
        }
    }

    fn booted(&mut self) -> Change {
        let idle = State::Down { again: Instant::now() };
        if let State::Booting { client, .. } = std::mem::replace(&mut self.state, idle) {
            self.state = State::Up { client };
        }
        self.pause = SHORTEST_PAUSE;
        self.error = None;
        info!("connected to Asterisk");
        Change::Up
    }

    /// Gives the connection up after an error; the next try comes after a pause that grows.
    pub fn lost(&mut self, error: &AmiError) -> Change {
        let pause = if matches!(error, AmiError::Timeout { .. }) { HANG_PAUSE } else { self.pause };
        if matches!(self.state, State::Connecting { .. }) {
            debug!("Asterisk cannot be reached: {error}");
        } else {
            warn!("lost Asterisk: {error}");
        }
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        self.state = State::Down { again: Instant::now() + pause };
        self.error = Some(error.to_string());
        Change::Down
    }

    /// Tries again at once: a process has just been started.
    pub fn hurry(&mut self) {
        self.pause = SHORTEST_PAUSE;
        if let State::Down { again } = &mut self.state {
            *again = Instant::now();
        }
    }
}
