//! Asking the running Asterisk something for a request: its own short connections, so that no request waits for the
//! applier and the applier for no request. What belongs here: who is asked, and how long. What an answer means belongs
//! to the resource that asks.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::ami::{AmiError, Client, Message};
use super::settings::{AmiAccount, ApplySettings, Mode};

/// Longest wait for a connection, and then for each answer.
const BOUND: Duration = Duration::from_secs(3);
/// Requests that talk to Asterisk at a time; the others wait for their turn.
const AT_A_TIME: usize = 8;

/// Why Asterisk did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// It can't be reached, is still starting, or does not answer: a sentence for whoever asked.
    #[error("{0}")]
    Away(String),
    /// It answered `Response: Error`: Asterisk's own words.
    #[error("Asterisk refused: {0}")]
    Refused(String),
}

/// The door to the running Asterisk for requests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    account: Option<AmiAccount>,
    turns: Arc<Semaphore>,
}

impl Live {
    /// The Asterisk of these settings; none in mode `none`.
    pub fn new(settings: &ApplySettings) -> Self {
        let account = match &settings.mode {
            Mode::Managed { ami, .. } | Mode::External { ami } => Some(ami.clone()),
            Mode::None => None,
        };
        Self::of(account)
    }

    /// The Asterisk of this account.
    pub fn of(account: Option<AmiAccount>) -> Self {
        Self { account, turns: Arc::new(Semaphore::new(AT_A_TIME)) }
    }

    /// A conversation with a fully booted Asterisk. Open one a request, use it for all that the request asks, drop it.
    ///
    /// # Errors
    /// [`LiveError::Away`] when there is no Asterisk, within three seconds.
    pub async fn open(&self) -> Result<Talk, LiveError> {
        let Some(account) = &self.account else {
            return Err(LiveError::Away(
                "There is no Asterisk to ask: asterisk.mode is \"none\" in the settings".to_owned(),
            ));
        };
        let end = Instant::now() + BOUND;
        let opened = async {
            let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| AmiError::Closed)?;
            let mut client = Client::connect(account, BOUND).await?;
            while !client.event().await?.is("Event", "FullyBooted") {}
            Ok(Talk { client, _turn: turn })
        };
        match timeout_at(end, opened).await {
            Ok(Ok(talk)) => Ok(talk),
            Ok(Err(error)) => Err(away(&error)),
            Err(_) => Err(LiveError::Away(
                "Asterisk is still starting, or too busy to answer. Try again in a moment".to_owned(),
            )),
        }
    }
}

/// One request's conversation with Asterisk.
pub struct Talk {
    client: Client,
    _turn: OwnedSemaphorePermit,
}

impl Talk {
    /// Sends an action (`QueuePause`) with its fields and gives the answer. A control character in a field is refused
    /// before anything is sent.
    ///
    /// # Errors
    /// Asterisk refused it, or gave no answer within three seconds.
    pub async fn action(&mut self, action: &str, fields: &[(&str, &str)]) -> Result<Message, LiveError> {
        self.client.action(action, fields).await.map_err(|error| told(&error))
    }

    /// Sends an action that is answered with a list (`QueueStatus`) and gives the events in between; an empty list is
    /// no error.
    ///
    /// # Errors
    /// As [`Talk::action`].
    pub async fn list(&mut self, action: &str, fields: &[(&str, &str)]) -> Result<Vec<Message>, LiveError> {
        let mut events = Vec::new();
        let listed = self.client.list(action, fields, |event| events.push(event.clone())).await;
        listed.map(|()| events).map_err(|error| told(&error))
    }
}

fn told(error: &AmiError) -> LiveError {
    match error {
        AmiError::Refused { message, .. } => LiveError::Refused(message.clone()),
        AmiError::Unsafe(_) => LiveError::Refused(error.to_string()),
        AmiError::TooLong | AmiError::Closed | AmiError::Io(_) | AmiError::Timeout { .. } => away(error),
    }
}

fn away(error: &AmiError) -> LiveError {
    LiveError::Away(format!(
        "Asterisk can't be asked now: {error}. Try again when GET /status says that it runs"
    ))
}
