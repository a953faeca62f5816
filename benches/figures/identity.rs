//! What knowing the caller costs: the check of a token, and a login.

use super::client::{Client, Server};
use super::report::{Report, Samples, ms};
use base64::Engine;
use cordboard::auth::Keyring;
use cordboard::db::Db;
use cordboard::http::{Caller, Credentials, Service};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const LOGINS: usize = 20;

/// The token check of a person with the sixty entries of the default policy, and logins beside other requests.
pub fn logins(report: &mut Report) {
    let storage = tempfile::tempdir().unwrap();
    let server = Server::start(storage.path(), &[]);
    let mut client = Client::connect(&server.address);
    let user = r#"{"firstname": "Ada", "auth": {"username": "ada", "password": "secret"}}"#;
    let user: serde_json::Value = serde_json::from_str(&client.post("/1.1/users", user).1).unwrap();
    let began = Instant::now();
    let token = log_in(&server.address);
    let first = began.elapsed();
    let access = format!("confd.users.{}.forwards.busy.update", user["uuid"].as_str().unwrap());
    check(report, storage.path(), &token, &access);
    let alone = Samples::new((0..200).map(|_| read(&mut client)).collect()).at(0.99);
    let (times, beside) = beside_reads(&server.address, &mut client);
    let login = Samples::new(times);
    report.row("login, median", ms(login.median()), "250 ms on one core", format!("first {}", ms(first)));
    report.row("GET /infos beside logins, 99%", ms(beside.at(0.99)), "not held up", ms(alone));
}

fn check(report: &mut Report, storage: &std::path::Path, token: &str, access: &str) {
    let keyring = Keyring::open(&Db::open(&storage.join("cordboard.db")).unwrap()).unwrap();
    let samples = (0..5000).map(|_| {
        let began = Instant::now();
        let credentials = Credentials { token, tenant: "", access };
        assert!(Caller::identify(&keyring, credentials, Service::Confd).is_ok());
        began.elapsed()
    });
    let samples = Samples::new(samples.collect());
    let figure = format!("{} (99%: {})", ms(samples.median()), ms(samples.at(0.99)));
    report.row("token check", figure, "0.050 ms", "-".to_owned());
}

fn read(client: &mut Client) -> Duration {
    let began = Instant::now();
    assert_eq!(client.get("/1.1/infos").0, 200);
    began.elapsed()
}

/// The times of logins one after the other, and of reads meanwhile.
fn beside_reads(address: &str, client: &mut Client) -> (Vec<Duration>, Samples) {
    let going = AtomicBool::new(true);
    let mut reads = Vec::new();
    let times = std::thread::scope(|scope| {
        let logins = scope.spawn(|| {
            let times = (0..LOGINS).map(|_| {
                let began = Instant::now();
                log_in(address);
                began.elapsed()
            });
            let times: Vec<_> = times.collect();
            going.store(false, Ordering::Relaxed);
            times
        });
        while going.load(Ordering::Relaxed) {
            reads.push(read(client));
        }
        logins.join().unwrap()
    });
    (times, Samples::new(reads))
}

fn log_in(address: &str) -> String {
    let basic = base64::engine::general_purpose::STANDARD.encode("ada:secret");
    let agent = ureq::Agent::new_with_defaults();
    let request =
        agent.post(format!("http://{address}/0.1/token")).header("Authorization", format!("Basic {basic}"));
    let text = request.send("{}").unwrap().body_mut().read_to_string().unwrap();
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    answer["data"]["token"].as_str().unwrap().to_owned()
}
