//! Bodies of the auth API. Of several mistakes the first is told, with what would have been right (auth.md 1.2, row 7).

use crate::domain::py::Py;
use crate::domain::refusal::Refusal;
use crate::domain::schema::{Field, Mode, Object, Rule, Schema};
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

/// The body as its schema reads it, with all defaults.
///
/// # Errors
/// 400 with the first mistake.
pub fn read(call: &Call, schema: &'static Schema, resource: &'static str) -> Result<Object> {
    let raw = object(call, resource)?;
    let (object, messages) = schema.read_all(&raw, Mode::Create);
    let Some((name, message)) = messages.first() else { return Ok(object) };
    let field = schema.fields.iter().find(|field| field.name == name);
    Err(invalid(resource, name, fault(field, message)))
}

/// A text of a body, if it has one.
pub fn text<'a>(body: &'a Object, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

/// A flag of a body; absent is no.
pub fn flag(body: &Object, name: &str) -> bool {
    body.get(name).and_then(Value::as_bool).unwrap_or(false)
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

/// What is wrong with a field, and what it is measured by.
fn fault(field: Option<&Field>, message: &Py) -> Value {
    let text = match message {
        Py::List(items) => items.first().map(plain).unwrap_or_default(),
        Py::Dict(items) => match items.first() {
            Some((_, inner)) => return fault(None, inner),
            None => String::new(),
        },
        other => plain(other),
    };
    let (id, constraint) = match text.as_str() {
        "Not a valid string." => ("type", json!("string")),
        "Not a valid integer." => ("type", json!("integer")),
        "Not a valid boolean." => ("type", json!("boolean")),
        "Not a valid UUID." => ("type", json!("uuid")),
        "Not a valid list." => ("type", json!("list")),
        "Not a valid email address." => ("type", json!("email")),
        "Invalid type." | "Invalid input type." => ("type", json!("dict")),
        "Field may not be null." => ("not_null", json!("not_null")),
        "Missing data for required field." => ("required", json!("required")),
        text => match field.and_then(|field| measure(field, text)) {
            Some(measure) => measure,
            None => return json!({"message": text}),
        },
    };
    json!({"message": text, "constraint_id": id, "constraint": constraint})
}

/// The rule of a field that speaks so when it is broken.
fn measure(field: &Field, text: &str) -> Option<(&'static str, Value)> {
    field.rules.iter().chain(field.each).find_map(|rule| match rule {
        Rule::Between(min, max) if text.starts_with("Length must be") => {
            Some(("length", json!({"min": min, "max": max})))
        }
        Rule::Min(min) if text.starts_with("Shorter") => Some(("length", json!({"min": min, "max": null}))),
        Rule::Max(max) if text.starts_with("Longer") => Some(("length", json!({"min": null, "max": max}))),
        Rule::OneOf(choices) if text.starts_with("Must be one of") => {
            Some(("enum", json!({"choices": choices})))
        }
        Rule::Pattern(pattern) if text.starts_with("String does not match") => {
            Some(("regex", json!(pattern.as_str())))
        }
        _ => None,
    })
}

fn plain(message: &Py) -> String {
    match message {
        Py::Str(text) | Py::Raw(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A message of a schema as JSON.
pub fn as_json(message: &Py) -> Value {
    match message {
        Py::None => Value::Null,
        Py::Int(number) => json!(number),
        Py::List(items) | Py::Tuple(items) => Value::Array(items.iter().map(as_json).collect()),
        Py::Dict(items) => {
            Value::Object(items.iter().map(|(key, value)| (plain(key), as_json(value))).collect())
        }
        Py::Str(_) | Py::Raw(_) | Py::Uuid(_) => Value::from(plain(message)),
    }
}
