//! Bodies of the auth API. Of several mistakes the first is told, with what would have been right (auth.md 1.2, row 7).

use crate::domain::refusal::Refusal;
use crate::domain::schema::Object;
use crate::error::{Error, Result};
use crate::http::Call;
use serde_json::{Value, json};

/// The body as an object: what is empty in any way counts as `{}`.
///
/// # Errors
/// 400 when there is none, it is not JSON, or it is something else.
pub fn object(call: &Call, resource: &'static str) -> Result<Object> {
    match call.json() {
        None => Err(Refusal::Plain {
            status: 400,
            message: "The browser (or proxy) sent a request that this server could not understand."
                .to_owned(),
        }
        .into()),
        Some(Value::Object(object)) => Ok(object.clone()),
        Some(Value::Null) => Ok(Object::new()),
        Some(Value::Array(items)) if items.is_empty() => Ok(Object::new()),
        Some(Value::String(text)) if text.is_empty() => Ok(Object::new()),
        Some(_) => Err(invalid(resource, "_schema", json!({"message": "Invalid input type."}))),
    }
}

/// A text of a body, if it has one.
pub fn text<'a>(body: &'a Object, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

/// The texts of a list.
pub fn texts(body: &Object, name: &str) -> Vec<String> {
    let list = body.get(name).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn invalid(resource: &'static str, name: &str, fault: Value) -> Error {
    let message = fault.get("message").cloned().unwrap_or_else(|| json!("Invalid data"));
    let mut details = Object::new();
    details.insert(name.to_owned(), fault);
    let details = Value::Object(details);
    Refusal::Detailed { status: 400, message, error_id: "invalid-data", details, resource: Some(resource) }
        .into()
}
