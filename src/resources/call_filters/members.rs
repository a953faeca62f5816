//! `/callfilters/{filter}/{recipients,surrogates}/users`: the boss, and the secretaries in the order in which they ring.

use super::{Filter, RESOURCE, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{associated, not_permitted};
use crate::domain::schema::{Field, Mode, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::people;
use crate::resources::users::Identity;
use serde_json::Value;

/// Whose calls are filtered, or who takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Recipient,
    Surrogate,
}

impl Side {
    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Side::Recipient => "recipient",
            Side::Surrogate => "surrogate",
        }
    }

    fn other(self) -> Side {
        match self {
            Side::Recipient => Side::Surrogate,
            Side::Surrogate => Side::Recipient,
        }
    }

    /// What a refusal calls the user who is on this side already.
    fn key(self) -> &'static str {
        match self {
            Side::Recipient => "recipient_user_uuid",
            Side::Surrogate => "surrogate_user_uuid",
        }
    }
}

static RECIPIENT: Schema = Schema::new(
    "CallFilterRecipient",
    &[Field::text("uuid").required(), Field::int("timeout").nullable().rules(&[Rule::AtLeast(0)])],
);

static RECIPIENTS: Schema =
    Schema::new("CallFilterRecipients", &[Field::many("users", &RECIPIENT).required().rules(people::MOST)]);

pub fn routes() -> Vec<Route> {
    let recipients = "/callfilters/{filter:int}/recipients/users";
    let surrogates = "/callfilters/{filter:int}/surrogates/users";
    vec![
        Route::put(recipients, "Set whose calls are filtered", put_recipients).body(&RECIPIENTS),
        Route::put(surrogates, "Set who takes filtered calls", put_surrogates).body(&people::USERS),
    ]
}

fn put_recipients(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let filter = found(call, tx)?;
    let body = call.parse(&RECIPIENTS, Mode::Create)?;
    let users = named(call, tx, &filter, &body)?;
    if users.len() > 1 {
        return Err(not_permitted("Cannot associate more than one recipient", &[]).into());
    }
    check_other_side(tx, &filter, &users, Side::Recipient)?;
    store::keep(tx, filter.id, Side::Recipient, &users)?;
    let items = body.get("users").and_then(Value::as_array).into_iter().flatten();
    for ((position, user), item) in (0_i64..).zip(&users).zip(items) {
        let timeout = item.get("timeout").and_then(Value::as_i64);
        store::put(tx, filter.id, Side::Recipient, user.id, (position, timeout))?;
    }
    Ok(Answer::Empty)
}

fn put_surrogates(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let filter = found(call, tx)?;
    let body = call.parse(&people::USERS, Mode::Create)?;
    let users = named(call, tx, &filter, &body)?;
    check_other_side(tx, &filter, &users, Side::Surrogate)?;
    store::keep(tx, filter.id, Side::Surrogate, &users)?;
    for (position, user) in (0_i64..).zip(&users) {
        store::put(tx, filter.id, Side::Surrogate, user.id, (position, None))?;
    }
    Ok(Answer::Empty)
}

fn named(call: &Call, tx: &WriteTx, filter: &Filter, body: &Object) -> Result<Vec<Identity>> {
    people::named(tx, call.scope(), ("call_filter_tenant_uuid", filter.tenant_uuid), ("users", body))
}

/// Nobody is boss and secretary of one filter.
fn check_other_side(tx: &WriteTx, filter: &Filter, users: &[Identity], side: Side) -> Result<()> {
    let other = side.other();
    for user in users {
        if store::stands(tx, filter.id, other, user.id)? {
            let meta = [(other.key(), user.uuid.to_string().into())];
            return Err(associated(RESOURCE, "User", &meta).into());
        }
    }
    Ok(())
}
