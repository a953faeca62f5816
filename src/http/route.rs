//! One row a route. The table drives the routing, the access names, `Allow`, HEAD, OPTIONS, the OpenAPI document
//! and the test that walks every route.

use super::auth::Service;
use super::path::placeholders;
use super::{Answer, Call, Page};
use crate::db::WriteTx;
use crate::domain::schema::Schema;
use crate::error::Result;
use actix_web::http::Method;
use rusqlite::Connection;
use schemars::{JsonSchema, SchemaGenerator};
use std::future::Future;
use std::pin::Pin;

/// An answer that is waited for.
pub type Waiting = Pin<Box<dyn Future<Output = Result<Answer>>>>;

/// How a route's handler is run.
#[derive(Clone, Copy)]
pub enum Run {
    /// On one snapshot of the database.
    Read(fn(&Call, &Connection) -> Result<Answer>),
    /// In one write transaction.
    Write(fn(&Call, &WriteTx) -> Result<Answer>),
    /// Without the database: it may wait.
    Wait(fn(Call) -> Waiting),
}

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Token,
    /// A token of the master tenant.
    Master,
    /// Nobody is asked.
    Public,
}

/// Work on a body before its write, on a thread that may be busy for a while.
#[derive(Clone, Copy)]
pub struct Prepare {
    /// Cheap: does this request have such work?
    pub needed: fn(&Call) -> bool,
    pub run: fn(&mut Call),
}

#[derive(Clone)]
pub struct Route {
    pub method: Method,
    /// Below `/1.1`: `/users/{user:key}`; the types of placeholders are in `path.rs`.
    pub path: &'static str,
    pub run: Run,
    /// One line for the OpenAPI document.
    pub summary: &'static str,
    pub body: Option<&'static Schema>,
    pub access: Access,
    /// The first word of the access name: the service whose route it is.
    pub service: &'static str,
    /// The access name where it is not made from the path: `auth.policies.{policy}.update`.
    pub named: Option<&'static str>,
    /// The last word of the access name where it is not the method's.
    pub verb: Option<&'static str>,
    /// Work on the body that must not hold up the writer, such as hashing a password.
    pub prepare: Option<Prepare>,
    /// The body is no JSON: it is kept as it is, up to this many bytes.
    pub bytes: Option<usize>,
    /// No file of Asterisk's comes from what it writes: it makes no revision.
    pub aside: bool,
    /// The answer to another method is a 405 without a body (confd.md 1.4).
    pub bare_405: bool,
    /// What the answer holds, for the document.
    pub shows: Option<Shows>,
    /// What a 400 holds where it is told of in a shape of the route's own, for the document.
    pub refuses: Option<Shows>,
    /// The status of the answer where it is not the method's.
    pub status: Option<u16>,
    /// What an ordinary 503 of this route says: it asks the running Asterisk.
    pub unready: Option<&'static str>,
}

/// What an answer holds.
#[derive(Clone, Copy)]
pub enum Shows {
    /// JSON: the name of its type, and its schema.
    Json(&'static str, fn(&mut SchemaGenerator) -> schemars::Schema),
    /// A page of such things.
    List(&'static str, fn(&mut SchemaGenerator) -> schemars::Schema),
    /// A file of this type.
    File(&'static str),
    /// A file of this type, or JSON for who asks for that alone.
    FileOr(&'static str, &'static str, fn(&mut SchemaGenerator) -> schemars::Schema),
}

impl Route {
    pub fn read(
        path: &'static str,
        summary: &'static str,
        run: fn(&Call, &Connection) -> Result<Answer>,
    ) -> Route {
        Route::new(Method::GET, path, summary, Run::Read(run))
    }

    pub fn post(
        path: &'static str,
        summary: &'static str,
        run: fn(&Call, &WriteTx) -> Result<Answer>,
    ) -> Route {
        Route::new(Method::POST, path, summary, Run::Write(run))
    }

    pub fn put(
        path: &'static str,
        summary: &'static str,
        run: fn(&Call, &WriteTx) -> Result<Answer>,
    ) -> Route {
        Route::new(Method::PUT, path, summary, Run::Write(run))
    }

    pub fn delete(
        path: &'static str,
        summary: &'static str,
        run: fn(&Call, &WriteTx) -> Result<Answer>,
    ) -> Route {
        Route::new(Method::DELETE, path, summary, Run::Write(run))
    }

    pub fn wait(path: &'static str, summary: &'static str, run: fn(Call) -> Waiting) -> Route {
        Route::new(Method::GET, path, summary, Run::Wait(run))
    }

    /// Something is done in the running Asterisk: [`Call::asterisk`], [`Call::read`], [`Call::write`].
    pub fn act(method: Method, path: &'static str, summary: &'static str, run: fn(Call) -> Waiting) -> Route {
        Route::new(method, path, summary, Run::Wait(run))
    }

    fn new(method: Method, path: &'static str, summary: &'static str, run: Run) -> Route {
        Route {
            method,
            path,
            run,
            summary,
            body: None,
            access: Access::Token,
            service: "confd",
            named: None,
            verb: None,
            prepare: None,
            bytes: None,
            aside: false,
            bare_405: false,
            shows: None,
            refuses: None,
            status: None,
            unready: None,
        }
    }

    pub fn body(mut self, schema: &'static Schema) -> Route {
        self.body = Some(schema);
        self
    }

    /// The answer holds a `T`.
    pub fn shows<T: JsonSchema>(mut self) -> Route {
        self.shows = Some(Shows::Json(std::any::type_name::<T>(), T::json_schema));
        self
    }

    /// The answer holds what this schema says, by a name of its own: it is made of a table, not of a type.
    pub fn shows_as(
        mut self,
        name: &'static str,
        schema: fn(&mut SchemaGenerator) -> schemars::Schema,
    ) -> Route {
        self.shows = Some(Shows::Json(name, schema));
        self
    }

    /// The answer is a list of what this schema says.
    pub fn lists_as(
        mut self,
        name: &'static str,
        schema: fn(&mut SchemaGenerator) -> schemars::Schema,
    ) -> Route {
        self.shows = Some(Shows::List(name, schema));
        self
    }

    /// The answer is a list of `T`.
    pub fn lists<T: JsonSchema>(self) -> Route {
        self.shows::<Page<T>>()
    }

    /// The answer is a file.
    pub fn file(mut self, content_type: &'static str) -> Route {
        self.shows = Some(Shows::File(content_type));
        self
    }

    /// The answer is a file, or a `T` for who takes nothing but JSON.
    pub fn file_or<T: JsonSchema>(mut self, content_type: &'static str) -> Route {
        self.shows = Some(Shows::FileOr(content_type, std::any::type_name::<T>(), T::json_schema));
        self
    }

    /// A bad request is told of by a `T`.
    pub fn refuses<T: JsonSchema>(mut self) -> Route {
        self.refuses = Some(Shows::Json(std::any::type_name::<T>(), T::json_schema));
        self
    }

    /// The answer has this status: not 200, 201 after a POST, 204 after a PUT or a DELETE.
    pub fn status(mut self, status: u16) -> Route {
        self.status = Some(status);
        self
    }

    /// A 503 is ordinary, where Asterisk does not run or has not got there yet.
    pub fn unready(mut self, says: &'static str) -> Route {
        self.unready = Some(says);
        self
    }

    pub fn master(mut self) -> Route {
        self.access = Access::Master;
        self
    }

    pub fn public(mut self) -> Route {
        self.access = Access::Public;
        self
    }

    /// A route that another service of the family has (`agentd`, `calld`): its access names begin so.
    pub fn service(mut self, service: &'static str) -> Route {
        self.service = service;
        self
    }

    /// With another method.
    pub fn on(mut self, method: Method) -> Route {
        self.method = method;
        self
    }

    /// An access name that the path does not tell.
    pub fn named(mut self, access: &'static str) -> Route {
        self.named = Some(access);
        self
    }

    /// Whose words refusals are told in.
    pub fn told_by(&self) -> Service {
        if self.service == "auth" { Service::Auth } else { Service::Confd }
    }

    pub fn verb(mut self, verb: &'static str) -> Route {
        self.verb = Some(verb);
        self
    }

    /// It writes what no file of Asterisk's comes from.
    pub fn aside(mut self) -> Route {
        self.aside = true;
        self
    }

    pub fn bare_405(mut self) -> Route {
        self.bare_405 = true;
        self
    }

    /// The body is no JSON but bytes, at most so many: [`Call::bytes`].
    pub fn bytes(mut self, most: usize) -> Route {
        self.bytes = Some(most);
        self
    }

    pub fn prepare(mut self, needed: fn(&Call) -> bool, run: fn(&mut Call)) -> Route {
        self.prepare = Some(Prepare { needed, run });
        self
    }

    /// The access name with `value` in the place of each placeholder: `confd.users.5.lines.7.update` (confd.md 1.3).
    pub fn access_name(&self, value: impl Fn(&str) -> String) -> String {
        let verb = self.verb.unwrap_or(match self.method {
            Method::POST => "create",
            Method::PUT => "update",
            Method::DELETE => "delete",
            _ => "read",
        });
        let name = self
            .named
            .map_or_else(|| format!("{}{}.{verb}", self.service, self.path.replace('/', ".")), str::to_owned);
        placeholders(self.path).into_iter().fold(name, |name, (placeholder, kind)| {
            let value = value(placeholder);
            name.replace(&format!("{{{placeholder}:{kind}}}"), &value)
                .replace(&format!("{{{placeholder}}}"), &value)
        })
    }
}

/// A value of a placeholder as it stands in an access name. It is one word, and each thing has one name only: else a
/// denial could be passed by writing an id otherwise.
pub fn word(value: &str) -> String {
    if value.bytes().all(|b| b.is_ascii_digit()) && !value.is_empty() {
        let number = value.trim_start_matches('0');
        return if number.is_empty() { "0".to_owned() } else { number.to_owned() };
    }
    match uuid::Uuid::try_parse(value) {
        Ok(uuid) if value.len() == 36 => uuid.to_string(),
        _ => value.replace('.', "_"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Route, word};
    use crate::http::Answer;

    fn name(route: Route, value: &str) -> String {
        route.access_name(|_| word(value))
    }

    #[test]
    fn a_thing_has_one_access_name_however_it_is_written() {
        let route = || Route::put("/users/{user:key}/lines", "", |_, _| Ok(Answer::Empty));
        assert_eq!(name(route(), "7"), "confd.users.7.lines.update");
        assert_eq!(name(route(), "007"), "confd.users.7.lines.update");
        let uuid = "0000AAAA-0000-4000-8000-00000000000a";
        assert_eq!(name(route(), uuid), format!("confd.users.{}.lines.update", uuid.to_lowercase()));
        assert_eq!(name(route(), "me.x"), "confd.users.me_x.lines.update");
        let named = route().service("auth").named("auth.policies.{user}.update");
        assert_eq!(name(named, "a.b"), "auth.policies.a_b.update");
        assert_eq!((word("0"), word("")), ("0".to_owned(), String::new()));
    }
}
