//! What a body may hold, as a table: one row a field. From it come the checks with their exact texts
//! (confd.md 1.6), the defaults, and the OpenAPI document. Rules that need the database are not here.

mod field;
mod openapi;
mod parse;
mod rule;

pub use field::Null;
pub use field::{Default, Field, Kind};
pub use parse::{Mode, normalize_body, truth};
pub use rule::{Pattern, Rule, pattern};

use super::py::Py;
use serde_json::{Map, Value};

/// An object of JSON.
pub type Object = Map<String, Value>;

/// Messages by field, in the order of the schema.
pub type Messages = Vec<(String, Py)>;

/// A rule over several fields; it runs only when no field failed.
pub type Check = fn(&Object, Mode) -> Messages;

/// The fields of a body.
#[derive(Debug)]
pub struct Schema {
    /// The resource's name in the OpenAPI document.
    pub name: &'static str,
    pub fields: &'static [Field],
    pub check: Option<Check>,
}

impl Schema {
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        Schema { name, fields, check: None }
    }

    pub const fn checked(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }
}
