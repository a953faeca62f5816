//! What the auth API refuses with (auth.md 1.2): two shapes, on which clients depend.

use serde_json::{Value, json};
use std::fmt::{Display, Formatter, Result};

#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// Form A: tokens, logins, passwords, policies and names of groups.
    Reason { status: u16, text: String },
    /// Form A, worth trying again after so many seconds.
    Later { seconds: u64, text: String },
    /// Form C: no JSON, a fault of ours.
    Plain { status: u16, message: String },
    /// Form B: everything else.
    Detailed {
        status: u16,
        message: Value,
        error_id: &'static str,
        details: Value,
        resource: Option<&'static str>,
    },
}

impl Refusal {
    pub fn reason(status: u16, text: impl Into<String>) -> Refusal {
        Refusal::Reason { status, text: text.into() }
    }

    /// A wrong name or password, whichever it is.
    pub fn failed_login() -> Refusal {
        Refusal::reason(401, "Authentication Failed")
    }

    pub fn no_such_token() -> Refusal {
        Refusal::reason(404, "No such token")
    }

    /// `what` is `user`, `tenant`, `group`; `resource` its plural.
    pub fn unknown(what: &str, error_id: &'static str, resource: &'static str, uuid: &str) -> Refusal {
        let message = json!(format!("No such {what}: \"{uuid}\""));
        Refusal::Detailed {
            status: 404,
            message,
            error_id,
            details: json!({"uuid": uuid}),
            resource: Some(resource),
        }
    }

    /// 409: `field` has a value that is taken.
    pub fn conflict(resource: &'static str, details: Value) -> Refusal {
        let message = json!("Conflict detected");
        Refusal::Detailed { status: 409, message, error_id: "conflict", details, resource: Some(resource) }
    }

    /// 401 without a resource: no right, no tenant.
    pub fn unauthorized(message: &str, error_id: &'static str, details: Value) -> Refusal {
        Refusal::Detailed { status: 401, message: json!(message), error_id, details, resource: None }
    }

    pub fn status(&self) -> u16 {
        match self {
            Refusal::Reason { status, .. }
            | Refusal::Plain { status, .. }
            | Refusal::Detailed { status, .. } => *status,
            Refusal::Later { .. } => 429,
        }
    }

    /// What [`Refusal::body`] may be, as JSON Schema.
    pub fn schema() -> Value {
        let reason = object(json!({"reason": {"type": "array", "items": {"type": "string"}},
            "timestamp": {"type": "array", "items": {"type": "number"}}, "status_code": {"type": "integer"}}));
        let plain = object(json!({"message": {"type": "string"}}));
        json!({"anyOf": [reason, Refusal::detailed_schema(), plain]})
    }

    /// Form B alone.
    pub fn detailed_schema() -> Value {
        let mut detailed = object(json!({"message": {"type": ["string", "object", "array"]},
            "error_id": {"type": "string"}, "details": {"type": "object"}, "timestamp": {"type": "number"}}));
        if let Some(properties) = detailed.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert("resource".to_owned(), json!({"type": "string"}));
        }
        detailed
    }

    /// The body; `now` is in seconds since 1970.
    pub fn body(&self, now: f64) -> Value {
        match self {
            Refusal::Reason { text, .. } | Refusal::Later { text, .. } => {
                json!({"reason": [text], "timestamp": [now], "status_code": self.status()})
            }
            Refusal::Plain { message, .. } => json!({"message": message}),
            Refusal::Detailed { message, error_id, details, resource, .. } => {
                let mut body = json!({"message": message, "error_id": error_id, "details": details,
                    "timestamp": now});
                if let (Some(resource), Some(body)) = (resource, body.as_object_mut()) {
                    body.insert("resource".to_owned(), json!(resource));
                }
                body
            }
        }
    }
}

/// An object that has all of these.
fn object(properties: Value) -> Value {
    let names: Vec<&String> = properties.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
    json!({"type": "object", "required": names, "properties": properties})
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Refusal::Reason { text, .. } | Refusal::Later { text, .. } => f.write_str(text),
            Refusal::Plain { message, .. } => f.write_str(message),
            Refusal::Detailed { message, .. } => match message.as_str() {
                Some(text) => f.write_str(text),
                None => write!(f, "{message}"),
            },
        }
    }
}
