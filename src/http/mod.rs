//! What all routes share: from a request to a `Call`, from an `Answer` or an `Error` to a response. No resource
//! and no SQL of a resource is known here.

mod answer;
mod auth;
mod browsers;
mod call;
mod client;
mod doorman;
mod json;
pub mod list;
pub mod openapi;
mod path;
mod respond;
mod route;
mod router;
mod serve;
mod shapes;

pub use answer::{Answer, Link};
pub use auth::{Caller, Credentials, Scope, Service, uuid_at};
pub use browsers::tell_browsers;
pub use call::{Call, Key};
pub use client::Client;
pub use doorman::{Doorman, seat};
pub use list::{Column, Compare, Listing, Page};
pub use route::{Access, Route, Run, Waiting};
pub use router::Router;
pub use serve::{Shared, dispatch};
pub use shapes::{as_schema, shared_schema};
