//! Bodies by their schemas: mostly what a field takes, with what means something to Asterisk in its texts.

use arbitrary::{Result, Unstructured};
use cordboard::domain::schema::{Field, Kind, Rule, Schema};
use serde_json::{Map, Value, json};

/// What a hostile text is made of.
const TOKENS: &[&str] = &[
    "a", "1001", "default", ";", "\\", "\\;", ";--", "--;", "#include x", "#exec y", "[evil]", "[evil](!)", "(+)", "=>",
    "=", "+=", "${SHELL(id)}", "$[1+1]", "\"", "'", ",", "|", "&", "^", "<1>", "]", "\n", "\r", "\t", "\u{85}",
    "\u{2028}", " ", "\0", "../", "/", "_X.", "_1[2", "é", "\u{1f4de}", ":", "@", "*", "!", "%", "{", "}", "none",
];

/// A body of a schema.
pub fn body(schema: &Schema, bytes: &mut Unstructured) -> Value {
    object(schema, bytes, 0).unwrap_or_else(|_| json!({}))
}

/// Is this a text of one line?
pub fn is_plain(field: &Field) -> bool {
    matches!(field.kind, Kind::Text | Kind::Email)
}

fn object(schema: &Schema, bytes: &mut Unstructured, depth: u8) -> Result<Value> {
    let mut made = Map::new();
    for field in schema.fields {
        if field.required && bytes.ratio(15, 16)? || bytes.ratio(1, 2)? {
            made.insert(field.name.to_owned(), value(&field.kind, (field.rules, field.each), bytes, depth)?);
        }
    }
    if let Some(variants) = schema.variants {
        let tag = bytes.choose(variants.tags)?;
        made.insert(variants.tag.to_owned(), json!(tag));
        if let Some(more) = (variants.of)(tag)
            && let Value::Object(more) = object(more, bytes, depth)?
        {
            made.extend(more.into_iter().filter(|(name, _)| name != variants.tag));
        }
    }
    Ok(Value::Object(made))
}

fn value(kind: &Kind, rules: (&[Rule], &[Rule]), bytes: &mut Unstructured, depth: u8) -> Result<Value> {
    if depth > 5 || bytes.ratio(1, 24)? {
        return odd(bytes);
    }
    let (own, each) = rules;
    let choices = own.iter().find_map(|rule| match rule {
        Rule::OneOf(choices) => Some(*choices),
        _ => None,
    });
    if let Some(choices) = choices {
        return Ok(json!(bytes.choose(choices)?));
    }
    Ok(match kind {
        Kind::Text | Kind::Prose => json!(text(bytes)?),
        Kind::Int => json!(bytes.int_in_range(-1..=1100)?),
        Kind::Float => json!(f64::from(bytes.int_in_range(-5..=500)?) / 2.0),
        Kind::Bool | Kind::LooseBool => json!(bytes.arbitrary::<bool>()?),
        Kind::Uuid => json!(format!("00000000-0000-4000-8000-{:012}", bytes.int_in_range(0..=9)?)),
        Kind::Email => json!("a@example.com"),
        Kind::Object => json!({text(bytes)?: text(bytes)?}),
        Kind::Nested(schema) | Kind::Aside(schema) => object(schema, bytes, depth + 1)?,
        Kind::Keyed { of, .. } => json!({bytes.int_in_range(0..=4)?.to_string(): object(of, bytes, depth + 1)?}),
        Kind::List(of) => many(bytes, |bytes| value(of, (each, &[]), bytes, depth + 1))?,
        Kind::Many(schema) => many(bytes, |bytes| object(schema, bytes, depth + 1))?,
        Kind::Pairs { .. } => many(bytes, |bytes| {
            let names = ["set_var", "callerid", "username", "password", "context", "max_contacts", "match"];
            Ok(json!([bytes.choose(&names)?, text(bytes)?]))
        })?,
    })
}

fn many(bytes: &mut Unstructured, mut one: impl FnMut(&mut Unstructured) -> Result<Value>) -> Result<Value> {
    let count = bytes.int_in_range(0..=2)?;
    (0..count).map(|_| one(bytes)).collect::<Result<Vec<_>>>().map(Value::Array)
}

fn odd(bytes: &mut Unstructured) -> Result<Value> {
    let values = [
        json!(null), json!(""), json!([]), json!({}), json!(-1), json!(1e300), json!(true), json!("x".repeat(9000)),
        json!([[["a"]]]), json!({"type": "user"}), json!(2_147_483_648_i64), json!(0.5),
    ];
    bytes.choose(&values).cloned()
}

/// A name that does, a number, or what somebody types who means harm.
pub fn text(bytes: &mut Unstructured) -> Result<String> {
    if bytes.ratio(1, 3)? {
        return Ok(format!("{}", bytes.int_in_range(1000..=1099)?));
    }
    if bytes.ratio(1, 4)? {
        return Ok("default".to_owned());
    }
    let count = bytes.int_in_range(0..=5)?;
    (0..count).map(|_| bytes.choose(TOKENS).copied()).collect()
}
