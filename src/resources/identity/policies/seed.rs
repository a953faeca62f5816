//! The policies that every installation has (auth.md 6.2), and cordboard's own.

use super::store;
use crate::db::WriteTx;
use crate::error::Result;
use crate::resources::tenants;

/// A policy of ours: its slug is its name.
pub struct Seed {
    pub slug: &'static str,
    pub description: &'static str,
    pub acl: &'static [&'static str],
}

/// The administrator's.
pub const ADMIN: &str = "wazo_default_admin_policy";

/// All rights: a row like any other, which can be deleted.
pub const MASTER: Seed = Seed {
    slug: "wazo_default_master_user_policy",
    description: "Default Wazo policy for master user",
    acl: &["#"],
};

/// Made what they say at every start.
pub const MANAGED: [Seed; 4] = [
    Seed { slug: "wazo_default_user_policy", description: "Default Wazo policy for user", acl: USER },
    Seed {
        slug: ADMIN,
        description: "Default Wazo policy for administrator",
        acl: &[
            "agentd.#",
            "amid.#",
            "auth.#",
            "call-logd.#",
            "calld.#",
            "chatd.#",
            "confd.#",
            "dird.#",
            "phoned.#",
            "plugind.#",
            "provd.#",
            "webhookd.#",
            "events.#",
            "websocketd",
        ],
    },
    Seed {
        slug: "cordboard_monitor",
        description: "Reads everything but passwords and PINs, and changes nothing",
        acl: &[
            "confd.#.read",
            "confd.#.get",
            "auth.#.read",
            "agentd.#.read",
            "calld.#.read",
            "!confd.cordboard.secrets.read",
        ],
    },
    Seed {
        slug: "cordboard_own_switches",
        description: "Changes the own forwards, services and function keys, and nothing else",
        acl: &[
            "confd.infos.read",
            "confd.users.me.read",
            "confd.users.me.#.read",
            "confd.users.me.forwards.*",
            "confd.users.me.forwards.*.*",
            "confd.users.me.funckeys.*",
            "confd.users.me.funckeys.*.*",
            "confd.users.me.services.*.*",
            "auth.users.me.password.update",
            "auth.users.me.sessions.read",
            "auth.users.me.sessions.*.delete",
            "auth.users.me.tokens.read",
            "auth.users.me.tokens.*.delete",
        ],
    },
];

/// What every login may.
const USER: &[&str] = &[
    "confd.infos.read",
    "confd.users.me.read",
    "confd.users.me.update",
    "confd.users.me.#.read",
    "confd.users.me.forwards.*",
    "confd.users.me.forwards.*.*",
    "confd.users.me.funckeys.*",
    "confd.users.me.funckeys.*.*",
    "confd.users.me.services.*.*",
    "confd.users.me.meetings.#",
    "confd.users.me.blocklist.*",
    "auth.users.me.external.#",
    "auth.users.me.password.update",
    "auth.users.me.sessions.read",
    "auth.users.me.sessions.*.delete",
    "auth.users.me.tokens.read",
    "auth.users.me.tokens.*.delete",
    "agentd.users.me.#",
    "call-logd.users.me.#",
    "calld.lines.*.presences.read",
    "calld.parkings.#",
    "calld.switchboards.#",
    "calld.transfers.*.complete.update",
    "calld.transfers.*.delete",
    "calld.transfers.*.read",
    "calld.users.me.#",
    "calld.users.me.conferences.*.participants.read",
    "chatd.users.*.presences.read",
    "chatd.users.me.presences.update",
    "chatd.users.me.rooms.#",
    "chatd.users.presences.read",
    "dird.#.me.read",
    "dird.backends.*.sources.*.contacts.read",
    "dird.directories.*.sources.read",
    "dird.directories.favorites.#",
    "dird.directories.lookup.*.headers.read",
    "dird.directories.lookup.*.read",
    "dird.directories.personal.*.read",
    "dird.graphql.me",
    "dird.personal.#",
    "webhookd.users.me.subscriptions.#",
    "websocketd",
    "events.auth.users.me.external.#",
    "events.auth.users.me.sessions.my_session.expire_soon",
    "events.call_log.user.me.created",
    "events.calls.me",
    "events.chat.message.*.me",
    "events.chat.message.*.me.*",
    "events.chatd.users.*.presences.updated",
    "events.chatd.users.me.rooms.#",
    "events.conferences.users.me.#",
    "events.config.users.me.#",
    "events.directory.me.#",
    "events.faxes.outbound.users.me.*",
    "events.parkings.#",
    "events.statuses.*",
    "events.switchboards.#",
    "events.transfers.me",
    "events.users.me.#",
    "events.voicemails.global.messages.#",
];

/// Makes the policies, once or anew; the one with all rights only at the first start.
///
/// # Errors
/// The database can't be written.
pub fn seed(tx: &WriteTx) -> Result<()> {
    let Some((_, master)) = tenants::store::identity(tx)? else { return Ok(()) };
    let first = !store::any_managed(tx)?;
    for policy in &MANAGED {
        store::put_managed(tx, master, policy)?;
    }
    if first {
        store::insert_seed(tx, master, &MASTER)?;
    }
    Ok(())
}
