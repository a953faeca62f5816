//! Keys as the API shows them.

use super::shown::Destination;
use super::store::{self, KeyRow, Template};
use super::types::{Reference, Type};
use crate::error::Result;
use crate::http::{Call, Link};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A key, its keys in the contract's order.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Key {
    pub id: i64,
    /// Of a template, not the user's own.
    pub inherited: bool,
    pub blf: bool,
    pub label: Option<String>,
    #[schemars(with = "Destination")]
    pub destination: Map<String, Value>,
}

/// Keys by position.
pub type KeySet = BTreeMap<i64, Key>;

/// All keys of a user.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct UserKeys {
    /// The template of the user's own keys, when they have no other.
    pub id: Option<i64>,
    pub name: Option<String>,
    pub keys: KeySet,
}

/// A template that users share.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct TemplateView {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: Option<String>,
    pub keys: KeySet,
    pub links: Vec<Link>,
}

/// Who was given which template.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Given {
    pub user_id: i64,
    pub template_id: i64,
    pub links: Vec<Link>,
}

impl Given {
    pub fn new(call: &Call, user_id: i64, template_id: i64) -> Given {
        let mut links = call.links("func_keys_templates", &format!("/funckeys/templates/{template_id}"));
        links.extend(call.links("users", &format!("/users/{user_id}")));
        Given { user_id, template_id, links }
    }
}

/// The keys of a user: those of the template that they were given, and over them their own.
///
/// # Errors
/// The database can't be read.
pub fn of_user(call: &Call, connection: &Connection, user: i64) -> Result<UserKeys> {
    let (own, given) = (store::own(connection, user)?, store::given(connection, user)?);
    let ids: Vec<i64> = given.iter().chain(&own).map(|template| template.id).collect();
    let mut sets = sets(call, connection, &ids)?;
    let mut keys = given.as_ref().and_then(|template| sets.remove(&template.id)).unwrap_or_default();
    let own_keys = own.as_ref().and_then(|own| sets.remove(&own.id)).unwrap_or_default();
    keys.extend(own_keys.into_iter().map(|(position, key)| (position, Key { inherited: false, ..key })));
    let id = if given.is_none() { own.as_ref().map(|own| own.id) } else { None };
    Ok(UserKeys { id, name: given.or(own).and_then(|template| template.name), keys })
}

/// Templates with their keys, in the order of `templates`.
///
/// # Errors
/// The database can't be read.
pub fn templates(
    call: &Call,
    connection: &Connection,
    templates: Vec<Template>,
) -> Result<Vec<TemplateView>> {
    let ids: Vec<i64> = templates.iter().map(|template| template.id).collect();
    let mut sets = sets(call, connection, &ids)?;
    let view = |template: Template| TemplateView {
        keys: sets.remove(&template.id).unwrap_or_default(),
        links: call.links("func_keys_templates", &format!("/funckeys/templates/{}", template.id)),
        id: template.id,
        tenant_uuid: template.tenant_uuid,
        name: template.name,
    };
    Ok(templates.into_iter().map(view).collect())
}

/// The keys of templates by template, all said to be inherited.
fn sets(call: &Call, connection: &Connection, templates: &[i64]) -> Result<HashMap<i64, KeySet>> {
    let rows = store::keys(connection, templates)?;
    let names = names(connection, &rows)?;
    let mut sets: HashMap<i64, KeySet> = HashMap::new();
    for row in rows {
        let destination = destination(call, &row, &names);
        let key = Key { id: row.id, inherited: true, blf: row.blf, label: row.label, destination };
        sets.entry(row.template_id).or_default().insert(row.position, key);
    }
    Ok(sets)
}

type Names = HashMap<(String, i64), Map<String, Value>>;

fn destination(call: &Call, row: &KeyRow, names: &Names) -> Map<String, Value> {
    let mut shown = Map::new();
    let user = row.target.filter(|_| row.kind == "user");
    let href = user.map(|id| call.href(&format!("/users/{id}")));
    shown.insert("type".to_owned(), Value::from(row.kind.as_str()));
    shown.insert("href".to_owned(), href.map_or(Value::Null, Value::from));
    if let (Some(reference), Some(target)) = (reference(&row.kind), row.target) {
        shown.insert(reference.argument.to_owned(), Value::from(target));
        let names = names.get(&(row.kind.clone(), target)).into_iter().flatten();
        shown.extend(names.map(|(name, value)| (name.clone(), value.clone())));
    }
    shown.extend(row.arguments.clone());
    shown
}

fn reference(kind: &str) -> Option<&'static Reference> {
    Type::named(kind)?.reference.as_ref()
}

/// What answers tell of the objects that keys name: one statement a type that is there.
fn names(connection: &Connection, rows: &[KeyRow]) -> Result<Names> {
    let mut targets: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for row in rows {
        targets.entry(&row.kind).or_default().extend(row.target);
    }
    let mut names = Names::new();
    for (kind, targets) in targets {
        let table = reference(kind).and_then(|reference| reference.table.as_ref());
        let Some(table) = table.filter(|table| !table.shown.is_empty()) else { continue };
        let targets: Vec<i64> = targets.into_iter().collect();
        for (target, shown) in table.names_of(connection, &targets)? {
            names.insert((kind.to_owned(), target), shown);
        }
    }
    Ok(names)
}
