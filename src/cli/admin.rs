//! `cordboard tenant …` and `cordboard token add`: they write the database next to a running cordboard.

use crate::db::{Db, WriteTx};
use crate::domain::country;
use crate::error::Error;
use crate::resources::tenants;
use crate::settings::Settings;
use crate::storage;
use uuid::Uuid;

/// # Errors
/// There is no such parent, the slug or uuid is taken, or there is no database yet.
pub fn add_tenant(
    settings: &Settings,
    slug: String,
    uuid: Option<Uuid>,
    parent: Option<Uuid>,
) -> anyhow::Result<()> {
    let (tenant, _) =
        database(settings)?.write_blocking("tenant add", move |tx| tenants::add(tx, &slug, uuid, parent))?;
    println!("{tenant}");
    Ok(())
}

/// # Errors
/// There is no such tenant or country, or there is no database yet.
pub fn set_country(settings: &Settings, code: &str, tenant: Option<Uuid>) -> anyhow::Result<()> {
    let country = country::of(Some(code));
    if country == country::UNKNOWN {
        anyhow::bail!(
            "The numbers of the country \"{code}\" are not known: without one they are 112 and 911"
        );
    }
    database(settings)?.write_blocking("tenant country", move |tx| {
        let tenant = known_or_master(tx, tenant)?;
        tenants::store::set_country(tx, tenant, Some(country.code))
    })?;
    println!("{}: {}", country.code, country.emergency.join(", "));
    Ok(())
}

/// # Errors
/// There is no such tenant, or there is no database yet.
pub fn add_token(settings: &Settings, tenant: Option<Uuid>, value: Option<String>) -> anyhow::Result<()> {
    let value = match value {
        Some(value) if value.is_empty() || !value.bytes().all(|b| b.is_ascii_graphic()) => {
            anyhow::bail!("A token is one word of printable ASCII characters")
        }
        Some(value) => value,
        None => Uuid::new_v4().to_string(),
    };
    let token = value.clone();
    database(settings)?.write_blocking("token add", move |tx| {
        let tenant = known_or_master(tx, tenant)?;
        tenants::store::insert_token(tx, &token, tenant)
    })?;
    println!("{value}");
    Ok(())
}

/// This tenant, if there is one, or the master tenant.
pub fn known_or_master(tx: &WriteTx, tenant: Option<Uuid>) -> Result<Uuid, Error> {
    let Some((_, master)) = tenants::store::identity(tx)? else { return Err(not_started()) };
    let tenant = tenant.unwrap_or(master);
    if !tenants::store::exists(tx, tenant)? {
        return Err(Error::not_found("Tenant", &[("uuid", tenant.to_string().into())]));
    }
    Ok(tenant)
}

pub fn database(settings: &Settings) -> anyhow::Result<Db> {
    let file = storage::database(&settings.storage.dir);
    if !file.exists() {
        return Err(not_started().into());
    }
    Ok(Db::open(&file)?)
}

fn not_started() -> Error {
    Error::Unavailable("There is no database in storage.dir yet: start `cordboard serve` once".to_owned())
}
