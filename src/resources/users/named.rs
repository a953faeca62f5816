//! Lists of a whole user that name other things by their ids: `schedules: [{"id": 1}]` (confd.md 8.1).

use crate::db::WriteTx;
use crate::domain::problems::param_not_found;
use crate::domain::schema::Object;
use crate::error::Result;
use crate::resources::collect::Collected;
use serde_json::Value;

/// Such a list.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// Its field.
    pub field: &'static str,
    /// The resource's name in error texts.
    pub resource: &'static str,
}

impl Named {
    /// Does a body name anything?
    pub fn is_in(self, body: &Object) -> bool {
        self.list(body).next().is_some()
    }

    /// Does a body say anything of it, be it that there is none?
    pub fn is_said(self, body: &Object) -> bool {
        body.get(self.field).is_some_and(|list| !list.is_null())
    }

    /// Finds what each element names and gives it to the user.
    ///
    /// # Errors
    /// What is not the request's fault; its mistakes are collected, each with its place.
    pub fn give<T>(
        self,
        tx: &WriteTx,
        body: &Object,
        collected: &mut Collected,
        (find, give): (impl Fn(i64) -> Result<Option<T>>, impl Fn(&T) -> Result<()>),
    ) -> Result<()> {
        for (index, item) in self.list(body).enumerate() {
            let id = item.get("id").and_then(Value::as_i64).unwrap_or_default();
            collected.attempt(tx, &format!("{}[{index}]", self.field), |_| {
                let unknown = || param_not_found(self.field, self.resource, &[("id", id.into())]);
                give(&find(id)?.ok_or_else(unknown)?)
            })?;
        }
        Ok(())
    }

    fn list(self, body: &Object) -> impl Iterator<Item = &Value> {
        body.get(self.field).and_then(Value::as_array).into_iter().flatten()
    }
}
