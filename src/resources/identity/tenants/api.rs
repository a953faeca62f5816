//! Handlers of `/tenants` of the auth API.

use super::{CREATION, DomainView, LONGEST_SLUG, RESOURCE, Tenant, UPDATE, View, store, unknown};
use crate::db::WriteTx;
use crate::domain::refusal::Refusal;
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Answer, Call, Page, Route};
use crate::resources::identity::accounts;
use crate::resources::identity::body::{self, text, texts};
use crate::resources::identity::listing::{Found, Within, uuids};
use crate::resources::identity::policies::slug_of;
use crate::resources::tenants as owners;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

pub fn routes() -> Vec<Route> {
    let one = "/tenants/{tenant:uuid}";
    vec![
        Route::read("/tenants", "List tenants", list_tenants).shows::<Found<View>>(),
        Route::post("/tenants", "Create a tenant", create_tenant).shows::<View>().body(&CREATION),
        Route::read(one, "Get a tenant", get_tenant).shows::<View>(),
        Route::put(one, "Change a tenant", update_tenant).status(200).shows::<View>().body(&UPDATE),
        Route::delete(one, "Delete a tenant with everything in it", delete_tenant),
        Route::read("/tenants/{tenant:uuid}/domains", "List a tenant's domains", list_domains)
            .lists::<DomainView>(),
    ]
}

fn found(call: &Call, connection: &Connection) -> Result<Tenant> {
    let uuid = call.uuid("tenant");
    let tenant = store::tenants(connection, &[uuid])?.pop().filter(|tenant| call.scope().sees(tenant.uuid));
    tenant.ok_or_else(|| unknown(uuid))
}

/// Always of all tenants that the request sees.
fn list_tenants(call: &Call, connection: &Connection) -> Result<Answer> {
    let asked: Vec<_> =
        call.queries().iter().filter(|(name, _)| name == "uuids").map(|(_, uuid)| uuid).collect();
    let mut within = Within::visible(call, "t.uuid");
    if !asked.is_empty() {
        within = within.and("t.uuid IN (SELECT value FROM json_each(?))", json!(asked).to_string());
    }
    let page = store::LISTING.page::<String>(call, connection, within)?;
    Answer::json(&page.map(|found| {
        let tenants = store::tenants(connection, &uuids(&found))?;
        Ok(tenants.into_iter().map(Tenant::view).collect())
    })?)
}

fn get_tenant(call: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&found(call, connection)?.view())
}

fn list_domains(call: &Call, connection: &Connection) -> Result<Answer> {
    let tenant = found(call, connection)?;
    let domains = store::domains_of(connection, &json!([tenant.uuid]).to_string())?;
    let items: Vec<_> = domains.into_iter().map(|(_, name, uuid)| DomainView { name, uuid }).collect();
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}

/// What a body says of a tenant, judged.
fn compose(
    tx: &WriteTx,
    uuid: Uuid,
    parent_uuid: Option<Uuid>,
    slug: String,
    body: &Object,
) -> Result<Tenant> {
    let own = |name: &str| text(body, name).map(str::to_owned);
    let method = own("default_authentication_method").unwrap_or_default();
    if !["native", "default", "ldap", "saml"].contains(&method.as_str()) {
        return Err(Refusal::Detailed {
            status: 400,
            message: json!(format!("Invalid default authentication method {method}")),
            error_id: "invalid-data",
            details: json!({"default_authentication_method": method}),
            resource: Some(RESOURCE),
        }
        .into());
    }
    let contact = own("contact");
    if let Some(contact) = contact.as_deref().and_then(|contact| Uuid::try_parse(contact).ok())
        && !accounts::store::exists(tx, contact)?
    {
        return Err(accounts::unknown(contact));
    }
    let domain_names: BTreeSet<String> = texts(body, "domain_names").into_iter().collect();
    let domain_names: Vec<String> = domain_names.into_iter().collect();
    if let Some(domain) = store::taken_domain(tx, &domain_names, uuid)? {
        let message = format!("Domain name : \"['{domain}']\" is already in use, no duplicates allowed");
        let details = json!({"domain_names": {"constraint-id": "unique", "message": message}});
        return Err(Refusal::conflict(RESOURCE, details).into());
    }
    Ok(Tenant {
        uuid,
        parent_uuid,
        name: own("name"),
        slug,
        contact,
        phone: own("phone"),
        method,
        domain_names,
        address: store::whole(body.get("address").unwrap_or(&Value::Null)),
    })
}

fn create_tenant(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = body::read(call, &CREATION, RESOURCE)?;
    let parent = call.scope().tenant;
    let uuid = text(&body, "uuid").and_then(|uuid| Uuid::try_parse(uuid).ok()).unwrap_or_else(Uuid::new_v4);
    judge_uuid(tx, uuid, parent)?;
    let taken = |slug: &str| owners::store::slug_exists(tx, slug);
    let slug = match text(&body, "slug") {
        Some(slug) if taken(slug)? => {
            let message = format!("The slug \"{slug}\" is already used");
            let details = json!({"slug": {"constraint_id": "unique", "message": message}});
            return Err(Refusal::conflict(RESOURCE, details).into());
        }
        Some(slug) => slug.to_owned(),
        None => slug_of(&text(&body, "name").unwrap_or_default().replace('-', ""), LONGEST_SLUG, taken)?,
    };
    let tenant = compose(tx, uuid, Some(parent), slug, &body)?;
    owners::make(tx, uuid, &tenant.slug, parent)?;
    store::update(tx, &tenant)?;
    Answer::json(&tenant.view())
}

fn judge_uuid(tx: &WriteTx, uuid: Uuid, parent: Uuid) -> Result<()> {
    if uuid == parent {
        return Err(Refusal::Detailed {
            status: 403,
            message: json!("A master tenant already exist"),
            error_id: "unauthorized-tenant",
            details: json!({"parent_uuid": {"constraint_id": "unique", "msg": "A master tenant already exist"}}),
            resource: Some(RESOURCE),
        }
        .into());
    }
    if !owners::store::exists(tx, uuid)? {
        return Ok(());
    }
    let message = format!("A tenant with identity uuid=\"{uuid}\" already exists");
    Err(Refusal::Detailed {
        status: 409,
        message: json!("Tenant Conflict detected"),
        error_id: "tenant-identity-conflict",
        details: json!({"uuid": {"constraint_id": "unique", "message": message}}),
        resource: Some(RESOURCE),
    }
    .into())
}

fn update_tenant(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = body::read(call, &UPDATE, RESOURCE)?;
    let before = found(call, tx)?;
    let tenant = compose(tx, before.uuid, before.parent_uuid, before.slug, &body)?;
    store::update(tx, &tenant)?;
    Answer::json(&tenant.view())
}

fn delete_tenant(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let tenant = found(call, tx)?;
    let uuid = tenant.uuid;
    if uuid == call.scope().tenant || tenant.parent_uuid.is_none() {
        return Err(Refusal::Detailed {
            status: 403,
            message: json!(format!("Deleting its own tenant is forbidden: \"{uuid}\"")),
            error_id: "deleting-own-tenant-forbidden",
            details: json!({"tenant_uuid": uuid}),
            resource: Some(RESOURCE),
        }
        .into());
    }
    if store::has_children(tx, uuid)? {
        let text = format!("Unauthorized delete of tenant : \"{uuid}\" ; since it has at least one child");
        return Err(Refusal::Detailed {
            status: 400,
            message: json!(text),
            error_id: "tenant-has-children",
            details: json!({"uuid": uuid}),
            resource: Some(RESOURCE),
        }
        .into());
    }
    owners::purge(tx, uuid)?;
    Ok(Answer::Empty)
}
