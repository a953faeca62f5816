//! `/cordboard/limits`: how many calls users and trunks may have outside at once, and begin within an hour; and the calls
//! that were refused by that. A limit of `null` is that of the tenant, then that of the settings.

mod api;
mod store;

pub use api::routes;
pub use store::{Refused, note};

use crate::domain::ceiling::{Ceiling, Ceilings, HIGHEST, OwnCeiling};
use crate::domain::schema::{Field, Object, Rule, Schema};
use crate::settings::Calls;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// 0: nothing goes out but emergencies.
const LIMIT: &[Rule] = &[Rule::Range(0, HIGHEST as i64)];

const fn limit(name: &'static str) -> Field {
    Field::int(name).null_allowed().rules(LIMIT)
}

/// Of a user or a trunk.
static OWN: Schema = Schema::new("CallLimits", &[limit("simultaneous"), limit("hourly")]);

/// Of all users and trunks of a tenant.
static TENANT: Schema =
    Schema::new("TenantCallLimits", &[Field::nested("user", &OWN), Field::nested("trunk", &OWN)]);

/// Limits as they are shown.
#[derive(Debug, Serialize, JsonSchema)]
struct View {
    /// What was said of it; `null` where nothing was.
    simultaneous: Option<u32>,
    hourly: Option<u32>,
    /// What holds.
    effective: Effective,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Effective {
    simultaneous: u32,
    hourly: u32,
}

/// Those of a tenant.
#[derive(Debug, Serialize, JsonSchema)]
struct TenantView {
    user: View,
    trunk: View,
}

fn view(own: OwnCeiling, usual: Ceiling) -> View {
    let Ceiling { simultaneous, hourly } = own.over(usual);
    View { simultaneous: own.simultaneous, hourly: own.hourly, effective: Effective { simultaneous, hourly } }
}

/// What holds in a tenant for whom nothing is said.
fn usual(own: Ceilings<OwnCeiling>, calls: &Calls) -> Ceilings<Ceiling> {
    let Ceilings { user, trunk } = calls.ceilings();
    Ceilings { user: own.user.over(user), trunk: own.trunk.over(trunk) }
}

/// The limits with what a body says: a key that it does not have stays.
fn changed(own: OwnCeiling, body: &Object) -> OwnCeiling {
    let of = |name: &str, before: Option<u32>| match body.get(name) {
        None => before,
        Some(value) => value.as_u64().and_then(|number| number.try_into().ok()),
    };
    OwnCeiling { simultaneous: of("simultaneous", own.simultaneous), hourly: of("hourly", own.hourly) }
}

/// The same for both parts of a tenant's.
fn all_changed(own: Ceilings<OwnCeiling>, body: &Object) -> Ceilings<OwnCeiling> {
    let part = |name: &str, before: OwnCeiling| match body.get(name).and_then(Value::as_object) {
        Some(part) => changed(before, part),
        None => before,
    };
    Ceilings { user: part("user", own.user), trunk: part("trunk", own.trunk) }
}
