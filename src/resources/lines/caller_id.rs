//! The caller id of a line lives in its SIP endpoint's `callerid` option (confd.md 3.1 and 3.10).

use super::{Line, store};
use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::Object;
use crate::domain::sip::{caller_id, set_caller_id, user_caller_id};
use crate::error::{Result, refuse};
use crate::resources::{endpoints_sccp, endpoints_sip};
use serde_json::Value;

/// As [`set`], for a line that is being made: a number that its endpoint can't take is passed over.
///
/// # Errors
/// As [`set`].
pub fn set_first(tx: &WriteTx, line: &Line, body: &Object) -> Result<()> {
    if line.endpoint_sip_uuid.is_some() || line.endpoint().is_none() {
        return set(tx, line, body);
    }
    let mut body = body.clone();
    body.remove("caller_id_num");
    set(tx, line, &body)
}

/// Writes the caller id that a body gives into the line's endpoint.
///
/// # Errors
/// 400: there is no endpoint to write it into, or it is null.
pub fn set(tx: &WriteTx, line: &Line, body: &Object) -> Result<()> {
    let (name, num) = (body.get("caller_id_name"), body.get("caller_id_num"));
    if name.is_none() && num.is_none() {
        return Ok(());
    }
    if line.endpoint_custom_id.is_some() {
        return refuse_custom(name, num);
    }
    if let Some(endpoint) = line.endpoint_sccp_id {
        return set_sccp(tx, endpoint, name, num);
    }
    let endpoint = match line.endpoint_sip_uuid {
        Some(uuid) => endpoints_sip::store::get(tx, uuid)?,
        None => None,
    };
    let Some(endpoint) = endpoint else {
        let silent = [name, num].into_iter().flatten().all(Value::is_null);
        let refusal = || Problems::one("Cannot set caller id if no endpoint associated").into();
        return if silent { Ok(()) } else { Err(refusal()) };
    };
    let mut options = endpoint.options.endpoint;
    let mut problems = Problems::default();
    // A missing half is written as `None`: so the original does, and reads it back as nothing.
    match name {
        Some(Value::String(name)) => {
            let num = caller_id(&options).num.unwrap_or_else(|| "None".to_owned());
            set_caller_id(&mut options, format!("\"{name}\" <{num}>"));
        }
        Some(_) => problems.0.push("Cannot set caller id to None".to_owned()),
        None => {}
    }
    match num {
        Some(Value::String(num)) => {
            let name = caller_id(&options).name.unwrap_or_else(|| "None".to_owned());
            set_caller_id(&mut options, format!("\"{name}\" <{num}>"));
        }
        Some(_) => problems.0.push("Cannot set caller id num to None".to_owned()),
        None => {}
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    endpoints_sip::store::set_endpoint_options(tx, endpoint.uuid, &options)
}

/// Of an SCCP endpoint only the name can be given.
fn set_sccp(tx: &WriteTx, endpoint: i64, name: Option<&Value>, num: Option<&Value>) -> Result<()> {
    let mut problems = Problems::default();
    let old = endpoints_sccp::store::get(tx, endpoint)?;
    let [_, old_num, ..] = old.map(|old| old.values).unwrap_or_default();
    match num {
        Some(Value::Null) => problems.0.push("Cannot set caller id num to None".to_owned()),
        // What GET has shown may come back.
        Some(Value::String(num)) if *num != old_num => {
            problems.0.push("Cannot set caller id num on endpoint of type 'sccp'".to_owned());
        }
        _ => {}
    }
    match name {
        Some(Value::String(name)) if problems.is_empty() => {
            endpoints_sccp::store::set_caller_id(tx, endpoint, name, &old_num)?;
        }
        Some(Value::Null) => problems.0.insert(0, "Cannot set caller id to None".to_owned()),
        _ => {}
    }
    refuse(problems)
}

/// A custom endpoint has no caller id of its own.
fn refuse_custom(name: Option<&Value>, num: Option<&Value>) -> Result<()> {
    let mut problems = Problems::default();
    match name {
        Some(Value::Null) => problems.0.push("Cannot set caller id to None".to_owned()),
        Some(_) => problems.0.push("Cannot set caller id on endpoint of type 'custom'".to_owned()),
        None => {}
    }
    match num {
        Some(Value::Null) => problems.0.push("Cannot set caller id num to None".to_owned()),
        Some(_) => problems.0.push("Cannot set caller id num on endpoint of type 'custom'".to_owned()),
        None => {}
    }
    refuse(problems)
}

/// Makes the line's caller id that of its main user: the user's name, and the user's number or else the line's main
/// extension. A line without user or endpoint is left alone.
///
/// # Errors
/// The database can't be written.
pub fn sync(tx: &WriteTx, line: i64) -> Result<()> {
    let Some(row) = store::caller_id(tx, line)? else { return sync_sccp(tx, line) };
    let id = user_caller_id(&row.caller_id);
    let name = id.name.unwrap_or_default();
    let num = id.num.or(row.exten);
    let value = num.map_or_else(|| format!("\"{name}\""), |num| format!("\"{name}\" <{num}>"));
    let mut options = row.endpoint_options;
    set_caller_id(&mut options, value);
    endpoints_sip::store::set_endpoint_options(tx, row.endpoint, &options)
}

/// An SCCP endpoint has the number of its extension before that of its user.
fn sync_sccp(tx: &WriteTx, line: i64) -> Result<()> {
    let Some((endpoint, caller_id, exten)) = store::sccp_caller_id(tx, line)? else { return Ok(()) };
    let id = user_caller_id(&caller_id);
    let num = exten.or(id.num).unwrap_or_default();
    endpoints_sccp::store::set_caller_id(tx, endpoint, &id.name.unwrap_or_default(), &num)
}
