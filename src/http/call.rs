//! A request as a handler sees it: who calls, which path, which query, which body.

use super::auth::{Caller, Credentials, Scope, Service};
use super::client::Client;
use super::serve::{Shared, blocking};
use super::{Answer, Link};
use crate::apply::Talk;
use crate::db::WriteTx;
use crate::domain::problems::{Problems, field};
use crate::domain::py::Py;
use crate::domain::schema::{Mode, Object, Schema, normalize_body, truth};
use crate::error::{Error, Result};
use actix_web::web::Bytes;
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

/// A path segment that is an int id or a uuid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Id(i64),
    Uuid(Uuid),
}

impl From<Key> for Py {
    fn from(key: Key) -> Py {
        match key {
            Key::Id(id) => Py::Int(id),
            Key::Uuid(uuid) => Py::Uuid(uuid),
        }
    }
}

#[derive(Clone)]
pub struct Call {
    pub caller: Caller,
    pub app: Shared,
    pub client: Client,
    pub(super) path: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
    /// Nothing when there was none, or none that is JSON.
    pub(super) body: Option<Value>,
    /// The body of a route that takes bytes; empty for all others.
    pub(super) bytes: Bytes,
    pub(super) content_type: String,
    pub(super) accept: String,
    /// `http://host:port/1.1`, as the client reached it.
    pub(super) base: String,
}

impl Call {
    pub fn scope(&self) -> &Scope {
        &self.caller.scope
    }

    /// An int placeholder. A number too large for any id is an id that no row has.
    pub fn int(&self, name: &str) -> i64 {
        self.segment(name).parse().unwrap_or(i64::MAX)
    }

    /// A uuid placeholder.
    pub fn uuid(&self, name: &str) -> Uuid {
        Uuid::try_parse(self.segment(name)).unwrap_or_default()
    }

    /// A placeholder that takes both.
    pub fn key(&self, name: &str) -> Key {
        Uuid::try_parse(self.segment(name)).map_or_else(|_| Key::Id(self.int(name)), Key::Uuid)
    }

    /// A text placeholder.
    pub fn segment(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A query parameter's last value.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All query parameters in order.
    pub fn queries(&self) -> &[(String, String)] {
        &self.query
    }

    /// A boolean query parameter; absent is false.
    ///
    /// # Errors
    /// It is neither yes nor no.
    pub fn flag(&self, name: &str) -> Result<bool> {
        let Some(text) = self.query(name) else { return Ok(false) };
        truth(text).ok_or_else(|| {
            let text =
                "{'message': 'Not a valid boolean.', 'constraint_id': 'type', 'constraint': 'boolean'}";
            Problems::one(field(name, &Py::Raw(text.to_owned()))).into()
        })
    }

    /// `?recursive=true`: anything else is false (confd.md 2.7).
    pub fn recursive(&self) -> bool {
        self.query("recursive").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The body as an object, not yet checked.
    ///
    /// # Errors
    /// There is none, it is not JSON, or it is no object.
    pub fn object(&self) -> Result<Object> {
        let body = self.body.clone().ok_or_else(|| {
            Problems::one("The browser (or proxy) sent a request that this server could not understand.")
        })?;
        Ok(normalize_body(body)?)
    }

    /// The body as it came, if it is JSON.
    pub fn json(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// The body of a route that takes bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The `Content-Type` that was sent, or nothing.
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Does the client ask for this type (`text/csv`) by name?
    pub fn accepts(&self, kind: &str) -> bool {
        let types = self.accept.split(',').filter_map(|part| part.split(';').next());
        types.map(str::trim).any(|accepted| accepted.eq_ignore_ascii_case(kind))
    }

    /// Puts a body into the place of the one that was sent: for `Route::prepare`.
    pub fn set_body(&mut self, body: Value) {
        self.body = Some(body);
    }

    /// Was there a body that is JSON?
    pub fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// Does the body have this key?
    pub fn has(&self, key: &str) -> bool {
        self.body.as_ref().is_some_and(|body| body.get(key).is_some())
    }

    /// The body, mutable: for `Route::prepare`.
    pub fn body_mut(&mut self) -> Option<&mut Value> {
        self.body.as_mut()
    }

    /// The body, read by a schema.
    ///
    /// # Errors
    /// As [`Call::object`], and every field that failed.
    pub fn parse(&self, schema: &Schema, mode: Mode) -> Result<Object> {
        Ok(schema.read(&self.object()?, mode)?)
    }

    /// Opens a conversation with the running Asterisk.
    ///
    /// # Errors
    /// 503 with a sentence that says why there is none.
    pub async fn asterisk(&self) -> Result<Talk> {
        Ok(self.app.live.open().await?)
    }

    /// Reads one snapshot of the database, in a handler that waits.
    ///
    /// # Errors
    /// What `read` gives.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Call, &Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let call = self.clone();
        blocking(move || call.app.db.read(|connection| read(&call, connection))).await
    }

    /// Writes the database, in a handler that waits; it is durable when this returns. `cause` stands in the history of
    /// revisions.
    ///
    /// # Errors
    /// What `write` gives: nothing is stored then.
    pub async fn write<T: Send + 'static>(
        &self,
        cause: &str,
        write: impl FnOnce(&Call, &WriteTx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let call = self.clone();
        let (value, _) = self.app.db.write(cause, move |tx| write(&call, tx)).await?;
        self.app.applier.wake();
        Ok(value)
    }

    /// The caller by this token, on a route that is public only because its token may come in another way.
    ///
    /// # Errors
    /// 401 when the token does not allow the access.
    pub fn identify(&self, token: &str, access: &str) -> Result<Caller> {
        let credentials = Credentials { token, tenant: "", access };
        Caller::identify(&self.app.keyring, credentials, Service::Auth)
    }

    /// The address of a resource: `path` begins with a slash.
    pub fn href(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A resource's `links`.
    pub fn links(&self, rel: &'static str, path: &str) -> Vec<Link> {
        vec![Link { rel, href: self.href(path) }]
    }

    /// 201 with the resource at `path`.
    ///
    /// # Errors
    /// The value can't be written as JSON.
    pub fn created(&self, path: &str, value: &impl serde::Serialize) -> Result<Answer> {
        Answer::created(self.href(path), value)
    }

    /// Refuses a row of a tenant that this request does not see, as if it did not exist.
    ///
    /// # Errors
    /// 404.
    pub fn visible<T>(
        &self,
        row: Option<T>,
        tenant: impl Fn(&T) -> Uuid,
        resource: &str,
        id: impl Into<Py>,
    ) -> Result<T> {
        row.filter(|row| self.scope().sees(tenant(row)))
            .ok_or_else(|| Error::not_found(resource, &[("id", id.into())]))
    }
}
