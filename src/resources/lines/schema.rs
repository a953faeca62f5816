//! What the body of a line may hold, on its own and inside a user.

use crate::domain::py::Py;
use crate::domain::schema::{Default, Field, Kind, Messages, Mode, Object, Rule, Schema};
use crate::domain::sip::SECTIONS;
use crate::resources::{endpoints_custom, endpoints_sccp, endpoints_sip};
use serde_json::Value;

/// An extension inside a line: its context may be left to the line.
static EXTENSION: Schema = Schema::new(
    "LineExtension",
    &[
        Field::text("exten").required().rules(&[Rule::Max(40)]),
        Field::text("context"),
        Field::new("enabled", Kind::LooseBool),
        Field::new("commented", Kind::LooseBool),
    ],
);

/// An extension inside a line that is updated: with `id` it is one that exists.
static KNOWN_EXTENSION: Schema = Schema::new(
    "LineExtensionUpdate",
    &[
        Field::int("id"),
        Field::text("exten").rules(&[Rule::Max(40)]),
        Field::text("context"),
        Field::new("enabled", Kind::LooseBool),
        Field::new("commented", Kind::LooseBool),
    ],
)
.checked(|body, _| required_without_id(body, "exten"));

const CONTEXT: Field = Field::text("context");
const CODE: Field =
    Field::text("provisioning_code").null_is_default().rules(&[Rule::Digits, Rule::Exactly(6)]);
const POSITION: Field = Field::int("position").null_is_default().rules(&[Rule::AtLeast(1)]);
const NAME: Field = Field::text("caller_id_name").null_allowed();
const NUM: Field = Field::text("caller_id_num").null_allowed().rules(&[Rule::Digits, Rule::Max(80)]);
const REGISTRAR: Field = Field::text("registrar").null_is_default().rules(&[Rule::Max(128)]);
const SIP: Field = Field::nested("endpoint_sip", &endpoints_sip::SCHEMA).null_allowed();
const SCCP: Field = Field::nested("endpoint_sccp", &endpoints_sccp::NESTED).null_allowed();
const CUSTOM: Field = Field::nested("endpoint_custom", &endpoints_custom::SCHEMA).null_allowed();
const EXTENSIONS: Field = Field::many("extensions", &EXTENSION);
const DEVICE: Field = Field::text("device_id").null_allowed().rules(&[Rule::Max(255)]);

/// The body of `POST /lines`, and of `PUT /lines/{id}`, which passes over endpoints and extensions.
pub static SCHEMA: Schema = Schema::new(
    "Line",
    &[
        CONTEXT.required(),
        CODE,
        POSITION.or(Default::Int(1)),
        NAME,
        NUM,
        REGISTRAR.or(Default::Text("default")),
        SIP,
        SCCP,
        CUSTOM,
        EXTENSIONS,
    ],
)
.checked(check);

/// The fields of a line alone: what `PUT /lines/{id}` reads.
pub static OWN: Schema = Schema::new("LineUpdate", &[CONTEXT, CODE, POSITION, NAME, NUM, REGISTRAR]);

/// A line in the body of `POST /users`.
pub static NESTED: Schema = Schema::new(
    "UserLine",
    &[
        CONTEXT.required(),
        CODE,
        POSITION.or(Default::Int(1)),
        NAME,
        NUM,
        REGISTRAR.or(Default::Text("default")),
        SIP,
        SCCP,
        CUSTOM,
        EXTENSIONS,
        DEVICE,
    ],
)
.checked(check);

/// A line in the body of a recursive `PUT /users`: with `id` it is one that exists, and what is not given stays.
pub static NESTED_UPDATE: Schema = Schema::new(
    "UserLineUpdate",
    &[
        Field::int("id"),
        CONTEXT,
        CODE,
        POSITION,
        NAME,
        NUM,
        REGISTRAR,
        Field::nested("endpoint_sip", &endpoints_sip::PARTIAL).null_allowed(),
        SCCP,
        Field::nested("endpoint_custom", &endpoints_custom::PARTIAL).null_allowed(),
        Field::many("extensions", &KNOWN_EXTENSION),
        DEVICE,
    ],
)
.checked(|body, mode| {
    let missing = required_without_id(body, "context");
    if missing.is_empty() { check(body, mode) } else { missing }
});

fn required_without_id(body: &Object, field: &str) -> Messages {
    if body.contains_key("id") || body.contains_key(field) {
        return Messages::new();
    }
    vec![(field.to_owned(), Py::List(vec!["Missing data for required field.".into()]))]
}

/// One endpoint at most, and one caller id.
fn check(body: &Object, _: Mode) -> Messages {
    let object = |name: &str| body.get(name).and_then(Value::as_object);
    let (sip, custom) = (object("endpoint_sip").is_some(), object("endpoint_custom").is_some());
    let sccp = object("endpoint_sccp").is_some_and(|object| !object.is_empty());
    if [sip, sccp, custom].into_iter().filter(|given| *given).count() > 1 {
        return schema_message("Only one endpoint should be configured on a line");
    }
    ambiguous(body)
}

fn ambiguous(body: &Object) -> Messages {
    let name = body.get("caller_id_name").and_then(Value::as_str);
    let Some(name) = name else { return Messages::new() };
    let sip = option(body, "endpoint_sip", SECTIONS.endpoint, "callerid");
    let sccp = option(body, "endpoint_sccp", "options", "cid_name");
    let (place, other) = match (sip, sccp) {
        (Some(other), _) => ("endpoint_sip.endpoint_section_options[\"callerid\"]", other),
        (None, Some(other)) => ("endpoint_sccp.options[\"cid_name\"]", other),
        (None, None) => return Messages::new(),
    };
    schema_message(&format!("Ambiguous caller ID: line.caller_id_name = {name} {place} = {other}"))
}

/// The value of one option of an endpoint in the body of a line.
fn option<'a>(body: &'a Object, endpoint: &str, list: &str, name: &str) -> Option<&'a str> {
    let pairs = body.get(endpoint)?.get(list)?.as_array()?;
    pairs.iter().find(|pair| pair.get(0).and_then(Value::as_str) == Some(name))?.get(1)?.as_str()
}

fn schema_message(text: &str) -> Messages {
    vec![("_schema".to_owned(), Py::List(vec![text.into()]))]
}
