//! What an exten may look like, and where a used one may move.

use super::{Extension, store, usage};
use crate::domain::exten::canonical;
use crate::domain::problems::{
    Problems, already_exists, different_tenants, outside_context_range, unhandled_context_type,
};
use crate::domain::schema::{Pattern, pattern};
use crate::error::Result;
use crate::resources::contexts::{self, Context};
use crate::resources::parking_lots;
use rusqlite::Connection;
use std::sync::LazyLock;

static EXTEN: Pattern = LazyLock::new(|| pattern(r"^_[*#0-9_XxZzNn\[\].!-]{1,39}$|^[*#0-9]{1,40}$"));
static OUTCALL_EXTEN: Pattern = LazyLock::new(|| pattern(r"^_?\+?[*#0-9_XxZzNn\[\].!-]*$"));

/// Checks an exten against the type of its context: outgoing calls may begin with `+`. Unpaired brackets are refused
/// too, since Asterisk does not load them.
///
/// # Errors
/// 400, without the usual prefix.
pub fn check_exten(exten: &str, context: &Context) -> Result<(), Problems> {
    matches(exten, if context.kind == "outcall" { &OUTCALL_EXTEN } else { &EXTEN })
}

/// Checks a number or pattern that phones dial.
///
/// # Errors
/// As [`check_exten`].
pub fn check_number(exten: &str) -> Result<(), Problems> {
    matches(exten, &EXTEN)
}

fn matches(exten: &str, pattern: &Pattern) -> Result<(), Problems> {
    if pattern.is_match(exten) && canonical(exten).is_some() {
        return Ok(());
    }
    Err(Problems::one("exten: ['String does not match expected pattern.']"))
}

/// Refuses an exten that the context has already, be it as a pattern that means the same.
///
/// # Errors
/// 400 naming the exten that was asked for.
pub fn refuse_duplicate(
    connection: &Connection,
    exten: &str,
    context: &Context,
    own: Option<i64>,
) -> Result<()> {
    let similar = if exten.starts_with('_') {
        store::patterns_in(connection, &context.name)?
    } else if context.kind == "outcall" {
        // Only there a number may hold dashes, which Asterisk ignores; such contexts hold few extensions.
        store::literals_in(connection, &context.name)?
    } else {
        Vec::new()
    };
    let meaning = canonical(exten);
    let same = store::find(connection, &context.name, exten)?.map(|other| (other.id, other.exten));
    if similar.into_iter().chain(same).any(|(id, other)| Some(id) != own && canonical(&other) == meaning) {
        let meta = [("exten", exten.into()), ("context", (&context.name).into())];
        return Err(already_exists("Extension", &meta).into());
    }
    Ok(())
}

/// Refuses a number that is a slot of a parking lot there; a lot's own extension takes its slots along.
///
/// # Errors
/// 400.
pub fn refuse_slot(connection: &Connection, old: &Extension, exten: &str, context: &Context) -> Result<()> {
    let moved = usage::owner(connection, old.id)?.filter(|owner| owner.word == "parking");
    if let Some(lot) =
        moved.map(|owner| parking_lots::store::get(connection, owner.id)).transpose()?.flatten()
    {
        parking_lots::slots::refuse_own(&lot, exten)?;
        if old.context != context.name {
            parking_lots::slots::refuse_taken(connection, &lot, &context.name)?;
        }
    }
    parking_lots::slots::refuse_slot(connection, &context.name, exten)
}

/// May `old`, with what it reaches, become `exten` in `context`? An extension that reaches nothing may go anywhere.
///
/// # Errors
/// 400: another tenant's context, a context of another type, a number outside of the context's ranges.
pub fn check_move(connection: &Connection, old: &Extension, exten: &str, context: &Context) -> Result<()> {
    let Some(usage) = usage::of(connection, old.id)? else { return Ok(()) };
    if context.tenant_uuid != old.tenant_uuid {
        let current = ("current_tenant_uuid", old.tenant_uuid);
        return Err(different_tenants(current, ("context_tenant_uuid", context.tenant_uuid)).into());
    }
    if context.kind != usage.context_type() {
        return Err(unhandled_context_type(&context.kind, &[]).into());
    }
    match usage.range() {
        Some(kind) if !contexts::in_range(connection, context, kind, exten)? => {
            Err(outside_context_range(exten, &context.name).into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn accepted(exten: &str, kind: &str) -> bool {
        let context = Context {
            id: 1,
            uuid: Uuid::nil(),
            tenant_uuid: Uuid::nil(),
            name: "c".to_owned(),
            label: "c".to_owned(),
            kind: kind.to_owned(),
            description: None,
            enabled: true,
        };
        check_exten(exten, &context).is_ok()
    }

    #[test]
    fn numbers_service_codes_and_patterns_are_extens() {
        for exten in ["1100", "*10", "#5", "_1XXX", "_*1[2-9].", "_X!"] {
            assert!(accepted(exten, "internal"), "{exten}");
        }
        for exten in ["+1555", "1a", "_", "_+1X", "", "10 0", "1_", "1\n2", "_1[2", "_[[1]]"] {
            assert!(!accepted(exten, "internal"), "{exten}");
        }
    }

    #[test]
    fn outgoing_numbers_may_begin_with_a_plus() {
        for exten in ["+1555", "_+1NXX.", "_X."] {
            assert!(accepted(exten, "outcall"), "{exten}");
        }
        assert!(!accepted("abc", "outcall"));
    }
}
