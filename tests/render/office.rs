//! Models to render: an office as it comes out of the database.

use cordboard::model::{
    Ami, CallerId, Context, ContextKind, Directories, Endpoint, Extension, Feature, Group, Incall, Mailbox,
    Member, Model, Options, Reached, Site, Transport, User, Zone,
};

pub const TENANT: &str = "6a1e4c2e-0000-4000-8000-000000000001";

/// What every tenant's global template gives.
const GLOBAL_TEMPLATE: [(&str, &str); 16] = [
    ("rtp_timeout", "7200"),
    ("allow_transfer", "yes"),
    ("use_ptime", "yes"),
    ("direct_media", "no"),
    ("dtmf_mode", "rfc4733"),
    ("language", "en_US"),
    ("inband_progress", "no"),
    ("rtp_timeout_hold", "0"),
    ("timers_sess_expires", "600"),
    ("timers_min_se", "90"),
    ("trust_id_inbound", "no"),
    ("allow_subscribe", "yes"),
    ("allow", "!all,ulaw"),
    ("set_var", "TIMEOUT(absolute)=36000"),
    ("set_var", "DYNAMIC_FEATURES=togglerecord"),
    ("notify_early_inuse_ringing", "yes"),
];

/// What the webrtc template adds.
const WEBRTC_TEMPLATE: [(&str, &str); 8] = [
    ("webrtc", "yes"),
    ("dtls_auto_generate_cert", "yes"),
    ("allow", "!all,opus,g722,alaw,ulaw,vp9,vp8,h264"),
    ("max_video_streams", "25"),
    ("max_audio_streams", "1"),
    ("timers", "always"),
    ("timers_sess_expires", "300"),
    ("timers_min_se", "90"),
];

/// Codes by name, one of them moved, one of a feature that is not built.
const FEATURES: [(&str, &str); 5] = [
    ("autoprov", "*48378"),
    ("vmboxmsgslt", "_*99."),
    ("vmboxslt", "_#7[1-3]."),
    ("vmusermsg", "*98"),
    ("vmuserslt", "_*96."),
];

/// Values that Asterisk would refuse, and with them the whole file.
const REFUSED: [(&str, &str); 6] = [
    ("rtp_timeout", "soon"),
    ("dtls_cert_file", "/nowhere.pem"),
    ("set_var", "no equals sign"),
    ("timers_min_se", "900"),
    ("timers_sess_expires", "600"),
    ("@mine", "yes; mine"),
];

/// A managed installation without any person.
pub fn empty() -> Model {
    let text = str::to_owned;
    Model {
        site: Site {
            managed: true,
            directories: Directories {
                etc: text("/srv/pbx/etc"),
                modules: text("/usr/lib/asterisk/modules"),
                data: text("/usr/share/asterisk"),
                varlib: text("/srv/pbx/var"),
                spool: text("/srv/pbx/spool"),
                run: text("/srv/pbx/run"),
                log: text("/srv/pbx/log"),
            },
            ami: Ami { port: 5038, user: text("cordboard"), secret: text("not-so-secret") },
            sip_udp: text("0.0.0.0:5060"),
            sip_tcp: text("0.0.0.0:5060"),
            sip_tls: None,
            sip_wss: None,
            sip_certificates: Vec::new(),
            rtp_ports: (10000, 20000),
            music_on_hold: None,
            sounds: Some(text("/usr/share/cordboard/sounds")),
            announce_forwards: true,
            abroad_is_open: false,
            ceilings: cordboard::domain::ceiling::USUAL,
            secret: text("a random text"),
        },
        transports: vec![
            Transport {
                name: text("transport-udp"),
                options: options(&[("protocol", "udp"), ("bind", "0.0.0.0:5060")]),
            },
            Transport {
                name: text("transport-wss"),
                options: options(&[("protocol", "wss"), ("bind", "0.0.0.0:5060")]),
            },
        ],
        contexts: vec![
            context("default", "Default", ContextKind::Internal, &["sales", "to-extern", "closed"]),
            context("from-extern", "Incalls", ContextKind::Incall, &[]),
            context("sales", "Sales; upstairs", ContextKind::Internal, &["default"]),
            context("to-extern", "Outcalls", ContextKind::Outcall, &[]),
        ],
        zones: vec![
            Zone {
                name: text("eu-fr"),
                timezone: text("Europe/Paris"),
                message: Some(text("'vm-received' q 'digits/at' kM")),
            },
            Zone { name: text("utc"), timezone: text("UTC"), message: None },
        ],
        features: FEATURES
            .iter()
            .map(|(name, exten)| Feature { name: text(name), exten: text(exten) })
            .collect(),
        ..Model::default()
    }
}

/// Alice with a desk phone and a second line on the same number, Bob whose phone shows its authentication
/// name, Carol without credentials, lamp or mailbox, and a disabled Dave.
pub fn office() -> Model {
    let mut model = empty();
    model
        .contexts
        .push(Context { enabled: false, ..context("closed", "Closed", ContextKind::Internal, &[]) });
    model.users = vec![
        user(1, "Alice Dupont", "1001"),
        User {
            call_transfer_enabled: true,
            dtmf_hangup_enabled: true,
            ..user(2, "Bob \"the builder\"; O'Neil", "1002")
        },
        User { supervision_enabled: false, mailbox: None, ..user(3, "Carol ${HANGUPCAUSE}", "1003") },
        User { enabled: false, mailbox: None, ..user(4, "Dave", "1004") },
    ];
    model.endpoints = vec![
        endpoint("alice-desk", 1, &[("username", "alice-desk"), ("password", "alice;secret")]),
        endpoint("alice-soft", 1, &[("username", "alice-soft"), ("password", "alice\\;secret")]),
        endpoint("b0b5r4nd", 2, &[("username", "bob.phone"), ("password", "bobsecret")]),
        endpoint("carol", 3, &[]),
        endpoint("dave", 4, &[("username", "dave"), ("password", "davesecret")]),
    ];
    model.endpoints[0].endpoint.extend(options(&GLOBAL_TEMPLATE));
    model.endpoints[0].aor =
        options(&[("maximum_expiration", "3600"), ("remove_existing", "true"), ("max_contacts", "1")]);
    model.endpoints[1].endpoint.extend(options(&WEBRTC_TEMPLATE));
    model.endpoints[2].endpoint.extend(options(&REFUSED));
    model.endpoints[2].auth.push(("md5_cred".to_owned(), "nonsense".to_owned()));
    model.extensions = vec![
        extension("*55", "default", 1, &["alice-desk"]),
        extension("1001", "default", 1, &["alice-desk", "alice-soft"]),
        extension("1002", "default", 2, &["b0b5r4nd"]),
        extension("1003", "default", 3, &["carol"]),
        extension("1004", "default", 4, &["dave"]),
        extension("_17[2-4]X", "sales", 2, &["b0b5r4nd"]),
    ];
    groups(&mut model);
    let watched = [("default", "*55"), ("default", "*77"), ("sales", "**9+A")];
    model.watched = watched.map(|(context, exten)| (context.to_owned(), exten.to_owned())).to_vec();
    model.mailboxes = vec![
        Mailbox {
            email: Some("alice@example.org, a2@example.org".to_owned()),
            language: Some("fr_FR".to_owned()),
            timezone: Some("eu-fr".to_owned()),
            max_messages: Some(20),
            attach_audio: Some(true),
            delete_messages: true,
            options: options(&[("saycid", "yes"), ("emailsubject", "From ${VM_CIDNUM} | ${SHELL(id)}")]),
            ..mailbox("1001", "Dupont, Alice", Some("1234"))
        },
        Mailbox { ask_password: false, ..mailbox("1002", "Bob|x; y", None) },
    ];
    super::network::add(&mut model);
    model
}

/// A group that rings all, one that rings in turn, one that is switched off; two numbers from outside.
fn groups(model: &mut Model) {
    let outside = |id, exten: &str, word: &str| Extension {
        exten: exten.to_owned(),
        context: if word == "incall" { "from-extern" } else { "default" }.to_owned(),
        reached: Reached::Resource { word: word.to_owned(), id },
    };
    let number = |exten: &str| Member::Number { exten: exten.to_owned(), context: "default".to_owned() };
    let group = |id, label: &str, strategy: &str, members: Vec<Member>| Group {
        id,
        name: format!("grp-master-6a1e4c2e-0000-4000-8000-00000000020{id}"),
        label: label.to_owned(),
        enabled: true,
        strategy: strategy.to_owned(),
        user_timeout: Some(15),
        retry_delay: Some(5),
        ring_in_use: true,
        members,
        ..Group::default()
    };
    model.groups = vec![
        Group {
            timeout: Some(60),
            max_calls: Some(3),
            ring_in_use: false,
            mark_answered_elsewhere: true,
            caller_id: CallerId { mode: Some("prepend".to_owned()), name: Some("Sales".to_owned()) },
            ..group(1, "Sales", "all", vec![Member::User(1), Member::User(2), number("1003")])
        },
        group(2, "Reception", "linear", vec![Member::User(2), Member::User(1)]),
        Group { enabled: false, ..group(3, "Night", "random", vec![Member::User(3)]) },
    ];
    model.incalls = vec![
        Incall {
            id: 1,
            caller_id: CallerId {
                mode: Some("overwrite".to_owned()),
                name: Some("\"Shop\" <99>".to_owned()),
            },
            greeting: Some("hello-world".to_owned()),
            ..Incall::default()
        },
        Incall { id: 2, ..Incall::default() },
    ];
    model.extensions.extend([outside(1, "2001", "group"), outside(2, "2002", "group")]);
    model.extensions.extend([outside(1, "5551000", "incall"), outside(2, "5551001", "incall")]);
    model.extensions.sort_by(|a, b| (&a.context, &a.exten).cmp(&(&b.context, &b.exten)));
}

fn user(id: i64, name: &str, number: &str) -> User {
    User {
        id,
        uuid: format!("6a1e4c2e-0000-4000-8000-00000000010{id}"),
        tenant_uuid: TENANT.to_owned(),
        name: name.to_owned(),
        enabled: true,
        ring_seconds: 30,
        simultaneous_calls: 5,
        supervision_enabled: true,
        mailbox: Some(format!("{number}@default")),
        main_extension: Some((number.to_owned(), "default".to_owned())),
        ..User::default()
    }
}

fn endpoint(name: &str, user: i64, auth: &[(&str, &str)]) -> Endpoint {
    Endpoint {
        name: name.to_owned(),
        comment: format!("line of user {user}"),
        user: Some(user),
        line_id: user + 10,
        tenant_uuid: TENANT.to_owned(),
        context: "default".to_owned(),
        transport: Some("transport-udp".to_owned()),
        endpoint: options(&[("callerid", &format!("\"User {user}\" <100{user}>")), ("set_var", "A=1;2")]),
        auth: options(auth),
        mailboxes: if user < 3 { vec![format!("100{user}@default")] } else { Vec::new() },
        ..Endpoint::default()
    }
}

pub fn extension(exten: &str, context: &str, user: i64, endpoints: &[&str]) -> Extension {
    Extension {
        exten: exten.to_owned(),
        context: context.to_owned(),
        reached: Reached::Lines {
            user: Some(user),
            endpoints: endpoints.iter().map(|name| (*name).to_owned()).collect(),
            interfaces: Vec::new(),
        },
    }
}

pub fn mailbox(number: &str, name: &str, password: Option<&str>) -> Mailbox {
    Mailbox {
        number: number.to_owned(),
        context: "default".to_owned(),
        name: name.to_owned(),
        password: password.map(str::to_owned),
        ask_password: true,
        ..Mailbox::default()
    }
}

pub fn context(name: &str, label: &str, kind: ContextKind, includes: &[&str]) -> Context {
    Context {
        tenant_uuid: TENANT.to_owned(),
        name: name.to_owned(),
        label: label.to_owned(),
        kind,
        enabled: true,
        includes: includes.iter().map(|name| (*name).to_owned()).collect(),
    }
}

pub fn options(pairs: &[(&str, &str)]) -> Options {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
