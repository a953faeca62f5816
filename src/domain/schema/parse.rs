//! Reading a body by its schema.

use super::field::{Default, Field, Kind, Null};
use super::rule::{Pattern, broken, pattern};
use super::{Messages, Object, Rule, Schema};
use crate::domain::problems::{Problems, field};
use crate::domain::py::Py;
use crate::domain::text::is_control;
use serde_json::{Number, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Is the body a whole resource, or the part of it that changes?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Create,
    Update,
}

static EMAIL: Pattern = LazyLock::new(|| {
    pattern(
        r#"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)+$"#,
    )
});

/// The top level of a body: every falsy value is `{}`, anything else must be an object.
///
/// # Errors
/// The contract's sentence for a body of another type.
pub fn normalize_body(body: Value) -> Result<Object, Problems> {
    match body {
        Value::Object(object) => Ok(object),
        Value::Null | Value::Bool(false) => Ok(Object::new()),
        Value::String(text) if text.is_empty() => Ok(Object::new()),
        Value::Array(items) if items.is_empty() => Ok(Object::new()),
        Value::Number(number) if number.as_f64() == Some(0.0) => Ok(Object::new()),
        _ => Err(Problems::one("Input Error - _schema: ['Invalid input type.']")),
    }
}

impl Schema {
    /// Reads a body: the known fields in the schema's order, coerced, defaults filled in on creation.
    ///
    /// # Errors
    /// One sentence for every field that failed.
    pub fn read(&self, body: &Object, mode: Mode) -> Result<Object, Problems> {
        let (object, messages) = self.read_all(body, mode);
        if messages.is_empty() {
            return Ok(object);
        }
        Err(Problems(messages.iter().map(|(name, message)| field(name, message)).collect()))
    }

    /// As [`Schema::read`], but gives both what could be read and what could not.
    pub fn read_all(&self, body: &Object, mode: Mode) -> (Object, Messages) {
        let mut object = Object::new();
        let mut messages = Messages::new();
        for field in self.fields {
            match field.read(body.get(field.name), mode) {
                Ok(Some(value)) => {
                    object.insert(field.name.to_owned(), value);
                }
                Ok(None) => {}
                Err(message) => messages.push((field.name.to_owned(), message)),
            }
        }
        if messages.is_empty()
            && let Some(check) = self.check
        {
            messages = check(&object, mode);
        }
        if messages.is_empty()
            && let Some(variant) = self.variant(&object)
        {
            let (more, wrong) = variant.read_all(body, mode);
            object.extend(more);
            messages = wrong;
        }
        (object, messages)
    }

    /// The schema of the further fields that an object with these values has.
    fn variant(&self, object: &Object) -> Option<&'static Schema> {
        let variants = self.variants?;
        (variants.of)(object.get(variants.tag)?.as_str()?)
    }

    /// A nested object: its messages as one structure.
    fn read_nested(&self, value: &Value) -> Result<Value, Py> {
        let Value::Object(body) = value else {
            return Err(Py::Dict(vec![("_schema".into(), one("Invalid input type."))]));
        };
        let (object, messages) = self.read_all(body, Mode::Create);
        if messages.is_empty() {
            return Ok(Value::Object(object));
        }
        Err(Py::Dict(messages.into_iter().map(|(name, message)| (Py::Str(name), message)).collect()))
    }
}

impl Field {
    /// The value to store, nothing when the field stays as it is, or the messages.
    fn read(&self, given: Option<&Value>, mode: Mode) -> Result<Option<Value>, Py> {
        let Some(value) = given else {
            return match mode {
                Mode::Create if self.required => Err(one("Missing data for required field.")),
                Mode::Create => Ok(self.default.value()),
                Mode::Update => Ok(None),
            };
        };
        if value.is_null() {
            return match (self.null, mode) {
                (Null::Stored, _) => Ok(Some(Value::Null)),
                (Null::IsDefault, Mode::Create) => Ok(self.default.value()),
                (Null::Refused | Null::IsDefault, _) => Err(one("Field may not be null.")),
            };
        }
        let value = self.kind.read(value, self.each)?;
        if let Some(messages) = broken(self.rules, &value) {
            return Err(messages);
        }
        if !matches!(self.kind, Kind::Prose) {
            fits_a_line(&value)?;
        }
        if self.empty_is_null && value.as_str() == Some("") {
            return Ok(Some(Value::Null));
        }
        Ok(Some(value))
    }
}

impl Default {
    fn value(self) -> Option<Value> {
        match self {
            Default::Absent => None,
            Default::Null => Some(Value::Null),
            Default::Bool(value) => Some(Value::Bool(value)),
            Default::Int(value) => Some(Value::from(value)),
            Default::Text(value) => Some(Value::from(value)),
            Default::EmptyList => Some(Value::Array(Vec::new())),
        }
    }
}

impl Kind {
    fn read(&self, value: &Value, each: &[Rule]) -> Result<Value, Py> {
        match self {
            Kind::Text => text(value),
            Kind::Prose => match value {
                Value::String(text) if text.contains('\0') => Err(one("Not a valid string.")),
                Value::String(_) => Ok(value.clone()),
                _ => Err(one("Not a valid string.")),
            },
            Kind::Int => match integer(value).ok_or_else(|| one("Not a valid integer."))? {
                number if i32::try_from(number).is_err() => Err(one("Number too large.")),
                number => Ok(Value::from(number)),
            },
            Kind::Float => float(value).ok_or_else(|| one("Not a valid number.")),
            Kind::Bool => value.as_bool().map(Value::Bool).ok_or_else(|| one("Not a valid boolean.")),
            Kind::LooseBool => loose_bool(value).map(Value::Bool).ok_or_else(|| one("Not a valid boolean.")),
            Kind::Uuid => value
                .as_str()
                .and_then(|text| uuid::Uuid::try_parse(text).ok())
                .map(|uuid| Value::from(uuid.to_string()))
                .ok_or_else(|| one("Not a valid UUID.")),
            Kind::Email => match text(value)? {
                Value::String(text) if !EMAIL.is_match(&text) => Err(one("Not a valid email address.")),
                value => Ok(value),
            },
            Kind::Object | Kind::Texts => {
                value.is_object().then(|| value.clone()).ok_or_else(|| one("Not a valid mapping type."))
            }
            Kind::Nested(schema) => schema.read_nested(value),
            Kind::Aside(_) => Ok(value.clone()),
            Kind::List(of) => elements(value, "Not a valid list.", |item| {
                let item = of.read(item, &[])?;
                broken(each, &item).map_or(Ok(()), Err)?;
                fits_a_line(&item)?;
                Ok(item)
            }),
            Kind::Many(schema) => elements(value, "Invalid type.", |item| schema.read_nested(item)),
            Kind::Keyed { of, no_object } => keyed(value, of, no_object),
            Kind::Pairs { arity, text } => {
                elements(value, "Not a valid list.", |item| pair(item, arity, text))
            }
        }
    }
}

fn one(message: &str) -> Py {
    Py::List(vec![message.into()])
}

fn text(value: &Value) -> Result<Value, Py> {
    match value {
        Value::String(text) if text.contains(is_control) => Err(one("Control characters are not allowed.")),
        Value::String(_) => Ok(value.clone()),
        _ => Err(one("Not a valid string.")),
    }
}

/// Reads every element; the messages of the bad ones by their index.
fn elements(
    value: &Value,
    not_a_list: &str,
    read: impl Fn(&Value) -> Result<Value, Py>,
) -> Result<Value, Py> {
    let Value::Array(items) = value else { return Err(one(not_a_list)) };
    let mut good = Vec::with_capacity(items.len());
    let mut bad = Vec::new();
    for (index, item) in (0_i64..).zip(items) {
        match read(item) {
            Ok(value) => good.push(value),
            Err(message) => bad.push((Py::Int(index), message)),
        }
    }
    if bad.is_empty() { Ok(Value::Array(good)) } else { Err(Py::Dict(bad)) }
}

/// Reads the objects of every position, lowest first; the messages of the bad ones by their position.
fn keyed(value: &Value, of: &Schema, no_object: &str) -> Result<Value, Py> {
    let Value::Object(items) = value else { return Err(one(no_object)) };
    let mut good = BTreeMap::new();
    let mut bad = Vec::new();
    for (key, item) in items {
        let position: i64 = key.trim().parse().map_err(|_| one("Not a valid integer."))?;
        if position < 1 {
            return Err(one("Must be greater than or equal to 1."));
        }
        match of.read_nested(item) {
            Ok(value) => drop(good.insert(position, value)),
            Err(message) => bad.push((Py::Str(position.to_string()), message)),
        }
    }
    let good = good.into_iter().map(|(position, value)| (position.to_string(), value)).collect();
    if bad.is_empty() { Ok(Value::Object(good)) } else { Err(Py::Dict(bad)) }
}

fn pair(value: &Value, arity: &str, rules: &[Rule]) -> Result<Value, Py> {
    if value.as_array().is_some_and(|items| items.len() != 2) {
        return Err(one(arity));
    }
    elements(value, "Not a valid list.", |item| {
        let item = text(item)?;
        broken(rules, &item).map_or(Ok(()), Err)?;
        fits_a_line(&item)?;
        Ok(item)
    })
}

/// Refuses a text, in bytes, of which no two fit into the lines that Asterisk reads. Lengths elsewhere count code
/// points, of which one may be four bytes.
fn fits_a_line(value: &Value) -> Result<(), Py> {
    const LONGEST: usize = 4092;
    match value {
        Value::String(text) if text.len() > LONGEST => {
            Err(one(&format!("Longer than maximum length {LONGEST}.")))
        }
        _ => Ok(()),
    }
}

/// Python's `int()`: numeric text counts, fractions are cut off, booleans do not count.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The whole part of a number that fits.
fn whole(number: f64) -> Option<i64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "the bound is checked, the fraction is meant to go")]
    (number.abs() <= LIMIT).then_some(number as i64)
}

fn float(value: &Value) -> Option<Value> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Number::from_f64(number).map(Value::Number)
}

fn loose_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(number) => match number.as_f64() {
            Some(1.0) => Some(true),
            Some(0.0) => Some(false),
            _ => None,
        },
        Value::String(text) => truth(text),
        _ => None,
    }
}

/// `yes`, `On`, `1`, `f` … as a boolean.
pub fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "on" | "1" => Some(true),
        "false" | "f" | "no" | "n" | "off" | "0" => Some(false),
        _ => None,
    }
}
