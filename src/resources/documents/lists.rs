//! Lists of documents.

use super::rows::{KINDS, Kind, NamedBy, Whose};
use super::store::{self, Document, Place};
use crate::db::WriteTx;
use crate::domain::problems::{already_exists, associated, field_message, not_permitted};
use crate::domain::py::Py;
use crate::domain::schema::{Mode, Object};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Link, Page, Route, as_schema};
use crate::resources::random::random_text;
use crate::resources::users;
use rusqlite::{Connection, OptionalExtension};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    [of::<0>(), of::<1>(), of::<2>(), of::<3>(), of::<4>()].concat()
}

/// The routes of the kind of this place in the table.
fn of<const N: usize>() -> Vec<Route> {
    let Some(kind) = KINDS.get(N) else { return Vec::new() };
    let (all, one) = (kind.path, item_path(kind));
    let list = Route::read(all, "List what clients keep here", |call, connection| list(N, call, connection));
    let post =
        Route::post(if kind.named_by == NamedBy::Name { one } else { all }, "Keep something", |call, tx| {
            create(N, call, tx)
        });
    let routes = vec![
        // The original answers so (confd.md 1.4).
        if kind.named_by == NamedBy::Name { list.bare_405() } else { list }
            .lists_as(kind.resource, |generator| as_schema(shown(N, generator))),
        post.shows_as(kind.resource, |generator| as_schema(shown(N, generator))).body(kind.schema),
        Route::read(one, "Get what is kept", |call, connection| get(N, call, connection))
            .shows_as(kind.resource, |generator| as_schema(shown(N, generator))),
        Route::put(one, "Change what is kept", |call, tx| update(N, call, tx)).body(kind.schema),
        Route::delete(one, "Forget it", |call, tx| delete(N, call, tx)),
    ];
    match kind.whose {
        Whose::System => routes.into_iter().map(Route::master).collect(),
        Whose::Tenant | Whose::User => routes,
    }
}

/// The path of one document; routes are told by literals.
fn item_path(kind: &Kind) -> &'static str {
    match kind.word {
        "access_features" => "/access_features/{document:int}",
        "registrars" => "/registrars/{document:text}",
        "ingresses_http" => "/ingresses/http/{document:uuid}",
        "external_apps" => "/external/apps/{document:text}",
        _ => "/users/{user:key}/external/apps/{document:text}",
    }
}

/// Where a request's documents are.
fn place(kind: &'static Kind, call: &Call, connection: &Connection) -> Result<Place<'static>> {
    let (tenant, user) = match kind.whose {
        Whose::System => (store::master(connection)?, None),
        Whose::Tenant => (call.scope().tenant, None),
        Whose::User => {
            let user = users::found(call, connection)?;
            (user.tenant_uuid, Some(user.uuid))
        }
    };
    Ok(Place { kind: kind.word, tenant, user })
}

/// The kind of this place in the table; the routes are made of the same table.
fn kind(at: usize) -> Result<&'static Kind> {
    KINDS.get(at).ok_or_else(|| Error::Internal("there is no such kind of document".to_owned()))
}

fn view(kind: &Kind, call: &Call, document: Document) -> Value {
    let mut view = Map::new();
    let (name, key) = match kind.named_by {
        NamedBy::Id => ("id", Value::from(document.id)),
        NamedBy::Text => ("id", Value::from(document.key.as_str())),
        NamedBy::Uuid => ("uuid", Value::from(document.key.as_str())),
        NamedBy::Name => ("name", Value::from(document.key.as_str())),
    };
    view.insert(name.to_owned(), key);
    match kind.whose {
        Whose::Tenant => drop(view.insert("tenant_uuid".to_owned(), json!(document.tenant_uuid))),
        Whose::System if kind.word == "registrars" => {
            view.insert("deletable".to_owned(), json!(document.key != "default"));
        }
        Whose::System | Whose::User => {}
    }
    view.extend(document.body);
    if kind.named_by != NamedBy::Name {
        let links = call.links(kind.word, &format!("{}/{}", kind.path, document.key));
        view.insert("links".to_owned(), json!(links));
    }
    Value::Object(view)
}

/// What [`view`] gives, for the document.
fn shown(at: usize, generator: &mut SchemaGenerator) -> Value {
    let Some(kind) = KINDS.get(at) else { return Value::Null };
    let mut shown = kind.schema.shown();
    let (name, key) = match kind.named_by {
        NamedBy::Id => ("id", json!({"type": "integer"})),
        NamedBy::Text => ("id", json!({"type": "string"})),
        NamedBy::Uuid => ("uuid", json!({"type": "string", "format": "uuid"})),
        NamedBy::Name => ("name", json!({"type": "string"})),
    };
    let mut more = vec![(name, key)];
    match kind.whose {
        Whose::Tenant => more.push(("tenant_uuid", json!({"type": "string", "format": "uuid"}))),
        Whose::System if kind.word == "registrars" => more.push(("deletable", json!({"type": "boolean"}))),
        Whose::System | Whose::User => {}
    }
    if kind.named_by != NamedBy::Name {
        let links = <Vec<Link>>::json_schema(generator).to_value();
        more.push(("links", links));
    }
    with_more(&mut shown, more);
    shown
}

/// Adds fields that are always there.
fn with_more(shown: &mut Value, more: Vec<(&str, Value)>) {
    for (name, schema) in more {
        if let Some(Value::Object(properties)) = shown.get_mut("properties") {
            properties.insert(name.to_owned(), schema);
        }
        if let Some(Value::Array(required)) = shown.get_mut("required") {
            required.push(name.into());
        }
    }
}

fn list(at: usize, call: &Call, connection: &Connection) -> Result<Answer> {
    let kind = kind(at)?;
    if kind.whose == Whose::User {
        return list_of_user(kind, call, connection);
    }
    let page = kind.listing.page::<i64>(call, connection)?.map(|ids| store::many(connection, &ids))?;
    Answer::json(&page.map(|rows| Ok(rows.into_iter().map(|row| view(kind, call, row)).collect()))?)
}

/// A user's own; with `view=fallback` also the tenant's, of which the user has none of that name.
fn list_of_user(kind: &'static Kind, call: &Call, connection: &Connection) -> Result<Answer> {
    let place = place(kind, call, connection)?;
    let mut rows = store::all(connection, place)?;
    if call.query("view") == Some("fallback") {
        let tenants = store::all(connection, Place { kind: "external_apps", user: None, ..place })?;
        let missing: Vec<Document> =
            tenants.into_iter().filter(|other| rows.iter().all(|own| own.key != other.key)).collect();
        rows.extend(missing);
        rows.sort_by(|a, b| a.key.cmp(&b.key));
    }
    let items: Vec<Value> = rows.into_iter().map(|row| view(kind, call, row)).collect();
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}

fn create(at: usize, call: &Call, tx: &WriteTx) -> Result<Answer> {
    let kind = kind(at)?;
    let place = place(kind, call, tx)?;
    let body = call.parse(kind.schema, Mode::Create)?;
    refuse_duplicate(kind, tx, place, &body, None)?;
    let key = match kind.named_by {
        NamedBy::Id => None,
        NamedBy::Uuid if store::all(tx, place)?.is_empty() => Some(Uuid::new_v4().to_string()),
        // A tenant is reached by one address.
        NamedBy::Uuid => return Err(already_exists(kind.resource, &[]).into()),
        NamedBy::Text => Some(random_text(8)?),
        NamedBy::Name => Some(new_name(kind, call, tx, place)?),
    };
    let key = store::insert(tx, place, key.as_deref(), &body)?;
    let Some(document) = store::get(tx, place, &key)? else { return Ok(Answer::Empty) };
    let path = match place.user {
        Some(user) => format!("/users/{user}/external/apps/{key}"),
        None => format!("{}/{key}", kind.path),
    };
    call.created(&path, &view(kind, call, document))
}

/// The name in the path, when it is free.
fn new_name(kind: &Kind, call: &Call, tx: &WriteTx, place: Place) -> Result<String> {
    const LONGEST: usize = 128;
    let name = call.segment("document");
    if name.chars().count() > LONGEST {
        return Err(field_message("name", &format!("Longer than maximum length {LONGEST}.")).into());
    }
    match store::get(tx, place, name)?.filter(|other| other.tenant_uuid == place.tenant) {
        Some(_) => Err(already_exists(kind.resource, &[("name", name.into())]).into()),
        None => Ok(name.to_owned()),
    }
}

fn refuse_duplicate(kind: &Kind, tx: &WriteTx, place: Place, body: &Object, own: Option<i64>) -> Result<()> {
    if kind.unique.is_empty() {
        return Ok(());
    }
    let same = |other: &Document| kind.unique.iter().all(|name| other.body.get(*name) == body.get(*name));
    if !store::all(tx, place)?.iter().any(|other| Some(other.id) != own && same(other)) {
        return Ok(());
    }
    let text = |name: &str| Py::from(body.get(name).and_then(Value::as_str));
    let meta: Vec<(&str, Py)> = kind.unique.iter().map(|name| (*name, text(name))).collect();
    Err(already_exists(kind.resource, &meta).into())
}

/// The document that the path names, if the request sees it.
fn found(kind: &'static Kind, call: &Call, connection: &Connection) -> Result<(Place<'static>, Document)> {
    let place = place(kind, call, connection)?;
    let key = call.segment("document");
    // Uuids are stored in small letters, and numbers without leading zeros.
    let stored = match kind.named_by {
        NamedBy::Id => call.int("document").to_string(),
        NamedBy::Uuid => call.uuid("document").to_string(),
        NamedBy::Text | NamedBy::Name => key.to_owned(),
    };
    let seen = |row: &Document| match kind.whose {
        Whose::System => true,
        Whose::Tenant | Whose::User => call.scope().sees(row.tenant_uuid),
    };
    let row = store::get(connection, place, &stored)?.filter(seen);
    let shown = match kind.named_by {
        NamedBy::Id => ("id", call.int("document").into()),
        NamedBy::Uuid => ("uuid", call.uuid("document").into()),
        NamedBy::Text => ("id", key.into()),
        NamedBy::Name => ("name", key.into()),
    };
    row.map(|row| (place, row)).ok_or_else(|| Error::not_found(kind.resource, &[shown]))
}

fn get(at: usize, call: &Call, connection: &Connection) -> Result<Answer> {
    let kind = kind(at)?;
    let (_, document) = found(kind, call, connection)?;
    Answer::json(&view(kind, call, document))
}

fn update(at: usize, call: &Call, tx: &WriteTx) -> Result<Answer> {
    let kind = kind(at)?;
    let (place, document) = found(kind, call, tx)?;
    let mut body = document.body;
    body.extend(call.parse(kind.schema, Mode::Update)?);
    refuse_duplicate(kind, tx, place, &body, Some(document.id))?;
    store::update(tx, document.id, &body)?;
    Ok(Answer::Empty)
}

fn delete(at: usize, call: &Call, tx: &WriteTx) -> Result<Answer> {
    let kind = kind(at)?;
    let (_, document) = found(kind, call, tx)?;
    if kind.word == "registrars" {
        refuse_used(tx, &document.key)?;
    }
    store::delete(tx, document.id)?;
    Ok(Answer::Empty)
}

/// A registrar that phones are told to use stays.
fn refuse_used(tx: &WriteTx, registrar: &str) -> Result<()> {
    if registrar == "default" {
        return Err(not_permitted("The default registrar cannot be deleted", &[]).into());
    }
    let mut line = tx.prepare_cached("SELECT id FROM line WHERE registrar = ?1 ORDER BY id LIMIT 1")?;
    match line.query_row([registrar], |row| row.get::<_, i64>(0)).optional()? {
        Some(line) => {
            let meta = [("registrar_id", registrar.into()), ("line_id", line.into())];
            Err(associated("Registrar", "Line", &meta).into())
        }
        None => Ok(()),
    }
}
