//! One folder a REST resource: `mod.rs` (schema and rules), `api.rs` (handlers), `store.rs` (SQL). Here: the list
//! of all routes, and what a first start makes.

pub mod agents;
pub mod applications;
mod audit;
pub mod blocks;
pub mod call_filters;
pub mod call_limits;
pub mod call_permissions;
pub mod call_pickups;
mod collect;
pub mod conferences;
pub mod contexts;
pub mod destinations;
pub mod devices;
pub mod diagnose;
mod documents;
mod endpoint;
pub mod endpoints_custom;
pub mod endpoints_iax;
pub mod endpoints_sccp;
pub mod endpoints_sip;
pub mod extensions;
pub mod features;
pub mod func_keys;
pub mod general;
pub mod groups;
pub mod identity;
pub mod incalls;
mod infos;
pub mod ivr;
pub mod lines;
pub mod moh;
mod notes;
pub mod outcalls;
pub mod pagings;
pub mod parking_lots;
mod people;
pub mod phone_numbers;
pub mod phone_switches;
pub mod queues;
mod random;
pub mod reading;
pub mod registers_iax;
pub mod schedules;
pub mod sip_transports;
pub mod skill_rules;
pub mod skills;
pub mod sounds;
pub mod switchboards;
pub mod system;
mod targets;
pub mod tenants;
mod timezones;
pub mod trunks;
pub mod users;
pub mod voicemails;
pub mod zonemessages;

use crate::db::WriteTx;
use crate::error::Result;
use crate::http::Route;
use crate::http::openapi::{self, Api};
use crate::settings::Auth;
use serde_json::Value;
use uuid::Uuid;

/// Every route of the API.
pub fn routes() -> Vec<Route> {
    [
        agents::routes(),
        call_filters::routes(),
        call_limits::routes(),
        audit::routes(),
        blocks::routes(),
        applications::routes(),
        call_permissions::routes(),
        call_pickups::routes(),
        conferences::routes(),
        devices::routes(),
        diagnose::routes(),
        documents::routes(),
        contexts::routes(),
        endpoints_custom::routes(),
        endpoints_iax::routes(),
        endpoints_sccp::routes(),
        endpoints_sip::routes(),
        extensions::routes(),
        features::routes(),
        func_keys::routes(),
        general::routes(),
        groups::routes(),
        incalls::routes(),
        lines::routes(),
        moh::routes(),
        phone_numbers::routes(),
        infos::routes(),
        notes::routes(),
        ivr::routes(),
        outcalls::routes(),
        queues::routes(),
        pagings::routes(),
        parking_lots::routes(),
        registers_iax::routes(),
        schedules::routes(),
        sip_transports::routes(),
        sounds::routes(),
        skill_rules::routes(),
        skills::routes(),
        switchboards::routes(),
        system::routes(),
        tenants::routes(),
        timezones::routes(),
        trunks::routes(),
        users::routes(),
        voicemails::routes(),
        zonemessages::routes(),
    ]
    .concat()
}

/// Every prefix with its routes. What other services of the same family answer (agents' logins, switchboards' calls) is
/// below `/1.1` too, and where their clients look for it.
pub fn mounts() -> Vec<(&'static str, Vec<Route>)> {
    let identity = identity::routes();
    vec![
        ("/1.1", routes()),
        ("/api/confd/1.1", routes()),
        ("/api/calld/1.0", switchboards::calls::routes()),
        ("/0.1", identity.clone()),
        ("/api/auth/0.1", identity),
        ("/1.0", [agents::live::agentd(), switchboards::calls::routes()].concat()),
        ("/api/agentd/1.0", agents::live::agentd()),
    ]
}

/// The OpenAPI document of an API.
pub fn document(api: Api) -> Value {
    let routes = match api {
        Api::Confd => routes(),
        Api::Auth => identity::routes(),
        Api::Agentd => agents::live::agentd(),
        Api::Calld => switchboards::calls::routes(),
    };
    openapi::document(&routes, api)
}

/// Makes what a first start needs, once: the master tenant, its templates, contexts that a call works with; and feature
/// codes that an older cordboard did not have.
///
/// # Errors
/// The database can't be written.
pub fn seed(tx: &WriteTx, auth: &Auth) -> Result<(Uuid, Uuid)> {
    let identity = tenants::seed(tx, auth)?;
    features::seed(tx)?;
    identity::seed(tx)?;
    documents::seed(tx)?;
    Ok(identity)
}
