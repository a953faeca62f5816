//! A voicemail as the API shows it.

use super::{Voicemail, store};
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::people;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A voicemail as the API shows it, keys in the contract's order.
#[derive(Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub number: String,
    pub context: String,
    pub password: Option<String>,
    pub email: Option<String>,
    pub language: Option<String>,
    pub timezone: Option<String>,
    pub pager: Option<String>,
    pub max_messages: Option<i64>,
    pub attach_audio: Option<bool>,
    pub delete_messages: bool,
    pub ask_password: bool,
    pub enabled: bool,
    pub options: Vec<(String, String)>,
    pub links: Vec<Link>,
    pub accesstype: String,
    pub users: Vec<people::Brief>,
}

unseen!(View);

/// The voicemails as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut users = people::of_owners(call, connection, store::USERS, ids)?;
    let mut rows: HashMap<i64, Voicemail> =
        store::get_many(connection, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let shown = ids.iter().filter_map(|id| {
        let users = users.remove(id).unwrap_or_default();
        Some(view(call, rows.remove(id)?, users))
    });
    Ok(shown.collect())
}

fn view(call: &Call, row: Voicemail, users: Vec<people::Brief>) -> View {
    View {
        id: row.id,
        tenant_uuid: row.tenant_uuid,
        name: row.name,
        number: row.number,
        context: row.context,
        password: row.password,
        email: row.email,
        language: row.language,
        timezone: row.timezone,
        pager: row.pager,
        max_messages: row.max_messages,
        attach_audio: row.attach_audio,
        delete_messages: row.delete_messages,
        ask_password: row.ask_password,
        enabled: row.enabled,
        options: row.options,
        links: call.links("voicemails", &format!("/voicemails/{}", row.id)),
        accesstype: row.accesstype,
        users,
    }
}
