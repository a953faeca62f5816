//! Canaries: one object per file whose value proves that Asterisk accepted this very file.
//! Pure. With `integrity=file`, or where a file is all-or-nothing by itself, one read per file is a proof.

use serde::{Deserialize, Serialize};

use crate::render::{FEATURE, Object};

/// Where the value is read back from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    /// `accountcode` of an endpoint: AMI `PJSIPShowEndpoint`, field `Accountcode`.
    Endpoint,
    /// `realm` of an auth: AMI `PJSIPShowAuths`, field `Realm`.
    Auth,
    /// `voicemail_extension` (or `mailboxes`) of an AOR: AMI `PJSIPShowAors`.
    Aor,
    /// A dialplan global: AMI `Getvar`.
    Global,
    /// Full name of a mailbox: AMI `VoicemailUsersList`, field `Fullname`.
    Mailbox,
    /// Name of a queue's member: AMI `QueueStatus`, event `QueueMember`, field `Name`.
    Queue,
    /// Timeout of a parking lot: AMI `Parkinglots`, field `Timeout`.
    Parking,
    /// The digest in a file that calls look things up in: AMI `Getvar` of `AST_CONFIG`, as a call reads it.
    CallData,
    /// The one entry of a class of music: `moh show files`.
    Music,
    /// Keys of the one feature of a group of features: `features show`.
    Features,
    /// `regcontext` of a profile of rooms: `confbridge show profile bridge`.
    Bridge,
}

/// An object of which the value is promised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Canary {
    pub probe: Probe,
    /// `cordboard-canary`, `CORDBOARD_CANARY`, `0@cordboard-canary`, `cordboard_users.conf`.
    pub name: String,
    pub value: String,
}

impl Canary {
    /// Reads probe and value from the rendered text; nothing when the text has none that Asterisk lists.
    pub fn of(object: &Object) -> Option<Self> {
        let (probe, value) = if let Some(kind) = setting(&object.text, "type") {
            match kind {
                "endpoint" => (Probe::Endpoint, setting(&object.text, "accountcode")?),
                "auth" => (Probe::Auth, setting(&object.text, "realm")?),
                "aor" => {
                    let text = &object.text;
                    (Probe::Aor, setting(text, "voicemail_extension").or_else(|| setting(text, "mailboxes"))?)
                }
                "bridge" => (Probe::Bridge, setting(&object.text, "regcontext")?),
                _ => return None,
            }
        } else if let Some(member) = setting(&object.text, "member") {
            (Probe::Queue, member.split(',').nth(2)?)
        } else if let Some(value) = setting(&object.text, "parkingtime") {
            (Probe::Parking, value)
        } else if let Some(entry) = setting(&object.text, "entry") {
            (Probe::Music, entry)
        } else if let Some(value) = setting(&object.text, "digest") {
            (Probe::CallData, value)
        } else if let Some(keys) = setting(&object.text, FEATURE) {
            (Probe::Features, keys)
        } else if let Some(value) = setting(&object.text, &object.name) {
            (Probe::Global, value)
        } else {
            let (number, _) = object.name.split_once('@')?;
            (Probe::Mailbox, setting(&object.text, number)?.split(',').nth(1)?)
        };
        Some(Self { probe, name: object.name.clone(), value: value.trim().to_owned() })
    }
}

/// Value of the first `key = value` or `key => value` line.
fn setting<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.strip_prefix('>').unwrap_or(value).trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::render::{Kind, canary_value, render};

    fn canary(name: &str, text: &str) -> Option<(Probe, String)> {
        let object = Object { kind: Kind::Canary, name: name.into(), text: text.into() };
        Canary::of(&object).map(|canary| (canary.probe, canary.value))
    }

    #[test]
    fn every_rendered_canary_is_understood() {
        let mut model = Model::default();
        model.site.managed = true;
        let set = render(&model).unwrap();
        let mut probes = Vec::new();
        for file in set.files.values() {
            for object in file.objects.iter().filter(|object| object.kind == Kind::Canary) {
                let canary = Canary::of(object).unwrap();
                assert_eq!(Some(canary.value.as_str()), canary_value(file));
                probes.push(canary.probe);
            }
        }
        probes.sort();
        probes.dedup();
        assert_eq!(
            probes,
            [
                Probe::Endpoint,
                Probe::Auth,
                Probe::Aor,
                Probe::Global,
                Probe::Mailbox,
                Probe::Queue,
                Probe::Parking,
                Probe::CallData,
                Probe::Music,
                Probe::Features,
                Probe::Bridge
            ]
        );
    }

    #[test]
    fn every_form_of_canary_is_understood() {
        let name = "cordboard-canary";
        assert_eq!(
            canary(name, "[cordboard-canary]\ntype=endpoint\naccountcode=abc\n"),
            Some((Probe::Endpoint, "abc".into()))
        );
        assert_eq!(
            canary(name, "[cordboard-canary]\ntype = auth\nrealm = abc\n"),
            Some((Probe::Auth, "abc".into()))
        );
        assert_eq!(
            canary(name, "[cordboard-canary]\ntype=aor\nvoicemail_extension=abc\n"),
            Some((Probe::Aor, "abc".into()))
        );
        assert_eq!(
            canary("CORDBOARD_CANARY", "CORDBOARD_CANARY => abc\n"),
            Some((Probe::Global, "abc".into()))
        );
        assert_eq!(
            canary("0@cordboard-canary", "[cordboard-canary]\n0 => -,abc,,,\n"),
            Some((Probe::Mailbox, "abc".into()))
        );
        assert_eq!(
            canary(name, "[cordboard-canary]\nmember=Local/nobody@nowhere/n,0,abc\n"),
            Some((Probe::Queue, "abc".into()))
        );
        assert_eq!(
            canary("cordboard_users.conf", "[cordboard-canary]\ndigest = abc\n"),
            Some((Probe::CallData, "abc".into()))
        );
        assert_eq!(canary(name, "[cordboard-canary]\ntype=identify\n"), None);
    }
}
