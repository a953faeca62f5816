//! What a body may hold, as a table: one row a field. From it come the checks with their exact texts
//! (confd.md 1.6), the defaults, and the OpenAPI document. Rules that need the database are not here.

mod field;
mod openapi;
mod parse;
mod rule;
mod shown;

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
    pub variants: Option<Variants>,
}

/// More fields, by the value of one: which ones a `type` asks for.
#[derive(Debug, Clone, Copy)]
pub struct Variants {
    /// The text field that decides; it is one of the schema's own.
    pub tag: &'static str,
    /// Every value that the field may have, and its fields.
    pub of: fn(&str) -> Option<&'static Schema>,
    /// The values, for the document.
    pub tags: &'static [&'static str],
    /// Texts that an answer tells beside the fields of a value: the name of what one of them points at.
    pub told: fn(&str) -> Vec<&'static str>,
}

impl Schema {
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        Schema { name, fields, check: None, variants: None }
    }

    /// Fields that follow the schema's own once those are good.
    pub const fn varied(mut self, variants: Variants) -> Self {
        self.variants = Some(variants);
        self
    }

    pub const fn checked(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }
}

#[expect(clippy::indexing_slicing, reason = "it runs in the compiler, which checks the index")]
/// One list of fields made of several.
pub const fn concat<const N: usize>(lists: &[&[Field]]) -> [Field; N] {
    let mut all = [Field::text(""); N];
    let (mut lists, mut index) = (lists, 0);
    while let [list, more @ ..] = lists {
        let mut fields = *list;
        while let [field, rest @ ..] = fields {
            all[index] = *field;
            fields = rest;
            index += 1;
        }
        lists = more;
    }
    assert!(index == N, "the lengths add up");
    all
}
