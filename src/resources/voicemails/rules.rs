//! Rules of voicemails that need the database, in the contract's order.

use super::{Voicemail, store};
use crate::domain::problems::{already_exists, different_tenants, not_permitted, param_not_found};
use crate::error::Result;
use crate::http::Scope;
use crate::resources::{contexts, zonemessages};
use rusqlite::Connection;
use uuid::Uuid;

/// Checks `new` as a whole, and gives its tenant, which is its context's.
///
/// # Errors
/// 400.
pub fn check(
    connection: &Connection,
    scope: &Scope,
    old: Option<&Voicemail>,
    new: &Voicemail,
) -> Result<Uuid> {
    let context = contexts::named(connection, scope, &new.context)?;
    if let Some(timezone) = &new.timezone
        && old.is_none_or(|old| old.timezone != new.timezone)
        && !zonemessages::store::exists(connection, timezone)?
    {
        return Err(param_not_found("timezone", "Timezone", &[("timezone", timezone.into())]).into());
    }
    let own = old.map(|old| old.id);
    if store::find(connection, &new.context, &new.number)?.is_some_and(|id| Some(id) != own) {
        let meta = [("number", (&new.number).into()), ("context", (&new.context).into())];
        return Err(already_exists("Voicemail", &meta).into());
    }
    let global = new.accesstype == "global";
    if global && store::global_of(connection, &new.context)?.is_some_and(|id| Some(id) != own) {
        let sentence = "There can be only one global voicemail per context.";
        return Err(not_permitted(sentence, &[]).into());
    }
    if let Some(old) = old {
        check_users(connection, old, context.tenant_uuid, global)?;
    }
    Ok(context.tenant_uuid)
}

fn check_users(connection: &Connection, old: &Voicemail, tenant: Uuid, global: bool) -> Result<()> {
    if !global && tenant == old.tenant_uuid {
        return Ok(());
    }
    if store::users(connection, old.id)?.is_empty() {
        return Ok(());
    }
    if global {
        return Err(not_permitted("A global voicemail cannot be associated to users.", &[]).into());
    }
    let (voicemail, user) = (("voicemail_tenant_uuid", tenant), ("user_tenant_uuid", old.tenant_uuid));
    Err(different_tenants(voicemail, user).into())
}
