//! Bodies by their schemas: mostly what a field takes, with what means something to Asterisk in its texts.

use cordboard::domain::schema::{Field, Kind, Rule, Schema};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

/// What a hostile text is made of.
const TOKENS: &[&str] = &[
    "a",
    "1001",
    "default",
    ";",
    "\\",
    ";--",
    "--;",
    "#include x",
    "#exec y",
    "[evil]",
    "(!)",
    "(+)",
    "=>",
    "=",
    "+=",
    "${SHELL(id)}",
    "$[1+1]",
    "\"",
    "'",
    ",",
    "|",
    "&",
    "^",
    "<1>",
    "]",
    "\n",
    "\r",
    "\t",
    "\u{85}",
    "\u{2028}",
    " ",
    "\0",
    "../",
    "/",
    "_X.",
    "_1[2",
    "é",
    "\u{1f4de}",
    ":",
    "@",
    "*",
    "!",
    "%",
    "{",
    "}",
];

/// What is none of what a field takes.
const ODD: &[&str] = &["null", "\"\"", "[]", "{}", "-1", "1e300", "true", "[[[\"a\"]]]", "2147483648", "0.5"];

/// Names of options of SIP endpoints.
const OPTIONS: &[&str] = &["set_var", "callerid", "username", "password", "context", "max_contacts", "match"];

/// Depth of objects in objects.
const DEEPEST: u8 = 5;

/// The one of this name; any other text is one of them too.
pub fn pick<'a, T>(all: &'a [T], name: &[u8], named: impl Fn(&T) -> String) -> &'a T {
    let number = name.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    all.iter().find(|one| named(one).as_bytes() == name).unwrap_or_else(|| &all[number % all.len()])
}

/// Makes bodies of bytes.
pub struct Maker<'a, 'b> {
    pub bytes: &'a mut Unstructured<'b>,
    /// Uuids of what is there.
    pub known: &'a [String],
}

impl Maker<'_, '_> {
    /// A body of a schema.
    pub fn object(&mut self, schema: &Schema, depth: u8) -> Result<Value> {
        let mut made = Map::new();
        for field in schema.fields {
            let wanted = if field.required { self.bytes.ratio(15, 16)? } else { self.bytes.ratio(1, 2)? };
            if wanted {
                made.insert(field.name.to_owned(), self.field(field, depth)?);
            }
        }
        if let Some(variants) = schema.variants {
            let tag = self.bytes.choose(variants.tags)?;
            made.insert(variants.tag.to_owned(), json!(tag));
            if let Some(more) = (variants.of)(tag)
                && let Value::Object(more) = self.object(more, depth)?
            {
                made.extend(more.into_iter().filter(|(name, _)| name != variants.tag));
            }
        }
        Ok(Value::Object(made))
    }

    fn field(&mut self, field: &Field, depth: u8) -> Result<Value> {
        let choices = field.rules.iter().chain(field.each).find_map(|rule| match rule {
            Rule::OneOf(choices) => Some(*choices),
            _ => None,
        });
        match (choices, field.kind) {
            (Some(choices), Kind::Text) => Ok(json!(self.bytes.choose(choices)?)),
            (Some(choices), Kind::List(_)) => self.many(|maker| Ok(json!(maker.bytes.choose(choices)?))),
            (_, kind) => self.value(&kind, depth),
        }
    }

    fn value(&mut self, kind: &Kind, depth: u8) -> Result<Value> {
        if depth > DEEPEST || self.bytes.ratio(1, 24)? {
            let odd = self.bytes.choose(ODD)?;
            return Ok(serde_json::from_str(odd).expect("a literal"));
        }
        Ok(match kind {
            Kind::Text | Kind::Prose => json!(self.text()?),
            Kind::Int => json!(self.bytes.int_in_range(-1..=1100)?),
            Kind::Float => json!(f64::from(self.bytes.int_in_range(-5..=500)?) / 2.0),
            Kind::Bool | Kind::LooseBool => json!(self.bytes.arbitrary::<bool>()?),
            Kind::Uuid if self.known.is_empty() => json!("00000000-0000-4000-8000-000000000001"),
            Kind::Uuid => json!(self.bytes.choose(self.known)?),
            Kind::Email => json!("a@example.com"),
            Kind::Object | Kind::Texts => json!({self.text()?: self.text()?}),
            Kind::Nested(schema) | Kind::Aside(schema) => self.object(schema, depth + 1)?,
            Kind::Keyed { of, .. } => {
                json!({self.bytes.int_in_range(0..=4)?.to_string(): self.object(of, depth + 1)?})
            }
            Kind::List(of) => self.many(|maker| maker.value(of, depth + 1))?,
            Kind::Many(schema) => self.many(|maker| maker.object(schema, depth + 1))?,
            Kind::Pairs { .. } => {
                self.many(|maker| Ok(json!([maker.bytes.choose(OPTIONS)?, maker.text()?])))?
            }
        })
    }

    fn many(&mut self, mut one: impl FnMut(&mut Self) -> Result<Value>) -> Result<Value> {
        let count = self.bytes.int_in_range(0..=2)?;
        (0..count).map(|_| one(self)).collect::<Result<Vec<_>>>().map(Value::Array)
    }

    /// A number, a name that is there, or what somebody types who means harm.
    fn text(&mut self) -> Result<String> {
        match self.bytes.int_in_range(0..=5)? {
            0 | 1 => Ok(self.bytes.int_in_range(1000..=1019)?.to_string()),
            2 => Ok("default".to_owned()),
            _ => {
                let count = self.bytes.int_in_range(0..=5)?;
                (0..count).map(|_| self.bytes.choose(TOKENS).copied()).collect()
            }
        }
    }
}
