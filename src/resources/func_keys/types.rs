//! One row a type of function key: its arguments with their rules, the object that one of them names, whether it has
//! a lamp, and what it dials. Schema, storage, answers and lamps follow from it (confd.md 6.8, behaviour.md 9).

use super::shown::told;
use crate::domain::schema::{Field, Pattern, Rule, Schema, Variants, pattern};
use crate::resources::targets::Table;
use serde_json::Value;
use std::sync::LazyLock;

/// A type of function key.
#[derive(Debug)]
pub struct Type {
    pub name: &'static str,
    pub arguments: &'static Schema,
    /// The argument that names another object; its value is the row's `target`.
    pub reference: Option<Reference>,
    pub lamp: Lamp,
    pub dials: Dials,
}

/// An argument that names another object.
#[derive(Debug)]
pub struct Reference {
    pub argument: &'static str,
    pub resource: &'static str,
    /// Where the API lists the objects that can be named.
    pub collection: &'static str,
    /// Nothing for a resource that is not built: no object of it exists.
    pub table: Option<Table>,
}

/// May a key have a lamp?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lamp {
    Always,
    Never,
    /// For these values of the argument.
    For(&'static str, &'static [&'static str]),
}

/// What the phone dials when the key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dials {
    /// The number of what it names.
    Number,
    /// The code of a feature, by the value of an argument: alone, or as a programmable key when the key may have a lamp.
    Feature(&'static str, &'static [(&'static str, &'static str)]),
    /// The code of a feature, and behind it what this statement finds for the target.
    Code(&'static str, &'static str),
    /// What stands in an argument.
    Argument(&'static str),
    /// Digits in the middle of a call, by the value of an argument.
    InCall(&'static str, &'static [(&'static str, &'static str)]),
}

static EXTEN: Pattern = LazyLock::new(|| pattern("^[A-Z0-9+*]+$"));

/// The services of a `service` key.
pub const SERVICES: &[&str] = &[
    "enablevm",
    "vmusermsg",
    "vmuserpurge",
    "phonestatus",
    "recsnd",
    "directoryaccess",
    "fwdundoall",
    "pickup",
    "callrecord",
    "incallfilter",
    "enablednd",
];

/// Services that are switched on and off, and so have a lamp.
pub const SWITCHES: &[&str] = &["callrecord", "enablednd", "enablevm", "incallfilter"];

const SERVICE_CODES: &[(&str, &str)] = &[
    ("enablevm", "enablevm"),
    ("vmusermsg", "vmusermsg"),
    ("vmuserpurge", "vmuserpurge"),
    ("phonestatus", "phonestatus"),
    ("recsnd", "recsnd"),
    ("directoryaccess", "directoryaccess"),
    ("fwdundoall", "fwdundoall"),
    ("pickup", "pickup"),
    ("callrecord", "callrecord"),
    ("incallfilter", "incallfilter"),
    ("enablednd", "enablednd"),
];
const FORWARD_CODES: &[(&str, &str)] =
    &[("busy", "fwdbusy"), ("noanswer", "fwdrna"), ("unconditional", "fwdunc")];
const GROUP_CODES: &[(&str, &str)] =
    &[("join", "groupmemberjoin"), ("leave", "groupmemberleave"), ("toggle", "groupmembertoggle")];
const AGENT_CODES: &[(&str, &str)] =
    &[("login", "agentstaticlogin"), ("logout", "agentstaticlogoff"), ("toggle", "agentstaticlogtoggle")];

const ONE_FORWARD: &[Rule] = &[Rule::OneOf(&["busy", "noanswer", "unconditional"])];
const ONE_SERVICE: &[Rule] = &[Rule::OneOf(SERVICES)];
const ONE_TRANSFER: &[Rule] = &[Rule::OneOf(&["blind", "attended"])];
const MEMBER_ACTION: &[Rule] = &[Rule::OneOf(&["join", "leave", "toggle"])];
const AGENT_ACTION: &[Rule] = &[Rule::OneOf(&["login", "logout", "toggle"])];

static AGENT: Schema = Schema::new(
    "AgentKey",
    &[Field::text("action").required().rules(AGENT_ACTION), Field::int("agent_id").required()],
);
static BSFILTER: Schema = Schema::new("BSFilterKey", &[Field::int("filter_member_id").required()]);
static CONFERENCE: Schema = Schema::new("ConferenceKey", &[Field::int("conference_id").required()]);
static CUSTOM: Schema =
    Schema::new("CustomKey", &[Field::text("exten").required().rules(&[Rule::Custom(refuse_exten)])]);
static FORWARD: Schema = Schema::new(
    "ForwardKey",
    &[
        Field::text("forward").required().rules(ONE_FORWARD),
        Field::text("exten").nullable().rules(&[Rule::Pattern(&EXTEN)]),
    ],
);
static GROUP: Schema = Schema::new("GroupKey", &[Field::int("group_id").required()]);
static GROUP_MEMBER: Schema = Schema::new(
    "GroupMemberKey",
    &[Field::int("group_id").required(), Field::text("action").required().rules(MEMBER_ACTION)],
);
static NOTHING: Schema = Schema::new("PlainKey", &[]);
static PAGING: Schema = Schema::new("PagingKey", &[Field::int("paging_id").required()]);
static PARK_POSITION: Schema = Schema::new(
    "ParkPositionKey",
    &[Field::int("parking_lot_id").required(), Field::int("position").required()],
);
static PARKING: Schema = Schema::new("ParkingKey", &[Field::int("parking_lot_id").required()]);
static QUEUE: Schema = Schema::new("QueueKey", &[Field::int("queue_id").required()]);
static SERVICE: Schema = Schema::new("ServiceKey", &[Field::text("service").required().rules(ONE_SERVICE)]);
static TRANSFER: Schema =
    Schema::new("TransferKey", &[Field::text("transfer").required().rules(ONE_TRANSFER)]);
static USER: Schema = Schema::new("UserKey", &[Field::int("user_id").required()]);

/// Every type, in the order of the error that lists them.
pub static TYPES: [Type; 15] = [
    row("agent", &AGENT, Lamp::Always, Dials::Feature("action", AGENT_CODES)).naming(Reference {
        argument: "agent_id",
        resource: "Agent",
        collection: "/agents",
        table: Some(Table {
            tenant: "SELECT tenant_uuid FROM agent WHERE id = ?1",
            names: "SELECT a.id FROM json_each(?1) asked CROSS JOIN agent a ON a.id = asked.value",
            shown: &[],
        }),
    }),
    row(
        "bsfilter",
        &BSFILTER,
        Lamp::Always,
        Dials::Code("bsfilter", "SELECT CAST(id AS TEXT) FROM call_filter_member WHERE id = ?1"),
    )
    .naming(FILTER_MEMBER),
    row("conference", &CONFERENCE, Lamp::Always, Dials::Number).naming(Reference {
        argument: "conference_id",
        resource: "Conference",
        collection: "/conferences",
        table: Some(Table {
            tenant: "SELECT tenant_uuid FROM conference WHERE id = ?1",
            names: "SELECT c.id FROM json_each(?1) asked CROSS JOIN conference c ON c.id = asked.value",
            shown: &[],
        }),
    }),
    row("custom", &CUSTOM, Lamp::Always, Dials::Argument("exten")),
    row("forward", &FORWARD, Lamp::Always, Dials::Feature("forward", FORWARD_CODES)),
    row("group", &GROUP, Lamp::Never, Dials::Number).naming(group(&["group_name", "group_label"])),
    row("groupmember", &GROUP_MEMBER, Lamp::Always, Dials::Feature("action", GROUP_CODES)).naming(group(&[])),
    row("onlinerec", &NOTHING, Lamp::Never, Dials::InCall("", &[("", "*3")])),
    row(
        "paging",
        &PAGING,
        Lamp::Never,
        Dials::Code("paging", "SELECT number FROM paging WHERE id = ?1 AND enabled"),
    )
    .naming(Reference {
        argument: "paging_id",
        resource: "Paging",
        collection: "/pagings",
        table: Some(Table {
            tenant: "SELECT tenant_uuid FROM paging WHERE id = ?1",
            names: "SELECT p.id FROM json_each(?1) asked CROSS JOIN paging p ON p.id = asked.value",
            shown: &[],
        }),
    }),
    row("park_position", &PARK_POSITION, Lamp::Always, Dials::Argument("position")).naming(parking_lot()),
    row("parking", &PARKING, Lamp::Never, Dials::Number).naming(parking_lot()),
    row("queue", &QUEUE, Lamp::Never, Dials::Number).naming(Reference {
        argument: "queue_id",
        resource: "Queue",
        collection: "/queues",
        table: Some(Table {
            tenant: "SELECT tenant_uuid FROM queue WHERE id = ?1",
            names: "SELECT q.id FROM json_each(?1) asked CROSS JOIN queue q ON q.id = asked.value",
            shown: &[],
        }),
    }),
    row("service", &SERVICE, Lamp::For("service", SWITCHES), Dials::Feature("service", SERVICE_CODES)),
    row(
        "transfer",
        &TRANSFER,
        Lamp::Never,
        Dials::InCall("transfer", &[("blind", "*1"), ("attended", "*2")]),
    ),
    row("user", &USER, Lamp::Always, Dials::Number).naming(Reference {
        argument: "user_id",
        resource: "User",
        collection: "/users",
        table: Some(Table {
            tenant: "SELECT tenant_uuid FROM user WHERE id = ?1",
            names: "SELECT u.id, u.firstname, u.lastname
                    FROM json_each(?1) asked CROSS JOIN user u ON u.id = asked.value",
            shown: &["user_firstname", "user_lastname"],
        }),
    }),
];

/// A secretary of a call filter.
const FILTER_MEMBER: Reference = Reference {
    argument: "filter_member_id",
    resource: "FilterMember",
    collection: "/callfilters",
    table: Some(Table {
        tenant: "SELECT f.tenant_uuid FROM call_filter_member m JOIN call_filter f ON f.id = m.call_filter_id
                 WHERE m.id = ?1 AND m.side = 'surrogate'",
        names: "SELECT m.id, u.firstname, u.lastname
                FROM json_each(?1) asked CROSS JOIN call_filter_member m ON m.id = asked.value
                JOIN user u ON u.id = m.user_id",
        shown: &["filter_member_firstname", "filter_member_lastname"],
    }),
};

const NAMES: &[&str] = &[
    "agent",
    "bsfilter",
    "conference",
    "custom",
    "forward",
    "group",
    "groupmember",
    "onlinerec",
    "paging",
    "park_position",
    "parking",
    "queue",
    "service",
    "transfer",
    "user",
];

const VARIANTS: Variants =
    Variants { tag: "type", of: |name| Type::named(name).map(|row| row.arguments), tags: NAMES, told };

/// Where a user's own key leads.
pub static DESTINATION: Schema =
    Schema::new("FuncKeyDestination", &[Field::text("type").required().rules(&[Rule::OneOf(NAMES)])])
        .varied(VARIANTS);

/// Where a template's key leads: to nothing that is one person's.
pub static SHARED_DESTINATION: Schema = Schema::new(
    "FuncKeyTemplateDestination",
    &[Field::text("type").required().rules(&[Rule::OneOf(NAMES), Rule::Custom(refuse_personal)])],
)
.varied(VARIANTS);

impl Type {
    /// The row of a type.
    pub fn named(name: &str) -> Option<&'static Type> {
        TYPES.iter().find(|row| row.name == name)
    }

    const fn naming(mut self, reference: Reference) -> Type {
        self.reference = Some(reference);
        self
    }

    /// May a key of this type, with these arguments, have a lamp?
    pub fn has_lamp(&self, argument: impl Fn(&str) -> Option<String>) -> bool {
        match self.lamp {
            Lamp::Always => true,
            Lamp::Never => false,
            Lamp::For(name, values) => argument(name).is_some_and(|value| values.contains(&value.as_str())),
        }
    }
}

const fn row(name: &'static str, arguments: &'static Schema, lamp: Lamp, dials: Dials) -> Type {
    Type { name, arguments, reference: None, lamp, dials }
}

/// A group; an answer tells the first of its names and label that are asked for.
const fn group(shown: &'static [&'static str]) -> Reference {
    Reference {
        argument: "group_id",
        resource: "Group",
        collection: "/groups",
        table: Some(Table {
            tenant: "SELECT tenant_uuid FROM call_group WHERE id = ?1",
            names: "SELECT g.id, 'grp-' || t.slug || '-' || g.uuid, g.label
                    FROM json_each(?1) asked CROSS JOIN call_group g ON g.id = asked.value
                    JOIN tenant t ON t.uuid = g.tenant_uuid",
            shown,
        }),
    }
}

const fn parking_lot() -> Reference {
    Reference {
        argument: "parking_lot_id",
        resource: "ParkingLot",
        collection: "/parkinglots",
        table: Some(Table {
            tenant: "SELECT tenant_uuid FROM parking_lot WHERE id = ?1",
            names: "SELECT p.id, p.name FROM json_each(?1) asked CROSS JOIN parking_lot p ON p.id = asked.value",
            shown: &["parking_lot_name"],
        }),
    }
}

/// Blanks around a number are not part of it.
fn refuse_exten(value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default().trim();
    (!EXTEN.is_match(text)).then(|| "String does not match expected pattern.".to_owned())
}

fn refuse_personal(value: &Value) -> Option<String> {
    let name = value.as_str().unwrap_or_default();
    matches!(name, "agent" | "bsfilter").then(|| format!("The \"{name}\" funckey are excluded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_names_are_the_same_list() {
        assert_eq!(TYPES.iter().map(|row| row.name).collect::<Vec<_>>(), NAMES);
    }
}
