//! What an office has beside people, groups and trunks: three queues with their agents, a switchboard, a conference, a
//! parking lot, a boss with secretaries, calls that colleagues take, pagings, and the codes that phones dial.

use super::office::options;
use super::whole_office::{TENANT, destination, reach};
use cordboard::model::{
    Agent, CallerId, Conference, Destination, Extension, Feature, Filter, FilterMember, Model, MusicClass,
    Paging, ParkingLot, Queue, QueueSwitches, QueueUser, Reached, SoundFile, Switchboard,
};

/// Name, label, strategy, the users who answer.
const QUEUES: [(&str, &str, &str, std::ops::RangeInclusive<i64>); 3] = [
    ("helpdesk", "Help desk", "leastrecent", 13..=16),
    ("orders", "Orders", "linear", 4..=6),
    ("complaints", "Complaints", "ringall", 23..=24),
];

/// Codes that are on in a new installation.
const CODES: [(&str, &str); 26] = [
    ("agentstaticlogin", "_*31."),
    ("agentstaticlogoff", "_*32."),
    ("agentstaticlogtoggle", "_*30."),
    ("autoprov", "*48378"),
    ("bsfilter", "_*37."),
    ("directoryaccess", "*36"),
    ("enablednd", "*25"),
    ("enablevm", "*90"),
    ("enablevmslt", "_*90."),
    ("fwdbusy", "_*23."),
    ("fwdrna", "_*22."),
    ("fwdunc", "_*21."),
    ("fwdundoall", "*20"),
    ("groupmemberjoin", "_*51."),
    ("groupmemberleave", "_*52."),
    ("groupmembertoggle", "_*50."),
    ("incallfilter", "*27"),
    ("meetingjoin", "_*41."),
    ("paging", "_*11."),
    ("phoneprogfunckey", "_*735."),
    ("phonestatus", "*10"),
    ("recsnd", "*9"),
    ("vmboxmsgslt", "_*99."),
    ("vmboxslt", "_*97."),
    ("vmusermsg", "*98"),
    ("vmuserslt", "_*96."),
];

const MUSIC: &str = "moh-master-6a1e4c2e-0000-4000-8000-000000000301";

pub fn add(model: &mut Model) {
    music(model);
    queues(model);
    agents(model);
    boards(model);
    between_colleagues(model);
    rooms(model);
    model.features =
        CODES.map(|(name, exten)| Feature { name: name.to_owned(), exten: exten.to_owned() }).to_vec();
}

/// One class of two pieces, for who waits.
fn music(model: &mut Model) {
    let file =
        |name: &str, first: &str| SoundFile { name: name.to_owned(), digest: first.repeat(64), rate: 8000 };
    model.music = vec![MusicClass {
        name: MUSIC.to_owned(),
        label: "Who waits".to_owned(),
        plays_files: true,
        sort: Some("random".to_owned()),
        files: vec![file("morning.wav", "a"), file("evening.wav", "b")],
    }];
}

fn queues(model: &mut Model) {
    for ((name, label, strategy, users), id) in QUEUES.into_iter().zip(1..) {
        let ordered = strategy == "linear";
        model.queues.push(Queue {
            id,
            tenant_uuid: TENANT.to_owned(),
            name: if ordered { format!("cordboard-ordered-{name}") } else { name.to_owned() },
            label: Some(label.to_owned()),
            enabled: true,
            options: options(&[
                ("timeout", "15"),
                ("retry", "5"),
                ("strategy", strategy),
                ("wrapuptime", "10"),
                ("maxlen", "20"),
                ("announce-frequency", "30"),
                ("announce-holdtime", "yes"),
                ("joinempty", "unavailable,invalid,unknown"),
                ("timeoutpriority", "conf"),
            ]),
            switches: QueueSwitches {
                retry: true,
                transfer_callee: true,
                hangup_callee: true,
                announce_hold_time: id == 1,
                ..QueueSwitches::default()
            },
            timeout: Some(300),
            music_on_hold: Some(MUSIC.to_owned()),
            wait_time: (id == 1).then_some(120),
            wait_ratio: (id == 1).then(|| "2.5".to_owned()),
            caller_id: CallerId { mode: Some("prepend".to_owned()), name: Some(label.to_owned()) },
            schedule: (id == 2).then_some(1),
            users: users.map(|user| QueueUser { user, penalty: user % 2 }).collect(),
            ..Queue::default()
        });
        reach(model, &format!("300{id}"), "default", "queue", id);
        model.destinations.push(destination("queue", id, "noanswer", "group", 1));
    }
    model.destinations.push(destination("queue", 1, "wait_time", "queue", 3));
    model.destinations.push(destination("queue", 1, "wait_ratio", "voicemail", 1));
    let last = model.destinations.last_mut().unwrap();
    last.mailbox = Some("1001@default".to_owned());
    // The first four of support log in for the help desk, one of them for complaints too.
    let support = model.destinations.iter_mut().find(|one| one.owner == "incall" && one.owner_id == 3);
    *support.unwrap() = destination("incall", 3, "answer", "queue", 1);
}

fn agents(model: &mut Model) {
    let queue = |name: &str, penalty| (name.to_owned(), penalty);
    for id in 1..=5 {
        let mut queues = vec![queue("helpdesk", id - 1)];
        if id == 1 {
            queues.push(queue("complaints", 0));
        }
        model.agents.push(Agent {
            id,
            tenant_uuid: TENANT.to_owned(),
            number: format!("80{id}"),
            password: (id == 5).then(|| "2468".to_owned()),
            queues,
            keys: vec![(id + 16, "toggle".to_owned())],
            ..Agent::default()
        });
    }
}

/// The reception's switchboard, to which the main menu leads, and a parking lot of ten slots.
fn boards(model: &mut Model) {
    model.switchboards = vec![Switchboard {
        id: 1,
        uuid: "6a1e4c2e-0000-4000-8000-000000000401".to_owned(),
        tenant_uuid: TENANT.to_owned(),
        name: "Reception".to_owned(),
        timeout: Some(90),
        queue_music: Some(MUSIC.to_owned()),
        hold_music: None,
        members: vec![1, 2, 3],
    }];
    model.destinations.push(destination("switchboard", 1, "noanswer", "group", 1));
    let to_board = Destination {
        target: Some("6a1e4c2e-0000-4000-8000-000000000401".to_owned()),
        ..destination("ivr", 1, "choice-3", "switchboard", 0)
    };
    let choice = |one: &&mut Destination| one.owner == "ivr" && one.event == "choice-3";
    *model.destinations.iter_mut().find(choice).unwrap() = to_board;
    model.parking_lots = vec![ParkingLot {
        id: 1,
        slots: ("701".to_owned(), "710".to_owned()),
        timeout: Some(45),
        music: Some("default".to_owned()),
    }];
    reach(model, "700", "default", "parking", 1);
    for slot in 701..=710 {
        let reached = Reached::Slot { lot: 1 };
        model.extensions.push(Extension { exten: slot.to_string(), context: "default".to_owned(), reached });
    }
}

/// The boss's calls go to two secretaries, sales take each other's calls, and the workshop is spoken to.
fn between_colleagues(model: &mut Model) {
    let member = |id, user, timeout, active| FilterMember { id, user, timeout, active };
    model.filters = vec![Filter {
        id: 1,
        enabled: true,
        strategy: "all-recipients-then-linear-surrogates".to_owned(),
        source: "external".to_owned(),
        caller_id: CallerId { mode: Some("append".to_owned()), name: Some("the boss".to_owned()) },
        timeout: Some(20),
        boss: Some(member(1, 48, Some(10), false)),
        secretaries: vec![member(2, 49, None, true), member(3, 50, None, false)],
    }];
    model.destinations.push(destination("callfilter", 1, "noanswer", "group", 1));
    for endpoint in &mut model.endpoints {
        if endpoint.user.is_some_and(|user| (4..=12).contains(&user)) {
            endpoint.called_pickups = vec![1];
            endpoint.taking_pickups = vec![1];
        }
    }
    let paging = |id, number: &str, name: &str, members| Paging {
        id,
        tenant_uuid: TENANT.to_owned(),
        number: number.to_owned(),
        name: Some(name.to_owned()),
        caller_notification: true,
        announce_caller: true,
        members,
        callers: vec![1, 2, 3],
        ..Paging::default()
    };
    model.pagings = vec![
        Paging { announce_sound: Some("gong".to_owned()), ..paging(1, "1", "Workshop", (27..=40).collect()) },
        Paging { duplex: true, ..paging(2, "2", "Management", vec![48, 49, 50]) },
    ];
}

fn rooms(model: &mut Model) {
    let room =
        Conference { tenant_uuid: TENANT.to_owned(), announce_only_user: true, ..Conference::default() };
    model.conferences = vec![
        Conference { id: 1, max_users: 50, ..room.clone() },
        Conference {
            id: 2,
            max_users: 10,
            pin: Some("1234".to_owned()),
            admin_pin: Some("98765".to_owned()),
            record: true,
            announce_join_leave: true,
            music: Some(MUSIC.to_owned()),
            ..room
        },
    ];
    reach(model, "4001", "default", "conference", 1);
    reach(model, "4002", "default", "conference", 2);
}
