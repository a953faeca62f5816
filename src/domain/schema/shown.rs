//! What an answer shows of an object that a schema has read, as JSON Schema: every field with its type. Rules are left
//! out but lists of choices, so an answer may hold what a later version refuses.
#![expect(clippy::indexing_slicing, reason = "a string index into a JSON object that is just made")]

use super::field::{Default, Field, Kind, Null};
use super::{Rule, Schema, Variants};
use serde_json::{Map, Value, json};

impl Schema {
    /// The object in an answer. A field without a default may be missing.
    pub fn shown(&self) -> Value {
        let properties: Map<String, Value> =
            self.fields.iter().map(|field| (field.name.to_owned(), field.shown())).collect();
        let there = |field: &&Field| field.required || !matches!(field.default, Default::Absent);
        let required: Vec<&str> = self.fields.iter().filter(there).map(|field| field.name).collect();
        let mut schema = json!({"type": "object", "properties": properties, "required": required});
        if let Some(variants) = self.variants {
            schema["oneOf"] = variants.tags.iter().map(|value| variants.shown(value)).collect();
        }
        schema
    }
}

impl Variants {
    /// The further fields that go with a value of the tag, and what answers tell beside them.
    fn shown(&self, value: &str) -> Value {
        let empty = json!({"type": "object", "properties": {}, "required": []});
        let mut variant = (self.of)(value).map_or(empty, Schema::shown);
        variant["properties"][self.tag] = json!({"const": value});
        for name in (self.told)(value) {
            variant["properties"][name] = json!({"type": ["string", "null"]});
        }
        variant
    }
}

impl Field {
    fn shown(&self) -> Value {
        let mut schema = self.kind.shown();
        let choices = self.rules.iter().find_map(|rule| match rule {
            Rule::OneOf(choices) => Some(choices),
            _ => None,
        });
        if let Some(choices) = choices {
            schema["enum"] = json!(choices);
        }
        match (self.null, self.default) {
            (Null::Stored, _) | (_, Default::Null) => json!({"anyOf": [schema, {"type": "null"}]}),
            _ => schema,
        }
    }
}

impl Kind {
    fn shown(&self) -> Value {
        match self {
            Kind::Text | Kind::Prose | Kind::Email => json!({"type": "string"}),
            Kind::Int => json!({"type": "integer"}),
            Kind::Float => json!({"type": "number"}),
            Kind::Bool | Kind::LooseBool => json!({"type": "boolean"}),
            Kind::Uuid => json!({"type": "string", "format": "uuid"}),
            Kind::Object => json!({"type": "object"}),
            Kind::Texts => json!({"type": "object", "additionalProperties": {"type": ["string", "null"]}}),
            Kind::Nested(schema) | Kind::Aside(schema) => schema.shown(),
            Kind::Keyed { of, .. } => json!({"type": "object", "additionalProperties": of.shown()}),
            Kind::Many(schema) => json!({"type": "array", "items": schema.shown()}),
            Kind::List(of) => json!({"type": "array", "items": of.shown()}),
            Kind::Pairs { .. } => {
                let pair =
                    json!({"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2});
                json!({"type": "array", "items": pair})
            }
        }
    }
}
