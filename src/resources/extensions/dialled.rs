//! Resources that have one number of an internal context: groups, queues and the like.

use super::{Extension, usage};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants, outside_context_range, unhandled_context_type};
use crate::error::{Error, Result};
use crate::resources::contexts::{self, RangeKind};
use uuid::Uuid;

/// How such a resource is called.
#[derive(Debug)]
pub struct Dialled {
    /// In the table `extension_use`.
    pub word: &'static str,
    /// In error texts.
    pub resource: &'static str,
    /// The key of its id in error texts.
    pub id_key: &'static str,
    /// The key of its tenant in error texts.
    pub tenant_key: &'static str,
    /// Which numbers of an internal context it may have.
    pub numbers: Numbers,
}

/// Which numbers a resource may have.
#[derive(Debug, Clone, Copy)]
pub enum Numbers {
    /// Those in these ranges of the context.
    In(RangeKind),
    /// Those that this does not refuse to the resource of this id.
    But(fn(&WriteTx, i64, &Extension) -> Result<()>),
}

impl Dialled {
    /// Gives the resource of this id and tenant an extension. Its own already: nothing changes.
    ///
    /// # Errors
    /// 400, the first that fails: another tenant's extension, the resource has one, the extension reaches something
    /// else, the context is not internal, the number is none that it may have.
    pub fn attach(&self, tx: &WriteTx, id: i64, tenant: Uuid, extension: &Extension) -> Result<()> {
        let own = usage::extensions_of(tx, self.word, id)?;
        if own.contains(&extension.id) {
            return Ok(());
        }
        if extension.tenant_uuid != tenant {
            let left = ("extension_tenant_uuid", extension.tenant_uuid);
            return Err(different_tenants(left, (self.tenant_key, tenant)).into());
        }
        let refused = |id: i64, extension: i64| {
            let meta = [(self.id_key, id.into()), ("extension_id", extension.into())];
            Err(associated(self.resource, "Extension", &meta).into())
        };
        if let Some(other) = own.first() {
            return refused(id, *other);
        }
        match usage::owner(tx, extension.id)? {
            Some(owner) if owner.word == self.word => return refused(owner.id, extension.id),
            _ => usage::refuse_taken(tx, extension.id)?,
        }
        self.check_place(tx, id, extension)?;
        usage::attach(tx, self.word, id, extension.id)
    }

    /// Takes an extension from the resource; one that is not its own stays where it is.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn detach(&self, tx: &WriteTx, id: i64, extension: &Extension) -> Result<()> {
        if usage::extensions_of(tx, self.word, id)?.contains(&extension.id) {
            usage::detach(tx, extension.id)?;
        }
        Ok(())
    }

    fn check_place(&self, tx: &WriteTx, id: i64, extension: &Extension) -> Result<()> {
        let context = contexts::store::by_name(tx, &extension.context)?
            .ok_or_else(|| Error::Internal(format!("context {} is gone", extension.context)))?;
        if context.kind != "internal" {
            let meta = [("id", context.id.into()), ("context", context.name.as_str().into())];
            return Err(unhandled_context_type(&context.kind, &meta).into());
        }
        match self.numbers {
            Numbers::In(range) if contexts::in_range(tx, &context, range, &extension.exten)? => Ok(()),
            Numbers::In(_) => Err(outside_context_range(&extension.exten, &context.name).into()),
            Numbers::But(refuse) => refuse(tx, id, extension),
        }
    }
}
