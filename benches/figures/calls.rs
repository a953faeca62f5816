//! What callers wait for, with a real Asterisk.

use super::client::{Client, Server};
use super::office::{user, widen};
use super::outgoing;
use super::report::{Report, Samples, ms};
use super::sip::Phone;
use serde_json::{Value, json};
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};

/// A cordboard with its own Asterisk and so many users.
pub struct Office {
    server: Server,
    pub client: Client,
    sip: SocketAddr,
    pub users: usize,
}

impl Office {
    pub fn of(storage: &Path, users: usize) -> Office {
        let sip = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let settings = [
            ("CORDBOARD__ASTERISK__MODE", "managed".to_owned()),
            ("CORDBOARD__SIP__UDP", sip.to_string()),
            ("CORDBOARD__SIP__TCP", sip.to_string()),
            ("CORDBOARD__CALLS__ANNOUNCE_FORWARDS", "false".to_owned()),
        ];
        let server = Server::start(storage, &settings);
        let client = Client::connect(&server.address);
        let mut office = Office { server, client, sip, users: 0 };
        widen(&mut office.client);
        office.grow(users);
        office
    }

    fn grow(&mut self, users: usize) {
        let newest = (self.users..users).map(|number| self.add(number)).last();
        self.users = users;
        self.wait_for(newest.unwrap());
    }

    /// Makes a user; gives the revision.
    fn add(&mut self, number: usize) -> i64 {
        let (status, text, revision) = self.client.post("/1.1/users", &user(number));
        assert_eq!(status, 201, "{text}");
        revision
    }

    /// Until Asterisk runs the revision.
    pub fn wait_for(&mut self, revision: i64) {
        loop {
            let (status, text, _) = self.client.get(&format!("/1.1/cordboard/revisions/{revision}?wait=60"));
            if status == 200 {
                return;
            }
            assert_eq!(status, 202, "{text}");
        }
    }

    pub fn phone(&self, number: usize) -> Phone {
        Phone::register(self.sip, &format!("ep{number}"), &format!("secret{number}"))
    }
}

fn number(user: usize) -> String {
    (10_000_000 + user).to_string()
}

/// From a POST to a phone that registers, from a call to its ringing, from a forward to the call that follows it.
pub fn ringing(report: &mut Report) {
    let storage = tempfile::tempdir().unwrap();
    let mut office = Office::of(storage.path(), 100);
    invites(report, &office, "100 users");
    outgoing::calls(report, &mut office, storage.path());
    // A connection on which nothing is asked for long is closed.
    office.client = Client::connect(&office.server.address);
    posts(report, &mut office);
    office.grow(1000);
    forwards(report, &mut office);
    office.grow(5000);
    invites(report, &office, "5,000 users");
    queues(report, &mut office, "5,000 users");
    drop(office.server);
}

fn posts(report: &mut Report, office: &mut Office) {
    let (mut applied, mut registered) = (Vec::new(), Vec::new());
    for number in 100..130 {
        let began = Instant::now();
        let revision = office.add(number);
        office.wait_for(revision);
        applied.push(began.elapsed());
        office.phone(number);
        registered.push(began.elapsed());
    }
    office.users = 130;
    let none = || "-".to_owned();
    let (applied, registered) = (Samples::new(applied), Samples::new(registered));
    report.row("POST to verified in Asterisk, office of 100", ms(applied.median()), "150 ms", none());
    report.row("POST to a registered phone, office of 100", ms(registered.median()), "150 ms", none());
}

/// From the caller's INVITE to the INVITE that the called phone gets.
fn invites(report: &mut Report, office: &Office, size: &str) {
    let called = office.users - 1;
    called_within(
        report,
        office,
        (called, &number(called)),
        &format!("INVITE to the callee's INVITE, {size}"),
        "10 ms",
    );
}

/// The same of a call to a queue in which one agent is logged in.
fn queues(report: &mut Report, office: &mut Office, size: &str) {
    let called = office.users - 1;
    let exten = "3001";
    let queue = made(&mut office.client, "/1.1/queues", &json!({"name": "support", "ring_on_hold": true}));
    let extension =
        made(&mut office.client, "/1.1/extensions", &json!({"exten": exten, "context": "default"}));
    let agent = made(&mut office.client, "/1.1/agents", &json!({"number": exten}));
    let put = |client: &mut Client, path: &str, body: &str| {
        let (status, text, revision) = client.send("PUT", path, body);
        assert_eq!(status, 204, "{text}");
        revision
    };
    put(&mut office.client, &format!("/1.1/queues/{queue}/extensions/{extension}"), "");
    let revision = put(&mut office.client, &format!("/1.1/queues/{queue}/members/agents/{agent}"), "{}");
    office.wait_for(revision);
    let login = json!({"extension": number(called), "context": "default"});
    let (status, text, _) =
        office.client.post(&format!("/1.1/agents/by-id/{agent}/login"), &login.to_string());
    assert_eq!(status, 204, "{text}");
    called_within(
        report,
        office,
        (called, exten),
        &format!("call of a queue to the agent's INVITE, {size}"),
        "20 ms",
    );
}

/// Makes an object; gives its id.
pub fn made(client: &mut Client, path: &str, body: &Value) -> i64 {
    let (status, text, _) = client.post(path, &body.to_string());
    assert_eq!(status, 201, "{text}");
    let made: Value = serde_json::from_str(&text).unwrap();
    made["id"].as_i64().unwrap()
}

/// A row: how long the phone of user `called` waits for a call to `exten`.
fn called_within(
    report: &mut Report,
    office: &Office,
    (called, exten): (usize, &str),
    what: &str,
    target: &str,
) {
    let samples = Samples::new(sampled(&mut office.phone(called - 1), &office.phone(called), exten));
    report.row(
        what,
        format!("{} (p90 {})", ms(samples.median()), ms(samples.at(0.9))),
        target,
        "-".to_owned(),
    );
}

/// How long `phone` waits for a call to `exten`, some sixty times.
pub fn sampled(caller: &mut Phone, phone: &Phone, exten: &str) -> Vec<Duration> {
    let samples = (0..60).map(|_| {
        let call = caller.call(exten);
        let (came, invite) = phone.incoming(Duration::from_secs(5)).unwrap();
        caller.cancel(&call);
        phone.let_go(&invite);
        came - call.sent
    });
    // The first call reads files that no call has read before.
    samples.skip(1).collect()
}

/// From the PUT of a forward to the INVITE at its new target.
fn forwards(report: &mut Report, office: &mut Office) {
    let (callee, targets) = (10, [11, 12]);
    let mut caller = office.phone(13);
    let phones = targets.map(|target| office.phone(target));
    let (_, text, _) = office.client.get(&format!("/1.1/users?search={}", number(callee)));
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    let uuid = found.pointer("/items/0/uuid").and_then(|uuid| uuid.as_str()).unwrap().to_owned();
    let path = format!("/1.1/users/{uuid}/forwards/unconditional");
    let put = |client: &mut Client, target: usize| {
        let body = format!(r#"{{"enabled": true, "destination": "{}"}}"#, number(targets[target]));
        let (status, text, revision) = client.send("PUT", &path, &body);
        assert_eq!(status, 204, "{text}");
        revision
    };
    let first = put(&mut office.client, 1);
    office.wait_for(first);
    let samples = (0..30).map(|round| {
        let new = round % 2;
        let began = Instant::now();
        let revision = put(&mut office.client, new);
        let taken = loop {
            let call = caller.call(&number(callee));
            let (at, came, invite) = first_of(&phones);
            caller.cancel(&call);
            phones[at].let_go(&invite);
            // Else the call went where the old forward sent it.
            if at == new {
                break came - began;
            }
        };
        office.wait_for(revision);
        // Nobody changes a forward many times a second: what follows an apply is over before the next.
        std::thread::sleep(Duration::from_millis(200));
        taken
    });
    let samples = Samples::new(samples.collect());
    report.row(
        "PUT of a forward to the next call following it, 1,000 users",
        format!("{} (p90 {})", ms(samples.median()), ms(samples.at(0.9))),
        "20 ms",
        "-".to_owned(),
    );
}

/// Which phone is called first, when, and the INVITE.
fn first_of(phones: &[Phone; 2]) -> (usize, Instant, String) {
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        for (at, phone) in phones.iter().enumerate() {
            if let Some((came, invite)) = phone.incoming(Duration::from_millis(1)) {
                return (at, came, invite);
            }
        }
        assert!(Instant::now() < end, "no phone is called");
    }
}
