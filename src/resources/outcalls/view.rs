//! An outcall as the API shows it.

use super::store::{self, Treatment};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::call_permissions::{self, Holder};
use crate::resources::{endpoints_custom, extensions, schedules, trunks};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// An outcall, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub internal_caller_id: bool,
    pub preprocess_subroutine: Option<String>,
    pub ring_time: Option<i64>,
    pub description: Option<String>,
    pub enabled: bool,
    pub links: Vec<Link>,
    pub trunks: Vec<Trunk>,
    pub extensions: Vec<Extension>,
    pub schedules: Vec<schedules::Brief>,
    pub call_permissions: Vec<call_permissions::Brief>,
}

/// A trunk inside an outcall.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Trunk {
    pub tenant_uuid: Uuid,
    pub id: i64,
    pub endpoint_sip: Option<trunks::SipBrief>,
    pub endpoint_custom: Option<endpoints_custom::Brief>,
    pub links: Vec<Link>,
}

/// An extension inside an outcall.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Extension {
    pub external_prefix: Option<String>,
    pub prefix: Option<String>,
    pub strip_digits: i64,
    pub caller_id: Option<String>,
    #[serde(flatten)]
    pub extension: extensions::Brief,
}

/// The outcalls as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut trunks = trunks_of(call, connection, ids)?;
    let mut extensions = extensions::briefs(call, connection, "outcall", ids)?;
    let mut treatments: HashMap<i64, Treatment> = store::treatments(connection, ids)?.into_iter().collect();
    let mut permissions = call_permissions::briefs(call, connection, Holder::Outcall, ids)?;
    let mut schedules = schedules::briefs(call, connection, schedules::Kind::Outcall, ids)?;
    let mut treated = |extension: extensions::Brief| {
        let treatment = treatments.remove(&extension.id).unwrap_or_default();
        Extension {
            external_prefix: treatment.external_prefix,
            prefix: treatment.prefix,
            strip_digits: treatment.strip_digits,
            caller_id: treatment.caller_id,
            extension,
        }
    };
    let shown = store::many(connection, ids)?.into_iter().map(|row| View {
        links: call.links("outcalls", &format!("/outcalls/{}", row.id)),
        trunks: trunks.remove(&row.id).unwrap_or_default(),
        extensions: extensions.remove(&row.id).into_iter().flatten().map(&mut treated).collect(),
        schedules: schedules.remove(&row.id).unwrap_or_default(),
        call_permissions: permissions.remove(&row.id).unwrap_or_default(),
        id: row.id,
        tenant_uuid: row.tenant_uuid,
        name: row.name,
        internal_caller_id: row.internal_caller_id,
        preprocess_subroutine: row.preprocess_subroutine,
        ring_time: row.ring_time,
        description: row.description,
        enabled: row.enabled,
    });
    Ok(shown.collect())
}

fn trunks_of(call: &Call, connection: &Connection, ids: &[i64]) -> Result<HashMap<i64, Vec<Trunk>>> {
    let pairs = store::trunks(connection, ids)?;
    let mut unique: Vec<i64> = pairs.iter().map(|(_, trunk)| *trunk).collect();
    unique.sort_unstable();
    unique.dedup();
    let views = trunks::views(call, connection, &unique)?.into_iter();
    let known: HashMap<i64, Trunk> = views
        .map(|view| {
            let trunk = Trunk {
                tenant_uuid: view.tenant_uuid,
                id: view.id,
                endpoint_sip: view.endpoint_sip,
                endpoint_custom: view.endpoint_custom,
                links: view.links,
            };
            (view.id, trunk)
        })
        .collect();
    let mut trunks: HashMap<i64, Vec<Trunk>> = HashMap::new();
    for (outcall, trunk) in pairs {
        trunks.entry(outcall).or_default().extend(known.get(&trunk).cloned());
    }
    Ok(trunks)
}
