//! `pjsip_endpoint.conf`: one endpoint a line, and one a trunk.

use std::borrow::Cow;

use super::builder::{self, Builder};
use super::fileset::{File, Kind};
use super::index::{self, Index};
use super::left_out::{Failed, Part};
use super::{RenderError, escape, extensions, pjsip, pjsip_aor, pjsip_auth};
use crate::model::Endpoint;

/// What makes an endpoint without any option a good phone, behind NAT too. Only what differs from
/// Asterisk's own defaults.
const DEFAULTS: [(&str, &str); 7] = [
    ("allow", "!all,opus,g722,alaw,ulaw"),
    ("direct_media", "no"),
    ("rtp_symmetric", "yes"),
    ("rewrite_contact", "yes"),
    ("send_pai", "yes"),
    ("notify_early_inuse_ringing", "yes"),
    // Without it a phone that subscribes to its mailbox is answered 500.
    ("mwi_subscribe_replaces_unsolicited", "yes"),
];

/// The same for a trunk: what a provider says in `Contact` is right, and whoever calls is told by it alone.
const TRUNK_DEFAULTS: [(&str, &str); 4] = [
    ("allow", "!all,g722,alaw,ulaw"),
    ("direct_media", "no"),
    ("rtp_symmetric", "yes"),
    ("allow_subscribe", "no"),
];

/// Options that follow from the line and are never taken from the stored ones.
const DERIVED: [&str; 10] = [
    "context",
    "transport",
    "aors",
    "auth",
    "mailboxes",
    "outbound_auth",
    NAMED_CALL_GROUP,
    NAMED_PICKUP_GROUP,
    CALL_GROUP,
    PICKUP_GROUP,
];

/// Groups for the taking of calls. Numbered ones would be everybody's: they become their tenant's named ones.
const CALL_GROUP: &str = "call_group";
const PICKUP_GROUP: &str = "pickup_group";

const NAMED_CALL_GROUP: &str = "named_call_group";
const NAMED_PICKUP_GROUP: &str = "named_pickup_group";

/// And those of a trunk: a caller id would take the place of every caller's name.
const TRUNK_DERIVED: [&str; 2] = ["callerid", "allow_subscribe"];

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    for endpoint in &index.model.endpoints {
        let done = section(&mut builder, index, endpoint);
        builder.note(done, || Part::Endpoint(endpoint.name.clone()));
    }
    builder.finish_with_canary(0, builder::CANARY, builder::CANARY, canary)
}

fn section(builder: &mut Builder, index: &Index<'_>, endpoint: &Endpoint) -> Result<(), RenderError> {
    let name = escape::name("endpoint", &endpoint.name)?;
    let mut left_out = Vec::new();
    let mut options = stored(endpoint, &mut left_out);
    pjsip::add_left_out(&mut left_out, &endpoint.aor);
    pjsip::add_left_out(&mut left_out, &endpoint.auth);
    let left_out = pjsip::left_out(&left_out);
    let comments = [endpoint.comment.as_str(), &left_out];
    let derived = derived(index, endpoint);
    options.extend(derived.iter().map(|(key, value)| (*key, value.as_ref())));
    builder.section(Kind::Endpoint, name, &comments, &options)
}

/// An endpoint that nobody can use, in a context that is not there.
fn canary(digest: String) -> Vec<(&'static str, String)> {
    vec![
        ("type", "endpoint".to_owned()),
        ("context", builder::CANARY.to_owned()),
        ("aors", builder::CANARY.to_owned()),
        ("auth", builder::CANARY.to_owned()),
        ("allow", "!all,ulaw".to_owned()),
        ("accountcode", digest),
    ]
}

/// The stored options with the defaults beneath them; the names of those that Asterisk would refuse go
/// to `left_out`.
fn stored<'a>(endpoint: &'a Endpoint, left_out: &mut Vec<&'a str>) -> Vec<(&'a str, &'a str)> {
    // Asterisk refuses an endpoint whose sessions may expire sooner than their shortest refresh.
    let seconds =
        |key| index::option(&endpoint.endpoint, key).and_then(|value| value.parse().ok()).unwrap_or(1800_u32);
    let clash = seconds("timers_min_se") > seconds("timers_sess_expires");
    let mut own = Vec::with_capacity(endpoint.endpoint.len());
    own.extend(
        pjsip::own(&endpoint.endpoint)
            .filter(|(key, _)| !(DERIVED.contains(key) || clash && *key == "timers_min_se"))
            .filter(|(key, _)| endpoint.trunk.is_none() || !TRUNK_DERIVED.contains(key)),
    );
    if own.len() < endpoint.endpoint.len() {
        pjsip::add_left_out(left_out, &endpoint.endpoint);
    }
    let mut options = Vec::with_capacity(own.len() + 20);
    options.push(("type", "endpoint"));
    let defaults: &[_] = if endpoint.trunk.is_some() { &TRUNK_DEFAULTS } else { &DEFAULTS };
    options.extend(walls(endpoint, &own));
    pjsip::add_over(&mut options, defaults, &own);
    options
}

/// What stands before the addresses that a line permits: all others are denied. Asterisk itself lets everybody in who is
/// not denied, so that a `permit` alone would keep nobody out. The same for a list that can't be rendered.
fn walls(endpoint: &Endpoint, own: &[(&str, &str)]) -> Vec<(&'static str, &'static str)> {
    const NOBODY: &str = "0.0.0.0/0,::/0";
    let has = |key: &str| own.iter().any(|(name, _)| *name == key);
    let lost =
        |key: &str| index::option(&endpoint.endpoint, key).is_some_and(|text| !text.is_empty()) && !has(key);
    let lists = [("deny", "permit", "acl"), ("contact_deny", "contact_permit", "contact_acl")];
    let open = lists.into_iter().filter(|(deny, permit, named)| {
        has(permit) && !has(deny) && !has(named) || [deny, permit, named].into_iter().any(|key| lost(key))
    });
    open.map(|(deny, _, _)| (deny, NOBODY)).collect()
}

/// The options that follow from the line.
fn derived<'a>(index: &Index<'a>, endpoint: &'a Endpoint) -> Vec<(&'static str, Cow<'a, str>)> {
    let name = endpoint.name.as_str();
    let mut options = vec![
        ("context", Cow::Borrowed(endpoint.context.as_str())),
        ("aors", index.alias(endpoint).map_or(Cow::Borrowed(name), |alias| format!("{name},{alias}").into())),
    ];
    if pjsip_auth::is_asked(endpoint) {
        options.push(("auth", Cow::Borrowed(name)));
    } else if index::option(&endpoint.endpoint, "identify_by").is_none() {
        // Nobody is this provider by saying its name.
        options.push(("identify_by", Cow::Borrowed("ip,header")));
    }
    if endpoint.trunk.is_none() {
        options.extend(lamps(index, endpoint).map(|context| ("subscribe_context", context)));
    }
    if let Some(transport) = endpoint.transport.as_deref().filter(|name| index.names_transport(name)) {
        options.push(("transport", Cow::Borrowed(transport)));
    }
    if !endpoint.outbound_auth.is_empty() {
        options.push(("outbound_auth", pjsip_auth::outbound_name(name).into()));
    }
    let mailboxes = pjsip_aor::mailboxes(endpoint);
    if !mailboxes.is_empty() {
        options.push(("mailboxes", mailboxes.into()));
    }
    for (key, numbered, pickups) in [
        (NAMED_CALL_GROUP, CALL_GROUP, &endpoint.called_pickups),
        (NAMED_PICKUP_GROUP, PICKUP_GROUP, &endpoint.taking_pickups),
    ] {
        let names = pickup_groups(endpoint, [key, numbered], pickups);
        options.extend((!names.is_empty()).then(|| (key, names.into())));
    }
    options.extend(variables(index, endpoint).into_iter().map(|value| ("set_var", Cow::Owned(value))));
    options
}

/// The groups of a line for the taking of calls: its call pickups by their ids, and those that are stored with it, which
/// are its tenant's own.
fn pickup_groups(endpoint: &Endpoint, keys: [&str; 2], pickups: &[i64]) -> String {
    let stored = keys.into_iter().filter_map(|key| index::option(&endpoint.endpoint, key));
    let stored = stored.flat_map(|value| value.split(',')).flat_map(|name| numbers(escape::trim(name)));
    let stored = stored.filter(|name| escape::is_name(name));
    let stored = stored.map(|name| format!("{name}@{}", endpoint.tenant_uuid));
    let names: Vec<String> = pickups.iter().map(i64::to_string).chain(stored).collect();
    names.join(",")
}

/// `2-4` is 2, 3 and 4; Asterisk has 64 numbered groups. Any other name is itself.
fn numbers(name: &str) -> Vec<String> {
    let ends = name.split_once('-').and_then(|(a, b)| Some((a.parse::<u8>().ok()?, b.parse::<u8>().ok()?)));
    match ends {
        Some((first, last)) => (first..=last.min(63)).map(|number| number.to_string()).collect(),
        None => vec![name.to_owned()],
    }
}

/// Where the lamps of a phone are found, unless a context is stored that only Asterisk knows. One that is another
/// tenant's is not taken. Of an option that comes twice, Asterisk takes the last.
fn lamps<'a>(index: &Index<'a>, endpoint: &'a Endpoint) -> Option<Cow<'a, str>> {
    let stored = index::option(&endpoint.endpoint, "subscribe_context").filter(|name| !name.is_empty());
    let own = endpoint.context.as_str();
    let name = match stored.map(|name| (name, index.context(name))) {
        Some((_, None)) => return None,
        Some((name, Some(context))) if context.tenant_uuid == endpoint.tenant_uuid => name,
        _ => own,
    };
    let lamps = index.context(name).and_then(extensions::lamps_of);
    Some(lamps.map_or(Cow::Borrowed(name), Cow::Owned))
}

/// Channel variables: a transferred call searches the line's context, and the dialplan knows who calls. Without one of
/// its own a trunk would have that of the phone that calls over it, and the called party could send the caller anywhere.
fn variables(index: &Index<'_>, endpoint: &Endpoint) -> Vec<String> {
    let mut variables = match endpoint.trunk {
        Some(_) => {
            vec!["WAZO_CALLORIGIN=extern".to_owned(), format!("TRANSFER_CONTEXT={}", endpoint.context)]
        }
        None => vec![
            format!("__TRANSFER_CONTEXT={}", endpoint.context),
            "FORWARD_CONTEXT=cordboard-redirected".to_owned(),
            format!("WAZO_LINE_ID={}", endpoint.line_id),
        ],
    };
    variables.push(format!("WAZO_TENANT_UUID={}", endpoint.tenant_uuid));
    if let Some(user) = index.user(endpoint.user) {
        variables.push(format!("WAZO_USERID={}", user.id));
        variables.push(format!("WAZO_USERUUID={}", user.uuid));
    }
    variables
}
