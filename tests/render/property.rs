//! No value changes the meaning of a file: whatever a person types, reading the files back finds exactly
//! the promised objects with exactly the promised values.

use cordboard::model::{CallerId, Destination, Forward, Ivr, Model, Reached, Schedule};
use cordboard::render::{FileSet, Kind, canary_value, render};
use proptest::prelude::*;

use super::office::{empty, office};
use super::parser::{Parsed, parse};

/// What may come through the API: any printable text, thick with what means something to Asterisk.
fn nasty() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        4 => "[a-zA-Z0-9 ]{0,6}",
        2 => proptest::char::any().prop_filter("printable", |c| !c.is_control()).prop_map(|c| c.to_string()),
        6 => prop::sample::select(vec![
            ";", "\\", "\\;", ";--", "--;", ";;", "#include x", "#exec y", "[evil]", "[evil](!)", "(+)", "=>",
            "=", "+=", "${HANGUPCAUSE}", "$[1+1]", "${SHELL(id)}", "\"", "'", ",", "|", "&", "^", "<1>", "]",
            "\\n", "  ", "{{ x }}", "\u{2028}", "\u{a0}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(token, 1..8).prop_map(|tokens| tokens.concat())
}

fn file(set: &FileSet, name: &str) -> Parsed {
    parse(&set.files.get(name).unwrap_or_else(|| panic!("no {name}")).text())
}

/// A value as it may be found again: the blanks at its ends do not count.
fn seen(value: &str) -> &str {
    value.trim_matches(' ')
}

/// The text without the separator of the fields around it.
fn field(value: &str, separators: &[char]) -> String {
    let parts = value.split(separators).map(seen).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// An office in which every free text is one of `texts`, in turn.
fn with_texts(texts: &[String]) -> Model {
    let mut model = office();
    let mut texts = texts.iter().cycle().cloned();
    let mut next = || texts.next().unwrap_or_default();
    model.contexts.iter_mut().for_each(|context| context.label = next());
    for user in &mut model.users {
        user.name = next();
        user.caller_name = Some(next());
        user.switches.busy = Forward { enabled: true, number: Some(next()) };
        user.switches.noanswer = Forward { enabled: false, number: Some(next()) };
        user.music_on_hold = Some(next());
        user.language = Some(next());
        user.subroutine = Some(next());
        user.outgoing_caller_id = Some(next());
    }
    for outcall in &mut model.outcalls {
        outcall.subroutine = Some(next());
    }
    for extension in &mut model.extensions {
        if let Reached::Outcall { treatment, .. } = &mut extension.reached {
            treatment.caller_id = Some(next());
        }
    }
    for endpoint in &mut model.endpoints {
        endpoint.comment = next();
        endpoint.endpoint = vec![("callerid".into(), next()), ("set_var".into(), format!("X={}", next()))];
        endpoint.endpoint.push((format!("@{}", next()), next()));
        endpoint.auth = vec![("username".into(), next()), ("password".into(), format!("p{}", next()))];
        endpoint.aor = vec![("outbound_proxy".into(), next())];
        if endpoint.trunk.is_some() {
            endpoint.registration = vec![("server_uri".into(), next()), ("client_uri".into(), next())];
            endpoint.registration.push(("contact_user".into(), next()));
            endpoint.identify = vec![("match".into(), next())];
            endpoint.outbound_auth = vec![("username".into(), next()), ("password".into(), next())];
        }
    }
    for mailbox in &mut model.mailboxes {
        mailbox.name = next();
        mailbox.email = Some(next());
        mailbox.pager = Some(next());
        mailbox.timezone = Some(next());
        mailbox.options = vec![(next(), next()), ("emailbody".into(), next())];
    }
    for group in &mut model.groups {
        group.label = next();
        group.caller_id = CallerId { mode: Some("append".to_owned()), name: Some(next()) };
        group.subroutine = Some(next());
    }
    for incall in &mut model.incalls {
        incall.caller_id = CallerId { mode: Some("append".to_owned()), name: Some(next()) };
        incall.greeting = Some(next());
        incall.subroutine = Some(next());
    }
    model.schedules = vec![Schedule { id: 1, timezone: Some(next()), ..Schedule::default() }];
    model.ivrs = vec![Ivr {
        id: 1,
        greeting: Some(next()),
        menu: next(),
        choices: vec![next(), "1".to_owned(), next()],
        ..Ivr::default()
    }];
    for (event, kind, argument) in DESTINATIONS {
        model.destinations.push(Destination {
            owner: "user".into(),
            owner_id: 1,
            event: (*event).into(),
            kind: (*kind).into(),
            arguments: vec![((*argument).into(), next())],
            ..Destination::default()
        });
    }
    for zone in &mut model.zones {
        zone.name = next();
        zone.timezone = next();
        zone.message = Some(next());
    }
    model
}

/// Event, type and an argument that is free text, or was one before the schema read it.
const DESTINATIONS: &[(&str, &str, &str)] =
    &[("noanswer", "custom", "command"), ("busy", "sound", "filename"), ("fail", "extension", "exten")];

fn check_destinations(model: &Model, set: &FileSet) {
    let rows = file(set, "cordboard_destinations.conf");
    let of_user = |event: &str| rows.section(&format!("user-1-{event}")).clone();
    let first = model.destinations.len() - DESTINATIONS.len();
    let text = |at: usize| model.destinations[first + at].arguments[0].1.clone();
    assert_eq!(of_user("noanswer").one("command"), seen(&text(0).replace(';', ",")));
    let harmless = |c: char| !"&,|\"\\${}();".contains(c);
    let is_sound = |name: &&str| name.chars().all(harmless) && *name == seen(&text(1));
    assert!(of_user("busy").all("filename").iter().all(is_sound));
    assert!(of_user("fail").all("exten").iter().all(|exten| exten.chars().all(is_key)));
}

fn is_key(c: char) -> bool {
    c.is_ascii_digit() || "+*#".contains(c)
}

fn check_phones(model: &Model, set: &FileSet) {
    let (endpoints, auths) = (file(set, "pjsip_endpoint.conf"), file(set, "pjsip_auth.conf"));
    let names = std::iter::once("cordboard-canary").chain(model.endpoints.iter().map(|e| e.name.as_str()));
    let names: Vec<_> = names.collect();
    assert_eq!(endpoints.names(), names);
    let inbound = auths
        .names()
        .into_iter()
        .filter(|name| !name.starts_with("outbound_") && !name.starts_with("auth_reg_"));
    assert_eq!(inbound.collect::<Vec<_>>(), names);
    for endpoint in model.endpoints.iter().filter(|endpoint| endpoint.trunk.is_none()) {
        let (section, auth) = (endpoints.section(&endpoint.name), auths.section(&endpoint.name));
        let callerid = seen(&endpoint.endpoint[0].1);
        assert_eq!(section.all("callerid"), if callerid.is_empty() { vec![] } else { vec![callerid] });
        assert_eq!(section.all("set_var")[0], seen(&endpoint.endpoint[1].1));
        assert_eq!(section.one("context"), endpoint.context);
        assert_eq!(section.one("auth"), endpoint.name);
        assert_eq!(auth.one("type"), "auth");
        let username = seen(&endpoint.auth[0].1);
        assert_eq!(auth.one("username"), if username.is_empty() { &endpoint.name } else { username });
        assert_eq!(auth.one("password"), seen(&endpoint.auth[1].1));
    }
}

fn check_dialplan(model: &Model, set: &FileSet) {
    let (dialplan, plain) =
        (file(set, "extensions.conf"), file(&render(&office()).expect("an office"), "extensions.conf"));
    // The texts of people stand only in comments, so but for the canary nothing differs.
    for (section, usual) in dialplan.sections.iter().zip(&plain.sections) {
        assert!(section == usual || section.name == "globals", "{section:?}");
    }
    assert_eq!(dialplan.names(), plain.names());
    let rows = file(set, "cordboard_users.conf");
    assert_eq!(rows.rows(), model.users.iter().map(|user| format!("user-{}", user.id)).collect::<Vec<_>>());
    for user in &model.users {
        let row = rows.section(&format!("user-{}", user.id));
        assert_eq!(row.one("name"), seen(&user.name));
        let caller_name = user.caller_name.as_deref().map(seen).filter(|name| !name.is_empty());
        assert_eq!(row.all("caller_name"), caller_name.into_iter().collect::<Vec<_>>());
        for key in ["busy", "noanswer_off"] {
            assert!(row.all(key).iter().all(|number| !number.is_empty() && number.chars().all(is_key)));
        }
        for key in ["music_on_hold", "language", "called", "calling"] {
            let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
            for value in row.all(key).iter().flat_map(|line| line.split(',')) {
                assert!(value.rsplit('=').next().is_some_and(|value| value.chars().all(harmless)));
                assert!(key == "language" || key == "music_on_hold" || value.split('=').count() == 2);
            }
        }
    }
}

fn check_groups(model: &Model, set: &FileSet) {
    let (queues, plain) =
        (file(set, "queues.conf"), file(&render(&office()).expect("an office"), "queues.conf"));
    for (section, usual) in queues.sections.iter().zip(&plain.sections) {
        assert!(section == usual || section.name == "cordboard-canary", "{section:?}");
    }
    assert_eq!(queues.names(), plain.names());
    let rows = [("cordboard_groups.conf", "group"), ("cordboard_incalls.conf", "incall")];
    for (name, word) in rows {
        let rows = file(set, name);
        let ids = if word == "group" { model.groups.len() } else { model.incalls.len() };
        assert_eq!(rows.rows(), (1..=ids).map(|id| format!("{word}-{id}")).collect::<Vec<_>>());
        for (_, value) in rows.sections.iter().flat_map(|row| &row.pairs).filter(|(key, _)| key == "greeting")
        {
            assert!(!value.contains(['&', ',', '$', '{']), "{value}");
        }
    }
}

/// Menus compare what callers type with expressions alone, and play files alone.
fn check_menus(set: &FileSet) {
    let (menus, schedules) = (file(set, "cordboard_ivr.conf"), file(set, "cordboard_schedules.conf"));
    assert_eq!((menus.rows(), schedules.rows()), (vec!["ivr-1"], vec!["schedule-1"]));
    for (key, value) in &menus.section("ivr-1").pairs {
        match key.as_str() {
            "greeting" | "menu" => assert!(!value.contains(['&', ',', '$', '{', '(', '|']), "{value}"),
            _ => assert!(value.chars().all(|c| c.is_ascii_digit() || ":^[]*#$.+&()?".contains(c)), "{value}"),
        }
    }
    let zone = |value: &&str| value.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c));
    assert!(schedules.section("schedule-1").all("timezone").iter().all(zone));
}

/// What stands in the middle of a dial string or an expression is plain, whatever somebody typed.
fn check_outgoing(model: &Model, set: &FileSet) {
    let numbers = |value: &&str| value.bytes().all(|b| b.is_ascii_digit() || b"+*#".contains(&b));
    let users = file(set, "cordboard_users.conf");
    for user in &model.users {
        assert!(users.section(&format!("user-{}", user.id)).all("outgoing_num").iter().all(numbers));
    }
    let rows = file(set, "cordboard_extensions.conf");
    assert!(rows.sections.iter().all(|row| row.all("caller_id_num").iter().all(numbers)));
    let trunks = file(set, "cordboard_trunks.conf");
    let host = |value: &&str| value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.[]:".contains(&b));
    assert!(trunks.sections.iter().all(|row| row.all("host").iter().all(host)));
    let outcalls = file(set, "cordboard_outcalls.conf");
    let name = |value: &&str| value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    assert!(outcalls.sections.iter().all(|row| row.all("subroutine").iter().all(name)));
}

fn check_mailboxes(model: &Model, set: &FileSet) {
    let parsed = file(set, "voicemail.conf");
    assert_eq!(parsed.names(), ["general", "zonemessages", "cordboard-canary", "default"]);
    let boxes = parsed.section("default");
    assert_eq!(boxes.pairs.len(), model.mailboxes.len());
    for (mailbox, (number, line)) in model.mailboxes.iter().zip(&boxes.pairs) {
        assert_eq!(*number, mailbox.number);
        let fields: Vec<_> = line.splitn(5, ',').map(seen).collect();
        assert_eq!(fields.len(), 5);
        assert_eq!(fields[0], mailbox.password.as_deref().unwrap_or_default());
        assert_eq!(fields[1], field(&mailbox.name, &[',']));
        let addresses = field(mailbox.email.as_deref().unwrap_or_default(), &[',', ';', '|']);
        assert_eq!(fields[2].replace('|', " "), addresses);
        for option in fields[4].split('|') {
            let (_, value) = option.split_once('=').expect("an option without value");
            assert!(!value.replace("${VM_", "").contains("${"), "{value}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn what_people_type_is_found_again_and_changes_nothing_else(texts in prop::collection::vec(nasty(), 59)) {
        let model = with_texts(&texts);
        let set = render(&model).expect("printable texts render");
        check_phones(&model, &set);
        check_dialplan(&model, &set);
        check_groups(&model, &set);
        check_outgoing(&model, &set);
        check_mailboxes(&model, &set);
        check_destinations(&model, &set);
        check_menus(&set);
        for (name, file) in &set.files {
            let expected = if name.starts_with("cordboard_") { vec![] } else { vec![format!("#tryinclude custom/{name}")] };
            prop_assert_eq!(parse(&file.text()).directives, expected);
        }
    }

    #[test]
    fn the_same_model_gives_the_same_bytes(texts in prop::collection::vec(nasty(), 17)) {
        let model = with_texts(&texts);
        prop_assert_eq!(render(&model), render(&model.clone()));
    }

    #[test]
    fn a_control_character_costs_its_user_alone(text in nasty(), control in prop::sample::select(vec!['\n', '\r', '\0', '\u{b}', '\u{85}', '\t'])) {
        let mut model = office();
        model.users[1].name = format!("{text}{control}x");
        let set = render(&model).expect("everybody else");
        prop_assert_eq!(set.left_out.iter().map(|one| one.object.as_str()).collect::<Vec<_>>(), ["user 2"]);
        prop_assert!(!set.files.values().any(|file| file.text().contains("b0b5r4nd\n")));
        prop_assert!(file(&set, "cordboard_users.conf").rows().contains(&"user-1"));
    }
}

#[test]
fn a_canary_follows_the_text_of_its_own_file_alone() {
    let files = [
        "pjsip_endpoint.conf",
        "pjsip_auth.conf",
        "pjsip_aor.conf",
        "queues.conf",
        "extensions.conf",
        "voicemail.conf",
    ];
    let canaries = |model: &Model| {
        let set = render(model).expect("an office");
        files.map(|name| canary_value(&set.files[name]).expect("a canary").to_owned())
    };
    let before = canaries(&office());
    let mut model = office();
    model.mailboxes[0].name = "Somebody else".to_owned();
    let after = canaries(&model);
    let changed: Vec<_> =
        (0..files.len()).filter(|at| before[*at] != after[*at]).map(|at| files[at]).collect();
    assert_eq!(changed, ["voicemail.conf"]);
}

#[test]
fn every_canary_shows_its_value_where_asterisk_reads_it() {
    let set = render(&office()).expect("an office");
    let value = |name: &str| canary_value(&set.files[name]).expect("a canary").to_owned();
    let section = |name: &str| file(&set, name).section("cordboard-canary").clone();
    assert_eq!(section("pjsip_endpoint.conf").one("accountcode"), value("pjsip_endpoint.conf"));
    assert_eq!(section("pjsip_auth.conf").one("realm"), value("pjsip_auth.conf"));
    assert_eq!(section("pjsip_aor.conf").one("voicemail_extension"), value("pjsip_aor.conf"));
    assert!(section("voicemail.conf").one("0").ends_with(&format!(",{}", value("voicemail.conf"))));
    assert_eq!(
        file(&set, "extensions.conf").section("globals").one("CORDBOARD_CANARY"),
        value("extensions.conf")
    );
    assert!(section("queues.conf").one("member").ends_with(&format!(",{}", value("queues.conf"))));
    assert_eq!(section("features.conf").one("cordboard-canary-keys"), value("features.conf"));
    assert_eq!(section("confbridge.conf").one("regcontext"), value("confbridge.conf"));
    assert_eq!(canary_value(&set.files["pjsip.conf"]), None);
}

#[test]
fn objects_are_named_as_asterisk_names_them() {
    let set = render(&office()).expect("an office");
    let named = |file: &str, kind: Kind| -> Vec<String> {
        set.files[file].objects.iter().filter(|o| o.kind == kind).map(|o| o.name.clone()).collect()
    };
    assert_eq!(
        named("pjsip_aor.conf", Kind::Aor),
        ["alice-desk", "alice-soft", "b0b5r4nd", "bob.phone", "carol", "dave", "fr-address", "fr-registered"]
    );
    let extens = named("extensions.conf", Kind::Exten);
    assert_eq!(extens[..2], ["_*99.@cordboard-features", "_#7[1-3].@cordboard-features"]);
    assert_eq!(extens[4..6], ["*55@default", "1001@default"]);
    assert_eq!(named("voicemail.conf", Kind::Mailbox), ["1001@default", "1002@default"]);
    assert_eq!(named("pjsip.conf", Kind::Transport), ["transport-udp", "transport-tcp"]);
}

#[test]
fn an_endpoint_without_credentials_gets_some_that_nobody_knows() {
    let auths = |secret: &str| {
        let mut model = office();
        model.site.secret = secret.to_owned();
        file(&render(&model).expect("an office"), "pjsip_auth.conf")
            .section("carol")
            .one("password")
            .to_owned()
    };
    assert_eq!(auths("one").len(), 32);
    assert_ne!(auths("one"), auths("two"));
}

#[test]
fn a_phone_watches_the_lamps_of_its_own_tenant() {
    let watched = |context: &str, tenant: &str| {
        let mut model = office();
        model.contexts[2].tenant_uuid = tenant.to_owned();
        model.endpoints[0].endpoint.push(("subscribe_context".to_owned(), context.to_owned()));
        let endpoints = file(&render(&model).expect("an office"), "pjsip_endpoint.conf");
        let values = endpoints.section("alice-desk").all("subscribe_context");
        values.last().map(|value| (*value).to_owned())
    };
    let own = office().endpoints[0].tenant_uuid.clone();
    assert_eq!(watched("sales", &own).as_deref(), Some("cordboard-lamps-sales"));
    assert_eq!(watched("sales", "another").as_deref(), Some("cordboard-lamps-default"));
    assert_eq!(watched("the-administrators", &own).as_deref(), Some("the-administrators"));
}

#[test]
fn an_external_asterisk_keeps_its_own_settings_files() {
    let mut model = empty();
    model.site.managed = false;
    let set = render(&model).expect("an empty house");
    assert!(!set.files.contains_key("modules.conf") && set.files.contains_key("extensions.conf"));
    let includes = file(&set, "pjsip.conf").directives;
    assert!(includes.contains(&"#include pjsip_endpoint.conf".to_owned()));
}
