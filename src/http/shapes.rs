//! The shapes of answers in the OpenAPI document, each under its name.

use super::route::Shows;
use crate::domain::refusal::Refusal;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// Where the document has its shapes.
const PLACE: &str = "#/components/schemas";

/// Parts of a type's name that say nothing to a client.
const UNSAID: [&str; 12] = [
    "cordboard",
    "resources",
    "http",
    "list",
    "listing",
    "view",
    "alloc",
    "vec",
    "core",
    "option",
    "identity",
    "string",
];

/// The shapes of answers, by name.
pub struct Shapes(Map<String, Value>);

impl Default for Shapes {
    fn default() -> Self {
        let mut shapes = Map::new();
        shapes.insert("Errors".to_owned(), json!({"type": "array", "items": {"type": "string"}}));
        shapes.insert("Refusal".to_owned(), Refusal::schema());
        let error =
            json!({"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]});
        shapes.insert("Trouble".to_owned(), error);
        // In the words of calld, or of confd where it is asked before.
        shapes.insert(
            "Objection".to_owned(),
            json!({"anyOf": [Refusal::detailed_schema(), reference("Errors")]}),
        );
        Shapes(shapes)
    }
}

impl Shapes {
    /// Every shape that was asked for.
    pub fn all(self) -> Map<String, Value> {
        self.0
    }

    /// What an answer holds, as the `content` of the document.
    pub fn content(&mut self, shows: Option<Shows>) -> Value {
        match shows {
            None => json!({"application/json": {}}),
            Some(Shows::File(content_type)) => json!({content_type: {}}),
            Some(Shows::FileOr(content_type, name, schema)) => {
                let schema = self.made(schema);
                json!({content_type: {}, "application/json": {"schema": self.named(short(name), schema)}})
            }
            Some(Shows::Json(name, schema)) => {
                let schema = self.made(schema);
                json!({"application/json": {"schema": self.named(short(name), schema)}})
            }
            Some(Shows::List(name, schema)) => {
                let items = json!({"type": "array", "items": self.made(schema)});
                let page = json!({"type": "object", "required": ["total", "items"],
                    "properties": {"total": {"type": "integer"}, "items": items}});
                let name = format!("Page.{}", short(name));
                json!({"application/json": {"schema": self.named(name, page)}})
            }
        }
    }

    /// Keeps a shape and gives its reference.
    fn named(&mut self, name: String, schema: Value) -> Value {
        let reference = reference(&name);
        self.0.entry(name).or_insert(schema);
        reference
    }

    /// A shape, and those that it shares with others beside it.
    fn made(&mut self, schema: fn(&mut SchemaGenerator) -> Schema) -> Value {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        let mut generator = SchemaGenerator::new(settings.with(|settings| settings.inline_subschemas = true));
        let mut made = schema(&mut generator).to_value();
        plain_pairs(&mut made);
        self.0.extend(generator.take_definitions(false));
        made
    }
}

/// A shape that many answers hold: it stands in the document once.
pub fn shared_schema(generator: &mut SchemaGenerator, name: &str, make: impl Fn() -> Value) -> Schema {
    generator.definitions_mut().entry(name).or_insert_with(make);
    as_schema(reference(name))
}

/// JSON Schema as `schemars` has it.
pub fn as_schema(schema: Value) -> Schema {
    Schema::try_from(schema).unwrap_or_default()
}

/// A shape by its name.
pub fn reference(name: &str) -> Value {
    json!({"$ref": format!("{PLACE}/{name}")})
}

/// Tuples of one type as arrays of it, which more readers of OpenAPI understand.
fn plain_pairs(schema: &mut Value) {
    match schema {
        Value::Object(schema) => {
            if let Some(Value::Array(items)) = schema.remove("prefixItems") {
                schema.insert("items".to_owned(), items.into_iter().next().unwrap_or_default());
            }
            schema.values_mut().for_each(plain_pairs);
        }
        Value::Array(items) => items.iter_mut().for_each(plain_pairs),
        _ => {}
    }
}

/// A type's name as the document has it: `Page<cordboard::resources::groups::view::View>` is `Page.groups.View`.
fn short(name: &str) -> String {
    let types = name.split(['<', '>', ',', ' ', '(', ')']).filter(|part| !part.is_empty());
    let short = types.map(|one| {
        let words = one.split("::").filter(|word| !UNSAID.contains(word));
        words.collect::<Vec<_>>().join(".")
    });
    short.collect::<Vec<_>>().join(".")
}
