//! From a POST to a phone that can register and be called, with a real Asterisk.

use super::client::{Client, Server};
use super::office::{user, widen};
use super::report::{Report, Samples, ms};
use super::sip;
use std::net::UdpSocket;
use std::time::Instant;

/// An office of 100; then users are added one by one, and each phone registers as soon as it may.
pub fn ringing(report: &mut Report) {
    let storage = tempfile::tempdir().unwrap();
    let sip = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = [
        ("CORDBOARD__ASTERISK__MODE", "managed".to_owned()),
        ("CORDBOARD__SIP__UDP", sip.to_string()),
        ("CORDBOARD__SIP__TCP", sip.to_string()),
    ];
    let server = Server::start(storage.path(), &settings);
    let mut client = Client::connect(&server.address);
    widen(&mut client);
    let made: Vec<_> = (0..100).map(|number| client.post("/1.1/users", &user(number)).2).collect();
    let newest = made.last().unwrap();
    assert_eq!(client.get(&format!("/1.1/cordboard/revisions/{newest}?wait=60")).0, 200);
    let (mut applied, mut registered) = (Vec::new(), Vec::new());
    for number in 100..130 {
        let began = Instant::now();
        let (status, text, revision) = client.post("/1.1/users", &user(number));
        assert_eq!(status, 201, "{text}");
        let (status, text, _) = client.get(&format!("/1.1/cordboard/revisions/{revision}?wait=10"));
        assert_eq!(status, 200, "{text}");
        applied.push(began.elapsed());
        sip::register(sip, &format!("ep{number}"), &format!("secret{number}"));
        registered.push(began.elapsed());
    }
    let (applied, registered) = (Samples::new(applied), Samples::new(registered));
    report.row("POST to verified in Asterisk, office of 100", ms(applied.median()), "150 ms", "-".to_owned());
    report.row(
        "POST to a registered phone, office of 100",
        ms(registered.median()),
        "150 ms",
        "-".to_owned(),
    );
}
