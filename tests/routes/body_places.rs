//! Every place in the bodies that the OpenAPI document describes: one body for each, with a value of the test's own there.

use serde_json::{Value, json};

/// Stands where the test's value goes.
pub const HERE: &str = "<here>";

/// Where something stands in a body.
#[derive(Debug, Clone)]
pub struct Place {
    /// The names on the way, without the lists between them.
    pub names: Vec<String>,
    /// Is a text expected there?
    pub text: bool,
    /// A body that holds [`HERE`] in this place.
    body: Value,
}

impl Place {
    /// The body with this value in the place.
    pub fn with(&self, value: &Value) -> Value {
        replaced(&self.body, value)
    }

    pub fn name(&self) -> &str {
        self.names.last().map_or("", String::as_str)
    }
}

fn replaced(body: &Value, value: &Value) -> Value {
    match body {
        Value::String(text) if text == HERE => value.clone(),
        Value::Array(items) => items.iter().map(|item| replaced(item, value)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, field)| (name.clone(), replaced(field, value))).collect())
        }
        other => other.clone(),
    }
}

/// A body with what a schema requires.
pub fn smallest(schema: &Value) -> Value {
    let mut body = json!({});
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let field = &schema["properties"][name];
        let kind = field["type"].as_str().or_else(|| field["type"][0].as_str()).unwrap_or("string");
        body[name] = match kind {
            "integer" | "number" => json!(1),
            "boolean" => json!(true),
            "array" => json!([]),
            "object" => json!({}),
            _ => field["enum"].get(0).cloned().unwrap_or_else(|| json!("anything")),
        };
    }
    body
}

/// The places of all values of a body that are neither objects nor lists of objects.
pub fn places(schema: &Value, base: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    walk(schema, base, &mut Vec::new(), &|body| body, &mut found);
    found
}

fn walk(
    schema: &Value,
    base: &Value,
    names: &mut Vec<String>,
    wrap: &dyn Fn(Value) -> Value,
    found: &mut Vec<Place>,
) {
    // `null` is another matter.
    let schema = if schema["anyOf"].is_array() { &schema["anyOf"][0] } else { schema };
    if names.len() > 5 {
        return;
    }
    if schema["properties"].is_object() || schema["oneOf"].is_array() {
        for variant in std::iter::once(schema).chain(schema["oneOf"].as_array().into_iter().flatten()) {
            let mut base = base.clone();
            for (name, field) in smallest(variant).as_object().unwrap() {
                base[name] = base.get(name).unwrap_or(field).clone();
            }
            let fields = variant["properties"].as_object();
            for (name, field) in fields.into_iter().flatten().filter(|(_, field)| !field["const"].is_null()) {
                base[name] = field["const"].clone();
            }
            for (name, field) in fields.into_iter().flatten().filter(|(_, field)| field["const"].is_null()) {
                let inner = |value: Value| {
                    let mut body = base.clone();
                    body[name] = value;
                    wrap(body)
                };
                names.push(name.clone());
                walk(field, &json!({}), names, &inner, found);
                names.pop();
            }
        }
    } else if schema["items"].is_object() {
        walk(&schema["items"], &json!({}), names, &|value| wrap(json!([value])), found);
        if schema["items"]["type"] == "array" {
            // Pairs: a name and a value.
            let pair = |value: Value| wrap(json!([["set_var", value]]));
            found.push(Place { names: names.clone(), text: true, body: pair(json!(HERE)) });
        }
    } else if schema["additionalProperties"].is_object() {
        walk(&schema["additionalProperties"], &json!({}), names, &|value| wrap(json!({"1": value})), found);
    } else {
        let text = schema["type"] == "string" || schema["type"].is_null();
        found.push(Place { names: names.clone(), text, body: wrap(json!(HERE)) });
    }
}
