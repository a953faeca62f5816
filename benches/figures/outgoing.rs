//! Calls over a trunk: what the ceilings of users and trunks cost them.

use super::calls::{Office, made, sampled};
use super::report::{Report, Samples, ms};
use super::sip::Phone;
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// Takes the counting out of the dialplan, until it is reloaded.
const WITHOUT: [&str; 5] = [
    "dialplan remove extension s@cordboard-user-ceiling",
    "dialplan remove extension s@cordboard-ceiling",
    "dialplan add extension s,1,Return() into cordboard-user-ceiling",
    "dialplan add extension s,1,Set(CB_REACHED=) into cordboard-ceiling",
    "dialplan add extension s,2,Return() into cordboard-ceiling",
];

/// From the caller's INVITE to the INVITE that the provider gets, with the ceilings and without.
pub fn calls(report: &mut Report, office: &mut Office, storage: &Path) {
    let (mut caller, provider) = (office.phone(0), office.phone(1));
    lead_out(office, &provider);
    // In turns: what else the machine does meets both alike.
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        with.extend(sampled(&mut caller, &provider, "901"));
        WITHOUT.iter().for_each(|command| console(storage, command));
        without.extend(sampled(&mut caller, &provider, "901"));
        console(storage, "dialplan reload");
    }
    let (with, without) = (Samples::new(with), Samples::new(without));
    let figure = format!("{} ({} without limits)", ms(with.median()), ms(without.median()));
    report.row("INVITE to the provider's INVITE, limits counted", figure, "10 ms", "-".to_owned());
}

/// Makes numbers that begin with 9 go out; a phone is the provider.
fn lead_out(office: &mut Office, provider: &Phone) {
    let client = &mut office.client;
    let trunk = made(client, "/1.1/trunks", &json!({"context": "from-extern"}));
    let contact = format!("sip:provider@{}", provider.address());
    let sip = json!({"name": "provider", "aor_section_options": [["contact", contact], ["qualify_frequency", "0"]]});
    let (status, text, _) = client.post("/1.1/endpoints/sip", &sip.to_string());
    assert_eq!(status, 201, "{text}");
    let sip: serde_json::Value = serde_json::from_str(&text).unwrap();
    let outcall = made(client, "/1.1/outcalls", &json!({"name": "out"}));
    let extension = made(client, "/1.1/extensions", &json!({"exten": "_9X.", "context": "to-extern"}));
    // More than a person has in an hour.
    let limits = json!({"user": {"hourly": 100_000}, "trunk": {"hourly": 100_000}});
    let mut newest = 0;
    for (path, body) in [
        ("/1.1/cordboard/limits".to_owned(), limits.to_string()),
        (format!("/1.1/trunks/{trunk}/endpoints/sip/{}", sip["uuid"].as_str().unwrap()), String::new()),
        (format!("/1.1/outcalls/{outcall}/trunks"), json!({"trunks": [{"id": trunk}]}).to_string()),
        (format!("/1.1/outcalls/{outcall}/extensions/{extension}"), "{}".to_owned()),
    ] {
        let (status, text, revision) = client.send("PUT", &path, &body);
        assert_eq!(status, 204, "{text}");
        newest = revision;
    }
    office.wait_for(newest);
}

/// Gives a command to the office's Asterisk.
fn console(storage: &Path, command: &str) {
    let asterisk = cordboard::asterisk::locate(None).unwrap();
    let settings = storage.join("asterisk/etc/asterisk.conf");
    let output =
        Command::new(asterisk.binary).arg("-C").arg(settings).args(["-rx", command]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}
