//! Every answer that a test gets is held against the OpenAPI document: its status is named there, its JSON has the shape
//! that is told, and no key that is not told.

use cordboard::http::openapi::Api;
use cordboard::resources::document;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The documents, by what their paths begin with.
static DOCUMENTS: LazyLock<[(&str, Value); 4]> = LazyLock::new(|| {
    [
        ("/1.1", document(Api::Confd)),
        ("/0.1", document(Api::Auth)),
        ("/api/agentd/1.0", document(Api::Agentd)),
        ("/api/calld/1.0", document(Api::Calld)),
    ]
});

/// What keys only tell, and what is not looked at: formats and numbers are the business of the types.
const IGNORED: [&str; 9] =
    ["default", "description", "title", "format", "minimum", "maximum", "minLength", "maxLength", "pattern"];

/// Asserts that an answer is as the document says. Nothing is said of paths and methods that it does not have.
#[track_caller]
pub fn assert_told(method: &str, uri: &str, status: u16, content_type: &str, text: &str) {
    let path =
        uri.split_once("://").map_or(uri, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = format!("/{}", path.split('?').next().unwrap_or_default().trim_start_matches('/'));
    let Some((prefix, document)) = DOCUMENTS.iter().find(|(prefix, _)| path.starts_with(prefix)) else {
        return;
    };
    let Some(operation) = operation(document, path.trim_start_matches(prefix), method) else { return };
    let answer = &operation["responses"][status.to_string()];
    assert!(answer.is_object(), "{method} {path}: {status} is not in the document: {text}");
    let kind = content_type.split(';').next().unwrap_or_default();
    if text.is_empty() || kind.is_empty() {
        return;
    }
    let told = &answer["content"][kind];
    assert!(told.is_object(), "{method} {path}: {status} as {kind} is not in the document: {text}");
    if kind != "application/json" {
        return;
    }
    let value: Value = serde_json::from_str(text).unwrap();
    let wrong = whole(document, &told["schema"], &value).err().unwrap_or_default();
    assert_eq!(wrong, "", "{method} {path}: {status} is not as the document says: {text}");
}

/// The operation of a path: of several the one with the fewest placeholders.
fn operation<'d>(document: &'d Value, path: &str, method: &str) -> Option<&'d Value> {
    let asked: Vec<&str> = path.split('/').collect();
    let paths = document["paths"].as_object().unwrap().iter().filter(|(path, _)| {
        let told: Vec<&str> = path.split('/').collect();
        let fits = |(told, asked): (&&str, &&str)| told.starts_with('{') || told == asked;
        told.len() == asked.len() && told.iter().zip(&asked).all(fits)
    });
    let (_, operations) = paths.min_by_key(|(path, _)| path.matches('{').count())?;
    operations.get(method.to_lowercase())
}

type Keys = BTreeSet<String>;

/// A value that is this, and has no key of which nothing is said.
fn whole(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let told = told(document, schema, value)?;
    let keys = value.as_object().into_iter().flat_map(Map::keys);
    match keys.into_iter().find(|key| !told.contains(*key)) {
        Some(key) => Err(format!("nothing is said of {key}")),
        None => Ok(()),
    }
}

/// The keys of a value of which the schema says something.
fn told(document: &Value, schema: &Value, value: &Value) -> Result<Keys, String> {
    let empty = Map::new();
    let object = value.as_object().unwrap_or(&empty);
    let every: Keys = object.keys().cloned().collect();
    let Some(schema) = schema.as_object().filter(|schema| !schema.is_empty()) else {
        return if schema == &Value::Bool(false) {
            Err(format!("{value} is not allowed"))
        } else {
            Ok(every)
        };
    };
    let mut keys = Keys::new();
    // An object of which no keys are named may have any.
    let names = ["properties", "patternProperties", "additionalProperties", "oneOf", "anyOf", "$ref"];
    if !names.iter().any(|name| schema.contains_key(*name)) {
        keys.extend(every.clone());
    }
    for (word, says) in schema {
        match word.as_str() {
            "$ref" => {
                let place = says.as_str().unwrap().trim_start_matches('#');
                keys.extend(told(document, document.pointer(place).unwrap(), value)?);
            }
            "properties" => {
                for (name, schema) in says.as_object().unwrap() {
                    if let Some(value) = object.get(name) {
                        whole(document, schema, value).map_err(|wrong| format!("{name}: {wrong}"))?;
                        keys.insert(name.clone());
                    }
                }
            }
            // Where keys are numbers there are no others.
            "patternProperties" | "additionalProperties" if says == &Value::Bool(false) => {}
            "patternProperties" => {
                let schema = says.as_object().unwrap().values().next().unwrap();
                keys.extend(all(document, schema, object)?);
            }
            "additionalProperties" => keys.extend(all(document, says, object)?),
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    whole(document, says, item).map_err(|wrong| format!("[{at}]: {wrong}"))?;
                }
            }
            "anyOf" | "oneOf" => keys.extend(one_of(document, says, value)?),
            word => keeps(word, says, value)?,
        }
    }
    Ok(keys)
}

/// Does a value keep to what is not about its parts?
fn keeps(word: &str, says: &Value, value: &Value) -> Result<(), String> {
    let bound = usize::try_from(says.as_u64().unwrap_or_default()).unwrap();
    let items = value.as_array().map_or(0, Vec::len);
    let missing = |object: &Map<String, Value>| {
        let mut names = says.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
        names.any(|name| !object.contains_key(name))
    };
    let good = match word {
        "type" => says
            .as_array()
            .map_or_else(|| is_a(says, value), |types| types.iter().any(|one| is_a(one, value))),
        "const" => says == value,
        "enum" => says.as_array().unwrap().contains(value),
        "required" => !value.as_object().is_some_and(missing),
        "maxProperties" => value.as_object().is_none_or(|object| object.len() <= bound),
        "minItems" => !value.is_array() || items >= bound,
        "maxItems" => !value.is_array() || items <= bound,
        word => {
            assert!(IGNORED.contains(&word), "{word} is not understood here");
            true
        }
    };
    if good { Ok(()) } else { Err(format!("{word}: {says}, not {value}")) }
}

fn all(document: &Value, schema: &Value, object: &Map<String, Value>) -> Result<Keys, String> {
    for (name, value) in object {
        whole(document, schema, value).map_err(|wrong| format!("{name}: {wrong}"))?;
    }
    Ok(object.keys().cloned().collect())
}

/// What the choice says that fits best: of two that fit, the one that says most.
fn one_of(document: &Value, choices: &Value, value: &Value) -> Result<Keys, String> {
    let tried = choices.as_array().unwrap().iter().map(|choice| told(document, choice, value));
    let (fitting, wrong): (Vec<_>, Vec<_>) = tried.partition(Result::is_ok);
    let best = fitting.into_iter().flatten().max_by_key(Keys::len);
    let wrong: Vec<String> = wrong.into_iter().filter_map(Result::err).collect();
    best.ok_or_else(|| format!("neither {}", wrong.join(" nor ")))
}

fn is_a(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        // No such type.
        _ => false,
    }
}

/// Every operation of the documents: its name, and what its answers hold by status and type.
fn operations() -> Vec<(String, Value)> {
    let of = |(_, document): &(&str, Value)| {
        let paths = document["paths"].as_object().unwrap().clone();
        let all = paths.into_iter().flat_map(|(path, methods)| {
            let named = move |(method, operation): (&String, &Value)| {
                (format!("{} {path}", method.to_uppercase()), operation["responses"].clone())
            };
            methods.as_object().unwrap().iter().map(named).collect::<Vec<_>>()
        });
        all.collect::<Vec<_>>()
    };
    DOCUMENTS.iter().flat_map(of).collect()
}

#[test]
fn every_answer_with_a_body_has_a_schema() {
    // Files are what they are.
    const FILES: [&str; 4] = ["application/octet-stream", "application/x-yaml", "text/csv", "text/html"];
    let mut bodies = 0;
    for (name, answers) in operations() {
        for (status, answer) in answers.as_object().unwrap() {
            let bodiless = status == "204" || name.starts_with("HEAD ");
            assert_eq!(answer.get("content").is_none(), bodiless, "{name} {status}");
            for (kind, content) in answer["content"].as_object().into_iter().flatten() {
                let schema = &content["schema"];
                let good = if FILES.contains(&kind.as_str()) { schema.is_null() } else { schema.is_object() };
                assert!(good, "{name} {status} {kind}: {schema}");
                bodies += 1;
            }
        }
    }
    assert!(bodies > 500, "{bodies}");
}

#[test]
fn an_answer_that_is_otherwise_is_noticed() {
    let check = |status: u16, text: &'static str| {
        std::panic::catch_unwind(move || {
            assert_told(
                "GET",
                "http://h:1/1.1/configuration/live_reload?x=1",
                status,
                "application/json",
                text,
            );
        })
    };
    assert!(check(200, r#"{"enabled": true}"#).is_ok());
    assert!(check(401, r#"["no"]"#).is_ok());
    for (status, text) in [
        (200, r#"{"enabled": 1}"#),
        (200, r#"{"enabled": true, "more": 1}"#),
        (200, "{}"),
        (200, "[]"),
        (401, "[1]"),
        (299, "{}"),
    ] {
        assert!(check(status, text).is_err(), "{status} {text}");
    }
}
