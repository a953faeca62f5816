//! Making a session for somebody who is known by now.

use super::store::{self, Account, Refresh};
use super::{Session, View, too_many};
use crate::app::State;
use crate::auth::{RefreshKey, hash_token, new_token};
use crate::clock;
use crate::db::WriteTx;
use crate::domain::secret::Secret;
use crate::error::Result;
use crate::http::Client;
use crate::resources::identity::policies;
use uuid::Uuid;

/// Most sessions of one person or external program.
const MOST_SESSIONS: i64 = 100;

/// What kind of session is wanted.
pub struct Wish {
    /// Seconds that it lasts.
    pub lasts: i64,
    pub client: Client,
    pub kind: Kind,
}

pub enum Kind {
    /// Nothing to come back with.
    Online,
    /// A refresh token for this client.
    Offline { client_id: String },
    /// Made with a refresh token, by its hash.
    Refreshed { hash: String },
}

/// What a login gives: the token, and how many sessions ended for it.
pub struct Issued {
    pub view: View,
    pub revoked: usize,
}

/// Makes a session with the rights that the account has now.
///
/// # Errors
/// 429 when the account has too many sessions.
pub fn issue(tx: &WriteTx, app: &State, account: Account, wish: Wish) -> Result<Issued> {
    let unlimited = account.purpose == "internal";
    if !unlimited && store::count_sessions(tx, account.uuid)? >= MOST_SESSIONS {
        return Err(too_many(account.uuid).into());
    }
    let rights = policies::rights_of(tx, account.uuid, &app.default_policy)?;
    let (refresh, revoked) = refresh(tx, app, &account, &wish)?;
    let issued_at = clock::micros();
    let session = Session {
        uuid: Uuid::new_v4(),
        account,
        acl: rights.acl,
        admin: rights.admin,
        mobile: wish.client.mobile,
        issued_at,
        expires_at: issued_at + wish.lasts * 1_000_000,
        remote_addr: wish.client.address.to_string(),
        user_agent: wish.client.user_agent,
    };
    let token = new_token();
    let origin = match (&refresh, &wish.kind) {
        (Some((hash, _)), _) => Some(hash.as_str()),
        (None, Kind::Refreshed { hash }) => Some(hash.as_str()),
        (None, Kind::Online | Kind::Offline { .. }) => None,
    };
    store::insert_session(tx, &session, &hash_token(token.expose()), origin)?;
    let value = refresh.as_ref().map(|(_, value)| value);
    Ok(Issued { view: session.view(&token, app.server_uuid, value), revoked })
}

/// The refresh token that is wanted, hash and value: the client's own, or a new one. And how many sessions ended.
fn refresh(
    tx: &WriteTx,
    app: &State,
    account: &Account,
    wish: &Wish,
) -> Result<(Option<(String, Secret)>, usize)> {
    let Kind::Offline { client_id } = &wish.kind else { return Ok((None, 0)) };
    let mut revoked = 0;
    if wish.client.mobile {
        revoked = store::purge_mobile(tx, account.uuid, client_id)?;
    } else if let Some(known) = store::refresh_of(tx, account.uuid, client_id)? {
        let value = app.refresh_key.value(&known.nonce);
        if hash_token(value.expose()) == known.hash {
            return Ok((Some((known.hash, value)), 0));
        }
        // The key is another one: nobody can be given that value again.
        store::delete_refresh(tx, &known.hash)?;
    }
    let nonce = RefreshKey::nonce()?;
    let value = app.refresh_key.value(&nonce);
    let made = Refresh { hash: hash_token(value.expose()), nonce };
    store::insert_refresh(tx, account.uuid, client_id, &made, wish.client.mobile)?;
    Ok((Some((made.hash, value)), revoked))
}
