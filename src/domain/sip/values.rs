//! Option values that Asterisk 22 refuses. A single one makes it drop the whole object, so it is refused here, where
//! somebody can mend it. Found by feeding Asterisk 22.10 every option with good and bad values; options that take
//! anything are not listed, nor those whose value only the machine can judge (files, host names).

use super::SECTIONS;
use crate::domain::py::Py;
use crate::domain::schema::Object;
use core::net::IpAddr;
use serde_json::Value;

/// Codecs that can be allowed, whether or not a module transcodes them.
const CODECS: &[&str] = &[
    "all", "none", "adpcm", "alaw", "amr", "amrwb", "codec2", "g719", "g722", "g723", "g726", "g726aal2",
    "g729", "gsm", "h261", "h263", "h263p", "h264", "h265", "ilbc", "jpeg", "lpc10", "mpeg4", "opus", "png",
    "red", "silk", "silk8", "silk12", "silk16", "silk24", "siren14", "siren7", "slin", "slin12", "slin16",
    "slin24", "slin32", "slin44", "slin48", "slin96", "slin192", "speex", "speex16", "speex32", "t140",
    "t38", "ulaw", "vp8", "vp9",
];
const TRUTHS: &[&str] = &["yes", "no", "true", "false", "on", "off", "1", "0"];
const METHODS: &[&str] = &["invite", "reinvite", "update"];
const IDENTIFIED_BY: &[&str] = &["username", "auth_username", "ip", "header", "request_uri"];

/// The mistakes in the values of an endpoint's body, list by list.
pub fn check_values(body: &Object) -> Vec<String> {
    let lists = SECTIONS.each().into_iter().filter_map(|field| Some((*field, body.get(*field)?.as_array()?)));
    lists.filter_map(|(field, pairs)| refused_in(field, pairs)).collect()
}

fn refused_in(field: &str, pairs: &[Value]) -> Option<String> {
    let refused = (0_i64..).zip(pairs).filter_map(|(index, pair)| {
        let message = refused(pair.get(0)?.as_str()?, pair.get(1)?.as_str()?)?;
        Some((Py::Int(index), Py::Dict(vec![(Py::Int(1), Py::List(vec![message.into()]))])))
    });
    let refused: Vec<_> = refused.chain(repeated(pairs)).collect();
    (!refused.is_empty()).then(|| crate::domain::problems::field(field, &Py::Dict(refused)))
}

/// Who may use a phone. Of an option that comes twice only the last counts: one that denies would be lost.
const LISTS: [&str; 6] = ["acl", "deny", "permit", "contact_acl", "contact_deny", "contact_permit"];

fn repeated(pairs: &[Value]) -> impl Iterator<Item = (Py, Py)> {
    let name = |pair: &Value| pair.get(0).and_then(Value::as_str).map(str::to_owned);
    let repeats = (0_i64..).zip(pairs).enumerate().filter(move |(at, (_, pair))| {
        let name = name(pair);
        let again = pairs.iter().skip(at + 1).any(|later| name.is_some() && later.get(0) == pair.get(0));
        again && name.is_some_and(|name| LISTS.contains(&name.as_str()))
    });
    repeats.map(|(_, (index, _))| {
        let message = "Must be given once, with commas between addresses.".to_owned();
        (Py::Int(index), Py::Dict(vec![(Py::Int(0), Py::List(vec![message.into()]))]))
    })
}

/// Why Asterisk would drop an object with this option; nothing when it takes it.
pub fn refused(name: &str, value: &str) -> Option<String> {
    let value = value.trim();
    match name {
        "default_expiration"
        | "maximum_expiration"
        | "minimum_expiration"
        | "max_contacts"
        | "nonce_lifetime"
        | "device_state_busy_at"
        | "t38_udptl_maxdatagram"
        | "fax_detect_timeout"
        | "cos_audio"
        | "cos_video"
        | "sub_min_expiry"
        | "rtp_keepalive"
        | "rtp_timeout"
        | "rtp_timeout_hold"
        | "max_audio_streams"
        | "max_video_streams"
        | "max_retries"
        | "retry_interval"
        | "forbidden_retry_interval"
        | "fatal_retry_interval"
        | "max_random_initial_delay" => number(value, 0, u32::MAX),
        "qualify_frequency" => number(value, 0, 86_400),
        "timers_min_se" | "timers_sess_expires" => number(value, 90, u32::MAX),
        "expiration" => number(value, 1, u32::MAX),
        "qualify_timeout" => refuse(value.parse::<f64>().is_err(), "Not a valid number."),
        "dtls_rekey" => refuse(value.parse::<i32>().is_err(), "Not a valid integer."),
        "allow" | "disallow" => codecs(value),
        "set_var" => refuse(!value.contains('='), "Must be of the form NAME=value."),
        "deny" | "permit" | "contact_deny" | "contact_permit" => {
            refuse(!value.split(',').all(is_network), "Not a valid address or network.")
        }
        "contact" | "client_uri" | "server_uri" => refuse(!is_sip_uri(value), "Not a valid SIP URI."),
        "from_user" => refuse(value.contains(char::is_whitespace), "Blanks are not allowed."),
        "match_header" => {
            let named = value.split_once(':').is_some_and(|(name, _)| !name.trim().is_empty());
            refuse(!named, "Must be of the form Name: value.")
        }
        "md5_cred" => {
            let digest = value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit());
            refuse(!digest, "Must be 32 hexadecimal digits.")
        }
        _ => choices(name).and_then(|(choices, case)| choice(value, choices, case)),
    }
}

/// Does upper case count in a choice?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Ignored,
    Kept,
}

/// What an option can be set to, where that is a list of words.
fn choices(name: &str) -> Option<(&'static [&'static [&'static str]], Case)> {
    let choices: &[&[&str]] = match name {
        "100rel" => &[TRUTHS, &["required", "peer_supported"]],
        "timers" => &[TRUTHS, &["required", "always", "forced"]],
        "direct_media_glare_mitigation" => &[&["none", "outgoing", "incoming"]],
        "direct_media_method" | "connected_line_method" => &[METHODS],
        "dtmf_mode" => &[&["rfc4733", "inband", "info", "auto", "auto_info", "none"]],
        "redirect_method" => &[&["user", "uri_core", "uri_pjsip"]],
        "media_encryption" => &[&["no", "sdes", "dtls"]],
        "t38_udptl_ec" => &[&["none", "fec", "redundancy"]],
        "dtls_verify" => &[&["yes", "no", "fingerprint", "certificate"]],
        "identify_by" => &[IDENTIFIED_BY],
        "callerid_privacy" => &[&[
            "allowed_not_screened",
            "allowed_passed_screen",
            "allowed_failed_screen",
            "allowed",
            "prohib_not_screened",
            "prohib_passed_screen",
            "prohib_failed_screen",
            "prohib",
            "unavailable",
        ]],
        _ => return None,
    };
    Some((choices, if name == "t38_udptl_ec" || name == "dtls_verify" { Case::Kept } else { Case::Ignored }))
}

fn choice(value: &str, choices: &[&[&str]], case: Case) -> Option<String> {
    let choices = choices.concat();
    let known = |word: &str| {
        choices
            .iter()
            .any(|choice| *choice == word || (case == Case::Ignored && choice.eq_ignore_ascii_case(word)))
    };
    let words = if choices == IDENTIFIED_BY { value.split(',').collect() } else { vec![value] };
    (!words.into_iter().all(|word| known(word.trim())))
        .then(|| format!("Must be one of: {}.", choices.join(", ")))
}

fn refuse(wrong: bool, message: &str) -> Option<String> {
    wrong.then(|| message.to_owned())
}

fn number(value: &str, least: u32, most: u32) -> Option<String> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        return Some("Not a valid integer.".to_owned());
    }
    match value.parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) => None,
        _ => Some(format!("Must be greater than or equal to {least} and less than or equal to {most}.")),
    }
}

fn codecs(value: &str) -> Option<String> {
    let known = |word: &str| {
        let name = word.trim().trim_start_matches('!');
        let name = name.split_once(':').map_or(name, |(name, _)| name);
        CODECS.iter().any(|codec| codec.eq_ignore_ascii_case(name))
    };
    let unknown = value.split([',', '|']).find(|word| !known(word))?;
    Some(format!("Unknown codec: {}.", unknown.trim()))
}

fn is_network(text: &str) -> bool {
    let text = text.trim().trim_start_matches('!');
    let (address, mask) = text.split_once('/').map_or((text, None), |(address, mask)| (address, Some(mask)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    mask.is_none_or(|mask| {
        mask.parse::<u8>().is_ok_and(|bits| bits <= longest)
            || mask.parse::<IpAddr>().is_ok_and(|mask| mask.is_ipv4() == address.is_ipv4())
    })
}

fn is_sip_uri(text: &str) -> bool {
    let rest = text.strip_prefix("sip:").or_else(|| text.strip_prefix("sips:"));
    rest.is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asterisk_takes_is_taken() {
        for (name, value) in [
            ("max_contacts", "10"),
            ("qualify_frequency", "86400"),
            ("qualify_timeout", "3.0"),
            ("100rel", "peer_supported"),
            ("timers", "always"),
            ("dtmf_mode", "RFC4733"),
            ("identify_by", "username, ip"),
            ("allow", "!all,opus,g722,alaw,ulaw,vp9,vp8,h264"),
            ("allow", "ulaw:20|ALAW"),
            ("set_var", "TIMEOUT(absolute)=36000"),
            ("deny", "0.0.0.0/0"),
            ("permit", "!10.0.0.0/255.0.0.0,::1"),
            ("contact", "sip:10.0.0.1:5060"),
            ("match_header", "X-A: /b/"),
            ("callerid", "\""),
            ("direct_media", "whatever"),
        ] {
            assert_eq!(refused(name, value), None, "{name}={value}");
        }
    }

    #[test]
    fn what_asterisk_drops_an_object_for_is_refused() {
        for (name, value) in [
            ("max_contacts", "-1"),
            ("max_contacts", "99999999999"),
            ("rtp_timeout", "5s"),
            ("qualify_frequency", "86401"),
            ("timers_min_se", "89"),
            ("timers", "never"),
            ("dtmf_mode", "rfc2833"),
            ("t38_udptl_ec", "FEC"),
            ("identify_by", "username,zz"),
            ("allow", "ulaw,zz"),
            ("set_var", "A"),
            ("deny", "10.0.0.0/33"),
            ("permit", "localhost"),
            ("contact", "a@b"),
            ("from_user", "a b"),
            ("match_header", "X-A"),
            ("md5_cred", "abc"),
        ] {
            assert!(refused(name, value).is_some(), "{name}={value}");
        }
    }
}
