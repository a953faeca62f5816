//! `/lines/{line}/applications/{application}`: which application a line has (confd.md 3.7).

use super::{Application, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::lines::{self, Line};

pub fn routes() -> Vec<Route> {
    let one = "/lines/{line:int}/applications/{application:uuid}";
    vec![
        Route::put(one, "Give a line its application", put_application),
        Route::delete(one, "Take the application from a line", delete_application),
    ]
}

fn put_application(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let line = lines::found(call, tx)?;
    let application = found(call, tx)?;
    attach(tx, &line, &application)?;
    Ok(Answer::Empty)
}

fn delete_application(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let line = lines::found(call, tx)?;
    let application = found(call, tx)?;
    if store::of_line(tx, line.id)? == Some(application.uuid) {
        store::give(tx, line.id, None)?;
    }
    Ok(Answer::Empty)
}

/// Gives a line its application. Its already: nothing changes.
fn attach(tx: &WriteTx, line: &Line, application: &Application) -> Result<()> {
    match store::of_line(tx, line.id)? {
        Some(own) if own == application.uuid => return Ok(()),
        Some(other) => {
            let meta = [("line_id", line.id.into()), ("application_uuid", other.to_string().into())];
            return Err(associated("Line", "Application", &meta).into());
        }
        None => {}
    }
    if line.tenant_uuid != application.tenant_uuid {
        let left = ("line_tenant_uuid", line.tenant_uuid);
        return Err(different_tenants(left, ("application_tenant_uuid", application.tenant_uuid)).into());
    }
    store::give(tx, line.id, Some(application.uuid))
}
