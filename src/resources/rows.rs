//! Rows of resources, made from what a schema has read: the keys of a body are the fields of its row.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::domain::schema::Object;
use crate::error::Result;

/// The row of something new. The store gives it its id.
///
/// # Errors
/// The body is of another schema.
pub fn fresh<T: DeserializeOwned>(tenant: Uuid, body: &Object) -> Result<T> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    Ok(serde_json::from_value(Value::Object(row))?)
}

/// The row with what the body holds in place of the old.
///
/// # Errors
/// The body is of another schema.
pub fn changed<T: Serialize + DeserializeOwned>(old: &T, body: &Object) -> Result<T> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    Ok(serde_json::from_value(row)?)
}
