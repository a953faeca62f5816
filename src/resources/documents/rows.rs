//! One row a kind of document: how it is named, what it holds, who keeps it.

use crate::domain::schema::{Default, Field, Kind as Type, Rule, Schema};
use crate::error::Result;
use crate::http::{Column, Listing};
use rusqlite::Connection;

/// A kind of document that there are many of.
pub struct Kind {
    /// The word in the database, and the `rel` of links.
    pub word: &'static str,
    /// The path of the list; of a user's documents without the user.
    pub path: &'static str,
    /// The resource's name in error texts.
    pub resource: &'static str,
    pub schema: &'static Schema,
    pub named_by: NamedBy,
    pub whose: Whose,
    /// Fields of which no two documents of an owner have the same values.
    pub unique: &'static [&'static str],
    pub listing: &'static Listing,
}

/// What a path names a document by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy {
    Id,
    Uuid,
    /// A text that is made up when it is not given.
    Text,
    /// A name that the client chooses: `POST /external/apps/{name}` makes it.
    Name,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// For tokens of the master tenant.
    System,
    Tenant,
    /// One user's.
    User,
}

const MAX_128: &[Rule] = &[Rule::Max(128)];
const MAX_255: &[Rule] = &[Rule::Max(255)];
const PORT: &[Rule] = &[Rule::Range(1, 65_535)];

const fn listing(only: &'static str, columns: &'static [Column], order: &'static str) -> Listing {
    Listing {
        id: "document.id",
        from: "document",
        tenant: Some("document.tenant_uuid"),
        only: Some(only),
        columns,
        default_order: order,
    }
}

static ACCESS_FEATURE: Schema = Schema::new(
    "AccessFeatures",
    &[
        Field::text("host").required().rules(MAX_255),
        Field::text("feature").required().rules(&[Rule::OneOf(&["phonebook"])]),
        Field::new("enabled", Type::LooseBool).or(Default::Bool(true)),
    ],
);
static ACCESS_FEATURES: Listing = listing(
    "document.kind = 'access_features'",
    &[
        Column::int("id", "document.id"),
        Column::text("host", "json_extract(document.body, '$.host')"),
        Column::text("feature", "json_extract(document.body, '$.feature')"),
        Column::bool("enabled", "json_extract(document.body, '$.enabled')"),
    ],
    "json_extract(document.body, '$.host') {dir}, document.id {dir}",
);

const fn host(name: &'static str) -> Field {
    Field::text(name).nullable().rules(MAX_255)
}

const fn port(name: &'static str) -> Field {
    Field::int(name).nullable().rules(PORT)
}

static REGISTRAR: Schema = Schema::new(
    "Registrar",
    &[
        Field::text("name").required().rules(MAX_128),
        Field::text("main_host").required().rules(MAX_255),
        port("main_port"),
        host("backup_host"),
        port("backup_port"),
        Field::text("proxy_main_host").required().rules(MAX_255),
        port("proxy_main_port"),
        host("proxy_backup_host"),
        port("proxy_backup_port"),
        host("outbound_proxy_host"),
        port("outbound_proxy_port"),
    ],
);
static REGISTRARS: Listing = listing(
    "document.kind = 'registrars'",
    &[
        Column::text("id", "document.key"),
        Column::text("name", "json_extract(document.body, '$.name')"),
        Column::text("main_host", "json_extract(document.body, '$.main_host')"),
        Column::text("proxy_main_host", "json_extract(document.body, '$.proxy_main_host')"),
    ],
    "document.key {dir}",
);

static INGRESS: Schema =
    Schema::new("IngressHTTP", &[Field::text("uri").required().rules(&[Rule::Between(1, 512)])]);
static INGRESSES: Listing = listing(
    "document.kind = 'ingresses_http'",
    &[
        Column::text("uuid", "document.key").unsearched(),
        Column::text("uri", "json_extract(document.body, '$.uri')"),
    ],
    "json_extract(document.body, '$.uri') {dir}, document.id {dir}",
);

static APP: Schema = Schema::new(
    "ExternalApp",
    &[
        Field::text("label").nullable().rules(&[Rule::Max(256)]),
        Field::new("configuration", Type::Object).nullable(),
    ],
);
static APPS: Listing = listing(
    "document.kind = 'external_apps'",
    &[Column::text("name", "document.key"), Column::text("label", "json_extract(document.body, '$.label')")],
    "document.key {dir}, document.id {dir}",
);

pub static KINDS: [Kind; 5] = [
    Kind {
        word: "access_features",
        path: "/access_features",
        resource: "AccessFeatures",
        schema: &ACCESS_FEATURE,
        named_by: NamedBy::Id,
        whose: Whose::System,
        unique: &["host", "feature"],
        listing: &ACCESS_FEATURES,
    },
    Kind {
        word: "registrars",
        path: "/registrars",
        resource: "Registrar",
        schema: &REGISTRAR,
        named_by: NamedBy::Text,
        whose: Whose::System,
        unique: &[],
        listing: &REGISTRARS,
    },
    Kind {
        word: "ingresses_http",
        path: "/ingresses/http",
        resource: "IngressHTTP",
        schema: &INGRESS,
        named_by: NamedBy::Uuid,
        whose: Whose::Tenant,
        unique: &[],
        listing: &INGRESSES,
    },
    Kind {
        word: "external_apps",
        path: "/external/apps",
        resource: "ExternalApp",
        schema: &APP,
        named_by: NamedBy::Name,
        whose: Whose::Tenant,
        unique: &[],
        listing: &APPS,
    },
    Kind {
        word: "user_external_apps",
        path: "/users/{user:key}/external/apps",
        resource: "UserExternalApp",
        schema: &APP,
        named_by: NamedBy::Name,
        whose: Whose::User,
        unique: &[],
        listing: &APPS,
    },
];

/// May a line name this registrar? `default` is always there.
///
/// # Errors
/// The database can't be read.
pub fn registrar_exists(connection: &Connection, id: &str) -> Result<bool> {
    let mut exists =
        connection.prepare_cached("SELECT 1 FROM document WHERE kind = 'registrars' AND key = ?1")?;
    Ok(id == "default" || exists.exists([id])?)
}
