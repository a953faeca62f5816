//! Groups of accounts (auth.md 7). Every tenant has one of everybody, and one of administrators.

use super::accounts::{self, Account, View as AccountView, store as account_store};
use super::body::{self, text};
use super::listing::{Column, Found, Listing, Within, uuids};
use super::policies::{self, ADMIN, require_may_add, require_may_remove, slug_of};
use crate::db::WriteTx;
use crate::domain::refusal::Refusal;
use crate::domain::schema::{Field, Rule, Schema};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route, uuid_at};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

const RESOURCE: &str = "groups";
const LONGEST_SLUG: usize = 80;

static GROUP: Schema =
    Schema::new("AccountGroup", &[Field::prose("name").required().rules(&[Rule::Between(1, 128)])]);

static LISTING: Listing = Listing {
    id: "g.uuid",
    from: "account_group g",
    order: "name",
    columns: &[
        Column::new("name").sort("fold(g.name)").search("fold(g.name) LIKE ?").filter("g.name = ?"),
        Column::new("uuid").sort("g.uuid").filter("g.uuid = ?"),
        Column::new("slug").filter("g.slug = ?"),
        Column::new("user_uuid")
            .filter("g.uuid IN (SELECT group_uuid FROM account_group_member WHERE account_uuid = ?)"),
        Column::new("policy_uuid")
            .filter("g.uuid IN (SELECT group_uuid FROM account_group_policy WHERE policy_uuid = ?)"),
    ],
};

struct Group {
    uuid: Uuid,
    tenant_uuid: Uuid,
    name: String,
    slug: String,
    everybody: bool,
}

pub fn routes() -> Vec<Route> {
    let one = "/groups/{group:uuid}";
    let (member, policy) =
        ("/groups/{group:uuid}/users/{user:uuid}", "/groups/{group:uuid}/policies/{policy}");
    vec![
        Route::read("/groups", "List groups of accounts", list_groups).shows::<Found<View>>(),
        Route::post("/groups", "Create a group of accounts", create_group)
            .shows::<View>()
            .body(&GROUP)
            .aside(),
        Route::read(one, "Get a group of accounts", get_group).shows::<View>(),
        Route::put(one, "Change a group of accounts", update_group)
            .status(200)
            .shows::<View>()
            .body(&GROUP)
            .aside(),
        Route::delete(one, "Delete a group of accounts", delete_group).aside(),
        Route::read("/groups/{group:uuid}/users", "List the accounts of a group", list_members)
            .shows::<Found<AccountView>>(),
        Route::put(member, "Put an account into a group", add_member).verb("create").aside(),
        Route::delete(member, "Take an account out of a group", remove_member).aside(),
        Route::read("/groups/{group:uuid}/policies", "List the policies of a group", list_policies)
            .lists::<policies::View>(),
        Route::put(policy, "Give a group a policy", add_policy).verb("create").aside(),
        Route::delete(policy, "Take a policy from a group", remove_policy).aside(),
        Route::read("/users/{user:uuid}/groups", "List the groups of an account", list_of_user)
            .shows::<Found<View>>(),
    ]
}

/// Gives a tenant the groups that every tenant has, if it has none.
///
/// # Errors
/// The database can't be written.
pub fn seed_tenant(tx: &WriteTx, tenant: Uuid) -> Result<()> {
    let known = "SELECT 1 FROM account_group WHERE tenant_uuid = ?1 AND everybody = 1";
    if tx.prepare_cached(known)?.exists([tenant.to_string()])? {
        return Ok(());
    }
    let everybody = format!("wazo-all-users-tenant-{tenant}");
    for (name, everybody) in [(everybody.as_str(), true), ("wazo_default_admin_group", false)] {
        let (uuid, name, slug) = (Uuid::new_v4(), name.to_owned(), name.to_owned());
        insert(tx, &Group { uuid, tenant_uuid: tenant, name, slug, everybody })?;
    }
    tx.prepare_cached(
        "INSERT INTO account_group_member (group_uuid, account_uuid)
         SELECT g.uuid, a.uuid FROM account_group g JOIN account a ON a.tenant_uuid = g.tenant_uuid
         WHERE g.tenant_uuid = ?1 AND g.everybody = 1",
    )?
    .execute([tenant.to_string()])?;
    tx.prepare_cached(
        "INSERT INTO account_group_policy (group_uuid, policy_uuid)
         SELECT g.uuid, p.uuid FROM account_group g JOIN policy p ON p.slug = ?2 AND p.managed = 1
         WHERE g.tenant_uuid = ?1 AND g.slug = 'wazo_default_admin_group'",
    )?
    .execute([tenant.to_string(), ADMIN.to_owned()])?;
    Ok(())
}

fn insert(tx: &WriteTx, group: &Group) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO account_group (uuid, tenant_uuid, name, slug, everybody) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        group.uuid.to_string(),
        group.tenant_uuid.to_string(),
        group.name,
        group.slug,
        group.everybody
    ])?;
    Ok(())
}

fn get(connection: &Connection, uuid: Uuid) -> Result<Option<Group>> {
    let mut get = connection.prepare_cached(
        "SELECT uuid, tenant_uuid, name, slug, everybody FROM account_group WHERE uuid = ?1",
    )?;
    let found = get.query_row([uuid.to_string()], |row| {
        Ok(Group {
            uuid: uuid_at(row, 0)?,
            tenant_uuid: uuid_at(row, 1)?,
            name: row.get(2)?,
            slug: row.get(3)?,
            everybody: row.get(4)?,
        })
    });
    Ok(found.optional()?)
}

fn found(call: &Call, connection: &Connection) -> Result<Group> {
    let uuid = call.uuid("group");
    let group = get(connection, uuid)?.filter(|group| call.scope().sees(group.tenant_uuid));
    group.ok_or_else(|| Refusal::unknown("group", "unknown-group", RESOURCE, &uuid.to_string()).into())
}

/// A group as the API shows it, keys in the contract's order but where it is written.
#[derive(Serialize, schemars::JsonSchema)]
struct View {
    uuid: Uuid,
    name: String,
    slug: String,
    tenant_uuid: Uuid,
    system_managed: bool,
    read_only: bool,
}

impl Group {
    /// A [`View`] with its keys in the order that the answers to POST and PUT have.
    fn written(&self) -> Value {
        json!({"uuid": self.uuid, "tenant_uuid": self.tenant_uuid, "name": self.name, "slug": self.slug,
            "read_only": self.everybody, "system_managed": self.everybody})
    }

    fn view(self) -> View {
        View {
            uuid: self.uuid,
            name: self.name,
            slug: self.slug,
            tenant_uuid: self.tenant_uuid,
            system_managed: self.everybody,
            read_only: self.everybody,
        }
    }

    /// Nobody leaves the group of everybody, and it keeps its name.
    fn require_own(self) -> Result<Group> {
        if !self.everybody {
            return Ok(self);
        }
        Err(Refusal::Detailed {
            status: 403,
            message: json!(format!("Forbidden group modification: \"{}\"", self.uuid)),
            error_id: "forbidden-group",
            details: json!({"uuid": self.uuid}),
            resource: Some(RESOURCE),
        }
        .into())
    }
}

fn list(call: &Call, connection: &Connection, within: Within) -> Result<Answer> {
    if let Some(order @ ("slug" | "read_only")) = call.query("order") {
        return Err(Refusal::reason(400, format!("Invalid sort column: {order}")).into());
    }
    let page: Found<String> = LISTING.page(call, connection, within)?;
    Answer::json(&page.map(|found| {
        let groups = uuids(&found).into_iter().map(|uuid| get(connection, uuid));
        groups.filter_map(|group| group.map(|group| group.map(Group::view)).transpose()).collect()
    })?)
}

fn list_groups(call: &Call, connection: &Connection) -> Result<Answer> {
    list(call, connection, Within::tenants(call, "g.tenant_uuid")?)
}

fn list_of_user(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = accounts::found(call, connection)?.uuid.to_string();
    let condition = "g.uuid IN (SELECT group_uuid FROM account_group_member WHERE account_uuid = ?)";
    list(call, connection, Within::only(condition, user))
}

fn get_group(call: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&found(call, connection)?.view())
}

fn taken(
    connection: &Connection,
    tenant: Uuid,
    column: &str,
    value: &str,
    own: Option<Uuid>,
) -> Result<bool> {
    let mut other = connection.prepare_cached(
        "SELECT 1 FROM account_group WHERE tenant_uuid = ?1 AND iif(?2 = 'slug', slug, name) = ?3 AND uuid IS NOT ?4",
    )?;
    Ok(other.exists(params![tenant.to_string(), column, value, own.map(|uuid| uuid.to_string())])?)
}

fn exists(name: &str) -> Error {
    Refusal::reason(409, format!("Group \"{name}\" already exists")).into()
}

fn create_group(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = body::read(call, &GROUP, RESOURCE)?;
    let (tenant_uuid, name) = (call.scope().tenant, text(&body, "name").unwrap_or_default().to_owned());
    if taken(tx, tenant_uuid, "name", &name, None)? {
        return Err(exists(&name));
    }
    let slug = slug_of(&name, LONGEST_SLUG, |slug| taken(tx, tenant_uuid, "slug", slug, None))?;
    let group = Group { uuid: Uuid::new_v4(), tenant_uuid, name, slug, everybody: false };
    insert(tx, &group)?;
    Answer::json(&group.written())
}

fn update_group(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = body::read(call, &GROUP, RESOURCE)?;
    let before = found(call, tx)?.require_own()?;
    let name = text(&body, "name").unwrap_or_default().to_owned();
    if taken(tx, before.tenant_uuid, "name", &name, Some(before.uuid))? {
        return Err(exists(&name));
    }
    tx.prepare_cached("UPDATE account_group SET name = ?2 WHERE uuid = ?1")?
        .execute([&before.uuid.to_string(), &name])?;
    Answer::json(&Group { name, ..before }.written())
}

fn delete_group(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let group = found(call, tx)?.require_own()?;
    tx.prepare_cached("DELETE FROM account_group WHERE uuid = ?1")?.execute([group.uuid.to_string()])?;
    Ok(Answer::Empty)
}

fn list_members(call: &Call, connection: &Connection) -> Result<Answer> {
    let condition = "a.uuid IN (SELECT account_uuid FROM account_group_member WHERE group_uuid = ?)";
    let within = Within::only(condition, found(call, connection)?.uuid.to_string());
    let page = account_store::LISTING.page::<String>(call, connection, within)?;
    Answer::json(&page.map(|found| {
        let accounts = account_store::accounts(connection, &uuids(&found))?;
        Ok(accounts.into_iter().map(Account::view).collect())
    })?)
}

/// Who is put into a group gets all its rights, so the caller must have them.
fn rights(connection: &Connection, group: &Group) -> Result<Vec<String>> {
    let mut acls = connection.prepare_cached(
        "SELECT p.acl FROM account_group_policy gp JOIN policy p ON p.uuid = gp.policy_uuid
         WHERE gp.group_uuid = ?1 ORDER BY p.uuid",
    )?;
    let mut rows = acls.query([group.uuid.to_string()])?;
    let mut rights = Vec::new();
    while let Some(row) = rows.next()? {
        let acl: String = row.get(0)?;
        rights.extend(serde_json::from_str::<Vec<String>>(&acl)?);
    }
    Ok(rights)
}

fn add_member(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let group = found(call, tx)?.require_own()?;
    let account = accounts::found(call, tx)?;
    if account.tenant_uuid != group.tenant_uuid {
        return Err(Refusal::Detailed {
            status: 400,
            message: json!("Ressources are not in the same tenant"),
            error_id: "missmatching-tenant",
            details: json!({"user_tenant_uuid": account.tenant_uuid, "group_tenant_uuid": group.tenant_uuid}),
            resource: Some(RESOURCE),
        }
        .into());
    }
    require_may_add(call, &rights(tx, &group)?)?;
    tx.prepare_cached(
        "INSERT INTO account_group_member (group_uuid, account_uuid) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?
    .execute([group.uuid.to_string(), account.uuid.to_string()])?;
    Ok(Answer::Empty)
}

fn remove_member(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let group = found(call, tx)?.require_own()?;
    let account = accounts::found(call, tx)?;
    require_may_remove(call, &rights(tx, &group)?)?;
    tx.prepare_cached("DELETE FROM account_group_member WHERE group_uuid = ?1 AND account_uuid = ?2")?
        .execute([group.uuid.to_string(), account.uuid.to_string()])?;
    Ok(Answer::Empty)
}

fn list_policies(call: &Call, connection: &Connection) -> Result<Answer> {
    let condition = "p.uuid IN (SELECT policy_uuid FROM account_group_policy WHERE group_uuid = ?)";
    policies::list_of(call, connection, Within::only(condition, found(call, connection)?.uuid.to_string()))
}

fn add_policy(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (group, policy) = (found(call, tx)?, policies::found(call, tx)?);
    require_may_add(call, &policy.acl)?;
    tx.prepare_cached(
        "INSERT INTO account_group_policy (group_uuid, policy_uuid) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?
    .execute([group.uuid.to_string(), policy.uuid.to_string()])?;
    Ok(Answer::Empty)
}

fn remove_policy(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (group, policy) = (found(call, tx)?, policies::found(call, tx)?);
    require_may_remove(call, &policy.acl)?;
    tx.prepare_cached("DELETE FROM account_group_policy WHERE group_uuid = ?1 AND policy_uuid = ?2")?
        .execute([group.uuid.to_string(), policy.uuid.to_string()])?;
    Ok(Answer::Empty)
}
