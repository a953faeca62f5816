//! Function keys: what the keys of a phone do (confd.md 6.8). A set of keys is a template; every user has a hidden one
//! of their own, whose keys win over those of the template that they are given.

mod codes;
mod destinations;
mod dialled;
pub mod lamps;
mod rules;
mod set;
mod shown;
pub mod store;
mod templates;
mod types;
mod users;
mod view;

pub use codes::Codes;
pub use users::{known_template, own_of_user, set_of_user};
pub use view::KeySet;

use crate::domain::schema::{Default, Field, Kind, Rule, Schema};
use crate::http::Route;
use serde_json::Value;

/// The routes of templates and of users' keys.
pub fn routes() -> Vec<Route> {
    [destinations::routes(), dialled::routes(), templates::routes(), users::routes()].concat()
}

const NO_OBJECT: &str = "FuncKey must be a dictionary";
const NAME: Field = Field::text("name").nullable().rules(&[Rule::Max(128)]);
const BLF: Field = Field::bool("blf").or(Default::Bool(true));
const LABEL: Field = Field::prose("label").nullable().rules(&[Rule::Custom(refuse_control)]);

/// A user's own key.
pub static KEY: Schema =
    Schema::new("FuncKey", &[BLF, LABEL, Field::nested("destination", &types::DESTINATION).required()]);

/// A template's key.
static SHARED_KEY: Schema = Schema::new(
    "FuncKeyTemplateKey",
    &[BLF, LABEL, Field::nested("destination", &types::SHARED_DESTINATION).required()],
);

/// All of a user's own keys.
static KEYS: Schema = Schema::new("FuncKeys", &[NAME, keys(&KEY)]);

/// A template with all its keys.
static TEMPLATE: Schema = Schema::new("FuncKeyTemplate", &[NAME, keys(&SHARED_KEY)]);

const fn keys(of: &'static Schema) -> Field {
    Field::new("keys", Kind::Keyed { of, no_object: NO_OBJECT })
}

/// The keys of a new user, by position: the `func_keys` of `POST /users`.
pub const NESTED: Field =
    Field::new("func_keys", Kind::Keyed { of: &KEY, no_object: NO_OBJECT }).null_allowed();

/// Control characters other than those that have an error of their own.
fn refuse_control(value: &Value) -> Option<String> {
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let refused = !value.as_str().unwrap_or_default().chars().all(plain);
    refused.then(|| "Control characters are not allowed.".to_owned())
}
