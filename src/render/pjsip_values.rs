//! Which values of PJSIP options reach a file. One that Asterisk refuses would cost the whole file, so it is left out
//! instead: a template's or an older cordboard's, since the API refuses them too ([`sip::refused`]). Here stands only
//! what the API lets in and a file can't hold.

use crate::domain::sip;

const TOS: &str =
    "cs0 cs1 cs2 cs3 cs4 cs5 cs6 cs7 af11 af12 af13 af21 af22 af23 af31 af32 af33 af41 af42 af43 ef";

/// True when Asterisk takes `value` (without blanks at its ends) for the option `key`.
pub fn accepted(key: &str, value: &str) -> bool {
    let fits = match key {
        "tos_audio" | "tos_video" => number(value, 0, 255) || one_of(value, TOS),
        "timers_min_se" => number(value, 90, 1800),
        "qualify_timeout" => value.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
        "allow" | "disallow" => value.split([',', '|']).all(has_framing),
        // Of a registration that can't be made there would be nothing, and the file would seem refused.
        "contact" | "server_uri" | "client_uri" => !value.contains([' ', ',']),
        "auth_rejection_permanent" | "support_path" | "support_outbound" | "line" => {
            one_of(value, "yes no true false on off 1 0")
        }
        "from_user" | "contact_user" => {
            value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.+-".contains(&b))
        }
        // Files that must exist, which a pure function cannot know.
        "dtls_cert_file" | "dtls_private_key" | "dtls_ca_file" | "dtls_ca_path" => false,
        _ => true,
    };
    fits && sip::refused(key, value).is_none()
}

fn number(value: &str, least: u32, most: u32) -> bool {
    value.bytes().all(|b| b.is_ascii_digit()) && value.parse().is_ok_and(|n: u32| (least..=most).contains(&n))
}

fn one_of(value: &str, names: &str) -> bool {
    names.split_ascii_whitespace().any(|name| name == value)
}

/// `ulaw`, or `ulaw:20` with the milliseconds of a packet.
fn has_framing(codec: &str) -> bool {
    codec.split_once(':').is_none_or(|(_, framing)| number(framing.trim(), 1, 300))
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
