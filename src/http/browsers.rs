//! What browsers are told: which pages may use the API, and that no answer is kept or taken for something else.
//!
//! No browser sends a token by itself, and none is asked to: there is no cookie, no `WWW-Authenticate`, no
//! `Access-Control-Allow-Credentials`. So a page can do what the token allows that it was given, and without one what a
//! stranger can.

use crate::settings::Origins;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CACHE_CONTROL, HeaderMap,
    HeaderValue, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use std::sync::Arc;

const ANY: HeaderValue = HeaderValue::from_static("*");
const HEADERS: HeaderValue =
    HeaderValue::from_static("Content-Type, Authorization, X-Auth-Token, Wazo-Tenant, Wazo-Session-Type");
const EXPOSED: HeaderValue = HeaderValue::from_static("Location, Config-Revision");

/// Adds the headers for browsers to the answer; those of CORS when the request tells an origin that may.
///
/// # Errors
/// What the next service gives.
pub async fn tell_browsers<B: MessageBody>(
    origins: Arc<Origins>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let allowed = request.headers().get(ORIGIN).and_then(|origin| allowed(&origins, origin));
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    // Answers hold passwords of phones, tokens, messages; and files that somebody sent.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        allow(origin, is_preflight, headers);
    }
    Ok(response)
}

/// The origin as the answer names it, if its pages may use the API.
fn allowed(origins: &Origins, origin: &HeaderValue) -> Option<HeaderValue> {
    match origins {
        Origins::Any => Some(ANY),
        Origins::These(these) => {
            these.iter().any(|one| one.as_bytes() == origin.as_bytes()).then(|| origin.clone())
        }
    }
}

fn allow(origin: HeaderValue, is_preflight: bool, headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    if is_preflight && let Some(methods) = headers.get(ALLOW).cloned() {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    }
}
