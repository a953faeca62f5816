//! Sessions and refresh tokens, listed and ended (auth.md 4). No list shows a secret.

use super::accounts;
use super::listing::{Column, Found, Listing, Within, uuids};
use crate::db::WriteTx;
use crate::domain::refusal::Refusal;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

static SESSIONS: Listing = Listing {
    id: "s.uuid",
    from: "session s JOIN account a ON a.uuid = s.account_uuid",
    order: "issued_at",
    columns: &[Column::new("issued_at").sort("s.issued_at"), Column::new("mobile").sort("s.mobile")],
};

static TOKENS: Listing = Listing {
    id: "r.hash",
    from: "refresh_token r JOIN account a ON a.uuid = r.account_uuid",
    order: "created_at",
    columns: &[
        Column::new("created_at").sort("r.created_at").filter("r.created_at || '+00:00' = ?"),
        Column::new("client_id")
            .sort("r.client_id")
            .search("fold(r.client_id) LIKE ?")
            .filter("r.client_id = ?"),
        Column::new("mobile").sort("r.mobile").filter("r.mobile = (lower(?) IN ('true', '1', 'yes', 'on'))"),
    ],
};

/// A session as the API shows it, keys in the contract's order.
#[derive(Serialize, schemars::JsonSchema)]
struct SessionView {
    uuid: Uuid,
    mobile: bool,
    tenant_uuid: String,
    user_uuid: String,
}

/// A refresh token as the API shows it.
#[derive(Serialize, schemars::JsonSchema)]
struct TokenView {
    client_id: String,
    created_at: String,
    mobile: bool,
    user_uuid: String,
    tenant_uuid: String,
    /// Always empty.
    metadata: Map<String, Value>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/sessions", "List sessions", |call, connection| {
            list_sessions(call, connection, Within::tenants(call, "a.tenant_uuid")?)
        })
        .shows::<Found<SessionView>>(),
        Route::delete("/sessions/{session:uuid}", "End a session", end_session).aside(),
        Route::read("/users/{user:uuid}/sessions", "List an account's sessions", |call, connection| {
            let account = accounts::found(call, connection)?.uuid.to_string();
            list_sessions(call, connection, Within::only("a.uuid = ?", account))
        })
        .shows::<Found<SessionView>>(),
        Route::delete("/users/{user:uuid}/sessions/{session:uuid}", "End an account's session", end_users)
            .aside(),
        Route::read("/tokens", "List refresh tokens", |call, connection| {
            list_tokens(call, connection, Within::tenants(call, "a.tenant_uuid")?)
        })
        .shows::<Found<TokenView>>(),
        Route::read("/users/{user:uuid}/tokens", "List an account's refresh tokens", |call, connection| {
            let account = accounts::found(call, connection)?.uuid.to_string();
            list_tokens(call, connection, Within::only("a.uuid = ?", account))
        })
        .shows::<Found<TokenView>>(),
        Route::read("/users/me/tokens", "List the own refresh tokens", |call, connection| {
            list_tokens(call, connection, Within::only("a.uuid = ?", own(call).to_string()))
        })
        .shows::<Found<TokenView>>(),
        Route::delete(
            "/users/{user:uuid}/tokens/{client}",
            "Delete an account's refresh token",
            |call, tx| delete_token(call, tx, accounts::found(call, tx)?.uuid),
        )
        .aside(),
        Route::delete("/users/me/tokens/{client}", "Delete an own refresh token", |call, tx| {
            delete_token(call, tx, own(call))
        })
        .aside(),
    ]
}

/// The account of the caller; an administrator's token has none.
fn own(call: &Call) -> Uuid {
    call.caller.account().unwrap_or_default()
}

fn list_sessions(call: &Call, connection: &Connection, within: Within) -> Result<Answer> {
    let page: Found<String> = SESSIONS.page(call, connection, within)?;
    let mut get = connection.prepare_cached(
        "SELECT s.mobile, a.tenant_uuid, a.uuid FROM session s JOIN account a ON a.uuid = s.account_uuid
         WHERE s.uuid = ?1",
    )?;
    Answer::json(&page.map(|found| {
        let view = |uuid: Uuid| -> Result<SessionView> {
            let session = get.query_row([uuid.to_string()], |row| {
                Ok(SessionView {
                    uuid,
                    mobile: row.get(0)?,
                    tenant_uuid: row.get(1)?,
                    user_uuid: row.get(2)?,
                })
            });
            Ok(session?)
        };
        uuids(&found).into_iter().map(view).collect()
    })?)
}

fn list_tokens(call: &Call, connection: &Connection, within: Within) -> Result<Answer> {
    let page: Found<String> = TOKENS.page(call, connection, within)?;
    let mut get = connection.prepare_cached(
        "SELECT r.client_id, r.created_at || '+00:00', r.mobile, a.uuid, a.tenant_uuid
         FROM refresh_token r JOIN account a ON a.uuid = r.account_uuid WHERE r.hash = ?1",
    )?;
    let Found { filtered, total, items } = page.map(|found| {
        let view = |hash: &String| -> Result<TokenView> {
            let token = get.query_row([hash], |row| {
                Ok(TokenView {
                    client_id: row.get(0)?,
                    created_at: row.get(1)?,
                    mobile: row.get(2)?,
                    user_uuid: row.get(3)?,
                    tenant_uuid: row.get(4)?,
                    metadata: Map::new(),
                })
            });
            Ok(token?)
        };
        found.iter().map(view).collect()
    })?;
    Answer::json(&json!({"total": total, "filtered": filtered, "items": items}))
}

/// Ends a session of a tenant that the request sees; another one stays, and nobody is told.
fn end_session(call: &Call, tx: &WriteTx) -> Result<Answer> {
    tx.prepare_cached(
        "DELETE FROM session WHERE uuid = ?1 AND account_uuid IN (SELECT uuid FROM account
             WHERE tenant_uuid IN (SELECT value FROM json_each(?2)))",
    )?
    .execute([call.uuid("session").to_string(), call.scope().visible_json()])?;
    Ok(Answer::Empty)
}

fn end_users(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let account = accounts::found(call, tx)?.uuid.to_string();
    tx.prepare_cached("DELETE FROM session WHERE uuid = ?1 AND account_uuid = ?2")?
        .execute([call.uuid("session").to_string(), account])?;
    Ok(Answer::Empty)
}

fn delete_token(call: &Call, tx: &WriteTx, account: Uuid) -> Result<Answer> {
    let client = call.segment("client");
    let mut delete = tx.prepare_cached(
        "DELETE FROM refresh_token WHERE account_uuid = ?1 AND client_id = ?2 RETURNING hash",
    )?;
    let deleted: Option<String> =
        delete.query_row(params![account.to_string(), client], |row| row.get(0)).optional()?;
    if deleted.is_some() {
        return Ok(Answer::Empty);
    }
    Err(Refusal::Detailed {
        status: 404,
        message: json!(format!("unknown refresh_token for client_id \"{client}\"")),
        error_id: "cannot-find-refresh-token-matching-client-id",
        details: json!({"client_id": client}),
        resource: Some("tokens"),
    }
    .into())
}
