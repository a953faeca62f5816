//! What a complete user has, but this version of cordboard does not: a value that asks for it is refused by name,
//! never dropped in silence. A resource that gets built takes its row out of here.

use crate::domain::schema::{Field, Kind, Rule};
use serde_json::Value;

/// The fields of a nested user that only their emptiest value fits.
pub static FIELDS: [Field; 1] =
    [Field::new("device_id", Kind::Text).null_allowed().rules(&[Rule::Custom(refuse_device)])];

fn refuse_device(_: &Value) -> Option<String> {
    Some("A device belongs to a line: use lines[].device_id.".to_owned())
}
