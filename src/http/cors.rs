//! Lets pages of other origins use the API: what protects it is the token, which no browser sends by itself.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderValue, ORIGIN,
};
use actix_web::middleware::Next;

const ANY: HeaderValue = HeaderValue::from_static("*");
const HEADERS: HeaderValue =
    HeaderValue::from_static("Content-Type, Authorization, X-Auth-Token, Wazo-Tenant, Wazo-Session-Type");
const EXPOSED: HeaderValue = HeaderValue::from_static("Location, Config-Revision");

/// Adds the CORS headers to the answer when the request tells its origin.
///
/// # Errors
/// What the next service gives.
pub async fn allow_origins<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let has_origin = request.headers().contains_key(ORIGIN);
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = next.call(request).await?;
    if has_origin {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if is_preflight && let Some(methods) = headers.get(ALLOW).cloned() {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        }
    }
    Ok(response)
}
