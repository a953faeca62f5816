//! What a user's body may hold (confd.md 2.2).

use crate::domain::py::Py;
use crate::domain::schema::{Default, Field, Messages, Mode, Object, Pattern, Rule, Schema, pattern};
use serde_json::Value;
use std::sync::LazyLock;

static CALLER_ID: Pattern = LazyLock::new(|| pattern(r#"^"(.*)"( <\+?[0-9]+>)?$"#));
static LANGUAGE: Pattern = LazyLock::new(|| pattern("^[a-z]{2}_[A-Z]{2}$"));
static MOBILE: Pattern = LazyLock::new(|| pattern(r"^\+?[0-9*#]+$"));
static USERNAME: Pattern = LazyLock::new(|| pattern(r"^[a-zA-Z0-9\-._~!$&'()*+,;=%@]{2,254}$"));
static PASSWORD: Pattern = LazyLock::new(|| pattern(r"^[a-zA-Z0-9\-._~!$&'()*+,;=%]{4,64}$"));
static PERMISSION_PASSWORD: Pattern = LazyLock::new(|| pattern(r"^[0-9#*]{1,16}$"));

const MAX_128: &[Rule] = &[Rule::Max(128)];

const fn flag(name: &'static str, default: bool) -> Field {
    Field::bool(name).null_is_default().or(Default::Bool(default))
}

/// The four flags that `call_record_enabled` stands for.
pub const CALL_RECORD: [&str; 4] = [
    "call_record_outgoing_external_enabled",
    "call_record_outgoing_internal_enabled",
    "call_record_incoming_internal_enabled",
    "call_record_incoming_external_enabled",
];

/// A user's own fields, in the order of their errors.
pub static FIELDS: [Field; 30] = [
    Field::text("firstname").required().rules(MAX_128),
    Field::text("lastname").nullable().empty_is_null().rules(MAX_128),
    Field::new("email", crate::domain::schema::Kind::Email).nullable().rules(&[Rule::Max(254)]),
    Field::text("timezone").nullable().rules(MAX_128),
    Field::text("language").nullable().rules(&[Rule::Pattern(&LANGUAGE)]),
    Field::prose("description").nullable(),
    Field::text("caller_id").null_is_default().rules(&[Rule::Pattern(&CALLER_ID), Rule::Max(160)]),
    Field::text("outgoing_caller_id").nullable().empty_is_null().rules(&[Rule::Max(80)]),
    Field::text("mobile_phone_number").nullable().rules(&[Rule::Pattern(&MOBILE), Rule::Max(80)]),
    Field::bool("mobile_fallback_enabled").or(Default::Bool(false)),
    Field::text("username").nullable().rules(&[Rule::Pattern(&USERNAME)]),
    Field::text("password").nullable().rules(&[Rule::Pattern(&PASSWORD)]),
    Field::text("music_on_hold").nullable().empty_is_null().rules(MAX_128),
    Field::text("preprocess_subroutine").nullable().rules(&[Rule::Max(79)]),
    Field::text("userfield").nullable().rules(MAX_128),
    flag("call_transfer_enabled", false),
    flag("dtmf_hangup_enabled", false),
    // No defaults here: whether one was given decides about `call_record_enabled`.
    Field::bool(CALL_RECORD[0]),
    Field::bool(CALL_RECORD[1]),
    Field::bool(CALL_RECORD[2]),
    Field::bool(CALL_RECORD[3]),
    Field::bool("call_record_enabled").null_is_default(),
    flag("online_call_record_enabled", false),
    flag("supervision_enabled", true),
    Field::int("ring_seconds").null_is_default().or(Default::Int(30)).rules(&[Rule::Range(0, 10800)]),
    Field::int("simultaneous_calls").null_is_default().or(Default::Int(5)).rules(&[Rule::Range(1, 20)]),
    Field::text("call_permission_password").nullable().rules(&[Rule::Pattern(&PERMISSION_PASSWORD)]),
    Field::int("subscription_type").or(Default::Int(0)).rules(&[Rule::Range(0, 10)]),
    flag("enabled", true),
    Field::int("func_key_template_id").nullable(),
];

/// The fields of a plain `PUT /users/{user}`.
pub static SCHEMA: Schema = Schema::new("User", &FIELDS).checked(check_call_record);

/// `call_record_enabled` is an old name for all four: both ways at once say nothing clear.
pub fn check_call_record(body: &Object, _: Mode) -> Messages {
    let both = body.get("call_record_enabled").is_some_and(|value| !value.is_null())
        && CALL_RECORD.iter().any(|name| body.contains_key(*name));
    if !both {
        return Messages::new();
    }
    let text = "'call_record_enabled' is deprecated and incompatible with 'call_record_*_enabled' options";
    vec![("_schema".to_owned(), Py::List(vec![text.into()]))]
}

/// Replaces `call_record_enabled` by the four flags it stands for.
pub fn spread_call_record(body: &mut Object) {
    if let Some(Value::Bool(enabled)) = body.remove("call_record_enabled") {
        for name in CALL_RECORD {
            body.insert(name.to_owned(), Value::Bool(enabled));
        }
    }
}
