//! From an answer or an error to a response.

use super::auth::Service;
use super::route::Route;
use super::{Answer, json};
use crate::clock;
use crate::db::Revision;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::json;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NOT_FOUND_PAGE: &str = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n\
    <p>The requested URL was not found on the server. If you entered the URL manually please check your spelling \
    and try again.</p>\n";

const NOT_ALLOWED: &str = "{\"message\": \"The method is not allowed for the requested URL.\"}\n";

/// The answer to a path that no route has.
pub fn not_found_page() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/html; charset=utf-8").body(NOT_FOUND_PAGE)
}

/// The answer to a method that a path does not have.
pub fn not_allowed(methods: &[Route]) -> HttpResponse {
    let bare = methods.iter().any(|route| route.bare_405);
    let text = if bare { "" } else { NOT_ALLOWED };
    with_json(HttpResponse::MethodNotAllowed()).insert_header((ALLOW, allow(methods))).body(text)
}

/// The answer to OPTIONS.
pub fn options(methods: &[Route]) -> HttpResponse {
    with_json(HttpResponse::Ok()).insert_header((ALLOW, allow(methods))).finish()
}

fn allow(methods: &[Route]) -> String {
    let mut names: Vec<&str> = methods.iter().map(|route| route.method.as_str()).collect();
    if names.contains(&"GET") && !names.contains(&"HEAD") {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    names.join(", ")
}

fn with_json(mut response: HttpResponseBuilder) -> HttpResponseBuilder {
    response.insert_header((CONTENT_TYPE, JSON));
    response
}

pub fn respond(answer: Answer, revision: Option<Revision>) -> HttpResponse {
    let mut mark = None;
    let (status, location, body, kind) = match answer {
        Answer::Json { status, body } => (status, None, body, JSON),
        Answer::Created { location, body } => (201, Some(location), body, JSON),
        Answer::File { content_type, body } => (200, None, body, HeaderValue::from_static(content_type)),
        Answer::Marked { body, header } => {
            mark = Some(header);
            (200, None, body, JSON)
        }
        Answer::Empty => (204, None, Vec::new(), JSON),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_TYPE, kind));
    if let Some(header) = mark {
        response.insert_header(header);
    }
    if let Some(revision) = revision {
        response.insert_header(("Config-Revision", revision.to_string()));
    }
    if let Some(location) = location {
        response.insert_header((LOCATION, location));
    }
    response.body(body)
}

/// The one place where an error becomes a status.
pub fn refuse(error: &Error, service: Service) -> HttpResponse {
    match error {
        Error::Refused(refusal) => match (&**refusal, service) {
            (Refusal::Later { seconds, text }, Service::Confd) => {
                let mut response = with_json(HttpResponse::TooManyRequests());
                response.insert_header((RETRY_AFTER, seconds.to_string()));
                response.body(json::to_bytes(&[text]).unwrap_or_default())
            }
            (refusal, _) => refuse_shaped(refusal),
        },
        Error::Report(report) => {
            with_json(HttpResponse::BadRequest()).body(json::to_bytes(report).unwrap_or_default())
        }
        _ if service == Service::Auth => refuse_shaped(&shaped(error)),
        Error::Invalid(problems) => {
            let texts: Vec<_> = problems.0.iter().map(String::as_str).collect();
            refuse_with(StatusCode::BAD_REQUEST, &texts)
        }
        Error::NotFound(text) => refuse_with(StatusCode::NOT_FOUND, &[text]),
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

/// An error that is not the auth API's own, in its shape.
fn shaped(error: &Error) -> Refusal {
    let (status, error_id) = match error {
        Error::Internal(_) => {
            tracing::error!(%error, "a request failed");
            return Refusal::Plain { status: 500, message: "Internal Server Error".to_owned() };
        }
        Error::Unavailable(_) => {
            tracing::warn!(%error, "a request could not be served");
            (503, "unavailable")
        }
        Error::NotFound(_) => (404, "not-found"),
        Error::Unauthorized(_) => (401, "unauthorized"),
        Error::Invalid(_) | Error::Report(_) | Error::Refused(_) => {
            return Refusal::Plain { status: 400, message: error.to_string() };
        }
    };
    let (message, details) = (json!(error.to_string()), json!({}));
    Refusal::Detailed { status, message, error_id, details, resource: None }
}

fn refuse_shaped(refusal: &Refusal) -> HttpResponse {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = with_json(HttpResponse::build(status));
    if let Refusal::Later { seconds, .. } = refusal {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    response.body(json::to_bytes(&refusal.body(clock::fraction())).unwrap_or_default())
}

/// A status with sentences.
pub fn refuse_with(status: StatusCode, texts: &[&str]) -> HttpResponse {
    with_json(HttpResponse::build(status)).body(json::to_bytes(&texts).unwrap_or_default())
}
