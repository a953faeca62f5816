//! `POST /users`: a whole person from one request (confd.md 2.6). The parts are made by the functions of their own
//! routes, in one transaction; every mistake of every part is in the answer, and then nothing is stored.

use super::account::{self, Account};
use super::conduct::{self, Conduct};
use super::reach::Lines;
use super::schema::{FIELDS, check_call_record};
use super::view::{Agent, Shown, View};
use super::{
    Identity, SCHEMA, agents, later, lines as association, mailbox, new_row, permissions, problems_of,
    queues, reach, schedules, store, switchboards, without_judged,
};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, field};
use crate::domain::schema::{Field, Messages, Mode, Object, Schema, concat};
use crate::error::{Result, gather};
use crate::http::{Answer, Call};
use crate::resources::call_permissions::{self, Holder};
use crate::resources::call_pickups::targets;
use crate::resources::collect::Collected;
use crate::resources::{self, func_keys, groups, incalls, lines, voicemails};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// The nested parts that this version builds.
static PARTS: [Field; 4] = [
    Field::many("lines", &lines::NESTED),
    Field::nested("voicemail", &mailbox::SCHEMA).null_allowed(),
    Field::nested("auth", &account::SCHEMA),
    func_keys::NESTED,
];

static ALL: [Field; 46] = concat(&[
    &FIELDS,
    &PARTS,
    &reach::FIELDS,
    &conduct::FIELDS,
    &permissions::FIELDS,
    &schedules::FIELDS,
    &queues::FIELDS,
    &targets::FIELDS,
    &agents::FIELDS,
    &switchboards::FIELDS,
    &later::FIELDS,
]);

/// The body of `POST /users`.
pub static CREATION: Schema = Schema::new("UserCreation", &ALL).checked(check_call_record);

/// The answer: the user as GET shows it, but with every part complete.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(transform = as_sent)]
pub struct Created {
    #[serde(flatten)]
    user: View<lines::Created, voicemails::View>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<Account>,
    /// The keys of the body as GET shows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    func_keys: Option<func_keys::KeySet>,
}

/// Some parts are shown as they were sent, if they were.
fn as_sent(schema: &mut schemars::Schema) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    properties.insert("agent".to_owned(), json!({"type": ["object", "null"]}));
    for part in ["groups", "incalls", "switchboards"] {
        properties.insert(part.to_owned(), json!({"type": "array", "items": {"type": "object"}}));
    }
}

/// What is being made, and what is wrong with it so far.
struct Provision<'a> {
    call: &'a Call,
    tx: &'a WriteTx<'a>,
    raw: &'a Object,
    body: &'a Object,
    /// The user's row, with its `id`.
    row: Object,
    identity: Identity,
    collected: Collected,
}

/// Makes the user and every part of the body, or nothing.
///
/// # Errors
/// 400 with every mistake; 404 when the only one is an unknown voicemail or device.
pub fn create_user(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let raw = call.object()?;
    let read = CREATION.read_all(&raw, Mode::Create);
    tx.hopefully(|tx| provision(call, tx, &raw, &read))
}

fn provision(
    call: &Call,
    tx: &WriteTx,
    raw: &Object,
    (body, messages): &(Object, Messages),
) -> Result<Answer> {
    let mut collected = Collected::default();
    collected.extend(Problems(messages.iter().map(|(name, message)| field(name, message)).collect()));
    let own = own_fields(raw, body, messages);
    let (row, identity) = insert(tx, call.scope().tenant, own, &mut collected)?;
    let mut provision = Provision { call, tx, raw, body, row, identity, collected };
    let voicemail = provision.voicemail()?;
    let lines = provision.lines()?;
    conduct::set(tx, call.scope(), &identity, body, &mut provision.collected)?;
    let reached_by = provision.reach(&lines)?;
    let agent = provision.agent(&lines)?;
    let func_keys = provision.func_keys()?;
    permissions::give(tx, call.scope(), &identity, body, &mut provision.collected)?;
    schedules::give(tx, call.scope(), &identity, body, &mut provision.collected)?;
    targets::give(tx, call.scope(), &identity, body, &mut provision.collected)?;
    let boards = switchboards::join(call, tx, &identity, body, &mut provision.collected)?;
    let auth = provision.account()?;
    provision.collected.finish()?;
    let Some(user) = store::users(tx, &[identity.id])?.pop() else { return Ok(Answer::Empty) };
    let path = format!("/users/{}", identity.id);
    let mut user = View::new(call, user, lines, voicemail, shown_conduct(tx, identity.id, body)?);
    if permissions::is_in(body) {
        let mut briefs = call_permissions::briefs(call, tx, Holder::User, &[identity.id])?;
        user.call_permissions = briefs.remove(&identity.id).unwrap_or_default();
    }
    if schedules::is_in(body) {
        user.schedules = schedules::briefs(call, tx, identity.id)?;
    }
    if queues::is_in(body) {
        user.queues = queues_of(call, tx, identity.id)?;
    }
    if targets::is_in(body) {
        let mut of = targets::targets_of(call, tx, &[identity.id])?;
        user.call_pickup_target_users = of.remove(&identity.id).unwrap_or_default();
    }
    user.agent = agent.map(Agent::Made);
    (user.incalls, user.groups) = reached_by;
    user.switchboards = boards;
    call.created(&path, &Created { user, auth, func_keys })
}

fn queues_of(call: &Call, tx: &WriteTx, id: i64) -> Result<Vec<resources::queues::Brief>> {
    Ok(resources::queues::briefs_of_users(call, tx, &[id])?.remove(&id).unwrap_or_default())
}

/// The device that the body of a line names.
fn device_of(line: &Object) -> Option<String> {
    line.get("device_id").and_then(Value::as_str).map(str::to_owned)
}

/// What becomes of the new user's calls.
fn shown_conduct(tx: &WriteTx, id: i64, body: &Object) -> Result<Conduct> {
    if !conduct::is_in(body) {
        return Ok(Conduct::nothing());
    }
    Ok(conduct::of(tx, &[id])?.remove(&id).unwrap_or_else(Conduct::nothing))
}

/// The user's own fields: as read, or when some failed, the others, with something in place of what must be there.
fn own_fields(raw: &Object, body: &Object, messages: &Messages) -> Object {
    let own = |object: &Object| -> Object {
        let known = FIELDS.iter().filter_map(|field| object.get_key_value(field.name));
        known.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    if messages.is_empty() {
        return own(body);
    }
    let mut rest = raw.clone();
    rest.retain(|name, _| !messages.iter().any(|(failed, _)| failed == name));
    rest.entry("firstname").or_insert_with(|| json!(""));
    own(&SCHEMA.read_all(&rest, Mode::Create).0)
}

/// Inserts the user. What the database has against the row is collected, and the row goes in without it: the other
/// parts need it to be judged.
fn insert(tx: &WriteTx, tenant: Uuid, own: Object, collected: &mut Collected) -> Result<(Object, Identity)> {
    let mut row = new_row(tenant, own);
    let problems = problems_of(tx, &row, None)?;
    if !problems.is_empty() {
        row = without_judged(row);
        collected.extend(problems);
    }
    let id = store::insert(tx, &row)?;
    row.insert("id".to_owned(), Value::from(id));
    let uuid = row.get("uuid").and_then(Value::as_str).and_then(|uuid| Uuid::try_parse(uuid).ok());
    Ok((row, Identity { id, uuid: uuid.unwrap_or_default(), tenant_uuid: tenant }))
}

impl Provision<'_> {
    /// The user's voicemail, shown as it was before it became theirs.
    fn voicemail(&mut self) -> Result<Option<voicemails::View>> {
        let Some(body) = self.body.get("voicemail").and_then(Value::as_object) else { return Ok(None) };
        let (call, row, identity) = (self.call, &self.row, &self.identity);
        let view = self.collected.attempt(self.tx, "voicemail", |tx| {
            let id = mailbox::make(call, tx, row, body)?;
            let view = voicemails::views(call, tx, &[id])?.pop();
            mailbox::give(tx, identity, id)?;
            Ok(view)
        })?;
        Ok(view.flatten())
    }

    /// The lines in order, the first is the main line. Each is shown as it was before it became the user's.
    fn lines(&mut self) -> Result<Vec<lines::Created>> {
        let mut made = Vec::new();
        for (index, body) in self.line_bodies() {
            let (call, identity) = (self.call, &self.identity);
            let view = self.collected.attempt(self.tx, &format!("lines[{index}]"), |tx| {
                let id = lines::create_nested(tx, call.scope(), &body)?;
                let view = lines::created_views(call, tx, &[id])?.pop();
                let line = association::store::get(tx, id)?;
                line.map_or(Ok(()), |line| association::attach(tx, identity, &line))?;
                lines::give_device(tx, call.scope(), id, &body)?;
                Ok(view.map(|view| lines::Created { device_id: device_of(&body), ..view }))
            })?;
            made.extend(view.flatten());
        }
        Ok(made)
    }

    /// The lines that can be read, with their place in the list. When one can't be read, the others are judged all
    /// the same.
    fn line_bodies(&self) -> Vec<(usize, Object)> {
        let list = |body: &Object| body.get("lines").and_then(Value::as_array).cloned().unwrap_or_default();
        let read = self.body.contains_key("lines");
        let items = list(if read { self.body } else { self.raw }).into_iter().enumerate();
        items
            .filter_map(|(index, item)| match item {
                Value::Object(item) if read => Some((index, item)),
                Value::Object(item) => {
                    let (line, messages) = lines::NESTED.read_all(&item, Mode::Create);
                    messages.is_empty().then_some((index, line))
                }
                _ => None,
            })
            .collect()
    }

    /// Numbers from outside, groups and queues.
    fn reach(&mut self, lines: &[lines::Created]) -> Result<(Shown<incalls::Brief>, Shown<groups::Brief>)> {
        let (call, tx, user, body) = (self.call, self.tx, &self.identity, self.body);
        let asked = self.raw.get("lines").and_then(Value::as_array).is_some_and(|lines| !lines.is_empty());
        let state = if asked && lines.is_empty() { Lines::Missing } else { Lines::AsAsked };
        let incalls = reach::make_incalls(call, tx, user, body, &mut self.collected)?;
        let groups = reach::join_groups(call, tx, user, state, body, &mut self.collected)?;
        queues::join(tx, call.scope(), user, state, body, &mut self.collected)?;
        Ok((incalls, groups))
    }

    /// The user's agent, who has the number of the first line if none is given.
    fn agent(&mut self, lines: &[lines::Created]) -> Result<Option<Value>> {
        let asked = self.raw.get("lines").and_then(Value::as_array).is_some_and(|lines| !lines.is_empty());
        let state = if asked && lines.is_empty() { agents::Lines::Missing } else { agents::Lines::AsAsked };
        agents::make(self.call, self.tx, &self.identity, state, self.body, &mut self.collected)
    }

    /// The user's own function keys.
    fn func_keys(&mut self) -> Result<Option<func_keys::KeySet>> {
        let Some(keys) = self.body.get("func_keys").and_then(Value::as_object) else { return Ok(None) };
        let (call, user) = (self.call, self.identity.id);
        func_keys::set_of_user(self.tx, call.scope(), user, keys, &mut self.collected)?;
        func_keys::own_of_user(call, self.tx, user).map(Some)
    }

    /// The account. Its one refusal says itself that it is about the account.
    fn account(&mut self) -> Result<Option<Account>> {
        let Some(auth) = self.body.get("auth").and_then(Value::as_object) else { return Ok(None) };
        let (row, raw) = (&self.row, self.raw.get("auth"));
        let made = self.tx.nested(|tx| account::create(tx, row, auth, raw));
        let mut problems = Problems::default();
        let made = gather(&mut problems, made)?;
        self.collected.extend(problems);
        Ok(made)
    }
}
