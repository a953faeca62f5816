//! Which values of PJSIP options Asterisk takes. One that it refuses would cost the whole file, so it is
//! left out instead. Tried option by option on 22.10: every option that is not named here takes any text.

use core::net::IpAddr;

/// Codecs (the usual ones first) whose name Asterisk knows, whatever modules are loaded.
const CODECS: &str = "ulaw alaw g722 opus adpcm amr amrwb codec2 g719 g723 g726 g726aal2 g729 gsm h261 h263 \
    h263p h264 h265 ilbc jpeg lpc10 mpeg4 png red silk12 silk16 silk24 silk8 siren14 \
    siren7 slin slin12 slin16 slin192 slin24 slin32 slin44 slin48 slin96 speex speex16 \
    speex32 t140 t38 vp8 vp9";

const TOS: &str =
    "cs0 cs1 cs2 cs3 cs4 cs5 cs6 cs7 af11 af12 af13 af21 af22 af23 af31 af32 af33 af41 af42 af43 ef";

const PRIVACY: &str = "allowed allowed_not_screened allowed_passed_screen allowed_failed_screen \
    prohib prohib_not_screened prohib_passed_screen prohib_failed_screen unavailable";

/// True when Asterisk takes `value` (without blanks at its ends) for the option `key`.
pub fn accepted(key: &str, value: &str) -> bool {
    match key {
        "default_expiration"
        | "maximum_expiration"
        | "minimum_expiration"
        | "max_contacts"
        | "nonce_lifetime"
        | "device_state_busy_at"
        | "t38_udptl_maxdatagram"
        | "fax_detect_timeout"
        | "sub_min_expiry"
        | "rtp_keepalive"
        | "rtp_timeout"
        | "rtp_timeout_hold"
        | "max_audio_streams"
        | "max_video_streams"
        | "dtls_rekey"
        | "expiration"
        | "max_retries"
        | "retry_interval"
        | "forbidden_retry_interval"
        | "fatal_retry_interval" => number(value, 0, i32::MAX.unsigned_abs()),
        "qualify_frequency" => number(value, 0, 86_400),
        "cos_audio" | "cos_video" => number(value, 0, 7),
        "timers_min_se" => number(value, 90, 1800),
        "timers_sess_expires" => number(value, 90, i32::MAX.unsigned_abs()),
        "qualify_timeout" => {
            value.bytes().all(|b| b.is_ascii_digit() || b == b'.') && value.parse::<f64>().is_ok()
        }
        "tos_audio" | "tos_video" => number(value, 0, 255) || one_of(value, TOS),
        "callerid_privacy" => one_of(value, PRIVACY),
        "100rel" => one_of(value, "no yes required peer_supported"),
        "timers" => one_of(value, "no yes required always forced"),
        "dtls_verify" => one_of(value, "no yes fingerprint certificate"),
        "dtmf_mode" => one_of(value, "rfc4733 inband info auto auto_info none"),
        "direct_media_glare_mitigation" => one_of(value, "none outgoing incoming"),
        "direct_media_method" | "connected_line_method" => one_of(value, "invite reinvite update"),
        "redirect_method" => one_of(value, "user uri_core uri_pjsip"),
        "t38_udptl_ec" => one_of(value, "none fec redundancy"),
        "media_encryption" => one_of(value, "no sdes dtls"),
        "identify_by" => each(value, |name| one_of(name, "username auth_username ip header request_uri")),
        "allow" | "disallow" => each(value, codec),
        "deny" | "permit" | "contact_deny" | "contact_permit" => each(value, network),
        // Of a registration that can't be made there would be nothing, and the file would seem refused.
        "contact" | "server_uri" | "client_uri" => {
            ["sip:", "sips:"].iter().any(|scheme| value.starts_with(scheme)) && !value.contains([' ', ','])
        }
        "auth_rejection_permanent" | "support_path" | "support_outbound" | "line" => {
            one_of(value, "yes no true false on off 1 0")
        }
        "from_user" | "contact_user" => {
            value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.+-".contains(&b))
        }
        "set_var" => value.contains('='),
        "md5_cred" => value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit()),
        // Files that must exist, which a pure function cannot know.
        "dtls_cert_file" | "dtls_private_key" | "dtls_ca_file" | "dtls_ca_path" => false,
        _ => true,
    }
}

fn number(value: &str, least: u32, most: u32) -> bool {
    value.bytes().all(|b| b.is_ascii_digit()) && value.parse().is_ok_and(|n: u32| (least..=most).contains(&n))
}

fn one_of(value: &str, names: &str) -> bool {
    names.split_ascii_whitespace().any(|name| name == value)
}

fn each(list: &str, accepted: impl Fn(&str) -> bool) -> bool {
    list.split(',').map(|part| part.trim_matches(' ')).all(accepted)
}

/// `ulaw`, `ulaw:20`, `!ulaw`, `all`, `!all`, `none`.
fn codec(text: &str) -> bool {
    let name = text.strip_prefix('!').unwrap_or(text);
    let name =
        name.split_once(':').map_or(name, |(name, framing)| if number(framing, 1, 300) { name } else { "" });
    matches!(name, "all" | "none")
        || CODECS.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(name))
}

/// `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `2001:db8::/32`, `10.1.2.3`, each with an optional `!`.
fn network(text: &str) -> bool {
    let text = text.strip_prefix('!').unwrap_or(text);
    let (address, mask) = text.split_once('/').map_or((text, None), |(address, mask)| (address, Some(mask)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let bits = if address.is_ipv4() { 32 } else { 128 };
    mask.is_none_or(|mask| {
        number(mask, 0, bits) || address.is_ipv4() && mask.parse::<core::net::Ipv4Addr>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::accepted;

    #[test]
    fn values_that_asterisk_takes_pass() {
        for (key, value) in [
            ("allow", "!all,opus,g722,alaw,ulaw,vp9,vp8,h264"),
            ("allow", "ULAW:20, !gsm"),
            ("identify_by", "auth_username,username"),
            ("permit", "10.0.0.0/255.0.0.0,!2001:db8::/32"),
            ("contact", "sip:a@192.0.2.1:5060;transport=tcp"),
            ("tos_audio", "ef"),
            ("timers_sess_expires", "600"),
            ("set_var", "TIMEOUT(absolute)=36000"),
            ("rtp_symmetric", "whatever"),
            ("qualify_timeout", "2.5"),
        ] {
            assert!(accepted(key, value), "{key} = {value}");
        }
    }

    #[test]
    fn values_that_would_cost_the_file_do_not() {
        for (key, value) in [
            ("allow", "!all,zz"),
            ("allow", ""),
            ("rtp_timeout", "-5"),
            ("max_contacts", "99999999999"),
            ("timers", "maybe"),
            ("timers_min_se", "89"),
            ("permit", "zz"),
            ("contact", "zz"),
            ("from_user", "a b"),
            ("set_var", "zz"),
            ("md5_cred", "zz"),
            ("qualify_timeout", "inf"),
            ("dtls_cert_file", "/etc/none.pem"),
        ] {
            assert!(!accepted(key, value), "{key} = {value}");
        }
    }
}
