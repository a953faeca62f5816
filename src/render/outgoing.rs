//! `cordboard_{outcalls,trunks,permissions}.conf`: how calls go out, and who may call what. Read in the middle of a
//! call: a change reloads nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::{calldata, caller_id, escape};
use crate::domain::abroad::Abroad;
use crate::domain::ceiling::{Ceiling, Ceilings};
use crate::domain::{country, number_pattern};
use crate::model::{Endpoint, Extension, Outcall, Permission, Reached, Treatment, Trunk, User, Way};

type Row<'a> = Vec<(Cow<'static, str>, Cow<'a, str>)>;

fn value<'a>(key: &'static str, value: impl Into<Cow<'a, str>>) -> (Cow<'static, str>, Cow<'a, str>) {
    (key.into(), value.into())
}

/// A row an outcall, `[outcall-id]`, and one a tenant, `[emergency-uuid]`.
pub fn outcalls(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    let mut numbers = numbers(index);
    for outcall in &index.model.outcalls {
        let extensions = numbers.remove(&outcall.id).unwrap_or_default();
        let row = outcall_row(index, outcall, &extensions);
        let done = builder.section(Kind::CallData, &format!("outcall-{}", outcall.id), &[], &row);
        builder.note(done, || Part::Outcall(outcall.id));
    }
    for (tenant, trunks) in &index.emergency_trunks {
        let row = [("trunks", joined(trunks))];
        builder.section(Kind::CallData, &emergency_row(tenant), &[], &row)?;
    }
    builder.finish_data()
}

fn emergency_row(tenant: &str) -> String {
    format!("emergency-{tenant}")
}

/// The extensions of each outcall.
fn numbers<'a>(index: &Index<'a>) -> BTreeMap<i64, Vec<&'a Extension>> {
    let mut numbers: BTreeMap<i64, Vec<&Extension>> = BTreeMap::new();
    for extension in &index.model.extensions {
        if let Reached::Outcall { id, .. } = extension.reached {
            numbers.entry(id).or_default().push(extension);
        }
    }
    numbers
}

fn outcall_row<'a>(index: &Index<'_>, outcall: &'a Outcall, extensions: &[&Extension]) -> Row<'a> {
    let usable = |id: &&i64| index.trunk(**id).is_some();
    let own: Vec<i64> = outcall.trunks.iter().filter(usable).copied().collect();
    let mut all = own.clone();
    if let Some(more) = index.emergency_trunks.get(outcall.tenant_uuid.as_str()) {
        all.extend(more.iter().filter(|id| !own.contains(id)));
    }
    let mut row: Row<'_> = vec![
        value("enabled", if outcall.enabled { "yes" } else { "no" }),
        value("trunks", joined(&own)),
        value("emergency", emergency_regex(index, &outcall.tenant_uuid)),
        value("emergency_trunks", joined(&all)),
    ];
    let usual = tenant_ceilings(index, &outcall.tenant_uuid).user;
    row.push(value("user_ceiling", usual.rendered()));
    row.extend(abroad_values(index, &outcall.tenant_uuid));
    row.extend(outcall.schedule.map(|id| value("schedule", id.to_string())));
    if outcall.internal_caller_id {
        row.push(value("internal_caller_id", "yes"));
    }
    if let Some(seconds) = outcall.ring_time.filter(|seconds| *seconds > 0) {
        row.push(value("ring_time", seconds.to_string()));
    }
    if let Some(name) = outcall.subroutine.as_deref().filter(|name| escape::is_name(name)) {
        row.push(value("subroutine", name));
    }
    if !outcall.permissions.is_empty() {
        row.push(value("permissions", joined(&outcall.permissions)));
    }
    // For a destination, which names the outcall and a number: the first pattern that fits says what becomes of it.
    let plain = extensions.iter().filter(|extension| escape::is_name(&extension.context));
    let patterns = plain.filter_map(|extension| {
        let regex = number_pattern::regex(&extension.exten)?;
        Some((regex, calldata::extension_row(&extension.exten, &extension.context)))
    });
    for (at, (regex, extension)) in (1..).zip(patterns) {
        row.push((format!("pattern{at}").into(), regex.into()));
        row.push((format!("row{at}").into(), extension.into()));
    }
    row
}

/// How many calls users and trunks of a tenant may have, where nothing is said of themselves.
fn tenant_ceilings(index: &Index<'_>, tenant: &str) -> Ceilings<Ceiling> {
    let Ceilings { user, trunk } = index.model.site.ceilings;
    match index.model.ceilings.tenants.get(tenant) {
        Some(own) => Ceilings { user: own.user.over(user), trunk: own.trunk.over(trunk) },
        None => Ceilings { user, trunk },
    }
}

/// How many calls a user may have outside, where it is not what the tenant says.
pub fn user_ceiling(index: &Index<'_>, user: &User) -> Option<String> {
    let own = index.model.ceilings.users.get(&user.id)?;
    Some(own.over(tenant_ceilings(index, &user.tenant_uuid).user).rendered())
}

/// Which numbers need a call permission since they lead out of the tenant's country.
fn abroad_values(index: &Index<'_>, tenant: &str) -> Row<'static> {
    if index.model.site.abroad_is_open {
        return Row::new();
    }
    let Abroad { begins, home, dropped } = Abroad::from(&country::of(index.country(tenant)));
    let mut row = vec![value("abroad", begins), value("abroad_dropped", dropped)];
    row.extend(home.map(|home| value("home", home)));
    row
}

/// What is in the row of an extension of an outcall.
pub fn treatment_row<'a>(
    exten: &str,
    id: i64,
    treatment: &'a Treatment,
) -> Vec<(&'static str, Cow<'a, str>)> {
    let mut row: Vec<(&'static str, Cow<'a, str>)> = vec![("outcall", id.to_string().into())];
    if treatment.strip_digits > 0 {
        row.push(("strip", treatment.strip_digits.to_string().into()));
    }
    if exten.contains(['*', '#']) {
        row.push(("codes", "yes".into()));
    }
    let dialable = |text: &&str| text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'*' | b'#'));
    if let Some(prefix) = treatment.external_prefix.as_deref().filter(dialable) {
        row.push(("prefix", prefix.into()));
        // What a pattern puts before any number makes no sense before an emergency number.
        if !exten.starts_with('_') && !prefix.starts_with('+') {
            row.push(("emergency_prefix", prefix.into()));
        }
    }
    let (name, number) = caller_id::parts(treatment.caller_id.as_deref().unwrap_or_default());
    for (key, text) in [("caller_id_name", name), ("caller_id_num", number)] {
        if !text.is_empty() {
            row.push((key, text.into()));
        }
    }
    row
}

/// What a user's row says of calls that go out: whose number they show, and what may be called.
pub fn user_values(user: &User) -> Vec<(&'static str, Cow<'_, str>)> {
    let mut row: Vec<(&'static str, Cow<'_, str>)> = Vec::new();
    match user.outgoing_caller_id.as_deref().map(str::trim) {
        None | Some("" | "default") => {}
        Some("anonymous") => row.push(("outgoing", "anonymous".into())),
        Some(text) => {
            let (name, number) = caller_id::parts(text);
            row.push(("outgoing", "own".into()));
            for (key, text) in [("outgoing_name", name), ("outgoing_num", number)] {
                if !text.is_empty() {
                    row.push((key, text.into()));
                }
            }
        }
    }
    for (key, ids) in [("permissions", &user.permissions), ("group_permissions", &user.group_permissions)] {
        if !ids.is_empty() {
            row.push((key, joined(ids).into()));
        }
    }
    if !(user.permissions.is_empty() && user.group_permissions.is_empty()) {
        row.extend(
            user.permission_password.as_deref().map(|password| ("permission_password", password.into())),
        );
    }
    row
}

/// The emergency numbers of a tenant's country as one regular expression.
fn emergency_regex(index: &Index<'_>, tenant: &str) -> String {
    format!("^({})$", emergency_numbers(index, tenant).join("|"))
}

/// The emergency numbers of a tenant's country.
pub fn emergency_numbers(index: &Index<'_>, tenant: &str) -> &'static [&'static str] {
    country::of(index.country(tenant)).emergency
}

/// A row a trunk, `[trunk-id]`: what is dialled before and after the number, how a caller id is written.
pub fn trunks(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    let endpoints: BTreeMap<i64, &Endpoint> =
        index.model.endpoints.iter().filter_map(|endpoint| Some((endpoint.trunk?, endpoint))).collect();
    for trunk in &index.model.trunks {
        let endpoint = endpoints.get(&trunk.id).copied();
        let mut row = trunk_row(index, trunk, endpoint.and_then(host));
        row.extend(endpoint.map(direct).unwrap_or_default());
        let done = builder.section(Kind::CallData, &format!("trunk-{}", trunk.id), &[], &row);
        builder.note(done, || Part::Trunk(trunk.id));
    }
    builder.finish_data()
}

fn trunk_row<'a>(index: &Index<'_>, trunk: &'a Trunk, host: Option<&'a str>) -> Row<'a> {
    let mut row: Row<'_> = match &trunk.way {
        Way::Sip(endpoint) => vec![value("before", "PJSIP/"), value("after", format!("@{endpoint}"))],
        Way::Custom { interface, suffix } => {
            let mut row = vec![value("before", format!("{interface}/"))];
            row.extend(suffix.as_deref().map(|suffix| value("after", suffix)));
            row
        }
    };
    let usual = tenant_ceilings(index, &trunk.tenant_uuid).trunk;
    let own = index.model.ceilings.trunks.get(&trunk.id).copied().unwrap_or_default();
    row.push(value("ceiling", own.over(usual).rendered()));
    row.push(value("format", trunk.caller_id_format.as_str()));
    let country = country::of(index.country(&trunk.tenant_uuid));
    if trunk.caller_id_format == "national" && !country.calling_code.is_empty() {
        row.push(value("calling_code", country.calling_code));
        row.push(value("national_prefix", country.national_prefix));
    }
    row.extend(host.map(|host| value("host", host)));
    row
}

/// How the provider is called all the same when it does not say that it is there (OPTIONS).
fn direct(endpoint: &Endpoint) -> Row<'_> {
    let uri = super::index::option(&endpoint.aor, "contact")
        .or_else(|| super::index::option(&endpoint.registration, "server_uri"));
    let Some((uri, host)) = uri.and_then(|uri| Some((uri, host_of(uri).filter(is_host)?))) else {
        return Row::new();
    };
    let scheme = if uri.starts_with("sips:") { "sips" } else { "sip" };
    let transport =
        ["udp", "tcp", "tls"].into_iter().find(|name| uri.contains(&format!(";transport={name}")));
    let transport = transport.map(|name| format!(";transport={name}")).unwrap_or_default();
    vec![
        value("direct_before", format!("PJSIP/{}/{scheme}:", endpoint.name)),
        value("direct_after", format!("@{host}{transport}")),
    ]
}

/// The provider's name or address, as `P-Asserted-Identity` needs it.
fn host(endpoint: &Endpoint) -> Option<&str> {
    let addresses = [
        super::index::option(&endpoint.endpoint, "from_domain"),
        super::index::option(&endpoint.registration, "server_uri").and_then(host_of),
        super::index::option(&endpoint.aor, "contact").and_then(host_of),
    ];
    addresses.into_iter().flatten().find(is_host)
}

/// True for a name or an address, perhaps with a port.
fn is_host(text: &&str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.[]:".contains(&b))
}

/// `sip:user@host:5060;transport=tcp` without what is around `host:5060`.
fn host_of(uri: &str) -> Option<&str> {
    let rest = uri.strip_prefix("sip:").or_else(|| uri.strip_prefix("sips:"))?;
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    rest.split([';', '?', '>']).next()
}

/// A row a permission, `[permission-id]`: what it says of which numbers.
pub fn permissions(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for permission in &index.model.permissions {
        let row = permission_row(permission);
        let done = builder.section(Kind::CallData, &format!("permission-{}", permission.id), &[], &row);
        builder.note(done, || Part::Permission(permission.id));
    }
    builder.finish_data()
}

/// The dialplan's variables hold 4095 bytes, and a cut expression would match nothing.
const LONGEST_EXPRESSION: usize = 1000;

fn permission_row(permission: &Permission) -> Row<'_> {
    let mut row: Row<'_> = vec![value("mode", if permission.allows { "allow" } else { "deny" })];
    row.extend(permission.password.as_deref().map(|password| value("password", password)));
    let patterns: BTreeSet<String> =
        permission.patterns.iter().filter_map(|pattern| number_pattern::regex(pattern)).collect();
    let mut expressions: Vec<String> = Vec::new();
    for pattern in patterns {
        match expressions.last_mut() {
            Some(last) if last.len() + pattern.len() < LONGEST_EXPRESSION => {
                last.push('|');
                last.push_str(&pattern);
            }
            _ => expressions.push(pattern),
        }
    }
    let numbered = (1..).zip(expressions).map(|(at, text)| (format!("pattern{at}").into(), text.into()));
    row.extend(numbered);
    row
}

fn joined(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join("&")
}
