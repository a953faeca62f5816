//! A manager interface that answers everything with the same foreign events: all that cordboard reads of a running Asterisk
//! gets them, and what it does by them is looked at.

use cordboard::apply::ami::{AmiError, Client};
use cordboard::apply::canary::{Canary, Probe};
use cordboard::apply::expect::Expected;
use cordboard::apply::plan::Class;
use cordboard::apply::reading::{self, Wanted};
use cordboard::apply::{AmiAccount, Live};
use cordboard::error::Error;
use cordboard::resources;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, SystemTime};
use tokio::runtime::{Builder, Runtime};

/// Never waited for: the answers are there at once.
const BOUND: Duration = Duration::from_secs(10);

/// The events that are told now, each a list of lines without `ActionID`.
static EVENTS: Mutex<Vec<Vec<Vec<u8>>>> = Mutex::new(Vec::new());

/// The actions that only look.
const LOOKS: [&str; 4] = ["Login", "Command", "Getvar", "ShowDialPlan"];

/// What may be done by what was read.
const DEEDS: [&str; 8] =
    ["DBDel", "Setvar", "QueueRemove", "QueuePenalty", "QueueAdd", "Originate", "Park", "Hangup"];

static ACCOUNT: LazyLock<AmiAccount> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || answer(&stream));
        }
    });
    AmiAccount { address, user: "u".to_owned(), secret: "s".to_owned() }
});

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime"));

/// Answers the actions of one connection. A head is read as what it is: what is no action of ours ends the program.
fn answer(mut stream: &TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    stream.write_all(b"Asterisk Call Manager/11.0.0\r\n").ok()?;
    loop {
        let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let field = |name: &str| head.iter().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        let (action, id) = (field("Action: ")?, field("ActionID: ")?);
        known(&action, &head);
        let events = EVENTS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
        stream.write_all(&reply(&action, &id, &events)).ok()?;
    }
}

/// An action has its name and one line a field: nothing that was read has become one more.
fn known(action: &str, head: &[String]) {
    let looks = LOOKS.contains(&action)
        || ["Show", "List", "Status", "Summary", "Get", "Tree", "Calls", "lots", "Channels"]
            .iter()
            .any(|part| action.contains(part));
    if !looks && !DEEDS.contains(&action) {
        eprintln!("no action of ours: {head:?}");
        std::process::abort();
    }
    let fields = |name: &str| head.iter().filter(|line| line.starts_with(name)).count();
    if fields("Action:") != 1 || fields("ActionID:") != 1 {
        eprintln!("two actions in one: {head:?}");
        std::process::abort();
    }
}

fn reply(action: &str, id: &str, events: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let mut bytes = format!("Response: Success\r\nActionID: {id}\r\n").into_bytes();
    let put = |bytes: &mut Vec<u8>, before: &[u8], line: &[u8]| {
        bytes.extend_from_slice(before);
        bytes.extend_from_slice(line);
        bytes.extend_from_slice(b"\r\n");
    };
    match action {
        "Command" => events.iter().flatten().for_each(|line| put(&mut bytes, b"Output: ", line)),
        "Getvar" => events.iter().flatten().for_each(|line| put(&mut bytes, b"Value: ", line)),
        "Login" => bytes.extend_from_slice(b"\r\nEvent: FullyBooted\r\n"),
        _ if DEEDS.contains(&action) => {}
        _ => {
            bytes.extend_from_slice(b"EventList: start\r\n\r\n");
            for event in events {
                put(&mut bytes, b"ActionID: ", id.as_bytes());
                event.iter().for_each(|line| put(&mut bytes, b"", line));
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(format!("ActionID: {id}\r\nEventList: Complete\r\n").as_bytes());
        }
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// Events as an Asterisk tells them, whatever stands in them: reading them fails nothing, and by nothing that stands in
/// them is something else done.
pub fn told(data: &[u8]) {
    *EVENTS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = events(data);
    RUNTIME.block_on(async {
        let mut client = Client::connect(&ACCOUNT, BOUND).await.expect("a connection");
        match reading::everything(&mut client, &WANTED).await {
            Ok(read) => assert!(read.dialled.len() <= 4096),
            Err(AmiError::TooLong) => return,
            Err(error) => panic!("{error}"),
        }
        let mut talk = Live::of(Some(ACCOUNT.clone())).open().await.expect("a connection");
        match resources::reading::everything(&mut talk).await {
            Ok(()) => {}
            Err(Error::Unavailable(text)) if text.contains("too long") => {}
            Err(error) => panic!("{error}"),
        }
    });
}

/// Events end with an empty line, as on the wire.
fn events(data: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let lines: Vec<&[u8]> =
        data.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    let ours = |line: &&[u8]| !line.starts_with(b"ActionID") && !line.starts_with(b"EventList");
    let event = |lines: &[&[u8]]| lines.iter().copied().filter(ours).map(<[u8]>::to_vec).collect::<Vec<_>>();
    lines.split(|line| line.is_empty()).map(event).filter(|event| !event.is_empty()).collect()
}

/// Something of every class, and every canary.
static WANTED: LazyLock<Wanted> = LazyLock::new(|| {
    use Class::{Aor, Auth, Endpoint, Exten, Identify, Mailbox, Music, ParkingLot, Queue, Registration};
    let classes = [Endpoint, Auth, Aor, Identify, Registration, Exten, Mailbox, Queue, Music, ParkingLot];
    let names = || BTreeSet::from(["phone".to_owned(), "1001@default".to_owned()]);
    let probes = [
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
        Probe::Bridge,
    ];
    let canary = |probe| Canary { probe, name: "cordboard-canary".to_owned(), value: "0123abcd".to_owned() };
    let expected = Expected {
        present: classes.into_iter().map(|class| (class, names())).collect(),
        canaries: probes.into_iter().map(canary).collect(),
        ..Expected::default()
    };
    Wanted {
        expected,
        aors: names(),
        lamps: BTreeMap::from([("*73512***225".to_owned(), true), ("alarm".to_owned(), false)]),
        now: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_477_762)),
    }
});
