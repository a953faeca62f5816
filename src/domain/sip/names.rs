//! Which names a section and its options may have (confd.md 3.2 and Appendix A).

use super::SECTIONS;
use crate::domain::schema::Object;
use serde_json::Value;

/// The names of one kind of section: the contract's list, as it is printed, and what Asterisk 22 knows besides, except
/// for options that stop an endpoint unless something else is set up with them.
#[derive(Debug)]
pub struct Names {
    pub printed: &'static [&'static str],
    pub more: &'static [&'static str],
    /// PJSIP keeps options that begin with `@` as fields of the administrator's own.
    pub own: Own,
}

/// May an option's name begin with `@`?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    Allowed,
    Refused,
}

impl Names {
    fn knows(&self, name: &str) -> bool {
        self.printed.contains(&name)
            || self.more.contains(&name)
            || (self.own == Own::Allowed && is_own(name))
    }
}

/// Every kind of section with the names that its options may have.
pub fn documented() -> Vec<(&'static str, Vec<&'static str>)> {
    let sections = [
        ("aor", &AOR),
        ("auth", &AUTH),
        ("endpoint", &ENDPOINT),
        ("identify", &IDENTIFY),
        ("registration", &REGISTRATION),
        ("transport", &TRANSPORT),
    ];
    sections.map(|(section, names)| (section, [names.printed, names.more].concat())).to_vec()
}

/// A name of the administrator's own. Characters that would end the name in a rendered file are refused.
fn is_own(name: &str) -> bool {
    name.strip_prefix('@').is_some_and(|rest| {
        rest.chars().all(|c| !c.is_whitespace() && !matches!(c, '=' | ';' | '[' | ']' | '>' | '\\'))
    })
}

static AOR: Names = Names {
    printed: &[
        "contact",
        "default_expiration",
        "mailboxes",
        "voicemail_extension",
        "maximum_expiration",
        "max_contacts",
        "minimum_expiration",
        "remove_existing",
        "qualify_frequency",
        "qualify_timeout",
        "authenticate_qualify",
        "outbound_proxy",
        "support_path",
    ],
    more: &["remove_unavailable", "qualify_2xx_only"],
    own: Own::Allowed,
};

static AUTH: Names = Names {
    printed: &["auth_type", "nonce_lifetime", "md5_cred", "password", "realm", "username"],
    more: &[],
    own: Own::Refused,
};

static IDENTIFY: Names = Names {
    printed: &["match", "endpoint", "srv_lookups", "match_header"],
    more: &["match_request_uri"],
    own: Own::Refused,
};

static REGISTRATION: Names = Names {
    printed: &[
        "auth_rejection_permanent",
        "client_uri",
        "contact_user",
        "contact_header_params",
        "expiration",
        "max_retries",
        "outbound_proxy",
        "retry_interval",
        "server_uri",
        "forbidden_retry_interval",
        "fatal_retry_interval",
        "line",
        "server_uri",
        "transport",
        "support_path",
        "support_outbound",
    ],
    more: &["max_random_initial_delay", "user_agent"],
    own: Own::Refused,
};

pub static TRANSPORT: Names = Names {
    printed: &[
        "async_operations",
        "bind",
        "ca_list_file",
        "ca_list_path",
        "cert_file",
        "cipher",
        "domain",
        "external_media_address",
        "external_signaling_address",
        "external_signaling_port",
        "method",
        "local_net",
        "password",
        "priv_key_file",
        "protocol",
        "require_client_cert",
        "verify_client",
        "verify_server",
        "tos",
        "cos",
        "websocket_write_timeout",
        "allow_reload",
        "symmetric_transport",
    ],
    more: &[
        "tcp_keepalive_enable",
        "tcp_keepalive_idle_time",
        "tcp_keepalive_interval_time",
        "tcp_keepalive_probe_count",
        "allow_wildcard_certs",
    ],
    own: Own::Refused,
};

static ENDPOINT: Names = Names {
    printed: &[
        "100rel",
        "aggregate_mwi",
        "allow",
        "allow_overlap",
        "aors",
        "auth",
        "callerid",
        "callerid_privacy",
        "callerid_tag",
        "context",
        "direct_media_glare_mitigation",
        "direct_media_method",
        "trust_connected_line",
        "send_connected_line",
        "connected_line_method",
        "direct_media",
        "disable_direct_media_on_nat",
        "disallow",
        "dtmf_mode",
        "media_address",
        "bind_rtp_to_media_address",
        "force_rport",
        "ice_support",
        "identify_by",
        "redirect_method",
        "mailboxes",
        "mwi_subscribe_replaces_unsolicited",
        "voicemail_extension",
        "moh_suggest",
        "outbound_auth",
        "outbound_proxy",
        "rewrite_contact",
        "rtp_ipv6",
        "rtp_symmetric",
        "send_diversion",
        "send_pai",
        "send_rpid",
        "rpid_immediate",
        "timers_min_se",
        "timers",
        "timers_sess_expires",
        "transport",
        "trust_id_inbound",
        "trust_id_outbound",
        "use_ptime",
        "use_avpf",
        "force_avp",
        "media_use_received_transport",
        "media_encryption",
        "media_encryption_optimistic",
        "g726_non_standard",
        "inband_progress",
        "call_group",
        "pickup_group",
        "named_call_group",
        "named_pickup_group",
        "device_state_busy_at",
        "t38_udptl",
        "t38_udptl_ec",
        "t38_udptl_maxdatagram",
        "fax_detect",
        "fax_detect_timeout",
        "t38_udptl_nat",
        "t38_udptl_ipv6",
        "tone_zone",
        "language",
        "one_touch_recording",
        "record_on_feature",
        "record_off_feature",
        "rtp_engine",
        "allow_transfer",
        "user_eq_phone",
        "moh_passthrough",
        "sdp_owner",
        "sdp_session",
        "tos_audio",
        "tos_video",
        "cos_audio",
        "cos_video",
        "allow_subscribe",
        "sub_min_expiry",
        "from_user",
        "mwi_from_user",
        "from_domain",
        "dtls_verify",
        "dtls_rekey",
        "dtls_auto_generate_cert",
        "dtls_cert_file",
        "dtls_private_key",
        "dtls_cipher",
        "dtls_ca_file",
        "dtls_ca_path",
        "dtls_setup",
        "dtls_fingerprint",
        "srtp_tag_32",
        "set_var",
        "message_context",
        "accountcode",
        "preferred_codec_only",
        "rtp_keepalive",
        "rtp_timeout",
        "rtp_timeout_hold",
        "acl",
        "deny",
        "permit",
        "contact_acl",
        "contact_deny",
        "contact_permit",
        "subscribe_context",
        "contact_user",
        "asymmetric_rtp_codec",
        "rtcp_mux",
        "refer_blind_progress",
        "notify_early_inuse_ringing",
        "max_audio_streams",
        "max_video_streams",
        "bundle",
        "webrtc",
        "incoming_mwi_mailbox",
        "follow_early_media_fork",
        "accept_multiple_sdp_answers",
        "suppress_q850_reason_headers",
        "ignore_183_without_sdp",
    ],
    more: &[
        "overlap_context",
        "send_history_info",
        "tenantid",
        "t38_bind_udptl_to_media_address",
        "stir_shaken",
        "stir_shaken_profile",
        "allow_unauthenticated_options",
        "send_aoc",
        "suppress_moh_on_sendonly",
    ],
    own: Own::Allowed,
};

/// The mistakes in the option names of an endpoint's body, list by list: for each the first unknown name.
pub fn check_names(body: &Object) -> Vec<String> {
    let names = [&AOR, &AUTH, &ENDPOINT, &IDENTIFY, &REGISTRATION, &AUTH, &AUTH];
    let lists = SECTIONS.each().into_iter().zip(names);
    lists.filter_map(|(field, names)| first_unknown(body, field, names)).collect()
}

/// The mistake in the option names of a transport's body.
pub fn check_transport_names(body: &Object) -> Option<String> {
    first_unknown(body, "options", &TRANSPORT)
}

fn first_unknown(body: &Object, field: &str, names: &Names) -> Option<String> {
    let pairs = body.get(field)?.as_array()?;
    let unknown = pairs.iter().filter_map(|pair| pair.get(0)?.as_str()).find(|name| !names.knows(name))?;
    let choices = names.printed.join(", ");
    Some(format!("Input Error - '{field}: invalid variable ({unknown})' must be one of ({choices})"))
}

/// The first reason why a text can't be the name of a section, of which Asterisk reserves some.
pub fn section_name(value: &Value) -> Option<String> {
    let name = value.as_str().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let message = if name.is_empty() {
        "Shorter than minimum length 1"
    } else if name.chars().count() > 79 {
        "Longer than maximum length 79"
    } else if matches!(name, "global" | "system") {
        "Reserved Asterisk section name"
    } else if !name.chars().all(plain) {
        "Not a valid Asterisk section name"
    } else {
        return None;
    };
    Some(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_asterisk_knows_is_taken_though_the_contract_does_not_print_it() {
        assert!(AOR.knows("remove_unavailable"));
        assert!(!AOR.knows("auth_type"));
    }

    #[test]
    fn an_own_name_can_not_end_its_line_early() {
        assert!(ENDPOINT.knows("@tenant"));
        assert!(!ENDPOINT.knows("@a=b"));
        assert!(!ENDPOINT.knows("@a;b"));
        assert!(!AUTH.knows("@tenant"));
    }
}
