//! `?recursive=true`: a user changed or deleted together with the lines and the voicemail (confd.md 2.7 and 2.8).

use super::schema::{FIELDS, SCHEMA, check_call_record, spread_call_record};
use super::{
    Identity, agents, conduct, later, lines as association, mailbox, permissions, problems_of, queues, reach,
    schedules, store, switchboards, sync_caller_ids, voicemails,
};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, field};
use crate::domain::py::Py;
use crate::domain::schema::{Field, Messages, Mode, Object, Schema, concat};
use crate::error::Result;
use crate::http::Call;
use crate::resources::call_pickups::targets;
use crate::resources::collect::Collected;
use crate::resources::{func_keys, lines, voicemails as mailboxes};
use serde_json::Value;

/// The nested parts that this version builds.
static PARTS: [Field; 3] = [
    Field::many("lines", &lines::NESTED_UPDATE),
    Field::nested("voicemail", &mailbox::SCHEMA).null_allowed(),
    func_keys::NESTED,
];

static ALL: [Field; 45] = concat(&[
    &FIELDS,
    &PARTS,
    &reach::UPDATED,
    &conduct::FIELDS,
    &permissions::FIELDS,
    &schedules::FIELDS,
    &queues::FIELDS,
    &targets::FIELDS,
    &agents::FIELDS,
    &switchboards::FIELDS,
    &later::FIELDS,
]);

/// The body of `PUT /users/{user}?recursive=true`: whole, not a part.
static REPLACEMENT: Schema = Schema::new("UserReplacement", &ALL).checked(check_call_record);

/// What is to become of a line of the body.
enum Change {
    /// One of the user's.
    Update(i64, Object),
    Create(Object),
}

/// Makes the user's lines, incalls, groups and voicemail what the body says. The user's own fields are judged, but stay: so the
/// original does.
///
/// # Errors
/// 400 with every mistake; then nothing has changed.
pub fn update(call: &Call, tx: &WriteTx, user: &Identity) -> Result<()> {
    let raw = call.object()?;
    let (body, mut messages) = REPLACEMENT.read_all(&raw, Mode::Create);
    let own = store::line_ids(tx, user.id)?;
    let changes = if messages.is_empty() { plan(&own, &raw, &body, &mut messages) } else { Vec::new() };
    let mut collected = Collected::default();
    collected.extend(Problems(messages.iter().map(|(name, message)| field(name, message)).collect()));
    collected.extend(judge_own_fields(tx, user, &raw)?);
    conduct::set(tx, call.scope(), user, &body, &mut collected)?;
    permissions::replace(tx, call.scope(), user, &body, &mut collected)?;
    schedules::replace(tx, call.scope(), user, &body, &mut collected)?;
    targets::replace(tx, call.scope(), user, &body, &mut collected)?;
    reconcile_lines(call, tx, user, &own, &changes, &mut collected)?;
    reach::reconcile(call, tx, user, (&raw, &body), &mut collected)?;
    queues::replace(tx, call.scope(), user, &body, &mut collected)?;
    queues::leave_without_line(tx, user)?;
    agents::reconcile(call, tx, user, (&raw, &body), &mut collected)?;
    switchboards::replace(call, tx, user, &body, &mut collected)?;
    if let Some(Value::Object(voicemail)) = body.get("voicemail") {
        collected.attempt(tx, "voicemail", |tx| replace_voicemail(call, tx, user, voicemail, &raw))?;
    }
    if let Some(Value::Object(keys)) = body.get("func_keys") {
        func_keys::set_of_user(tx, call.scope(), user.id, keys, &mut collected)?;
    }
    collected.finish()
}

/// Which lines are changed and which are new. A new one needs all that `POST /users` asks of it.
fn plan(own: &[i64], raw: &Object, body: &Object, messages: &mut Messages) -> Vec<Change> {
    let list = |body: &Object| body.get("lines").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut changes = Vec::new();
    let mut bad = Vec::new();
    for ((index, read), raw) in (0_i64..).zip(list(body)).zip(list(raw)) {
        let id = read.get("id").and_then(Value::as_i64).filter(|id| own.contains(id));
        match (id, read, raw) {
            (Some(id), Value::Object(line), _) => changes.push(Change::Update(id, line)),
            (None, _, Value::Object(line)) => {
                let (line, messages) = lines::NESTED.read_all(&line, Mode::Create);
                if !messages.is_empty() {
                    let messages = messages.into_iter().map(|(name, message)| (Py::Str(name), message));
                    bad.push((Py::Int(index), Py::Dict(messages.collect())));
                }
                changes.push(Change::Create(line));
            }
            _ => {}
        }
    }
    if !bad.is_empty() {
        messages.push(("lines".to_owned(), Py::Dict(bad)));
        changes.clear();
    }
    changes
}

/// What the database would have against the user's own fields.
fn judge_own_fields(tx: &WriteTx, user: &Identity, raw: &Object) -> Result<Problems> {
    let mut given = SCHEMA.read_all(raw, Mode::Update).0;
    spread_call_record(&mut given);
    let mut row = store::row(tx, user.id)?;
    row.extend(given);
    problems_of(tx, &row, Some(user.id))
}

/// Lines that are not in the body are deleted first: their numbers may come again in it.
fn reconcile_lines(
    call: &Call,
    tx: &WriteTx,
    user: &Identity,
    own: &[i64],
    changes: &[Change],
    collected: &mut Collected,
) -> Result<()> {
    let kept =
        |line: &i64| changes.iter().any(|change| matches!(change, Change::Update(id, _) if id == line));
    for line in own.iter().filter(|line| !kept(line)) {
        lines::delete_recursive(tx, *line)?;
    }
    let mut order = Vec::with_capacity(changes.len());
    for (index, change) in changes.iter().enumerate() {
        let line = collected.attempt(tx, &format!("lines[{index}]"), |tx| match change {
            Change::Update(id, body) => lines::update_recursive(tx, call.scope(), *id, body).map(|()| *id),
            Change::Create(body) => {
                let id = lines::create_nested(tx, call.scope(), body)?;
                let line = association::store::get(tx, id)?;
                line.map_or(Ok(()), |line| association::attach(tx, user, &line))?;
                lines::give_device(tx, call.scope(), id, body).map(|()| id)
            }
        })?;
        order.extend(line);
    }
    association::store::order(tx, user.id, &order)?;
    sync_caller_ids(tx, &order)
}

/// The user's own voicemail is changed; another one takes its place.
fn replace_voicemail(call: &Call, tx: &WriteTx, user: &Identity, body: &Object, raw: &Object) -> Result<()> {
    let current = store::voicemail(tx, user.id)?;
    if let Some(id) = mailbox::id(body).filter(|id| current == Some(*id)) {
        // Only what the body itself holds: defaults would undo what is stored.
        let raw = raw.get("voicemail").and_then(Value::as_object).cloned().unwrap_or_default();
        let given = mailboxes::SCHEMA.read_all(&raw, Mode::Update).0;
        return mailboxes::update(tx, call.scope(), id, &given);
    }
    leave_voicemail(tx, user)?;
    let id = mailbox::make(call, tx, &store::row(tx, user.id)?, body)?;
    mailbox::give(tx, user, id)
}

/// Takes the voicemail from the user, and deletes it when nobody else has it.
fn leave_voicemail(tx: &WriteTx, user: &Identity) -> Result<()> {
    let Some(voicemail) = store::voicemail(tx, user.id)? else { return Ok(()) };
    voicemails::detach(tx, user)?;
    if mailboxes::store::users(tx, voicemail)?.is_empty() {
        mailboxes::delete(tx, voicemail)?;
    }
    Ok(())
}

/// Deletes a user with their lines, endpoints, account, and the extensions, the agent and the voicemail that nothing else
/// uses.
///
/// # Errors
/// The database can't be written.
pub fn delete(tx: &WriteTx, user: &Identity) -> Result<()> {
    agents::leave(tx, user)?;
    leave_voicemail(tx, user)?;
    for line in store::line_ids(tx, user.id)? {
        lines::delete_recursive(tx, line)?;
    }
    store::delete(tx, user.id)
}
