//! An Asterisk that somebody else has set up: what it lacks, in words that help.

use super::ami::{AmiError, Client, Message};

/// Rendered into `pjsip.conf`, and seen only where that file is where Asterisk takes AORs from.
const LOOSE: &str = "cordboard-loose";

/// What keeps a verification from being a proof, if anything.
pub async fn weakness(client: &mut Client) -> Result<Option<String>, AmiError> {
    let mut loose = false;
    let each = |message: &Message| loose |= message.is("ObjectName", LOOSE);
    client.list("PJSIPShowAors", &[], each).await?;
    Ok(loose.then(|| {
        "Asterisk keeps the old settings of a phone whose new ones it refuses, and nobody would notice: put \
         `#tryinclude cordboard_sorcery.conf` into its sorcery.conf and restart it"
            .to_owned()
    }))
}

/// `Asterisk refused …`, with what to do about it.
pub fn refusal(action: &str, message: &str) -> String {
    let text = format!("Asterisk refused {action}: {message}");
    match advice(action, message) {
        Some(advice) => format!("{text}; {advice}"),
        None => text,
    }
}

fn advice(action: &str, message: &str) -> Option<&'static str> {
    if message.contains("Permission denied") {
        return Some("the manager account needs read = system and write = system,config,reporting");
    }
    if !message.contains("unknown command") {
        return None;
    }
    Some(match action {
        "VoicemailUsersList" => {
            "app_voicemail is not loaded, or app_voicemail_odbc or app_voicemail_imap has taken its names: \
             noload these two in modules.conf and restart Asterisk"
        }
        _ if action.starts_with("PJSIP") => "res_pjsip is not loaded",
        _ => "a module is not loaded",
    })
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn a_refusal_says_what_to_do() {
        assert!(refusal("Reload", "Permission denied").contains("write = system,config,reporting"));
        let unknown = "Invalid/unknown command: VoicemailUsersList.";
        assert!(refusal("VoicemailUsersList", unknown).contains("app_voicemail_odbc"));
        assert_eq!(refusal("X", "No"), "Asterisk refused X: No");
    }
}
