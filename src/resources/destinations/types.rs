//! One row a type of destination: its arguments with their rules, which of them name other objects, and what an
//! answer tells of those. Schema, storage and answers follow from it.

use super::command;
use super::shown::told;
use crate::domain::py::Py;
use crate::domain::schema::{
    Default, Field, Kind, Messages, Mode, Object, Pattern, Rule, Schema, Variants, pattern,
};
use crate::resources::targets::Table;
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

/// A type of destination.
#[derive(Debug)]
pub struct Type {
    pub name: &'static str,
    pub arguments: &'static Schema,
    /// The arguments that name other objects. The first one's value is the row's `target`.
    pub references: &'static [Reference],
}

/// An argument that names another object.
#[derive(Debug)]
pub struct Reference {
    pub argument: &'static str,
    /// What errors call the argument.
    pub field: &'static str,
    pub resource: &'static str,
    /// How errors print its value.
    pub print: fn(&Value) -> Py,
    /// Nothing for a resource that is not built: no object of it exists.
    pub table: Option<Table>,
}

static CONTEXT: Pattern = LazyLock::new(|| pattern("^[a-zA-Z0-9_-]{1,79}$"));
static EXTEN: Pattern = LazyLock::new(|| pattern(r"^[0-9*#]{1,255}$"));
static SKILL_VARIABLE: Pattern = LazyLock::new(|| pattern(r"^[^\[;|]+$"));

/// The contexts of cordboard's own dialplan: no number that a caller may reach is there.
const OWN_CONTEXTS: &str = "cordboard-";

const NOT_NEGATIVE: &[Rule] = &[Rule::AtLeast(0)];
const RING_TIME: Field = Field::new("ring_time", Kind::Float).nullable().rules(NOT_NEGATIVE);
const IS_CONTEXT: &[Rule] = &[Rule::Pattern(&CONTEXT), Rule::Custom(refuse_own_context)];
const CONTEXT_FIELD: Field = Field::text("context").required().rules(IS_CONTEXT);
const PIN: Field = Field::text("pin").nullable().rules(&[Rule::Digits, Rule::Max(40)]);

static NOTHING: Schema = Schema::new("NoArguments", &[]);

static APPLICATION: Schema = Schema::new(
    "ApplicationDestination",
    &[Field::text("application").required().rules(&[Rule::OneOf(APPLICATIONS)])],
)
.varied(Variants { tag: "application", of: application, tags: APPLICATIONS, told: |_| Vec::new() });

const APPLICATIONS: &[&str] = &["callback_disa", "custom", "directory", "disa", "fax_to_mail", "voicemail"];

static DISA: Schema = Schema::new("DisaDestination", &[CONTEXT_FIELD, PIN]);
static CUSTOM_APPLICATION: Schema =
    Schema::new("CustomApplicationDestination", &[Field::new("application_uuid", Kind::Uuid).required()]);
static IN_CONTEXT: Schema = Schema::new("ContextDestination", &[CONTEXT_FIELD]);
static FAX_TO_MAIL: Schema = Schema::new(
    "FaxToMailDestination",
    &[Field::new("email", Kind::Email).required().rules(&[Rule::Max(80)])],
);

fn application(name: &str) -> Option<&'static Schema> {
    match name {
        "callback_disa" | "disa" => Some(&DISA),
        "custom" => Some(&CUSTOM_APPLICATION),
        "directory" | "voicemail" => Some(&IN_CONTEXT),
        "fax_to_mail" => Some(&FAX_TO_MAIL),
        _ => None,
    }
}

static CONFERENCE: Schema = Schema::new("ConferenceDestination", &[Field::int("conference_id").required()]);

static CUSTOM: Schema = Schema::new(
    "CustomDestination",
    &[Field::text("command").required().rules(&[Rule::Max(255), Rule::Custom(command::refuse)])],
);

static EXTENSION: Schema = Schema::new(
    "ExtensionDestination",
    &[Field::text("exten").required().rules(&[Rule::Pattern(&EXTEN)]), CONTEXT_FIELD],
);

static GROUP: Schema = Schema::new("GroupDestination", &[Field::int("group_id").required(), RING_TIME]);

static HANGUP: Schema =
    Schema::new("HangupDestination", &[Field::text("cause").required().rules(&[Rule::OneOf(CAUSES)])])
        .varied(Variants { tag: "cause", of: cause, tags: CAUSES, told: |_| Vec::new() });

const CAUSES: &[&str] = &["busy", "congestion", "normal"];

static TONE: Schema =
    Schema::new("Tone", &[Field::new("timeout", Kind::Float).nullable().rules(NOT_NEGATIVE)]);

fn cause(name: &str) -> Option<&'static Schema> {
    matches!(name, "busy" | "congestion").then_some(&TONE)
}

static IVR: Schema = Schema::new("IvrDestination", &[Field::int("ivr_id").required()]);

static OUTCALL: Schema = Schema::new(
    "OutcallDestination",
    &[
        Field::int("outcall_id").required(),
        Field::text("exten").required().rules(&[Rule::Digits, Rule::Max(255)]),
    ],
);

static QUEUE: Schema = Schema::new(
    "QueueDestination",
    &[
        Field::int("queue_id").required(),
        RING_TIME,
        Field::int("skill_rule_id").nullable(),
        Field::new("skill_rule_variables", Kind::Texts).nullable(),
    ],
)
.checked(check_skills);

static SOUND: Schema = Schema::new(
    "SoundDestination",
    &[
        Field::text("filename").required().rules(&[Rule::Max(255), Rule::Custom(refuse_way_up)]),
        Field::bool("skip").or(Default::Bool(false)),
        Field::bool("no_answer").or(Default::Bool(false)),
    ],
);

static SWITCHBOARD: Schema = Schema::new(
    "SwitchboardDestination",
    &[Field::new("switchboard_uuid", Kind::Uuid).required(), RING_TIME],
);

static USER: Schema = Schema::new(
    "UserDestination",
    &[Field::int("user_id").required(), RING_TIME, Field::new("moh_uuid", Kind::Uuid).nullable()],
);

static VOICEMAIL: Schema = Schema::new(
    "VoicemailDestination",
    &[
        Field::int("voicemail_id").required(),
        Field::bool("skip_instructions").or(Default::Bool(false)),
        Field::text("greeting").nullable().rules(&[Rule::OneOf(&["busy", "unavailable"])]),
    ],
);

/// Every type, in the order of the error that lists them.
pub static TYPES: [Type; 14] = [
    kind("application", &APPLICATION, &[named("application_uuid", "Application", APPLICATION_TABLE)]),
    kind("conference", &CONFERENCE, &[built("conference_id", "Conference", CONFERENCES)]),
    kind("custom", &CUSTOM, &[]),
    kind("extension", &EXTENSION, &[]),
    kind("group", &GROUP, &[built("group_id", "Group", GROUPS)]),
    kind("hangup", &HANGUP, &[]),
    kind("ivr", &IVR, &[built("ivr_id", "IVR", IVRS)]),
    kind("none", &NOTHING, &[]),
    kind("outcall", &OUTCALL, &[built("outcall_id", "Outcall", OUTCALLS)]),
    kind("queue", &QUEUE, &[built("queue_id", "Queue", QUEUES), SKILL_RULE]),
    kind("sound", &SOUND, &[]),
    kind("switchboard", &SWITCHBOARD, &[named("switchboard_uuid", "Switchboard", SWITCHBOARDS)]),
    kind("user", &USER, &[built("user_id", "User", USERS), MOH]),
    kind("voicemail", &VOICEMAIL, &[built("voicemail_id", "Voicemail", VOICEMAILS)]),
];

const USERS: Table = Table {
    tenant: "SELECT tenant_uuid FROM user WHERE id = ?1",
    names: "SELECT CAST(u.id AS TEXT), u.firstname, u.lastname
            FROM json_each(?1) asked CROSS JOIN user u ON u.id = asked.value",
    shown: &["user_firstname", "user_lastname"],
};

const CONFERENCES: Table = Table {
    tenant: "SELECT tenant_uuid FROM conference WHERE id = ?1",
    names: "SELECT CAST(c.id AS TEXT), c.name
            FROM json_each(?1) asked CROSS JOIN conference c ON c.id = asked.value",
    shown: &["conference_name"],
};

/// The music that a caller hears in place of ringing.
const MOH: Reference = Reference {
    argument: "moh_uuid",
    field: "moh_uuid",
    resource: "MOH",
    print: text,
    table: Some(Table { tenant: "SELECT tenant_uuid FROM moh WHERE uuid = ?1", names: "", shown: &[] }),
};

/// The rule by which agents are chosen; `docs/NOTES.md` says what becomes of it.
const SKILL_RULE: Reference = Reference {
    argument: "skill_rule_id",
    field: "skill_rule_id",
    resource: "SkillRule",
    print: int,
    table: Some(Table { tenant: "SELECT tenant_uuid FROM skill_rule WHERE id = ?1", names: "", shown: &[] }),
};

const GROUPS: Table = Table {
    tenant: "SELECT tenant_uuid FROM call_group WHERE id = ?1",
    names: "SELECT CAST(g.id AS TEXT), 'grp-' || t.slug || '-' || g.uuid, g.label
            FROM json_each(?1) asked CROSS JOIN call_group g ON g.id = asked.value
            JOIN tenant t ON t.uuid = g.tenant_uuid",
    shown: &["group_name", "group_label"],
};

const OUTCALLS: Table = Table {
    tenant: "SELECT tenant_uuid FROM outcall WHERE id = ?1",
    names: "SELECT CAST(o.id AS TEXT) FROM json_each(?1) asked CROSS JOIN outcall o ON o.id = asked.value",
    shown: &[],
};

const QUEUES: Table = Table {
    tenant: "SELECT tenant_uuid FROM queue WHERE id = ?1",
    names: "SELECT CAST(q.id AS TEXT), q.label
            FROM json_each(?1) asked CROSS JOIN queue q ON q.id = asked.value",
    shown: &["queue_label"],
};

const IVRS: Table = Table {
    tenant: "SELECT tenant_uuid FROM ivr WHERE id = ?1",
    names: "SELECT CAST(i.id AS TEXT), i.name FROM json_each(?1) asked CROSS JOIN ivr i ON i.id = asked.value",
    shown: &["ivr_name"],
};

const SWITCHBOARDS: Table = Table {
    tenant: "SELECT tenant_uuid FROM switchboard WHERE uuid = ?1",
    names: "SELECT s.uuid, s.name
            FROM json_each(?1) asked CROSS JOIN switchboard s ON s.uuid = asked.value",
    shown: &["switchboard_name"],
};

const APPLICATION_TABLE: Table = Table {
    tenant: "SELECT tenant_uuid FROM application WHERE uuid = ?1",
    names: "SELECT a.uuid, a.name
            FROM json_each(?1) asked CROSS JOIN application a ON a.uuid = asked.value",
    shown: &["application_name"],
};

const VOICEMAILS: Table = Table {
    tenant: "SELECT tenant_uuid FROM voicemail WHERE id = ?1",
    names: "SELECT CAST(v.id AS TEXT), v.name
            FROM json_each(?1) asked CROSS JOIN voicemail v ON v.id = asked.value",
    shown: &["voicemail_name"],
};

/// A destination as a field of a body: `Field::nested("noanswer_destination", &NESTED).null_allowed()`.
pub static NESTED: Schema =
    Schema::new("Destination", &[Field::text("type").required().rules(&[Rule::OneOf(NAMES)])]).varied(
        Variants { tag: "type", of: |name| Type::named(name).map(|row| row.arguments), tags: NAMES, told },
    );

const NAMES: &[&str] = &[
    "application",
    "conference",
    "custom",
    "extension",
    "group",
    "hangup",
    "ivr",
    "none",
    "outcall",
    "queue",
    "sound",
    "switchboard",
    "user",
    "voicemail",
];

impl Type {
    /// Shows as null what a destination named beside its target, and is gone.
    pub fn complete(&self, shown: &mut Object) {
        for field in self.arguments.fields.iter().filter(|field| matches!(field.default, Default::Null)) {
            shown.entry(field.name).or_insert(Value::Null);
        }
    }

    /// The row of a type.
    pub fn named(name: &str) -> Option<&'static Type> {
        TYPES.iter().find(|row| row.name == name)
    }
}

const fn kind(name: &'static str, arguments: &'static Schema, references: &'static [Reference]) -> Type {
    Type { name, arguments, references }
}

/// A target whose resource is built.
const fn built(argument: &'static str, resource: &'static str, table: Table) -> Reference {
    Reference { argument, field: "actionarg1", resource, print: int, table: Some(table) }
}

/// The same, named by its uuid.
const fn named(argument: &'static str, resource: &'static str, table: Table) -> Reference {
    Reference { argument, field: "actionarg1", resource, print: uuid, table: Some(table) }
}

fn int(value: &Value) -> Py {
    value.as_i64().into()
}

fn text(value: &Value) -> Py {
    value.as_str().into()
}

fn uuid(value: &Value) -> Py {
    value.as_str().and_then(|text| Uuid::try_parse(text).ok()).into()
}

/// Whether a context is of cordboard's own dialplan.
pub fn is_own_context(name: &str) -> bool {
    name.starts_with(OWN_CONTEXTS)
}

fn refuse_own_context(value: &Value) -> Option<String> {
    let own = value.as_str().is_some_and(is_own_context);
    own.then(|| "String does not match expected pattern.".to_owned())
}

/// Sounds are not looked for above the folders of sounds.
pub fn refuse_way_up(value: &Value) -> Option<String> {
    let up = value.as_str().is_some_and(|name| name.split(['/', '&']).any(|part| part == ".."));
    up.then(|| "String does not match expected pattern.".to_owned())
}

/// The variables of a skill rule are texts, and belong to a rule.
fn check_skills(body: &Object, _: Mode) -> Messages {
    let Some(Value::Object(variables)) = body.get("skill_rule_variables") else { return Messages::new() };
    let wrong: Vec<_> = variables.iter().filter_map(|(name, value)| wrong_variable(name, value)).collect();
    if !wrong.is_empty() {
        return vec![("skill_rule_variables".to_owned(), Py::Dict(wrong))];
    }
    if body.get("skill_rule_id").is_none_or(Value::is_null) {
        let text = "Missing data for required field. When `skill_rule_variables` is defined";
        return vec![("skill_rule_id".to_owned(), Py::List(vec![text.into()]))];
    }
    Messages::new()
}

fn wrong_variable(name: &str, value: &Value) -> Option<(Py, Py)> {
    let message = |text: &Value| match text {
        Value::String(text) if SKILL_VARIABLE.is_match(text) => None,
        Value::String(_) => Some("String does not match expected pattern."),
        _ => Some("Not a valid string."),
    };
    let parts = [("key", message(&Value::from(name))), ("value", message(value))];
    let wrong: Vec<(Py, Py)> = parts
        .into_iter()
        .filter_map(|(part, message)| Some((part.into(), Py::List(vec![message?.into()]))))
        .collect();
    (!wrong.is_empty()).then(|| (name.into(), Py::Dict(wrong)))
}
