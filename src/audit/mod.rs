//! Who changed what, when, from where, before and after. An entry is written in the transaction of its change: neither
//! is there without the other.

pub mod store;

use crate::clock;
use crate::db::WriteTx;
use crate::domain::mask::masked;
use crate::error::Result;
use crate::http::{Answer, Call};
use actix_web::http::Method;
use rusqlite::Connection;

/// A handler that shows what is changed: GET of the same path.
pub type Reader = fn(&Call, &Connection) -> Result<Answer>;

/// A handler that changes something.
pub type Change = fn(&Call, &WriteTx) -> Result<Answer>;

/// One change, as it is kept.
#[derive(Debug, Default)]
pub struct Entry {
    /// UTC, as the contract writes times.
    pub at: String,
    pub tenant: String,
    pub account: Option<String>,
    /// `api` or `phone`.
    pub source: &'static str,
    pub address: Option<String>,
    pub method: Option<String>,
    /// Below the API's prefix: `/users/5/forwards`.
    pub path: String,
    /// JSON, secrets masked.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A request that changes something, and what it is to be kept by.
pub struct Watch {
    pub method: Method,
    pub path: String,
    pub reader: Option<Reader>,
    /// Older entries go.
    pub keep_days: u32,
}

impl Watch {
    /// Makes the change and its entry. A change that leaves all as it was makes none.
    ///
    /// # Errors
    /// What the change gives; the entry can't be written.
    pub fn run(self, call: &Call, tx: &WriteTx, change: Change) -> Result<Answer> {
        let made = self.method == Method::POST;
        let before = if made { None } else { self.state(call, tx) };
        let answer = change(call, tx)?;
        let after = match self.method {
            Method::DELETE => None,
            Method::POST => body_of(&answer).or_else(|| sent(call)),
            _ => self.state(call, tx).or_else(|| sent(call)),
        };
        if before.is_some() && before == after {
            return Ok(answer);
        }
        let entry = Entry {
            at: clock::now(),
            tenant: call.scope().tenant.to_string(),
            account: call.caller.account().map(|account| account.to_string()),
            source: "api",
            address: Some(call.client.address.to_string()),
            method: Some(self.method.to_string()),
            path: self.path,
            before,
            after,
        };
        let id = store::insert(tx, &entry)?;
        store::prune(tx, id, self.keep_days)?;
        Ok(answer)
    }

    fn state(&self, call: &Call, connection: &Connection) -> Option<String> {
        body_of(&self.reader?(call, connection).ok()?)
    }
}

fn body_of(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Json { body, .. } | Answer::Created { body, .. } => masked(body),
        _ => None,
    }
}

/// The body of the request, where nothing shows what became of it.
fn sent(call: &Call) -> Option<String> {
    masked(call.json()?.to_string().as_bytes())
}
