//! Tenants as the auth API makes, changes and deletes them (auth.md 8).

mod api;
mod store;

pub use api::routes;

use crate::domain::refusal::Refusal;
use crate::domain::schema::{Default, Field, Kind, Pattern, Rule, Schema, pattern};
use crate::error::Error;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use uuid::Uuid;

const RESOURCE: &str = "tenants";

/// Longest slug, in letters.
const LONGEST_SLUG: usize = 10;

static SLUG: Pattern = LazyLock::new(|| pattern("^[a-zA-Z0-9_]+$"));

/// The contract's pattern needs to look ahead; the same in code is [`is_domain`].
const DOMAIN: &str = r"^(?=.{1,253}\.?$)(?:(?!(-|_)|[^.]+_)[A-Za-z0-9-_]{1,}(?<!-)(?:\.|$)){2,63}$";

static ADDRESS: Schema = Schema::new(
    "TenantAddress",
    &[
        Field::prose("line_1").nullable().rules(&[Rule::Between(1, 256)]),
        Field::prose("line_2").nullable().rules(&[Rule::Between(1, 256)]),
        Field::prose("city").nullable().rules(&[Rule::Between(1, 128)]),
        Field::prose("state").nullable().rules(&[Rule::Between(1, 128)]),
        Field::prose("country").nullable().rules(&[Rule::Between(1, 128)]),
        Field::prose("zip_code").nullable().rules(&[Rule::Between(1, 16)]),
    ],
);

const NAME: Field = Field::prose("name").nullable().rules(&[Rule::Between(1, 128)]);
const CONTACT: Field = Field::new("contact", Kind::Uuid).nullable();
const PHONE: Field = Field::prose("phone").nullable().rules(&[Rule::Between(1, 32)]);
const METHOD: Field = Field::text("default_authentication_method").or(Default::Text("native"));
const DOMAINS: Field =
    Field::list("domain_names", &Kind::Text).or(Default::EmptyList).each(&[Rule::Custom(not_a_domain)]);
const PLACE: Field = Field::nested("address", &ADDRESS);

static CREATION: Schema = Schema::new(
    "AuthTenantCreation",
    &[
        Field::new("uuid", Kind::Uuid).null_allowed(),
        NAME,
        Field::text("slug").null_allowed().rules(&[Rule::Between(1, LONGEST_SLUG), Rule::Pattern(&SLUG)]),
        CONTACT,
        PHONE,
        METHOD,
        DOMAINS,
        PLACE,
    ],
);
static UPDATE: Schema = Schema::new("AuthTenant", &[NAME, CONTACT, PHONE, METHOD, DOMAINS, PLACE]);

/// A tenant as it is stored.
#[derive(Debug)]
struct Tenant {
    uuid: Uuid,
    /// Nothing for the master tenant.
    parent_uuid: Option<Uuid>,
    name: Option<String>,
    slug: String,
    contact: Option<String>,
    phone: Option<String>,
    method: String,
    domain_names: Vec<String>,
    /// All lines of it.
    address: Value,
}

/// A tenant as the API shows it, keys in the contract's order.
#[derive(Serialize, schemars::JsonSchema)]
struct View {
    uuid: Uuid,
    /// The master tenant's is its own.
    parent_uuid: Uuid,
    name: Option<String>,
    slug: String,
    contact: Option<String>,
    phone: Option<String>,
    default_authentication_method: String,
    domain_names: Vec<String>,
    #[schemars(with = "BTreeMap<String, Option<String>>")]
    address: Value,
}

/// A domain of a tenant as the API shows it.
#[derive(Serialize, schemars::JsonSchema)]
struct DomainView {
    name: String,
    uuid: Uuid,
}

impl Tenant {
    fn view(self) -> View {
        View {
            uuid: self.uuid,
            parent_uuid: self.parent_uuid.unwrap_or(self.uuid),
            name: self.name,
            slug: self.slug,
            contact: self.contact,
            phone: self.phone,
            default_authentication_method: self.method,
            domain_names: self.domain_names,
            address: self.address,
        }
    }
}

fn not_a_domain(value: &Value) -> Option<String> {
    let good = value.as_str().is_some_and(is_domain);
    (!good).then(|| format!("String does not match expected pattern: {DOMAIN}"))
}

/// Two to 63 labels of letters, digits and `-`, none of which begins or ends with `-`; `_` ends no label's beginning.
fn is_domain(text: &str) -> bool {
    let labels: Vec<&str> = text.strip_suffix('.').unwrap_or(text).split('.').collect();
    let good = |label: &&str| {
        let letters = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        !label.is_empty() && letters && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 254 && (2..=63).contains(&labels.len()) && labels.iter().all(good)
}

fn unknown(uuid: Uuid) -> Error {
    Refusal::unknown("tenant", "unknown-tenant", RESOURCE, &uuid.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::is_domain;

    #[test]
    fn a_domain_has_two_labels() {
        for good in ["a.example.com", "a.b", "x-1.example.com", "a.b."] {
            assert!(is_domain(good), "{good}");
        }
        for bad in ["", "a", "a..b", "-a.b", "a-.b", "a_b.c", "a b.c", "ä.de"] {
            assert!(!is_domain(bad), "{bad}");
        }
    }
}
