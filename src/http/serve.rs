//! The dispatcher: routing and method (404, 405) → token and tenant (401) → body → handler → response.

use super::auth::{Caller, Credentials, Service};
use super::client::Client;
use super::respond::{not_allowed, not_found_page, options, refuse, refuse_with, respond};
use super::route::{Access, Route, Run, word};
use super::router::{Router, Values};
use super::{Answer, Call};
use crate::app::State;
use crate::audit::{Reader, Watch};
use crate::db::Revision;
use crate::domain::refusal::Refusal;
use crate::error::{Error, Result};
use actix_web::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What every request may use.
pub type Shared = Arc<State>;

/// Who is denied this gets answers with their secrets masked.
const SECRETS: &str = "confd.cordboard.secrets.read";
/// Largest body, in bytes.
const MAX_BODY: usize = 40 * 1024 * 1024;
const MAX_AUTH_BODY: usize = 1024 * 1024;
/// Where no token is asked for.
const MAX_STRANGERS_BODY: usize = 64 * 1024;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(180);
const STRANGERS_PATIENCE: Duration = Duration::from_secs(10);

/// Answers every request.
pub async fn dispatch(
    request: HttpRequest,
    payload: web::Payload,
    router: Arc<Router>,
    shared: Shared,
) -> HttpResponse {
    let Some((place, values)) = router.find(request.match_info().as_str()) else {
        return not_found_page();
    };
    let methods = &place.methods;
    let method = request.method();
    if method == Method::OPTIONS {
        return options(methods);
    }
    let has = |method: &Method| methods.iter().find(|route| route.method == method);
    let as_get = || (method == Method::HEAD).then(|| has(&Method::GET)).flatten();
    let Some(route) = has(method).or_else(as_get) else {
        return not_allowed(methods);
    };
    let reader = has(&Method::GET).and_then(|route| match route.run {
        Run::Read(read) => Some(read),
        Run::Write(_) | Run::Wait(_) => None,
    });
    match handle(&request, payload, (place.prefix, values), (route, reader), shared).await {
        Ok((answer, revision)) => respond(answer, revision),
        Err(Refused::Error(error)) => refuse(&error, route.told_by()),
        Err(Refused::TooLarge(most)) => {
            let text = match most / (1024 * 1024) {
                0 => format!("The body is larger than {} KiB", most / 1024),
                most => format!("The body is larger than {most} MiB"),
            };
            refuse_with(StatusCode::PAYLOAD_TOO_LARGE, &[&text])
        }
        Err(Refused::TooMany(seconds)) => {
            let text = format!("Too many requests. Try again in {seconds} s");
            refuse(&Refusal::Later { seconds, text }.into(), route.told_by())
        }
        Err(Refused::TooSlow) => refuse_with(StatusCode::REQUEST_TIMEOUT, &["The body came too slowly"]),
    }
}

/// Why a request got no answer.
enum Refused {
    Error(Error),
    /// Than so many bytes.
    TooLarge(usize),
    TooSlow,
    /// Of a stranger; worth trying again after so many seconds.
    TooMany(u64),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Error(error)
    }
}

async fn handle(
    request: &HttpRequest,
    payload: web::Payload,
    (prefix, values): (&'static str, Values),
    (route, reader): (&Route, Option<Reader>),
    shared: Shared,
) -> Result<(Answer, Option<Revision>), Refused> {
    let client = Client::of(request);
    let address = client.address;
    let caller = admit(request, (route, &values), &shared, address)?;
    let hidden = caller.acl().filter(|acl| acl.denies(SECRETS)).map(|_| caller.refused(SECRETS));
    let body = read_body(request, payload, route).await?;
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut call = Call {
        caller,
        app: shared.clone(),
        client,
        path: values,
        query: web::Query::from_query(request.query_string()).map(web::Query::into_inner).unwrap_or_default(),
        body: if route.bytes.is_some() { None } else { serde_json::from_slice(&body).ok() },
        bytes: if route.bytes.is_some() { body } else { web::Bytes::new() },
        content_type: header(CONTENT_TYPE).to_owned(),
        accept: header(ACCEPT).to_owned(),
        base: base(request, prefix),
    };
    if let Some(prepare) = route.prepare.filter(|prepare| (prepare.needed)(&call)) {
        let prepared = shared.passwords.run(move || {
            (prepare.run)(&mut call);
            call
        });
        call = prepared.await?;
    }
    let (answer, revision) = perform(request, call, prefix, (route, reader), &shared).await?;
    match hidden {
        None => Ok((answer, revision)),
        Some(refused) => Ok((answer.without_secrets()?.ok_or(refused)?, revision)),
    }
}

/// Runs the handler.
async fn perform(
    request: &HttpRequest,
    call: Call,
    prefix: &'static str,
    (route, reader): (&Route, Option<Reader>),
    shared: &Shared,
) -> Result<(Answer, Option<Revision>)> {
    let address = call.client.address;
    match route.run {
        Run::Wait(run) => {
            let answer = run(call).await?;
            shows_token(route).then(|| shared.doorman.forgive(address));
            Ok((answer, None))
        }
        Run::Read(run) => {
            let db = shared.db.clone();
            let answer = blocking(move || db.read(|connection| run(&call, connection))).await?;
            shows_token(route).then(|| shared.doorman.forgive(address));
            Ok((answer, None))
        }
        Run::Write(run) if route.aside => Ok((shared.db.write_aside(move |tx| run(&call, tx)).await?, None)),
        Run::Write(run) => {
            let cause = format!("{} {}", request.method(), request.path());
            let path = request.path();
            let watch = Watch {
                method: request.method().clone(),
                path: path.strip_prefix(prefix).unwrap_or(path).to_owned(),
                reader,
                keep_days: shared.audit_days,
            };
            let (answer, revision) = shared.db.write(cause, move |tx| watch.run(&call, tx, run)).await?;
            shared.applier.wake();
            Ok((answer, Some(revision)))
        }
    }
}

/// Strangers send no large bodies, and nobody takes for ever.
async fn read_body(
    request: &HttpRequest,
    payload: web::Payload,
    route: &Route,
) -> Result<web::Bytes, Refused> {
    let (most, patience) = match (route.access, route.told_by()) {
        (Access::Public, _) => (route.bytes.unwrap_or(MAX_STRANGERS_BODY), STRANGERS_PATIENCE),
        (_, Service::Auth) => (MAX_AUTH_BODY, PATIENCE),
        (_, Service::Confd) => (route.bytes.unwrap_or(MAX_BODY), PATIENCE),
    };
    if declared_length(request) > most {
        return Err(Refused::TooLarge(most));
    }
    let body = tokio::time::timeout(patience, payload.to_bytes_limited(most)).await;
    let body = body.map_err(|_| Refused::TooSlow)?.map_err(|_| Refused::TooLarge(most))?;
    Ok(body.unwrap_or_default())
}

/// The body's length as the client announces it: a body that is too large is not read at all.
fn declared_length(request: &HttpRequest) -> usize {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// Runs work on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    web::block(f)
        .await
        .unwrap_or_else(|_| Err(Error::Internal("A fault of cordboard's: see its log".to_owned())))
}

/// Is it a login, or the question about a token? Who has a good one is no stranger.
fn shows_token(route: &Route) -> bool {
    route.access == Access::Public && route.path.starts_with("/token")
}

/// Finds the caller; those without a token that counts have only so many requests.
fn admit(
    request: &HttpRequest,
    (route, values): (&Route, &Values),
    shared: &Shared,
    address: IpAddr,
) -> Result<Caller, Refused> {
    let stranger = || shared.doorman.let_in(address, Instant::now()).map_err(Refused::TooMany);
    if route.access == Access::Public {
        stranger()?;
    }
    let caller = identify(request, (route, values), shared);
    if caller.is_err() {
        stranger()?;
    }
    Ok(caller?)
}

fn identify(request: &HttpRequest, (route, values): (&Route, &Values), shared: &Shared) -> Result<Caller> {
    if route.access == Access::Public {
        return Ok(Caller::nobody());
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let value = |name: &str| values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
    let access = route.access_name(|name| word(value(name)));
    let (token, tenant) = (header("X-Auth-Token"), header("Wazo-Tenant"));
    let credentials =
        Credentials { token: token.unwrap_or_default(), tenant: tenant.unwrap_or_default(), access: &access };
    let caller = Caller::identify(&shared.keyring, credentials, route.told_by())?;
    if route.access == Access::Master {
        caller.require_master()?;
    }
    Ok(caller)
}

/// The address that the client used, as a proxy reports it.
fn base(request: &HttpRequest, prefix: &str) -> String {
    let info = request.connection_info();
    let script =
        request.headers().get("X-Script-Name").and_then(|name| name.to_str().ok()).unwrap_or_default();
    format!("{}://{}{script}{prefix}", info.scheme(), info.host())
}
