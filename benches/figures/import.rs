//! 5,000 users from a CSV file, stored and applied in a real Asterisk.

use super::calls::Office;
use super::client::{Client, Server};
use super::office::widen;
use super::report::{Report, Samples, ms};
use std::fmt::Write;
use std::time::Instant;

const USERS: usize = 5000;

/// A file of users with a line, a number and a mailbox each, the first with this number.
fn file(first: usize) -> String {
    let mut text = String::from(
        "firstname,lastname,email,context,line_protocol,sip_username,sip_secret,exten,voicemail_number,\
         voicemail_context\n",
    );
    for number in first..first + USERS {
        let exten = 10_000_000 + number;
        writeln!(
            text,
            "Ada{number},Lovelace,ada{number}@example.org,default,sip,ep{number},secret{number},{exten},{exten},default"
        )
        .unwrap();
    }
    text
}

/// Stored only, then stored and verified in Asterisk.
pub fn import(report: &mut Report) {
    let users = file(0);
    let samples = (0..3).map(|_| {
        let storage = tempfile::tempdir().unwrap();
        let server = Server::start(storage.path(), &[]);
        let mut client = Client::connect(&server.address);
        widen(&mut client);
        let began = Instant::now();
        let (status, text, _) = client.post("/1.1/users/import", &users);
        assert_eq!(status, 201, "{text}");
        began.elapsed()
    });
    let median = Samples::new(samples.collect()).median();
    report.row("CSV import, 5,000 users, durable", ms(median), "3000 ms", "-".to_owned());

    let storage = tempfile::tempdir().unwrap();
    let mut office = Office::of(storage.path(), 1);
    let began = Instant::now();
    let (status, text, revision) = office.client.post("/1.1/users/import", &file(1));
    assert_eq!(status, 201, "{text}");
    office.wait_for(revision);
    report.row(
        "CSV import, 5,000 users, verified in Asterisk",
        ms(began.elapsed()),
        "6000 ms",
        "-".to_owned(),
    );
}
