//! SIP over TLS and over websockets: what the settings say, and nothing else.

use cordboard::apply::plan::{Manifest, Reload};
use cordboard::model::{Endpoint, Model, SipTls, Transport};
use cordboard::render::{self, OUTPUTS, render};

use super::office::office;

#[test]
fn tls_is_listened_on_with_the_certificate_of_the_site() {
    let mut model = office();
    let stored = [("protocol", "udp"), ("cert_file", "/other.pem"), ("tos", "cs3")];
    let stored = stored.map(|(key, value)| (key.to_owned(), value.to_owned()));
    model.transports.push(Transport { name: "transport-tls".to_owned(), options: stored.to_vec() });
    model.site.sip_tls = Some(SipTls {
        bind: "0.0.0.0:5061".to_owned(),
        certificate: "/srv/pbx/tls/certificate.pem".to_owned(),
        key: "/srv/pbx/tls/key.pem".to_owned(),
    });
    let set = render(&model).expect("an office");
    let transports: Vec<_> =
        set.files["pjsip.conf"].objects.iter().filter(|object| object.name == "transport-tls").collect();
    assert_eq!(transports.len(), 1);
    let lines: Vec<&str> = transports[0].text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(
        lines,
        [
            "[transport-tls]",
            "type = transport",
            "protocol = tls",
            "bind = 0.0.0.0:5061",
            "cert_file = /srv/pbx/tls/certificate.pem",
            "priv_key_file = /srv/pbx/tls/key.pem",
            "method = tlsv1_2",
            "tos = cs3",
        ]
    );
}

#[test]
fn lines_for_browsers_are_said_when_no_browser_can_reach_them() {
    let mut model = office();
    let notes = |model: &Model| render(model).expect("an office").notes;
    let why = "lines for browsers (webrtc=yes) that no browser can reach, since sip.wss is not set: ";
    assert_eq!(notes(&model), [format!("{why}alice-soft")]);
    for endpoint in &mut model.endpoints {
        endpoint.endpoint.push(("webrtc".to_owned(), "On".to_owned()));
    }
    let first = model.endpoints.iter().find(|one| one.trunk.is_none()).expect("a line").clone();
    model.endpoints = (1..=7).map(|n| Endpoint { name: format!("page{n}"), ..first.clone() }).collect();
    assert_eq!(notes(&model), [format!("{why}page1, page2, page3, page4, page5 and 2 more")]);
    for endpoint in &mut model.endpoints {
        endpoint.endpoint.push(("webrtc".to_owned(), "no".to_owned()));
    }
    assert_eq!(notes(&model), [""; 0], "the last one counts");
    model = office();
    model.site.managed = false;
    assert_eq!(notes(&model), [""; 0], "that Asterisk has a web server of its own");
    model.site.managed = true;
    let shown = |bind: &str| SipTls {
        bind: bind.to_owned(),
        certificate: "/srv/pbx/tls/certificate.pem".to_owned(),
        key: "/srv/pbx/tls/key.pem".to_owned(),
    };
    model.site.sip_wss = Some(shown("0.0.0.0:8089"));
    assert_eq!(notes(&model), [""; 0]);
}

#[test]
fn browsers_are_listened_to_where_the_site_says_and_nowhere_else() {
    let mut model = office();
    let text = |model: &Model, file: &str| render(model).expect("an office").files[file].text();
    // The stored transport-wss of the office says 0.0.0.0:5060.
    assert!(!text(&model, "pjsip.conf").contains("wss"));
    assert!(text(&model, "http.conf").contains("\n[general]\nenabled = no\n"));
    assert!(!text(&model, "http.conf").contains("bind"));
    model.site.sip_wss = Some(SipTls {
        bind: "0.0.0.0:8089".to_owned(),
        certificate: "/srv/pbx/tls/certificate.pem".to_owned(),
        key: "/srv/pbx/tls/key.pem".to_owned(),
    });
    let transport = "[transport-wss]\ntype = transport\nprotocol = wss\nbind = 0.0.0.0:8089\n";
    assert!(text(&model, "pjsip.conf").contains(transport));
    let http = text(&model, "http.conf");
    for line in [
        // Nothing without TLS.
        "enabled = no",
        "tlsenable = yes",
        "tlsbindaddr = 0.0.0.0:8089",
        "tlscertfile = /srv/pbx/tls/certificate.pem",
        "tlsprivatekey = /srv/pbx/tls/key.pem",
    ] {
        assert!(http.contains(&format!("\n{line}\n")), "{line}: {http}");
    }
    assert!(!http.contains("\nbind"), "{http}");
}

#[test]
fn a_stored_transport_of_tls_is_listened_on_only_with_a_certificate() {
    let mut model = office();
    let stored = |options: &[(&str, &str)]| Transport {
        name: "transport-tls".to_owned(),
        options: options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    };
    let bare = [("protocol", "tls"), ("bind", "0.0.0.0:5061")];
    model.transports.push(stored(&bare));
    let pjsip = |model: &Model| render(model).expect("an office").files["pjsip.conf"].text();
    assert!(!pjsip(&model).contains("transport-tls"));
    model.transports.pop();
    model.transports.push(stored(&[bare[0], bare[1], ("cert_file", "/srv/pbx/own.pem")]));
    assert!(pjsip(&model).contains("bind = 0.0.0.0:5061\ncert_file = /srv/pbx/own.pem\n"));
}

#[test]
fn an_empty_address_is_not_listened_on() {
    let mut model = office();
    model.site.sip_tcp = String::new();
    let pjsip = render(&model).expect("an office").files["pjsip.conf"].text();
    assert!(pjsip.contains("[transport-udp]") && !pjsip.contains("[transport-tcp]"), "{pjsip}");
}

#[test]
fn another_certificate_makes_asterisk_read_what_shows_it_and_waits_for_no_restart() {
    let files = |print: &str| {
        let mut model = office();
        let shown = SipTls { bind: "0.0.0.0:5061".to_owned(), ..SipTls::default() };
        model.site.sip_tls = Some(shown.clone());
        model.site.sip_wss = Some(SipTls { bind: "0.0.0.0:8089".to_owned(), ..shown });
        model.site.sip_certificates = vec![print.to_owned(), "CC:DD".to_owned()];
        render(&model).expect("an office")
    };
    let (old, new) = (files("AA:BB"), files("EE:FF"));
    let changed: Vec<_> = old
        .files
        .iter()
        .filter(|(name, file)| file.text() != new.files[*name].text())
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(changed, ["http.conf", "pjsip.conf"]);
    assert!(
        new.files["http.conf"]
            .text()
            .contains("\n; Certificate, SHA-256: EE:FF\n; Certificate, SHA-256: CC:DD\n")
    );
    // A changed transport would wait for a restart.
    let boot = |set| Manifest::of(set).boot_digest(reload_for);
    assert_eq!(boot(&old), boot(&new));
}

/// As the program has it.
fn reload_for(file: &str) -> Reload {
    match OUTPUTS.iter().find(|output| output.file == file).map(|output| output.reload) {
        Some(render::Reload::Module(module)) => Reload::Module(module),
        Some(render::Reload::CallTime) => Reload::Data,
        _ => Reload::Restart,
    }
}
