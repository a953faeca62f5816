//! The table of the output files.

use super::fileset::File;
use super::index::Index;
use super::left_out::Failed;
use super::{
    agents, calldata, conferences, destinations, extensions, features, filters, groups, ivr, managed, music,
    outgoing, parking, pjsip, pjsip_acl, pjsip_aor, pjsip_auth, pjsip_endpoint, queue_rows, queues,
    schedules, switchboards, typed, voicemail,
};

/// When a file is cordboard's to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In every mode.
    Always,
    /// Only for an Asterisk that cordboard starts itself.
    Managed,
    /// Only for one that somebody else starts.
    External,
}

/// What makes the running Asterisk take a changed file over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// AMI `Reload` with this `Module`.
    Module(&'static str),
    /// Read by `AST_CONFIG` in the middle of a call: nothing to do.
    CallTime,
    /// Only a restart.
    Restart,
}

/// An output file.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Its path below the configuration folder.
    pub file: &'static str,
    pub scope: Scope,
    pub reload: Reload,
    pub(super) render: fn(&'static str, &Index<'_>) -> Result<File, Failed>,
}

/// Every file. Modules are reloaded in this order: what a row refers to comes before it, so a number is
/// dialled only once its endpoint and mailbox are there.
pub const OUTPUTS: &[Output] = &[
    managed("asterisk.conf", Reload::Restart, managed::asterisk),
    managed("modules.conf", Reload::Restart, managed::modules),
    managed("sorcery.conf", Reload::Restart, managed::sorcery),
    managed("pjproject.conf", Reload::Restart, managed::pjproject),
    managed("stasis.conf", Reload::Restart, managed::stasis),
    managed("manager.conf", Reload::Module("manager"), managed::manager),
    managed("logger.conf", Reload::Module("logger"), managed::logger),
    managed("acl.conf", Reload::Module("acl"), managed::acl),
    managed("ccss.conf", Reload::Restart, managed::ccss),
    managed("cdr.conf", Reload::Module("cdr"), managed::cdr),
    managed("cel.conf", Reload::Module("cel"), managed::cel),
    managed("features.conf", Reload::Module("features"), typed::render),
    managed("confbridge.conf", Reload::Module("app_confbridge.so"), managed::confbridge),
    managed("http.conf", Reload::Module("http"), managed::http),
    managed("indications.conf", Reload::Module("indications"), managed::indications),
    managed("udptl.conf", Reload::Module("udptl"), managed::udptl),
    managed("rtp.conf", Reload::Module("res_rtp_asterisk.so"), managed::rtp),
    managed("musiconhold.conf", Reload::Module("res_musiconhold.so"), music::managed),
    always("pjsip_acl.conf", Reload::Module("res_pjsip.so"), pjsip_acl::render),
    always("pjsip_aor.conf", Reload::Module("res_pjsip.so"), pjsip_aor::render),
    always("pjsip_auth.conf", Reload::Module("res_pjsip.so"), pjsip_auth::render),
    always("pjsip_endpoint.conf", Reload::Module("res_pjsip.so"), pjsip_endpoint::render),
    always("pjsip.conf", Reload::Module("res_pjsip.so"), pjsip::render),
    Output {
        file: "cordboard_sorcery.conf",
        scope: Scope::External,
        reload: Reload::Restart,
        render: managed::sorcery_to_include,
    },
    Output {
        file: "cordboard_musiconhold.conf",
        scope: Scope::External,
        reload: Reload::Module("res_musiconhold.so"),
        render: music::to_include,
    },
    always("voicemail.conf", Reload::Module("app_voicemail.so"), voicemail::render),
    always("cordboard_users.conf", Reload::CallTime, calldata::users),
    always("cordboard_mailboxes.conf", Reload::CallTime, calldata::mailboxes),
    always("cordboard_contexts.conf", Reload::CallTime, calldata::contexts),
    always("cordboard_features.conf", Reload::CallTime, features::lamps),
    always("cordboard_extensions.conf", Reload::CallTime, calldata::extensions),
    always("cordboard_destinations.conf", Reload::CallTime, destinations::render),
    always("cordboard_schedules.conf", Reload::CallTime, schedules::render),
    always("cordboard_ivr.conf", Reload::CallTime, ivr::render),
    always("cordboard_groups.conf", Reload::CallTime, groups::render),
    always("cordboard_agents.conf", Reload::CallTime, agents::render),
    always("cordboard_incalls.conf", Reload::CallTime, groups::incalls),
    always("cordboard_conferences.conf", Reload::CallTime, conferences::render),
    always("cordboard_filters.conf", Reload::CallTime, filters::render),
    always("cordboard_pagings.conf", Reload::CallTime, filters::pagings),
    always("cordboard_queues.conf", Reload::CallTime, queue_rows::render),
    always("cordboard_switchboards.conf", Reload::CallTime, switchboards::render),
    always("res_parking.conf", Reload::Module("res_parking.so"), parking::render),
    always("queues.conf", Reload::Module("app_queue.so"), queues::render),
    always("cordboard_trunks.conf", Reload::CallTime, outgoing::trunks),
    always("cordboard_outcalls.conf", Reload::CallTime, outgoing::outcalls),
    always("cordboard_permissions.conf", Reload::CallTime, outgoing::permissions),
    always("extensions.conf", Reload::Module("pbx_config.so"), extensions::render),
];

impl Scope {
    /// True when a file of this scope is rendered.
    pub fn is_rendered(self, managed: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Managed => managed,
            Self::External => !managed,
        }
    }
}

type Render = fn(&'static str, &Index<'_>) -> Result<File, Failed>;

const fn managed(file: &'static str, reload: Reload, render: Render) -> Output {
    Output { file, scope: Scope::Managed, reload, render }
}

const fn always(file: &'static str, reload: Reload, render: Render) -> Output {
    Output { file, scope: Scope::Always, reload, render }
}
