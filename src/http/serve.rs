//! The dispatcher: routing and method (404, 405) → token and tenant (401) → body → handler → response.

use super::auth::Caller;
use super::path::to_actix;
use super::route::{Access, Route, Run};
use super::{Answer, Call, json};
use crate::app::State;
use crate::db::Revision;
use crate::error::{Error, Result};
use actix_web::http::header::{ACCEPT, ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What every request may use.
pub type Shared = Arc<State>;

/// Largest body, in bytes.
const MAX_BODY: usize = 40 * 1024 * 1024;
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NOT_FOUND_PAGE: &str = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n\
    <p>The requested URL was not found on the server. If you entered the URL manually please check your spelling \
    and try again.</p>\n";

const NOT_ALLOWED: &str = "{\"message\": \"The method is not allowed for the requested URL.\"}\n";

/// The routes of one path.
type Methods = Arc<Vec<Route>>;

/// Adds every route below `prefix` (`/1.1`, `/api/confd/1.1`).
pub fn configure(config: &mut web::ServiceConfig, prefix: &'static str, routes: &[Route], shared: &Shared) {
    let mut paths: BTreeMap<&'static str, Vec<Route>> = BTreeMap::new();
    for route in routes {
        paths.entry(route.path).or_default().push(route.clone());
    }
    // Literal paths before placeholders: `/users/export` is no user.
    let mut paths: Vec<_> = paths.into_iter().collect();
    paths.sort_by_key(|(path, _)| (path.matches('{').count(), *path));
    for (path, methods) in paths {
        let (methods, shared) = (Arc::new(methods), shared.clone());
        let resource = web::resource(format!("{prefix}{}", to_actix(path)));
        config.service(resource.to(move |request: HttpRequest, payload: web::Payload| {
            dispatch(request, payload, prefix, methods.clone(), shared.clone())
        }));
    }
}

/// The answer to a path that no route has.
pub async fn not_found_page() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/html; charset=utf-8").body(NOT_FOUND_PAGE)
}

async fn dispatch(
    request: HttpRequest,
    payload: web::Payload,
    prefix: &'static str,
    methods: Methods,
    shared: Shared,
) -> HttpResponse {
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    if method == Method::OPTIONS {
        return with_json(HttpResponse::Ok()).insert_header((ALLOW, allow(&methods))).finish();
    }
    let Some(route) = methods.iter().find(|route| route.method == method) else {
        let bare = methods.iter().any(|route| route.bare_405);
        let text = if bare { "" } else { NOT_ALLOWED };
        let mut response = with_json(HttpResponse::MethodNotAllowed());
        return response.insert_header((ALLOW, allow(&methods))).body(text);
    };
    match handle(&request, payload, prefix, route, shared).await {
        Ok((answer, revision)) => respond(answer, revision),
        Err(Refused::Error(error)) => refuse(&error),
        Err(Refused::TooLarge(most)) => {
            let text = format!("The body is larger than {} MiB", most / (1024 * 1024));
            refuse_with(StatusCode::PAYLOAD_TOO_LARGE, &[&text])
        }
    }
}

/// Why a request got no answer.
enum Refused {
    Error(Error),
    /// Than so many bytes.
    TooLarge(usize),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Error(error)
    }
}

async fn handle(
    request: &HttpRequest,
    payload: web::Payload,
    prefix: &'static str,
    route: &Route,
    shared: Shared,
) -> Result<(Answer, Option<Revision>), Refused> {
    let caller = identify(request, prefix, route, &shared)?;
    let most = route.bytes.unwrap_or(MAX_BODY);
    if declared_length(request) > most {
        return Err(Refused::TooLarge(most));
    }
    let body = payload.to_bytes_limited(most).await.map_err(|_| Refused::TooLarge(most))?;
    let body = body.unwrap_or_default();
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut call = Call {
        caller,
        app: shared.clone(),
        path: request.match_info().iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        query: web::Query::from_query(request.query_string()).map(web::Query::into_inner).unwrap_or_default(),
        body: if route.bytes.is_some() { None } else { serde_json::from_slice(&body).ok() },
        bytes: if route.bytes.is_some() { body } else { web::Bytes::new() },
        content_type: header(CONTENT_TYPE).to_owned(),
        accept: header(ACCEPT).to_owned(),
        base: base(request, prefix),
    };
    let run = route.run;
    if let Some(prepare) = route.prepare.filter(|prepare| (prepare.needed)(&call)) {
        call = blocking(move || {
            (prepare.run)(&mut call);
            Ok(call)
        })
        .await?;
    }
    match run {
        Run::Wait(run) => Ok((run(call).await?, None)),
        Run::Read(run) => {
            let db = shared.db.clone();
            Ok((blocking(move || db.read(|connection| run(&call, connection))).await?, None))
        }
        Run::Write(run) => {
            let cause = format!("{} {}", request.method(), request.path());
            let (answer, revision) = shared.db.write(cause, move |tx| run(&call, tx)).await?;
            shared.applier.wake();
            Ok((answer, Some(revision)))
        }
    }
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

fn identify(request: &HttpRequest, prefix: &str, route: &Route, shared: &Shared) -> Result<Caller> {
    if route.access == Access::Public {
        return Ok(Caller::nobody());
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let acl = route.acl(request.path().strip_prefix(prefix).unwrap_or_default());
    let token = header("X-Auth-Token").unwrap_or_default();
    let caller =
        shared.db.read(|connection| Caller::identify(connection, token, header("Wazo-Tenant"), &acl))?;
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

fn allow(methods: &Methods) -> String {
    let mut names: Vec<&str> = methods.iter().map(|route| route.method.as_str()).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    names.join(", ")
}

fn with_json(mut response: HttpResponseBuilder) -> HttpResponseBuilder {
    response.insert_header((CONTENT_TYPE, JSON));
    response
}

fn respond(answer: Answer, revision: Option<Revision>) -> HttpResponse {
    let (status, location, body, kind) = match answer {
        Answer::Json { status, body } => (status, None, body, JSON),
        Answer::Created { location, body } => (201, Some(location), body, JSON),
        Answer::File { content_type, body } => (200, None, body, HeaderValue::from_static(content_type)),
        Answer::Empty => (204, None, Vec::new(), JSON),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_TYPE, kind));
    if let Some(revision) = revision {
        response.insert_header(("Config-Revision", revision.to_string()));
    }
    if let Some(location) = location {
        response.insert_header((LOCATION, location));
    }
    response.body(body)
}

/// The one place where an error becomes a status.
fn refuse(error: &Error) -> HttpResponse {
    match error {
        Error::Invalid(problems) => {
            let texts: Vec<_> = problems.0.iter().map(String::as_str).collect();
            refuse_with(StatusCode::BAD_REQUEST, &texts)
        }
        Error::NotFound(text) => refuse_with(StatusCode::NOT_FOUND, &[text]),
        Error::Report(report) => {
            with_json(HttpResponse::BadRequest()).body(json::to_bytes(report).unwrap_or_default())
        }
        Error::Unauthorized(text) => refuse_with(StatusCode::UNAUTHORIZED, &[text]),
        Error::Unavailable(text) => {
            tracing::warn!(%error, "a request could not be served");
            refuse_with(StatusCode::SERVICE_UNAVAILABLE, &[text])
        }
        Error::Internal(text) => {
            tracing::error!(%error, "a request failed");
            refuse_with(StatusCode::INTERNAL_SERVER_ERROR, &[&format!("Unexpected error: {text}")])
        }
    }
}

fn refuse_with(status: StatusCode, texts: &[&str]) -> HttpResponse {
    with_json(HttpResponse::build(status)).body(json::to_bytes(&texts).unwrap_or_default())
}
