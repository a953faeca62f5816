//! The templates that every tenant gets when it appears (confd.md 3.2, behaviour.md 11).

use super::{Kind, SCHEMA, rules, store};
use crate::db::WriteTx;
use crate::domain::schema::{Mode, Object};
use crate::domain::sip::{SECTIONS, Sections};
use crate::error::Result;
use crate::resources::sip_transports;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

type Pairs = &'static [(&'static str, &'static str)];

struct Template {
    role: &'static str,
    transport: Option<&'static str>,
    parent: Option<&'static str>,
    options: Sections<Pairs>,
}

const NOTHING: Sections<Pairs> = Sections {
    aor: &[],
    auth: &[],
    endpoint: &[],
    identify: &[],
    registration: &[],
    registration_outbound_auth: &[],
    outbound_auth: &[],
};

/// Parents first.
static TEMPLATES: &[Template] = &[
    Template {
        role: "global",
        transport: Some("transport-udp"),
        parent: None,
        options: Sections {
            aor: &[
                ("maximum_expiration", "3600"),
                ("default_expiration", "120"),
                ("minimum_expiration", "60"),
                ("qualify_frequency", "60"),
                ("remove_existing", "true"),
                ("max_contacts", "1"),
            ],
            endpoint: &[
                ("rtp_timeout", "7200"),
                ("allow_transfer", "yes"),
                ("use_ptime", "yes"),
                ("callerid", "wazo"),
                ("direct_media", "no"),
                ("dtmf_mode", "rfc4733"),
                ("language", "en_US"),
                ("inband_progress", "no"),
                ("rtp_timeout_hold", "0"),
                ("timers_sess_expires", "600"),
                ("timers_min_se", "90"),
                ("trust_id_inbound", "no"),
                ("allow_subscribe", "yes"),
                ("allow", "!all,ulaw"),
                ("set_var", "TIMEOUT(absolute)=36000"),
                ("set_var", "DYNAMIC_FEATURES=togglerecord"),
                ("notify_early_inuse_ringing", "yes"),
            ],
            ..NOTHING
        },
    },
    Template {
        role: "webrtc",
        transport: Some("transport-wss"),
        parent: Some("global"),
        options: Sections {
            aor: &[("remove_existing", "false"), ("max_contacts", "10")],
            endpoint: &[
                ("webrtc", "yes"),
                ("dtls_auto_generate_cert", "yes"),
                ("allow", "!all,opus,g722,alaw,ulaw,vp9,vp8,h264"),
                ("max_video_streams", "25"),
                ("max_audio_streams", "1"),
                ("timers", "always"),
                ("timers_sess_expires", "300"),
                ("timers_min_se", "90"),
            ],
            ..NOTHING
        },
    },
    Template { role: "meeting_guest", transport: None, parent: Some("webrtc"), options: NOTHING },
    Template {
        role: "registration_trunk",
        transport: None,
        parent: Some("global"),
        options: Sections {
            registration: &[
                ("forbidden_retry_interval", "30"),
                ("retry_interval", "20"),
                ("max_retries", "10000"),
                ("auth_rejection_permanent", "no"),
                ("fatal_retry_interval", "30"),
            ],
            ..NOTHING
        },
    },
    // Its `match` entries are made from TWILIO.
    Template { role: "twilio_trunk", transport: None, parent: Some("registration_trunk"), options: NOTHING },
];

/// Twilio's signalling addresses: four in a row from each of these.
const TWILIO: [([u8; 3], u8); 8] = [
    ([54, 172, 60], 0),
    ([177, 71, 206], 192),
    ([54, 252, 254], 64),
    ([54, 169, 127], 128),
    ([54, 65, 63], 192),
    ([35, 156, 191], 128),
    ([54, 171, 127], 192),
    ([54, 244, 51], 0),
];

/// Gives a tenant its default templates, once.
///
/// # Errors
/// The database can't be written.
pub fn seed_tenant(tx: &WriteTx, tenant: Uuid) -> Result<()> {
    if store::has_defaults(tx, tenant)? {
        return Ok(());
    }
    let mut made: HashMap<&str, Uuid> = HashMap::new();
    for template in TEMPLATES {
        let uuid = Uuid::new_v4();
        let mut body = body(tx, template, &made)?;
        body.insert("name".to_owned(), Value::from(rules::default_name(tx, Kind::Template, &body)?));
        store::insert(tx, uuid, tenant, Kind::Template, &body)?;
        store::remember_default(tx, tenant, template.role, uuid)?;
        made.insert(template.role, uuid);
    }
    Ok(())
}

fn body(tx: &WriteTx, template: &Template, made: &HashMap<&str, Uuid>) -> Result<Object> {
    let mut body = Object::new();
    body.insert("label".to_owned(), Value::from(template.role));
    for (field, pairs) in SECTIONS.each().into_iter().zip(template.options.each()) {
        body.insert((*field).to_owned(), json!(pairs));
    }
    if template.role == "twilio_trunk" {
        body.insert(SECTIONS.identify.to_owned(), json!(twilio()));
    }
    if let Some(parent) = template.parent.and_then(|parent| made.get(parent)) {
        body.insert("templates".to_owned(), json!([{"uuid": parent}]));
    }
    if let Some(name) = template.transport
        && let Some(transport) = sip_transports::store::by_name(tx, name)?
    {
        body.insert("transport".to_owned(), json!({"uuid": transport}));
    }
    Ok(SCHEMA.read(&body, Mode::Create)?)
}

fn twilio() -> Vec<(&'static str, String)> {
    let address = |([a, b, c], first): ([u8; 3], u8), n| ("match", format!("{a}.{b}.{c}.{}", first + n));
    TWILIO.into_iter().flat_map(|range| (0..4).map(move |n| address(range, n))).collect()
}
