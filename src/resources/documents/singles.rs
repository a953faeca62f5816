//! Documents of which there is one, of the whole system or of each tenant.

use super::store;
use crate::db::WriteTx;
use crate::domain::schema::{Default, Field, Kind, Mode, Object, Pattern, Rule, Schema, pattern};
use crate::domain::sip;
use crate::error::Result;
use crate::http::{Answer, Call, Route, as_schema, openapi::Api};
use crate::resources::tenants;
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use uuid::Uuid;

/// One document.
struct Single {
    path: &'static str,
    summary: &'static str,
    schema: &'static Schema,
    whose: Whose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The whole system's: for tokens of the master tenant.
    System,
    Tenant,
}

const MAX_255: &[Rule] = &[Rule::Max(255)];
const PORT: &[Rule] = &[Rule::Range(1, 65_535)];

/// Options of one of Asterisk's files, by their names.
static OPTIONS: Schema = Schema::new(
    "AsteriskOptions",
    &[Field::new("options", Kind::Texts).required().rules(&[Rule::Custom(texts)])],
);

static LIMIT: Schema = Schema::new(
    "IAXCallNumberLimit",
    &[
        Field::text("ip_address").required().rules(MAX_255),
        Field::text("netmask").required().rules(MAX_255),
        Field::int("calls_limit").required().rules(&[Rule::AtLeast(0)]),
    ],
);
static LIMITS: Schema = Schema::new("IAXCallNumberLimits", &[Field::many("items", &LIMIT).required()]);

static LIVE_RELOAD: Schema = Schema::new("LiveReload", &[Field::bool("enabled").required()]);

static DHCP: Schema = Schema::new(
    "DHCP",
    &[
        Field::bool("active").required(),
        Field::text("pool_start").nullable().rules(&[Rule::Max(64)]),
        Field::text("pool_end").nullable().rules(&[Rule::Max(64)]),
        Field::list("network_interfaces", &Kind::Text).or(Default::EmptyList).rules(&[Rule::Max(64)]),
    ],
);

static REWRITING: Schema = Schema::new(
    "AddressRewritingRule",
    &[Field::text("match").required().rules(MAX_255), Field::text("replacement").required().rules(MAX_255)],
);
static EMAILS: Schema = Schema::new(
    "Emails",
    &[
        Field::text("domain_name").nullable().rules(MAX_255),
        Field::text("from").nullable().rules(MAX_255),
        Field::many("address_rewriting_rules", &REWRITING).or(Default::EmptyList).rules(&[Rule::Max(1000)]),
        Field::text("smtp_host").nullable().rules(MAX_255),
        Field::text("fallback_smtp_host").nullable().rules(MAX_255),
    ],
);

static HA: Schema = Schema::new(
    "HA",
    &[
        Field::text("node_type").required().rules(&[Rule::OneOf(&["disabled", "master", "slave"])]),
        Field::text("remote_address").nullable().rules(MAX_255),
    ],
);

static COUNTRY: Pattern = LazyLock::new(|| pattern("^[A-Z]{2}$"));
static LOCALIZATION: Schema = Schema::new(
    "Localization",
    &[Field::text("country").required().null_allowed().rules(&[Rule::Pattern(&COUNTRY)])],
);

static NETWORKING: Schema = Schema::new(
    "ProvisioningNetworking",
    &[
        Field::text("provision_host").nullable().rules(MAX_255),
        Field::int("provision_http_port").or(Default::Int(8667)).rules(PORT),
        Field::text("provision_http_base_url").nullable().rules(MAX_255),
    ],
);

static TRANSCRIPTION: Schema = Schema::new("VoicemailTranscription", &[Field::bool("enabled").required()]);

const fn options(path: &'static str, summary: &'static str) -> Single {
    Single { path, summary, schema: &OPTIONS, whose: Whose::System }
}

static SINGLES: [Single; 14] = [
    options("/asterisk/hep/general", "the options of hep.conf"),
    options("/asterisk/iax/general", "the options of iax.conf"),
    options("/asterisk/pjsip/global", "PJSIP's global options"),
    options("/asterisk/pjsip/system", "PJSIP's system options"),
    options("/asterisk/rtp/general", "the options of rtp.conf"),
    options("/asterisk/rtp/ice_host_candidates", "the ICE host candidates of rtp.conf"),
    options("/asterisk/sccp/general", "the options of sccp.conf"),
    options("/asterisk/voicemail/general", "the options of voicemail.conf"),
    Single {
        path: "/asterisk/iax/callnumberlimits",
        summary: "the call number limits of iax.conf",
        schema: &LIMITS,
        whose: Whose::System,
    },
    Single { path: "/dhcp", summary: "the DHCP server", schema: &DHCP, whose: Whose::System },
    Single { path: "/emails", summary: "how mails are sent", schema: &EMAILS, whose: Whose::System },
    Single { path: "/ha", summary: "high availability", schema: &HA, whose: Whose::System },
    Single {
        path: "/provisioning/networking",
        summary: "where phones find their provisioning",
        schema: &NETWORKING,
        whose: Whose::System,
    },
    Single {
        path: "/voicemails/transcription",
        summary: "whether messages are written down",
        schema: &TRANSCRIPTION,
        whose: Whose::Tenant,
    },
];

pub fn routes() -> Vec<Route> {
    let mut routes = [
        pair::<0>(),
        pair::<1>(),
        pair::<2>(),
        pair::<3>(),
        pair::<4>(),
        pair::<5>(),
        pair::<6>(),
        pair::<7>(),
        pair::<8>(),
        pair::<9>(),
        pair::<10>(),
        pair::<11>(),
        pair::<12>(),
        pair::<13>(),
    ]
    .concat();
    routes.extend([
        Route::read("/configuration/live_reload", "Get whether Asterisk follows at once", get_live_reload)
            .shows_as(LIVE_RELOAD.name, |_| as_schema(LIVE_RELOAD.shown()))
            .master(),
        Route::put("/configuration/live_reload", "Set whether Asterisk follows at once", set_live_reload)
            .body(&LIVE_RELOAD)
            .master(),
        Route::read("/localization", "Get the tenant's country", get_localization)
            .shows_as(LOCALIZATION.name, |_| as_schema(LOCALIZATION.shown())),
        Route::put("/localization", "Set the tenant's country", set_localization).body(&LOCALIZATION),
        Route::read("/asterisk/pjsip/doc", "Get the options that PJSIP's sections may have", get_pjsip_doc)
            .shows_as("pjsip.Sections", Sections::json_schema)
            .verb("get"),
        Route::read("/api/api.yml", "Get the OpenAPI document", get_api).file("application/x-yaml").public(),
    ]);
    routes
}

/// GET and PUT of the document of this place in the table.
fn pair<const N: usize>() -> Vec<Route> {
    let Some(single) = SINGLES.get(N) else { return Vec::new() };
    let get = Route::read(single.path, single.summary, |call, connection| get_single(N, call, connection))
        .shows_as(single.schema.name, |_| as_schema(shown(N)));
    let put = Route::put(single.path, single.summary, |call, tx| set_single(N, call, tx)).body(single.schema);
    // The original names these accesses otherwise (confd.md 1.3).
    let get = if single.path.starts_with("/asterisk/") { get.verb("get") } else { get };
    match single.whose {
        Whose::System => vec![get.master(), put.master()],
        Whose::Tenant => vec![get, put],
    }
}

/// The document of this place in an answer.
fn shown(place: usize) -> Value {
    SINGLES.get(place).map(|single| single.schema.shown()).unwrap_or_default()
}

impl Single {
    fn owner(&self, call: &Call, connection: &Connection) -> Result<Uuid> {
        match self.whose {
            Whose::System => store::master(connection),
            Whose::Tenant => Ok(call.scope().tenant),
        }
    }

    /// What is there before anybody has written.
    fn fresh(&self) -> Object {
        let mut fresh = self.schema.read_all(&Map::new(), Mode::Create).0;
        for field in self.schema.fields.iter().filter(|field| field.required) {
            let value = match field.kind {
                Kind::Texts => json!({}),
                Kind::Many(_) | Kind::List(_) => json!([]),
                Kind::Bool => json!(false),
                _ if field.name == "node_type" => json!("disabled"),
                _ => Value::Null,
            };
            fresh.insert(field.name.to_owned(), value);
        }
        let mut ordered = Map::new();
        for field in self.schema.fields {
            ordered.extend(fresh.remove_entry(field.name));
        }
        ordered
    }
}

fn get_single(place: usize, call: &Call, connection: &Connection) -> Result<Answer> {
    let Some(single) = SINGLES.get(place) else { return Ok(Answer::Empty) };
    let stored = store::single(connection, single.path, single.owner(call, connection)?)?;
    Answer::json(&stored.unwrap_or_else(|| single.fresh()))
}

fn set_single(place: usize, call: &Call, tx: &WriteTx) -> Result<Answer> {
    let Some(single) = SINGLES.get(place) else { return Ok(Answer::Empty) };
    let body = call.parse(single.schema, Mode::Create)?;
    store::set_single(tx, single.path, single.owner(call, tx)?, &body)?;
    Ok(Answer::Empty)
}

/// Asterisk always follows.
fn get_live_reload(_: &Call, _: &Connection) -> Result<Answer> {
    Answer::json(&json!({"enabled": true}))
}

fn set_live_reload(call: &Call, _: &WriteTx) -> Result<Answer> {
    let body = call.parse(&LIVE_RELOAD, Mode::Create)?;
    if body.get("enabled") == Some(&Value::Bool(true)) {
        return Ok(Answer::Empty);
    }
    let text = "Asterisk always follows: what it should not get must not be written.";
    Err(crate::domain::problems::field_message("enabled", text).into())
}

fn get_localization(call: &Call, connection: &Connection) -> Result<Answer> {
    let country = tenants::store::country(connection, call.scope().tenant)?;
    Answer::json(&json!({"country": country}))
}

/// The country decides about emergency numbers, so it has an effect at once.
fn set_localization(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&LOCALIZATION, Mode::Create)?;
    let country = body.get("country").and_then(Value::as_str);
    tenants::store::set_country(tx, call.scope().tenant, country)?;
    Ok(Answer::Empty)
}

/// The options of PJSIP's sections, by section and name.
type Sections = BTreeMap<String, BTreeMap<String, Documented>>;

/// An option that a section may have.
#[derive(Serialize, JsonSchema)]
struct Documented {
    name: &'static str,
}

fn get_pjsip_doc(_: &Call, _: &Connection) -> Result<Answer> {
    let sections = sip::documented().into_iter().map(|(section, names)| {
        let options = names.into_iter().map(|name| (name.to_owned(), Documented { name }));
        (section.to_owned(), options.collect())
    });
    Answer::json(&sections.collect::<Sections>())
}

/// JSON is YAML too.
fn get_api(_: &Call, _: &Connection) -> Result<Answer> {
    static BODY: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let document = crate::resources::document(Api::Confd);
        serde_json::to_vec(&document).unwrap_or_default()
    });
    Ok(Answer::File { content_type: "application/x-yaml", body: BODY.clone() })
}

/// Every option is a text or nothing, and there are not too many.
fn texts(options: &Value) -> Option<String> {
    const MOST: usize = 512;
    let options = options.as_object()?;
    if options.len() > MOST {
        return Some(format!("Longer than maximum length {MOST}."));
    }
    let good = |value: &Value| match value {
        Value::String(text) => text.len() <= 4092 && !text.chars().any(crate::domain::text::is_control),
        value => value.is_null(),
    };
    options.values().any(|value| !good(value)).then(|| "Not a valid string.".to_owned())
}
