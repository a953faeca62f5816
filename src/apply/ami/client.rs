//! One AMI connection with one owner: actions are answered in turn, events in between are kept for later.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{AmiError, Decoder, Message, encode};
use crate::apply::settings::AmiAccount;

/// Events kept while nobody asks for them; older ones are dropped.
const MOST_EVENTS: usize = 256;

/// A logged-in connection.
pub struct Client {
    stream: TcpStream,
    decoder: Decoder,
    events: VecDeque<Message>,
    next_id: u64,
    bound: Duration,
}

impl Client {
    /// Connects and logs in for events of the classes `system` and `user`. Every later action has `bound` to be answered in.
    /// The login may succeed while Asterisk still boots: the event `FullyBooted` tells.
    pub async fn connect(account: &AmiAccount, bound: Duration) -> Result<Self, AmiError> {
        Self::connect_for(account, bound, "system,user").await
    }

    /// As [`Client::connect`], for events of these classes (`system,user`), or `off`. Fewer are not only cheaper: in
    /// those of the class `security` a stranger's name stands as it was sent, line ends and all.
    pub async fn connect_for(account: &AmiAccount, bound: Duration, classes: &str) -> Result<Self, AmiError> {
        let stream = timeout(bound, TcpStream::connect(&account.address))
            .await
            .map_err(|_| late("connect", bound))??;
        stream.set_nodelay(true)?;
        let mut client =
            Self { stream, decoder: Decoder::default(), events: VecDeque::new(), next_id: 0, bound };
        timeout(bound, client.banner()).await.map_err(|_| late("connect", bound))??;
        let login = [("Username", &*account.user), ("Secret", &*account.secret), ("Events", classes)];
        client.action("Login", &login).await?;
        Ok(client)
    }

    /// Sends an action and gives its answer; `Response: Error` is [`AmiError::Refused`].
    pub async fn action(&mut self, action: &str, fields: &[(&str, &str)]) -> Result<Message, AmiError> {
        let bound = self.bound;
        timeout(bound, self.exchange(action, fields))
            .await
            .map_err(|_| late(action, bound))?
            .map(|(answer, _)| answer)
    }

    /// Sends an action that is answered with a list, and hands each of its events to `each`.
    /// An empty list is sometimes a refusal ("No Contacts found"), sometimes an answer without a list.
    pub async fn list(
        &mut self,
        action: &str,
        fields: &[(&str, &str)],
        mut each: impl FnMut(&Message),
    ) -> Result<(), AmiError> {
        let bound = self.bound;
        let walk = async {
            let id = match self.exchange(action, fields).await {
                Ok((answer, id)) if answer.is("EventList", "start") => id,
                Ok(_) => return Ok(()),
                Err(AmiError::Refused { message, .. }) if message.starts_with("No ") => return Ok(()),
                Err(error) => return Err(error),
            };
            loop {
                let message = self.receive().await?;
                if !message.is("ActionID", &id) {
                    self.keep(message);
                } else if message.is("EventList", "Complete") {
                    return Ok(());
                } else {
                    each(&message);
                }
            }
        };
        timeout(bound, walk).await.map_err(|_| late(action, bound))?
    }

    /// The next event. Nothing is lost when this future is dropped.
    pub async fn event(&mut self) -> Result<Message, AmiError> {
        if let Some(event) = self.events.pop_front() {
            return Ok(event);
        }
        loop {
            let message = self.receive().await?;
            if message.get("Event").is_some() {
                return Ok(message);
            }
        }
    }

    async fn exchange(
        &mut self,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Result<(Message, String), AmiError> {
        self.next_id += 1;
        let bytes = encode(action, self.next_id, fields).map_err(|error| unsent(action, &error))?;
        let id = self.next_id.to_string();
        self.stream.write_all(&bytes).await?;
        loop {
            let message = self.receive().await?;
            if !message.is("ActionID", &id) {
                self.keep(message);
            } else if message.is("Response", "Error") {
                let message = message.get("Message").unwrap_or("no reason given").to_owned();
                return Err(AmiError::Refused { action: action.to_owned(), message });
            } else if message.get("Response").is_some() {
                return Ok((message, id));
            }
        }
    }

    fn keep(&mut self, message: Message) {
        if message.get("Event").is_some() {
            if self.events.len() == MOST_EVENTS {
                self.events.pop_front();
            }
            self.events.push_back(message);
        }
    }

    async fn receive(&mut self) -> Result<Message, AmiError> {
        loop {
            if let Some(message) = self.decoder.message()? {
                return Ok(message);
            }
            self.fill().await?;
        }
    }

    /// `Asterisk Call Manager/…`: a line that no blank line follows.
    async fn banner(&mut self) -> Result<(), AmiError> {
        while self.decoder.line()?.is_none() {
            self.fill().await?;
        }
        Ok(())
    }

    async fn fill(&mut self) -> Result<(), AmiError> {
        let buffer = self.decoder.buffer();
        buffer.reserve(16 * 1024);
        if self.stream.read_buf(buffer).await? == 0 { Err(AmiError::Closed) } else { Ok(()) }
    }
}

/// What can't be sent is as good as refused: the connection is none the worse.
fn unsent(action: &str, error: &AmiError) -> AmiError {
    AmiError::Refused { action: action.to_owned(), message: error.to_string() }
}

fn late(action: &str, bound: Duration) -> AmiError {
    AmiError::Timeout { action: action.to_owned(), seconds: bound.as_secs() }
}
