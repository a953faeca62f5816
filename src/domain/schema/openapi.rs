//! A schema as JSON Schema, for the OpenAPI document.
#![expect(clippy::indexing_slicing, reason = "a string index into a JSON object that is just made")]

use super::field::{Field, Kind, Null};
use super::{Rule, Schema, Variants};
use serde_json::{Map, Value, json};

impl Schema {
    /// The body of a creation, or (`required` left out) of an update.
    pub fn json_schema(&self, mode: super::Mode) -> Value {
        let properties: Map<String, Value> =
            self.fields.iter().map(|field| (field.name.to_owned(), field.json_schema())).collect();
        let required: Vec<_> = self.fields.iter().filter(|field| field.required).map(|f| f.name).collect();
        let mut schema = json!({"type": "object", "properties": properties});
        if mode == super::Mode::Create && !required.is_empty() {
            schema["required"] = json!(required);
        }
        if let Some(Variants { tag, of, tags, .. }) = self.variants {
            let variant = |value: &&str| {
                let empty = json!({"type": "object", "properties": {}});
                let mut variant = of(value).map_or(empty, |fields| fields.json_schema(mode));
                variant["properties"][tag] = json!({"const": value});
                variant
            };
            schema["oneOf"] = tags.iter().map(variant).collect();
        }
        schema
    }
}

impl Field {
    fn json_schema(&self) -> Value {
        let mut schema = self.kind.json_schema(self.each);
        for rule in self.rules {
            rule.describe(&mut schema);
        }
        if self.null != Null::Refused {
            schema = json!({"anyOf": [schema, {"type": "null"}]});
        }
        schema
    }
}

impl Kind {
    fn json_schema(&self, each: &[Rule]) -> Value {
        match self {
            Kind::Text | Kind::Prose => json!({"type": "string"}),
            Kind::Int => json!({"type": "integer"}),
            Kind::Float => json!({"type": "number"}),
            Kind::Bool | Kind::LooseBool => json!({"type": "boolean"}),
            Kind::Uuid => json!({"type": "string", "format": "uuid"}),
            Kind::Email => json!({"type": "string", "format": "email"}),
            Kind::Object => json!({"type": "object"}),
            Kind::Texts => json!({"type": "object", "additionalProperties": {"type": ["string", "null"]}}),
            Kind::Nested(schema) | Kind::Aside(schema) => schema.json_schema(super::Mode::Create),
            Kind::Keyed { of, .. } => json!({
                "type": "object",
                "propertyNames": {"pattern": "^[1-9][0-9]*$"},
                "additionalProperties": of.json_schema(super::Mode::Create),
            }),
            Kind::Many(schema) => {
                json!({"type": "array", "items": schema.json_schema(super::Mode::Create)})
            }
            Kind::List(of) => {
                let mut items = of.json_schema(&[]);
                for rule in each {
                    rule.describe(&mut items);
                }
                json!({"type": "array", "items": items})
            }
            Kind::Pairs { text, .. } => {
                let mut item = json!({"type": "string"});
                for rule in *text {
                    rule.describe(&mut item);
                }
                json!({"type": "array", "items": {"type": "array", "items": item, "minItems": 2, "maxItems": 2}})
            }
        }
    }
}

impl Rule {
    fn describe(&self, schema: &mut Value) {
        let Some(schema) = schema.as_object_mut() else { return };
        let list = schema.get("type").and_then(Value::as_str) == Some("array");
        let (min, max) = if list { ("minItems", "maxItems") } else { ("minLength", "maxLength") };
        let mut set = |key: &str, value: Value| {
            schema.insert(key.to_owned(), value);
        };
        match self {
            Rule::Max(n) => set(max, json!(n)),
            Rule::Min(n) => set(min, json!(n)),
            Rule::Exactly(n) => {
                set(min, json!(n));
                set(max, json!(n));
            }
            Rule::Between(a, b) => {
                set(min, json!(a));
                set(max, json!(b));
            }
            Rule::AtLeast(n) => set("minimum", json!(n)),
            Rule::Range(a, b) => {
                set("minimum", json!(a));
                set("maximum", json!(b));
            }
            Rule::Pattern(pattern) => set("pattern", json!(pattern.as_str())),
            Rule::OneOf(choices) => set("enum", json!(choices)),
            Rule::NoneOf(names) => set("not", json!({"enum": names})),
            Rule::Digits => set("pattern", json!("^[0-9]+$")),
            Rule::Custom(_) => {}
        }
    }
}
