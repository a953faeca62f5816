//! What a model holds that cannot stand in an Asterisk file, and the model without it: one bad value must not
//! keep everybody else's change from being applied.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{RenderError, destinations};
use crate::model::{Member, Model, Reached, Way};

/// The part of a model that an object is rendered from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Transport(String),
    Context(String),
    User(i64),
    Endpoint(String),
    /// Number and context.
    Extension(String, String),
    /// Number and context.
    Mailbox(String, String),
    Zone(String),
    /// Its name.
    Feature(String),
    Group(i64),
    Agent(i64),
    /// A number in a group: the group, number and context.
    Member(i64, String, String),
    Queue(i64),
    Incall(i64),
    Conference(i64),
    /// A class of music by its name.
    Music(String),
    /// A call filter.
    Filter(i64),
    Paging(i64),
    ParkingLot(i64),
    Switchboard(i64),
    Trunk(i64),
    Outcall(i64),
    Permission(i64),
    Schedule(i64),
    Ivr(i64),
    /// Its row in cordboard_destinations.conf.
    Destination(String),
}

/// Something that is stored and not rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The first file in which it could not stand; it is left out of all others too.
    pub file: &'static str,
    /// `extension 1001@default`, `user 5`.
    pub object: String,
    /// Never shows a value that may be a secret.
    pub why: String,
}

/// Why a file could not be made.
#[derive(Debug)]
pub enum Failed {
    /// It has no part that could be left out.
    Whole(RenderError),
    /// Without these parts it can be made.
    Parts(Vec<Flaw>),
}

/// A part that cannot stand in a file.
#[derive(Debug)]
pub struct Flaw {
    pub part: Part,
    pub file: &'static str,
    pub error: RenderError,
}

impl From<RenderError> for Failed {
    fn from(error: RenderError) -> Self {
        Self::Whole(error)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(name) => write!(f, "transport {}", name.escape_debug()),
            Self::Context(name) => write!(f, "context {}", name.escape_debug()),
            Self::Trunk(id) => write!(f, "trunk {id}"),
            Self::Outcall(id) => write!(f, "outcall {id}"),
            Self::Ivr(id) => write!(f, "IVR {id}"),
            Self::Schedule(id) => write!(f, "schedule {id}"),
            Self::Permission(id) => write!(f, "call permission {id}"),
            Self::User(id) => write!(f, "user {id}"),
            Self::Endpoint(name) => write!(f, "endpoint {}", name.escape_debug()),
            Self::Extension(number, context) => {
                write!(f, "extension {}@{}", number.escape_debug(), context.escape_debug())
            }
            Self::Mailbox(number, context) => {
                write!(f, "mailbox {}@{}", number.escape_debug(), context.escape_debug())
            }
            Self::Feature(name) => write!(f, "feature code {}", name.escape_debug()),
            Self::Zone(name) => write!(f, "zone message {}", name.escape_debug()),
            Self::Agent(id) => write!(f, "agent {id}"),
            Self::Group(id) => write!(f, "group {id}"),
            Self::Member(group, number, context) => {
                write!(f, "member {}@{} of group {group}", number.escape_debug(), context.escape_debug())
            }
            Self::Queue(id) => write!(f, "queue {id}"),
            Self::Incall(id) => write!(f, "incall {id}"),
            Self::Conference(id) => write!(f, "conference {id}"),
            Self::Music(name) => write!(f, "music on hold {}", name.escape_debug()),
            Self::Filter(id) => write!(f, "call filter {id}"),
            Self::Paging(id) => write!(f, "paging {id}"),
            Self::ParkingLot(id) => write!(f, "parking lot {id}"),
            Self::Switchboard(id) => write!(f, "switchboard {id}"),
            Self::Destination(row) => write!(f, "destination {}", row.escape_debug()),
        }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is left out: {}", self.object, self.why)
    }
}

/// What has been left out so far.
#[derive(Debug, Default)]
pub struct Flaws(BTreeMap<Part, LeftOut>);

impl Flaws {
    /// Takes the flaws of one attempt and gives the model without them.
    ///
    /// # Errors
    /// The first flaw, when none of them can be taken out of the model (any more).
    pub fn take_out(&mut self, model: &Model, flaws: Vec<Flaw>) -> Result<Model, RenderError> {
        let known = self.0.len();
        let mut first = None;
        for Flaw { part, file, error } in flaws {
            let left_out = LeftOut { file, object: part.to_string(), why: error.to_string() };
            self.0.entry(part).or_insert(left_out);
            first = first.or(Some(error));
        }
        match first {
            Some(error) if self.0.len() == known => Err(error),
            _ => Ok(without(model, &self.0.keys().collect())),
        }
    }

    /// Everything that was left out, in a fixed order.
    pub fn into_list(self) -> Vec<LeftOut> {
        self.0.into_values().collect()
    }
}

/// The model without these parts and without what makes no sense alone.
fn without(model: &Model, out: &BTreeSet<&Part>) -> Model {
    let mut model = model.clone();
    let has = |part: Part| out.contains(&part);
    let user_out = |user: Option<i64>| user.is_some_and(|id| has(Part::User(id)));
    let mailbox_out = |name: &str| {
        let parts = name.split_once('@');
        parts.is_some_and(|(number, context)| has(Part::Mailbox(number.to_owned(), context.to_owned())))
    };
    model.transports.retain(|one| !has(Part::Transport(one.name.clone())));
    model.contexts.retain(|one| !has(Part::Context(one.name.clone())));
    model.features.retain(|one| !has(Part::Feature(one.name.clone())));
    model.zones.retain(|one| !has(Part::Zone(one.name.clone())));
    model.mailboxes.retain(|one| !has(Part::Mailbox(one.number.clone(), one.context.clone())));
    model.users.retain(|one| !has(Part::User(one.id)));
    // A phone or number of somebody who is not there would have nobody's limits.
    model.endpoints.retain(|one| !has(Part::Endpoint(one.name.clone())) && !user_out(one.user));
    model.extensions.retain(|one| {
        let context = has(Part::Context(one.context.clone()));
        !context && !user_out(one.user()) && !has(Part::Extension(one.exten.clone(), one.context.clone()))
    });
    // A permission that is left out stays named by those who have it: the dialplan then refuses what goes out.
    model.permissions.retain(|one| !has(Part::Permission(one.id)));
    model.outcalls.retain(|one| !has(Part::Outcall(one.id)));
    let outcall_out = |reached: &Reached| match reached {
        Reached::Outcall { id, .. } => has(Part::Outcall(*id)),
        Reached::Lines { .. } | Reached::Slot { .. } | Reached::Resource { .. } => false,
    };
    model.extensions.retain(|one| !outcall_out(&one.reached));
    model.trunks.retain(|one| {
        let endpoint = matches!(&one.way, Way::Sip(name) if has(Part::Endpoint(name.clone())));
        !endpoint && !has(Part::Trunk(one.id))
    });
    for user in &mut model.users {
        user.mailbox = user.mailbox.take().filter(|name| !mailbox_out(name));
    }
    for user in &mut model.users {
        user.endpoints.retain(|name| !has(Part::Endpoint(name.clone())));
    }
    model.agents.retain(|one| !has(Part::Agent(one.id)));
    model.groups.retain(|one| !has(Part::Group(one.id)));
    for group in &mut model.groups {
        let id = group.id;
        group.members.retain(|member| match member {
            Member::User(user) => !user_out(Some(*user)),
            Member::Number { exten, context } => !has(Part::Member(id, exten.clone(), context.clone())),
        });
    }
    model.ivrs.retain(|one| !has(Part::Ivr(one.id)));
    // Who follows a schedule that is left out takes calls at any time.
    model.schedules.retain(|one| !has(Part::Schedule(one.id)));
    model.queues.retain(|one| !has(Part::Queue(one.id)));
    for queue in &mut model.queues {
        queue.users.retain(|member| !user_out(Some(member.user)));
    }
    model.parking_lots.retain(|one| !has(Part::ParkingLot(one.id)));
    model.switchboards.retain(|one| !has(Part::Switchboard(one.id)));
    model.incalls.retain(|one| !has(Part::Incall(one.id)));
    model.conferences.retain(|one| !has(Part::Conference(one.id)));
    model.music.retain(|one| !has(Part::Music(one.name.clone())));
    model.filters.retain(|one| !has(Part::Filter(one.id)));
    model.pagings.retain(|one| !has(Part::Paging(one.id)));
    for endpoint in &mut model.endpoints {
        endpoint.mailboxes.retain(|name| !mailbox_out(name));
    }
    for extension in &mut model.extensions {
        if let Reached::Lines { endpoints, .. } = &mut extension.reached {
            endpoints.retain(|name| !has(Part::Endpoint(name.clone())));
        }
    }
    model.destinations.retain(|one| {
        let owner = one.owner == "user" && has(Part::User(one.owner_id));
        !owner && !has(Part::Destination(destinations::row_name(one)))
    });
    model
}
