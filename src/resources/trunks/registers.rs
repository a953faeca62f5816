//! `/trunks/{trunk}/registers/iax/{register}`: with which provider a trunk registers (confd.md 6.6).

use super::{Trunk, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::endpoint::Reference;
use crate::resources::registers_iax::{self, Register};

pub fn routes() -> Vec<Route> {
    let path = "/trunks/{trunk:int}/registers/iax/{register:int}";
    vec![
        Route::put(path, "Let a trunk register with an IAX provider", put_register),
        Route::delete(path, "Take the IAX registration from a trunk", delete_register),
    ]
}

fn put_register(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (trunk, register) = both(call, tx)?;
    attach(tx, &trunk, &register)?;
    Ok(Answer::Empty)
}

fn delete_register(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (trunk, register) = both(call, tx)?;
    if trunk.register_iax_id == Some(register.id) {
        store::set_register(tx, trunk.id, None)?;
    }
    Ok(Answer::Empty)
}

fn both(call: &Call, tx: &WriteTx) -> Result<(Trunk, Register)> {
    let trunk = found(call, tx)?;
    Ok((trunk, registers_iax::visible(tx, call.scope(), call.int("register"))?))
}

fn attach(tx: &WriteTx, trunk: &Trunk, register: &Register) -> Result<()> {
    if trunk.register_iax_id == Some(register.id) {
        return Ok(());
    }
    if trunk.tenant_uuid != register.tenant_uuid {
        let left = ("trunk_tenant_uuid", trunk.tenant_uuid);
        return Err(different_tenants(left, ("register_iax_tenant_uuid", register.tenant_uuid)).into());
    }
    let refused = |trunk: i64, register: i64| {
        let meta = [("trunk_id", trunk.into()), ("register_iax_id", register.into())];
        Err(associated("Trunk", "IAXRegister", &meta).into())
    };
    if let Some(other) = registers_iax::store::trunk(tx, register.id)? {
        return refused(other, register.id);
    }
    if let Some(other) = trunk.register_iax_id {
        return refused(trunk.id, other);
    }
    if let Some(endpoint) = trunk.endpoint.filter(|endpoint| !matches!(endpoint, Reference::Iax(_))) {
        let meta = [("trunk_id", trunk.id.into()), ("protocol", endpoint.word().into())];
        return Err(associated("Trunk", "Endpoint", &meta).into());
    }
    store::set_register(tx, trunk.id, Some(register.id))
}
