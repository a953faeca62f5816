//! A user as the API shows it (confd.md 2.1).

use super::conduct::{self, Conduct};
use super::store;
use super::switches::{Forwards, Services};
use crate::domain::schema::Object;
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::{Call, Link, uuid_at};
use crate::resources::call_permissions::{self, Holder};
use crate::resources::call_pickups::targets;
use crate::resources::{agents, groups, incalls, lines, people, queues, schedules, switchboards};
use rusqlite::{Connection, Row};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A user's own values, keys in the contract's order.
#[derive(Serialize, schemars::JsonSchema)]
pub struct User {
    pub id: i64,
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
    pub email: Option<String>,
    pub timezone: Option<String>,
    pub country: Option<String>,
    pub language: Option<String>,
    pub description: Option<String>,
    pub caller_id: String,
    pub outgoing_caller_id: Option<String>,
    pub mobile_phone_number: Option<String>,
    pub mobile_fallback_enabled: bool,
    pub username: Option<String>,
    /// In clear: the contract shows it.
    pub password: Option<String>,
    pub music_on_hold: Option<String>,
    pub preprocess_subroutine: Option<String>,
    pub userfield: Option<String>,
    pub call_transfer_enabled: bool,
    pub dtmf_hangup_enabled: bool,
    pub call_record_outgoing_external_enabled: bool,
    pub call_record_outgoing_internal_enabled: bool,
    pub call_record_incoming_internal_enabled: bool,
    pub call_record_incoming_external_enabled: bool,
    pub online_call_record_enabled: bool,
    pub supervision_enabled: bool,
    pub ring_seconds: i64,
    pub simultaneous_calls: i64,
    pub call_permission_password: Option<String>,
    pub subscription_type: i64,
    pub created_at: String,
    pub enabled: bool,
    pub tenant_uuid: Uuid,
    #[serde(skip)]
    pub func_key_template_id: Option<i64>,
    #[serde(skip)]
    pub voicemail: Option<(i64, String)>,
}

unseen!(User);

impl User {
    /// Reads the columns of [`store::users`].
    pub fn read(row: &Row<'_>) -> rusqlite::Result<User> {
        let voicemail: Option<i64> = row.get(34)?;
        Ok(User {
            id: row.get(0)?,
            uuid: uuid_at(row, 1)?,
            firstname: row.get(2)?,
            lastname: row.get(3)?,
            email: row.get(4)?,
            timezone: row.get(5)?,
            country: row.get(6)?,
            language: row.get(7)?,
            description: row.get(8)?,
            caller_id: row.get(9)?,
            outgoing_caller_id: row.get(10)?,
            mobile_phone_number: row.get(11)?,
            mobile_fallback_enabled: row.get(12)?,
            username: row.get(13)?,
            password: row.get(14)?,
            music_on_hold: row.get(15)?,
            preprocess_subroutine: row.get(16)?,
            userfield: row.get(17)?,
            call_transfer_enabled: row.get(18)?,
            dtmf_hangup_enabled: row.get(19)?,
            call_record_outgoing_external_enabled: row.get(20)?,
            call_record_outgoing_internal_enabled: row.get(21)?,
            call_record_incoming_internal_enabled: row.get(22)?,
            call_record_incoming_external_enabled: row.get(23)?,
            online_call_record_enabled: row.get(24)?,
            supervision_enabled: row.get(25)?,
            ring_seconds: row.get(26)?,
            simultaneous_calls: row.get(27)?,
            call_permission_password: row.get(28)?,
            subscription_type: row.get(29)?,
            created_at: row.get(30)?,
            enabled: row.get(31)?,
            tenant_uuid: uuid_at(row, 32)?,
            func_key_template_id: row.get(33)?,
            voicemail: voicemail.map(|id| Ok::<_, rusqlite::Error>((id, row.get(35)?))).transpose()?,
        })
    }

    fn records_every_call(&self) -> bool {
        self.call_record_outgoing_external_enabled
            && self.call_record_outgoing_internal_enabled
            && self.call_record_incoming_internal_enabled
            && self.call_record_incoming_external_enabled
    }
}

/// A whole user. `L` is how lines are shown, `V` how the mailbox is: in lists briefly, in the answer to a creation
/// completely. Resources that this version does not have show what they are by default.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View<L, V> {
    #[serde(flatten)]
    pub user: User,
    pub links: Vec<Link>,
    #[schemars(with = "Option<agents::Brief>")]
    pub agent: Option<Agent>,
    pub call_permissions: Vec<call_permissions::Brief>,
    #[schemars(schema_with = "super::fallbacks::shown")]
    pub fallbacks: Object,
    #[schemars(with = "Vec<groups::Brief>")]
    pub groups: Shown<groups::Brief>,
    #[schemars(with = "Vec<incalls::Brief>")]
    pub incalls: Shown<incalls::Brief>,
    pub lines: Vec<L>,
    pub forwards: Forwards,
    pub schedules: Vec<schedules::Brief>,
    pub services: Services,
    #[schemars(with = "Vec<switchboards::Brief>")]
    pub switchboards: Shown<switchboards::Brief>,
    pub voicemail: Option<V>,
    pub queues: Vec<queues::Brief>,
    pub func_key_template_id: Option<i64>,
    pub call_record_enabled: bool,
    pub call_pickup_target_users: Vec<people::Brief>,
}

/// What belongs to a user: as it is stored, or in the answer to a creation as it was sent.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Shown<T> {
    Stored(Vec<T>),
    Sent(Vec<Value>),
}

/// The user's agent: as it is stored, or in the answer to a creation completely.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Agent {
    Stored(agents::Brief),
    Made(Value),
}

impl<T> Default for Shown<T> {
    fn default() -> Self {
        Shown::Stored(Vec::new())
    }
}

/// The mailbox inside a user.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Mailbox {
    pub id: i64,
    pub name: String,
    pub links: Vec<Link>,
}

impl<L, V> View<L, V> {
    /// A user with these lines, this mailbox, and what becomes of their calls.
    pub fn new(call: &Call, user: User, lines: Vec<L>, voicemail: Option<V>, conduct: Conduct) -> View<L, V> {
        View {
            links: call.links("users", &format!("/users/{}", user.id)),
            func_key_template_id: user.func_key_template_id,
            call_record_enabled: user.records_every_call(),
            user,
            lines,
            voicemail,
            agent: None,
            call_permissions: Vec::new(),
            fallbacks: conduct.fallbacks,
            groups: Shown::default(),
            incalls: Shown::default(),
            forwards: conduct.switches.forwards,
            schedules: Vec::new(),
            services: conduct.switches.services,
            switchboards: Shown::default(),
            queues: Vec::new(),
            call_pickup_target_users: Vec::new(),
        }
    }
}

/// The users as GET shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View<lines::Brief, Mailbox>>> {
    let pairs = store::lines_of(connection, ids)?;
    // A line that users share is asked for once.
    let unique: BTreeSet<i64> = pairs.iter().map(|(_, line)| *line).collect();
    let unique: Vec<i64> = unique.into_iter().collect();
    let known: HashMap<i64, lines::Brief> =
        lines::views(call, connection, &unique)?.into_iter().map(|line| (line.id, line)).collect();
    let mut of_user: HashMap<i64, Vec<lines::Brief>> = HashMap::new();
    for (user, line) in pairs {
        of_user.entry(user).or_default().extend(known.get(&line).cloned());
    }
    let mut conduct = conduct::of(connection, ids)?;
    let mut permissions = call_permissions::briefs(call, connection, Holder::User, ids)?;
    let mut schedules = schedules::briefs(call, connection, schedules::Kind::User, ids)?;
    let mut agents = agents::briefs_of_users(call, connection, ids)?;
    let mut groups = groups::briefs_of_users(call, connection, ids)?;
    let mut boards = switchboards::briefs_of_users(call, connection, ids)?;
    let mut incalls = incalls::pointing_at(call, connection, "user", ids)?;
    let mut queues = queues::briefs_of_users(call, connection, ids)?;
    let mut targets = targets::targets_of(call, connection, ids)?;
    let views = store::users(connection, ids)?.into_iter().map(|mut user| {
        let voicemail = user.voicemail.take().map(|(id, name)| Mailbox {
            links: call.links("voicemails", &format!("/voicemails/{id}")),
            id,
            name,
        });
        let lines = of_user.remove(&user.id).unwrap_or_default();
        let conduct = conduct.remove(&user.id).unwrap_or_else(Conduct::nothing);
        let call_permissions = permissions.remove(&user.id).unwrap_or_default();
        let schedules = schedules.remove(&user.id).unwrap_or_default();
        let groups = Shown::Stored(groups.remove(&user.id).unwrap_or_default());
        let switchboards = Shown::Stored(boards.remove(&user.id).unwrap_or_default());
        let incalls = Shown::Stored(incalls.remove(&user.id).unwrap_or_default());
        let queues = queues.remove(&user.id).unwrap_or_default();
        let call_pickup_target_users = targets.remove(&user.id).unwrap_or_default();
        View {
            agent: agents.remove(&user.id).map(Agent::Stored),
            call_permissions,
            schedules,
            groups,
            incalls,
            switchboards,
            queues,
            call_pickup_target_users,
            ..View::new(call, user, lines, voicemail, conduct)
        }
    });
    Ok(views.collect())
}
