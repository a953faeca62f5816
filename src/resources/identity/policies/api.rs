//! Handlers of `/policies`, and of the policies of accounts.

use super::{LONGEST, Policy, require_may_add, require_may_remove, slug_of, store};
use crate::db::WriteTx;
use crate::domain::py::Py;
use crate::domain::refusal::Refusal;
use crate::domain::schema::{Default, Field, Kind, Mode, Pattern, Rule, Schema, pattern};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::identity::accounts;
use crate::resources::identity::body::{self, flag, text, texts};
use crate::resources::identity::listing::{Within, tenants_json, uuids};
use rusqlite::Connection;
use serde_json::json;
use std::sync::LazyLock;
use uuid::Uuid;

static SLUG: Pattern = LazyLock::new(|| pattern("^[a-zA-Z0-9_-]+$"));

const NAME: Field = Field::prose("name").required().rules(&[Rule::Between(1, LONGEST)]);
const DESCRIPTION: Field = Field::prose("description").nullable();
/// The longest right, and how many a policy has: what is asked with every request must be quick.
const LONGEST_ACCESS: usize = 256;
const MOST_ACCESSES: usize = 500;

const ACL: Field = Field::list("acl", &Kind::Prose)
    .or(Default::EmptyList)
    .rules(&[Rule::Max(MOST_ACCESSES)])
    .each(&[Rule::Max(LONGEST_ACCESS)]);

static CREATION: Schema = Schema::new(
    "PolicyCreation",
    &[
        NAME,
        Field::text("slug").null_allowed().rules(&[Rule::Between(1, LONGEST), Rule::Pattern(&SLUG)]),
        DESCRIPTION,
        ACL,
        Field::new("shared", Kind::LooseBool).or(Default::Bool(false)),
    ],
);
static UPDATE: Schema = Schema::new("Policy", &[NAME, DESCRIPTION, ACL]);

pub fn routes() -> Vec<Route> {
    let (one, access) = ("/policies/{policy}", "/policies/{policy}/acl/{access}");
    let of_user = "/users/{user:uuid}/policies/{policy}";
    vec![
        Route::read("/policies", "List policies", list_policies).lists::<super::View>(),
        Route::post("/policies", "Create a policy", create_policy)
            .shows::<super::View>()
            .body(&CREATION)
            .aside(),
        Route::read(one, "Get a policy", get_policy).shows::<super::View>(),
        Route::put(one, "Change a policy", update_policy)
            .status(200)
            .shows::<super::View>()
            .body(&UPDATE)
            .aside(),
        Route::delete(one, "Delete a policy", delete_policy).aside(),
        Route::put(access, "Add a right to a policy", add_access)
            .named("auth.policies.{policy}.update")
            .aside(),
        Route::delete(access, "Take a right from a policy", remove_access)
            .named("auth.policies.{policy}.update")
            .aside(),
        Route::read("/users/{user:uuid}/policies", "List an account's policies", list_of_user)
            .lists::<super::View>(),
        Route::put(of_user, "Give an account a policy", give_to_user).verb("create").aside(),
        Route::delete(of_user, "Take a policy from an account", take_from_user).aside(),
    ]
}

/// The policy that the path names by uuid or slug.
///
/// # Errors
/// 404 when the request sees none.
pub fn found(call: &Call, connection: &Connection) -> Result<Policy> {
    let key = call.segment("policy");
    let uuid = Uuid::try_parse(key).ok();
    let policy = match uuid {
        Some(uuid) => store::policies(connection, &[uuid])?.pop(),
        None => store::by_slug(connection, call, key)?,
    };
    let seen = |policy: &Policy| {
        let within = |tenant| call.caller.tree().is_within(call.scope().tenant, tenant);
        call.scope().sees(policy.tenant_uuid) || policy.managed || policy.shared && within(policy.tenant_uuid)
    };
    policy.filter(seen).ok_or_else(|| {
        let name = if uuid.is_some() { "uuid" } else { "slug" };
        let repr = Py::Dict(vec![(name.into(), key.into())]);
        Refusal::reason(404, format!("No such policy {repr}")).into()
    })
}

/// The policies that a list is about, as it asks.
///
/// # Errors
/// 400 for a bad query.
pub fn list_of(call: &Call, connection: &Connection, within: Within) -> Result<Answer> {
    if call.query("order") == Some("read_only") {
        return Err(Refusal::reason(400, "Invalid sort column: read_only").into());
    }
    let page = store::LISTING.page::<String>(call, connection, within)?;
    let page = page.map(|found| {
        let policies = store::policies(connection, &uuids(&found))?;
        Ok(policies.into_iter().map(|policy| policy.view(call)).collect())
    })?;
    Answer::json(&page.brief())
}

fn list_policies(call: &Call, connection: &Connection) -> Result<Answer> {
    let above = json!(call.caller.tree().above(call.scope().tenant)).to_string();
    let within = Within::only("p.tenant_uuid IN (SELECT value FROM json_each(?))", tenants_json(call)?)
        .or("(p.managed = 1 OR p.shared = 1 AND p.tenant_uuid IN (SELECT value FROM json_each(?)))", above);
    list_of(call, connection, within)
}

fn get_policy(call: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&found(call, connection)?.view(call))
}

/// The body; of several mistakes the first is named.
fn read(call: &Call, schema: &Schema) -> Result<crate::domain::schema::Object> {
    let (body, messages) = schema.read_all(&body::object(call, "policies")?, Mode::Create);
    match messages.first() {
        None => Ok(body),
        Some((name, _)) => {
            Err(Refusal::reason(400, format!("Invalid value supplied for field: {name}")).into())
        }
    }
}

/// Each right once, in the order in which they came.
fn unique(accesses: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    accesses.into_iter().filter(|access| seen.insert(access.clone())).collect()
}

fn exists(name: &str) -> crate::error::Error {
    Refusal::reason(409, format!("Policy \"{name}\" already exists")).into()
}

fn create_policy(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = read(call, &CREATION)?;
    let name = text(&body, "name").unwrap_or_default().to_owned();
    let acl = unique(texts(&body, "acl"));
    require_may_add(call, &acl)?;
    let given = text(&body, "slug");
    let shared = flag(&body, "shared");
    if store::clashes(tx, call, &name, given, shared, None)? {
        return Err(exists(&name));
    }
    let slug = match given {
        Some(slug) => slug.to_owned(),
        None => slug_of(&name, LONGEST, |slug| store::clashes(tx, call, "", Some(slug), shared, None))?,
    };
    let policy = Policy {
        uuid: Uuid::new_v4(),
        tenant_uuid: call.scope().tenant,
        name,
        slug,
        description: text(&body, "description").map(str::to_owned),
        acl,
        managed: false,
        shared,
    };
    store::insert(tx, &policy)?;
    Answer::json(&policy.view(call))
}

/// A policy of the path that may be changed from here.
fn writable(call: &Call, tx: &WriteTx) -> Result<Policy> {
    let policy = found(call, tx)?;
    if policy.is_read_only(call) {
        return Err(Refusal::reason(403, format!("Forbidden policy deletion: \"{}\"", policy.uuid)).into());
    }
    Ok(policy)
}

fn update_policy(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = read(call, &UPDATE)?;
    let before = writable(call, tx)?;
    let acl = unique(texts(&body, "acl"));
    require_may_add(call, acl.iter().filter(|access| !before.acl.contains(access)))?;
    require_may_remove(call, before.acl.iter().filter(|access| !acl.contains(access)))?;
    let name = text(&body, "name").unwrap_or_default().to_owned();
    if store::clashes(tx, call, &name, None, before.shared, Some(before.uuid))? {
        return Err(exists(&name));
    }
    let description = text(&body, "description").map(str::to_owned);
    let policy = Policy { name, description, acl, ..before };
    store::update(tx, &policy)?;
    Answer::json(&policy.view(call))
}

fn delete_policy(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let policy = writable(call, tx)?;
    require_may_remove(call, &policy.acl)?;
    store::delete(tx, policy.uuid)?;
    Ok(Answer::Empty)
}

fn add_access(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let mut policy = writable(call, tx)?;
    let access = call.segment("access").to_owned();
    require_may_add(call, [&access])?;
    if policy.acl.contains(&access) {
        return Err(Refusal::reason(409, format!("Policy already associated to {access}")).into());
    }
    if access.chars().count() > LONGEST_ACCESS || policy.acl.len() >= MOST_ACCESSES {
        return Err(Refusal::reason(400, "Invalid value supplied for field: acl").into());
    }
    policy.acl.push(access);
    store::update(tx, &policy)?;
    Ok(Answer::Empty)
}

fn remove_access(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let mut policy = writable(call, tx)?;
    let access = call.segment("access").to_owned();
    require_may_remove(call, [&access])?;
    policy.acl.retain(|known| *known != access);
    store::update(tx, &policy)?;
    Ok(Answer::Empty)
}

fn list_of_user(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = accounts::found(call, connection).map_or_else(|_| Uuid::nil(), |account| account.uuid);
    let condition = "p.uuid IN (SELECT policy_uuid FROM account_policy WHERE account_uuid = ?)";
    list_of(call, connection, Within::only(condition, user.to_string()))
}

fn give_to_user(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (account, policy) = (accounts::found(call, tx)?, found(call, tx)?);
    require_may_add(call, &policy.acl)?;
    store::give(tx, account.uuid, policy.uuid)?;
    Ok(Answer::Empty)
}

fn take_from_user(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (account, policy) = (accounts::found(call, tx)?, found(call, tx)?);
    require_may_remove(call, &policy.acl)?;
    store::take(tx, account.uuid, policy.uuid)?;
    Ok(Answer::Empty)
}
