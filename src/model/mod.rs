//! The model: all that the renderer may see, loaded from one database snapshot. Values only, no IO.
//! Every list comes in the order in which it is rendered.

mod agent;
mod boards;
mod dialplan;
mod filter;
mod group;
mod hours;
mod outgoing;
mod person;
mod queue;
mod rooms;

pub use agent::Agent;
pub use boards::{ParkingLot, Switchboard};
pub use dialplan::{Destination, Extension, Reached};
pub use filter::{Filter, FilterMember, Paging};
pub use group::{CallerId, Group, Incall, Member};
pub use hours::{Ivr, Schedule};
pub use outgoing::{Outcall, OwnCeilings, Permission, Tenant, Treatment, Trunk, Way};
pub use person::{Forward, Recorded, Switches, User};
pub use queue::{Queue, QueueSwitches, QueueUser};
pub use rooms::{Conference, MusicClass, SoundFile};

use crate::domain::ceiling::{Ceiling, Ceilings};
use crate::domain::network::Network;
use crate::domain::secret::unseen;

/// A whole installation at one revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    pub site: Site,
    /// By name.
    pub transports: Vec<Transport>,
    /// By name.
    pub contexts: Vec<Context>,
    /// By id.
    pub users: Vec<User>,
    /// By name.
    pub endpoints: Vec<Endpoint>,
    /// By context, then number. Only enabled ones that reach something.
    pub extensions: Vec<Extension>,
    /// By uuid.
    pub tenants: Vec<Tenant>,
    /// By id. Only those that something can be dialled over.
    pub trunks: Vec<Trunk>,
    /// By id.
    pub outcalls: Vec<Outcall>,
    /// By id. Only enabled ones.
    pub permissions: Vec<Permission>,
    pub ceilings: OwnCeilings,
    /// By owner and event.
    pub destinations: Vec<Destination>,
    /// By id.
    pub agents: Vec<Agent>,
    /// By id.
    pub groups: Vec<Group>,
    /// General options of app_queue. Free texts.
    pub queue_general: Options,
    /// By id.
    pub queues: Vec<Queue>,
    /// By id.
    pub incalls: Vec<Incall>,
    /// Known options with values that Asterisk takes, one list a set of `domain::general::AREAS`.
    pub general: Vec<Options>,
    /// By id.
    pub conferences: Vec<Conference>,
    /// By name.
    pub music: Vec<MusicClass>,
    /// The sounds of categories that were sent in: path below the folder of sounds, and digest. By path.
    pub sounds: Vec<(String, String)>,
    /// By id. Only enabled ones.
    pub schedules: Vec<Schedule>,
    /// By id.
    pub ivrs: Vec<Ivr>,
    /// By id.
    pub filters: Vec<Filter>,
    /// By id. Only enabled ones.
    pub pagings: Vec<Paging>,
    /// By id. Only those that have a number.
    pub parking_lots: Vec<ParkingLot>,
    /// By id.
    pub switchboards: Vec<Switchboard>,
    /// By context, then number. Only enabled ones.
    pub mailboxes: Vec<Mailbox>,
    /// In the order of the API (`/asterisk/voicemail/zonemessages`).
    pub zones: Vec<Zone>,
    /// By name. Only enabled ones.
    pub features: Vec<Feature>,
    /// Networks whose SIP is refused, by address.
    pub blocks: Vec<Network>,
    /// Context and number of what custom function keys watch, in that order. The number: `[A-Z0-9+*]+`.
    pub watched: Vec<(String, String)>,
}

/// The settings that reach a rendered file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// True when cordboard starts this Asterisk itself: then asterisk.conf, modules.conf, manager.conf,
    /// logger.conf and the like are rendered too.
    pub managed: bool,
    pub directories: Directories,
    pub ami: Ami,
    /// `host:port` that transport-udp and transport-tcp listen on.
    pub sip_udp: String,
    pub sip_tcp: String,
    /// The transport-tls, if there is one.
    pub sip_tls: Option<SipTls>,
    /// The transport-wss, if there is one: Asterisk's web server listens there.
    pub sip_wss: Option<SipTls>,
    /// SHA-256 of the certificate of both, and of each above it: in other words, which files Asterisk has read.
    pub sip_certificates: Vec<String>,
    /// First and last RTP port.
    pub rtp_ports: (u16, u16),
    /// Folder with the sound files of the default music on hold class; nothing when this Asterisk has none.
    pub music_on_hold: Option<String>,
    /// Folder with cordboard's own prompts, one folder a language; nothing when this machine has none.
    pub sounds: Option<String>,
    /// True when a caller is told before a user's own forward takes the call on.
    pub announce_forwards: bool,
    /// True when numbers of other countries need no call permission.
    pub abroad_is_open: bool,
    /// How many calls may go out, where nobody says otherwise.
    pub ceilings: Ceilings<Ceiling>,
    /// Random, made at first start, never shown: what derived secrets (canaries, endpoints that were
    /// given no credentials) are made of.
    pub secret: String,
}

unseen!(Site);

/// What transport-tls or transport-wss listens on (`host:port`), and the absolute paths of certificate and key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SipTls {
    pub bind: String,
    pub certificate: String,
    pub key: String,
}

/// Absolute paths of the Asterisk that is configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directories {
    /// Where the rendered files are seen by Asterisk (`astetcdir`); `custom/` in it is the administrator's.
    pub etc: String,
    pub modules: String,
    /// Sounds, documentation (`astdatadir`).
    pub data: String,
    pub varlib: String,
    pub spool: String,
    pub run: String,
    pub log: String,
}

/// The manager account that cordboard itself uses, on loopback.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Ami {
    pub port: u16,
    pub user: String,
    pub secret: String,
}

unseen!(Ami);

/// Option names and values in order; a name may occur more than once.
pub type Options = Vec<(String, String)>;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transport {
    pub name: String,
    /// As stored; `bind` of transport-udp, -tcp, -tls and -wss is the site's.
    pub options: Options,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ContextKind {
    #[default]
    Internal,
    Incall,
    Outcall,
    Services,
    Others,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    pub name: String,
    pub tenant_uuid: String,
    pub label: String,
    pub kind: ContextKind,
    pub enabled: bool,
    /// Names of included contexts, in order.
    pub includes: Vec<String>,
}

/// A SIP endpoint that a line or a trunk uses, its templates already merged in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// Section name of endpoint, auth and AOR: `[-_.a-zA-Z0-9]{1,79}`.
    pub name: String,
    /// Who it belongs to, for the comment above the section; may be empty. Free text.
    pub comment: String,
    /// Id of the line's main user.
    pub user: Option<i64>,
    pub line_id: i64,
    /// Id of the trunk that it belongs to; then there is no line.
    pub trunk: Option<i64>,
    pub tenant_uuid: String,
    /// The line's context, or that in which calls over the trunk begin.
    pub context: String,
    /// Name of a transport; merged from the templates.
    pub transport: Option<String>,
    pub endpoint: Options,
    pub aor: Options,
    pub auth: Options,
    pub identify: Options,
    pub registration: Options,
    pub registration_outbound_auth: Options,
    pub outbound_auth: Options,
    /// `number@context` of the mailboxes of the line's users.
    pub mailboxes: Vec<String>,
    /// Ids of the call pickups by which calls to it are taken, and of those by which it takes calls.
    pub called_pickups: Vec<i64>,
    pub taking_pickups: Vec<i64>,
}

unseen!(Endpoint);

#[derive(Clone, Default, PartialEq, Eq)]
pub struct Mailbox {
    pub number: String,
    pub context: String,
    /// Free text.
    pub name: String,
    /// Digits, or nothing: then no PIN is asked.
    pub password: Option<String>,
    pub ask_password: bool,
    pub email: Option<String>,
    pub pager: Option<String>,
    pub language: Option<String>,
    pub timezone: Option<String>,
    pub max_messages: Option<i64>,
    pub attach_audio: Option<bool>,
    pub delete_messages: bool,
    /// Free pairs.
    pub options: Options,
}

unseen!(Mailbox);

/// A feature code that phones dial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feature {
    /// `fwdunc`, `vmusermsg` …
    pub name: String,
    /// `*98`, or a pattern when something follows: `_*21.`
    pub exten: String,
}

/// A voicemail zone message: how and in which time zone a message's time is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zone {
    pub name: String,
    pub timezone: String,
    pub message: Option<String>,
}
