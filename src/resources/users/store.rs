//! SQL of users.

use super::Identity;
use super::view::User;
use crate::db::{WriteTx, execute, object_of};
use crate::domain::schema::Object;
use crate::error::{Error, Result};
use crate::http::uuid_at;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

fn identity_at(row: &Row<'_>) -> rusqlite::Result<Identity> {
    Ok(Identity { id: row.get(0)?, uuid: uuid_at(row, 1)?, tenant_uuid: uuid_at(row, 2)? })
}

/// Is there no user in any tenant?
pub fn is_empty(connection: &Connection) -> Result<bool> {
    Ok(connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM user)", [], |row| row.get(0))?)
}

pub fn identity_by_id(connection: &Connection, id: i64) -> Result<Option<Identity>> {
    let mut get = connection.prepare_cached("SELECT id, uuid, tenant_uuid FROM user WHERE id = ?1")?;
    Ok(get.query_row([id], identity_at).optional()?)
}

pub fn identity_by_uuid(connection: &Connection, uuid: Uuid) -> Result<Option<Identity>> {
    let mut get = connection.prepare_cached("SELECT id, uuid, tenant_uuid FROM user WHERE uuid = ?1")?;
    Ok(get.query_row([uuid.to_string()], identity_at).optional()?)
}

/// The whole row, to be changed and stored again.
pub fn row(connection: &Connection, id: i64) -> Result<Object> {
    let mut get = connection.prepare_cached("SELECT * FROM user WHERE id = ?1")?;
    let mut rows = get.query([id])?;
    rows.next()?.map_or_else(|| Err(Error::not_found("User", &[("id", id.into())])), object_of)
}

/// The users with their mailbox and the country of their tenant, in the order of `ids`.
pub fn users(connection: &Connection, ids: &[i64]) -> Result<Vec<User>> {
    let mut get = connection.prepare_cached(
        "SELECT u.id, u.uuid, u.firstname, u.lastname, u.email, u.timezone, t.country, u.language, u.description,
                u.caller_id, u.outgoing_caller_id, u.mobile_phone_number, u.mobile_fallback_enabled, u.username,
                u.password, u.music_on_hold, u.preprocess_subroutine, u.userfield, u.call_transfer_enabled,
                u.dtmf_hangup_enabled, u.call_record_outgoing_external_enabled,
                u.call_record_outgoing_internal_enabled, u.call_record_incoming_internal_enabled,
                u.call_record_incoming_external_enabled, u.online_call_record_enabled, u.supervision_enabled,
                u.ring_seconds, u.simultaneous_calls, u.call_permission_password, u.subscription_type,
                u.created_at, u.enabled, u.tenant_uuid, u.func_key_template_id, v.id, v.name
         FROM json_each(?1) page
         CROSS JOIN user u ON u.id = page.value
         JOIN tenant t ON t.uuid = u.tenant_uuid
         LEFT JOIN voicemail v ON v.id = u.voicemail_id
         ORDER BY page.key",
    )?;
    let rows = get.query_map([json!(ids).to_string()], User::read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The lines of users: user and line, the main line first. Users in the order of `ids`.
pub fn lines_of(connection: &Connection, ids: &[i64]) -> Result<Vec<(i64, i64)>> {
    let mut get = connection.prepare_cached(
        "SELECT ul.user_id, ul.line_id
         FROM json_each(?1) page CROSS JOIN user_line ul ON ul.user_id = page.value
         ORDER BY page.key, ul.position, ul.line_id",
    )?;
    let rows = get.query_map([json!(ids).to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Does somebody else have this address, in any case?
pub fn other_with_email(connection: &Connection, email: &str, id: Option<i64>) -> Result<bool> {
    let mut other =
        connection.prepare_cached("SELECT 1 FROM user WHERE lower(email) = lower(?1) AND id IS NOT ?2")?;
    Ok(other.exists(params![email, id])?)
}

/// Does somebody else have this user name?
pub fn other_with_username(connection: &Connection, username: &str, id: Option<i64>) -> Result<bool> {
    let mut other = connection.prepare_cached("SELECT 1 FROM user WHERE username = ?1 AND id IS NOT ?2")?;
    Ok(other.exists(params![username, id])?)
}

/// Stores a row made by [`super::new_row`]; gives its id.
pub fn insert(tx: &WriteTx, row: &Object) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO user (uuid, tenant_uuid, firstname, lastname, email, timezone, language, description, caller_id,
            outgoing_caller_id, mobile_phone_number, mobile_fallback_enabled, username, password, music_on_hold,
            preprocess_subroutine, userfield, call_transfer_enabled, dtmf_hangup_enabled,
            call_record_outgoing_external_enabled, call_record_outgoing_internal_enabled,
            call_record_incoming_internal_enabled, call_record_incoming_external_enabled,
            online_call_record_enabled, supervision_enabled, ring_seconds, simultaneous_calls,
            call_permission_password, subscription_type, created_at, enabled, func_key_template_id, sort_name)
         VALUES (:uuid, :tenant_uuid, :firstname, :lastname, :email, :timezone, :language, :description, :caller_id,
            :outgoing_caller_id, :mobile_phone_number, :mobile_fallback_enabled, :username, :password,
            :music_on_hold, :preprocess_subroutine, :userfield, :call_transfer_enabled, :dtmf_hangup_enabled,
            :call_record_outgoing_external_enabled, :call_record_outgoing_internal_enabled,
            :call_record_incoming_internal_enabled, :call_record_incoming_external_enabled,
            :online_call_record_enabled, :supervision_enabled, :ring_seconds, :simultaneous_calls,
            :call_permission_password, :subscription_type, :created_at, :enabled, :func_key_template_id, :sort_name)",
    )?;
    execute(&mut insert, row)?;
    Ok(tx.last_insert_rowid())
}

/// Stores what `row` holds, all columns that can change.
pub fn update(tx: &WriteTx, row: &Object) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE user SET firstname = :firstname, lastname = :lastname, email = :email, timezone = :timezone,
            language = :language, description = :description, caller_id = :caller_id,
            outgoing_caller_id = :outgoing_caller_id, mobile_phone_number = :mobile_phone_number,
            mobile_fallback_enabled = :mobile_fallback_enabled, username = :username, password = :password,
            music_on_hold = :music_on_hold, preprocess_subroutine = :preprocess_subroutine,
            userfield = :userfield, call_transfer_enabled = :call_transfer_enabled,
            dtmf_hangup_enabled = :dtmf_hangup_enabled,
            call_record_outgoing_external_enabled = :call_record_outgoing_external_enabled,
            call_record_outgoing_internal_enabled = :call_record_outgoing_internal_enabled,
            call_record_incoming_internal_enabled = :call_record_incoming_internal_enabled,
            call_record_incoming_external_enabled = :call_record_incoming_external_enabled,
            online_call_record_enabled = :online_call_record_enabled, supervision_enabled = :supervision_enabled,
            ring_seconds = :ring_seconds, simultaneous_calls = :simultaneous_calls,
            call_permission_password = :call_permission_password, subscription_type = :subscription_type,
            enabled = :enabled, func_key_template_id = :func_key_template_id, sort_name = :sort_name
         WHERE id = :id",
    )?;
    execute(&mut update, row)?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM user WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The mailbox of a user.
pub fn voicemail(connection: &Connection, id: i64) -> Result<Option<i64>> {
    let mut get = connection.prepare_cached("SELECT voicemail_id FROM user WHERE id = ?1")?;
    Ok(get.query_row([id], |row| row.get(0)).optional()?.flatten())
}

/// How many users have a subscription type.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Subscription {
    pub id: i64,
    pub count: i64,
}

/// How many users of a tenant have each subscription type.
pub fn subscriptions(connection: &Connection, tenant: Uuid) -> Result<Vec<Subscription>> {
    let mut get = connection.prepare_cached(
        "SELECT subscription_type, count(*) FROM user WHERE tenant_uuid = ?1
         GROUP BY subscription_type ORDER BY subscription_type",
    )?;
    let rows =
        get.query_map([tenant.to_string()], |row| Ok(Subscription { id: row.get(0)?, count: row.get(1)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn set_voicemail(tx: &WriteTx, id: i64, voicemail: Option<i64>) -> Result<()> {
    tx.prepare_cached("UPDATE user SET voicemail_id = ?2 WHERE id = ?1")?.execute(params![id, voicemail])?;
    Ok(())
}

/// The lines of one user, the main line first.
pub fn line_ids(connection: &Connection, id: i64) -> Result<Vec<i64>> {
    Ok(lines_of(connection, &[id])?.into_iter().map(|(_, line)| line).collect())
}
