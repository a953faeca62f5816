//! An office of 50 people with 6 groups, 3 queues, 2 trunks, a switchboard and a menu, as people will read it: nothing
//! odd, nothing left out.

use super::office::{context, empty, extension, mailbox, options};
use cordboard::domain::hours::Period;
use cordboard::model::{
    CallerId, ContextKind, Destination, Endpoint, Extension, Forward, Group, Incall, Ivr, Member, Model,
    Outcall, Permission, Reached, Schedule, Switches, Tenant, Treatment, Trunk, User, Way,
};

pub const TENANT: &str = "6a1e4c2e-0000-4000-8000-000000000001";

const FIRST: [&str; 10] = ["Ada", "Ben", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ines", "Jonas"];
const LAST: [&str; 5] = ["Meyer", "Dubois", "Rossi", "Novak", "Larsen"];

/// Label, strategy, first and last user.
const GROUPS: [(&str, &str, i64, i64); 6] = [
    ("Reception", "linear", 1, 3),
    ("Sales", "all", 4, 12),
    ("Support", "memorized_round_robin", 13, 22),
    ("Accounts", "least_recent", 23, 26),
    ("Workshop", "random", 27, 40),
    ("Management", "fewest_calls", 48, 50),
];

/// The whole of it.
pub fn whole_office() -> Model {
    let mut model = empty();
    let internal = ["to-extern", "to-world"];
    model.contexts = vec![
        context("default", "Default", ContextKind::Internal, &internal),
        context("from-extern", "Incalls", ContextKind::Incall, &[]),
        context("to-extern", "Outcalls", ContextKind::Outcall, &[]),
        context("to-world", "Outcalls abroad", ContextKind::Outcall, &[]),
    ];
    model.tenants = vec![Tenant { uuid: TENANT.to_owned(), country: Some("FR".to_owned()) }];
    for id in 1..=50 {
        person(&mut model, id);
    }
    groups(&mut model);
    outside(&mut model);
    inside_out(&mut model);
    fallbacks(&mut model);
    hours(&mut model);
    super::floor::add(&mut model);
    let of = |one: &Destination| (one.owner.clone(), one.owner_id, one.event.clone());
    model.destinations.sort_by_key(of);
    model.endpoints.sort_by(|a, b| a.name.cmp(&b.name));
    model.extensions.sort_by(|a, b| (&a.context, &a.exten).cmp(&(&b.context, &b.exten)));
    model
}

fn number(id: i64) -> String {
    (1000 + id).to_string()
}

fn name(id: i64) -> String {
    let at = usize::try_from(id - 1).unwrap();
    format!("{} {}", FIRST[at % 10], LAST[at / 10])
}

fn person(model: &mut Model, id: i64) {
    let (number, name) = (number(id), name(id));
    let phone = format!("{}-{number}", name.to_lowercase().replace(' ', "-"));
    let has_mailbox = id % 5 != 0;
    let mailboxes: Vec<String> = if has_mailbox { vec![format!("{number}@default")] } else { Vec::new() };
    model.users.push(User {
        id,
        uuid: format!("6a1e4c2e-0000-4000-8000-0000000001{id:02}"),
        tenant_uuid: TENANT.to_owned(),
        name: name.clone(),
        enabled: true,
        ring_seconds: 30,
        simultaneous_calls: 5,
        supervision_enabled: true,
        mailbox: mailboxes.first().cloned(),
        main_extension: Some((number.clone(), "default".to_owned())),
        switches: switches(id),
        ..User::default()
    });
    model.endpoints.push(Endpoint {
        name: phone.clone(),
        comment: name.clone(),
        user: Some(id),
        line_id: id,
        tenant_uuid: TENANT.to_owned(),
        context: "default".to_owned(),
        endpoint: options(&[("callerid", &format!("\"{name}\" <{number}>"))]),
        aor: options(&[("max_contacts", "1"), ("remove_existing", "true")]),
        auth: options(&[("username", &phone), ("password", &format!("Secret-{number}"))]),
        mailboxes,
        ..Endpoint::default()
    });
    model.extensions.push(extension(&number, "default", id, &[&phone]));
    if has_mailbox {
        model.mailboxes.push(mailbox(&number, &name, Some("4321")));
    }
}

/// A few are away, do not want to be disturbed, or let callers say who they are.
fn switches(id: i64) -> Switches {
    let to = |number: &str, enabled| Forward { enabled, number: Some(number.to_owned()) };
    match id {
        7 => Switches { unconditional: to("1008", true), ..Switches::default() },
        11 => Switches { busy: to("2002", true), noanswer: to("0612345678", false), ..Switches::default() },
        24 => Switches { dnd: true, ..Switches::default() },
        49 => Switches { incallfilter: true, ..Switches::default() },
        _ => Switches::default(),
    }
}

fn groups(model: &mut Model) {
    for ((label, strategy, first, last), id) in GROUPS.into_iter().zip(1..) {
        model.groups.push(Group {
            id,
            name: format!("grp-master-6a1e4c2e-0000-4000-8000-00000000020{id}"),
            label: label.to_owned(),
            enabled: true,
            strategy: strategy.to_owned(),
            caller_id: CallerId { mode: Some("prepend".to_owned()), name: Some(label.to_owned()) },
            timeout: Some(60),
            user_timeout: Some(15),
            retry_delay: Some(5),
            ring_in_use: label != "Support",
            members: (first..=last).map(Member::User).collect(),
            ..Group::default()
        });
        reach(model, &format!("200{id}"), "default", "group", id);
    }
}

pub fn reach(model: &mut Model, exten: &str, context: &str, word: &str, id: i64) {
    let reached = Reached::Resource { word: word.to_owned(), id };
    model.extensions.push(Extension { exten: exten.to_owned(), context: context.to_owned(), reached });
}

/// Direct numbers: the reception's, sales', support's, and those of five people.
fn outside(model: &mut Model) {
    let targets = [
        ("group", 1),
        ("group", 2),
        ("group", 3),
        ("user", 4),
        ("user", 5),
        ("user", 13),
        ("user", 48),
        ("user", 50),
    ];
    for ((kind, target), id) in targets.into_iter().zip(1..) {
        model.incalls.push(Incall { id, ..Incall::default() });
        model.destinations.push(destination("incall", id, "answer", kind, target));
        reach(model, &format!("014050600{id}"), "from-extern", "incall", id);
    }
}

/// Two providers. Numbers abroad need a permission, and the password of whoever may open it.
fn inside_out(model: &mut Model) {
    let trunk = |id, name: &str| Trunk {
        id,
        tenant_uuid: TENANT.to_owned(),
        caller_id_format: "+E164".to_owned(),
        way: Way::Sip(name.to_owned()),
    };
    model.trunks = vec![trunk(1, "provider"), trunk(2, "backup")];
    let endpoint = |id, name: &str, comment: &str| Endpoint {
        name: name.to_owned(),
        comment: comment.to_owned(),
        trunk: Some(id),
        tenant_uuid: TENANT.to_owned(),
        context: "from-extern".to_owned(),
        ..Endpoint::default()
    };
    let account = [("username", "33140506000"), ("password", "Trunk-Secret")];
    model.endpoints.push(Endpoint {
        aor: options(&[("contact", "sip:sip.provider.example")]),
        outbound_auth: options(&account),
        registration: options(&[
            ("client_uri", "sip:33140506000@sip.provider.example"),
            ("server_uri", "sip:sip.provider.example"),
            ("retry_interval", "20"),
        ]),
        registration_outbound_auth: options(&account),
        identify: options(&[("match", "192.0.2.10")]),
        ..endpoint(1, "provider", "The provider, by registration")
    });
    model.endpoints.push(Endpoint {
        aor: options(&[("contact", "sip:198.51.100.20:5060")]),
        identify: options(&[("match", "198.51.100.20")]),
        ..endpoint(2, "backup", "The other provider, by address")
    });
    let outcall = |id, permissions: &[i64]| Outcall {
        id,
        tenant_uuid: TENANT.to_owned(),
        enabled: true,
        ring_time: Some(60),
        trunks: vec![1, 2],
        permissions: permissions.to_vec(),
        ..Outcall::default()
    };
    model.outcalls = vec![outcall(1, &[]), outcall(2, &[1])];
    let treatment =
        || Treatment { caller_id: Some("\"Example SA\" <0140506001>".to_owned()), ..Treatment::default() };
    for (exten, context, id) in [("_0[1-9]XXXXXXXX", "to-extern", 1), ("_00.", "to-world", 2)] {
        let reached = Reached::Outcall { id, treatment: treatment() };
        model.extensions.push(Extension { exten: exten.to_owned(), context: context.to_owned(), reached });
    }
    model.permissions = vec![Permission {
        id: 1,
        allows: false,
        password: Some("2580".to_owned()),
        patterns: vec!["_00.".to_owned()],
    }];
}

/// Groups end at the reception, the reception at a prompt; people end where their mailbox is, or at a colleague.
fn fallbacks(model: &mut Model) {
    for id in 2..=6 {
        model.destinations.push(destination("group", id, "noanswer", "group", 1));
    }
    let prompt = vec![("filename".to_owned(), "vm-nobodyavail".to_owned())];
    model.destinations.push(Destination {
        arguments: prompt,
        target: None,
        ..destination("group", 1, "noanswer", "sound", 0)
    });
    for id in (5..=50).step_by(5) {
        model.destinations.push(destination("user", id, "noanswer", "user", id - 1));
        model.destinations.push(destination("user", id, "busy", "group", 1));
    }
}

/// The main number follows office hours and holidays, and has a menu; sales are closed on Friday afternoons.
fn hours(model: &mut Model) {
    let period = |start: &str, end: &str, week_days: std::ops::RangeInclusive<i64>| Period {
        hours_start: start.to_owned(),
        hours_end: end.to_owned(),
        week_days: week_days.collect(),
        month_days: (1..=31).collect(),
        months: (1..=12).collect(),
    };
    let christmas =
        Period { month_days: vec![24, 25, 26], months: vec![12], ..period("00:00", "23:59", 1..=7) };
    let office = Schedule {
        id: 1,
        timezone: Some("Europe/Paris".to_owned()),
        open: vec![period("08:30", "12:29", 1..=5), period("13:30", "18:00", 1..=5)],
        exceptional: vec![christmas],
    };
    let sales =
        Schedule { id: 2, timezone: None, open: vec![period("09:00", "17:00", 1..=4)], exceptional: vec![] };
    model.schedules = vec![office, sales];
    model.incalls[0].schedule = Some(1);
    model.groups[1].schedule = Some(2);
    model.users[3].schedule = Some(1);
    model.outcalls[1].schedule = Some(1);
    model.ivrs = vec![Ivr {
        id: 1,
        greeting: Some("welcome".to_owned()),
        menu: "main-menu".to_owned(),
        invalid: Some("pbx-invalid".to_owned()),
        timeout: 5,
        max_tries: 3,
        choices: ["1", "2", "_10[0-5]X", "*"].map(str::to_owned).to_vec(),
        ..Ivr::default()
    }];
    for (at, group) in [2, 3, 4, 1].into_iter().enumerate() {
        model.destinations.push(destination("ivr", 1, &format!("choice-{at}"), "group", group));
    }
    model.destinations.push(destination("ivr", 1, "abort", "group", 1));
    model.destinations.push(destination("schedule", 1, "closed", "user", 48));
    let reception = Some("1001@default".to_owned());
    let to_mailbox = destination("schedule", 1, "exceptional-0", "voicemail", 1);
    model.destinations.push(Destination { mailbox: reception, ..to_mailbox });
    model.destinations.push(destination("schedule", 2, "closed", "group", 1));
    let main = model.destinations.iter_mut().find(|one| one.owner == "incall" && one.owner_id == 1);
    *main.unwrap() = destination("incall", 1, "answer", "ivr", 1);
}

pub fn destination(owner: &str, owner_id: i64, event: &str, kind: &str, target: i64) -> Destination {
    Destination {
        owner: owner.to_owned(),
        owner_id,
        event: event.to_owned(),
        kind: kind.to_owned(),
        target: Some(target.to_string()),
        ..Destination::default()
    }
}
