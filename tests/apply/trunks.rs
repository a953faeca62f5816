//! Trunks in a real Asterisk: their registrations are verified, and brought back with everything else.

use std::sync::Arc;

use cordboard::apply::{Handle, Outcome, Status};
use cordboard::model::{Endpoint, Model, Outcall, Permission, Trunk, Way};

use crate::lab::{BOUND, Lab};
use crate::rendered::{Office, start};

async fn apply(handle: &Handle, revision: i64) -> Status {
    handle.wake();
    handle.wait_for(revision, BOUND).await
}

/// A trunk that registers with nobody that answers.
fn add_trunk(model: &mut Model, id: i64) {
    let name = format!("provider{id}");
    let option = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    model.endpoints.push(Endpoint {
        name: name.clone(),
        trunk: Some(id),
        context: "from-extern".to_owned(),
        registration: vec![option("server_uri", "sip:127.0.0.1:9"), option("client_uri", "sip:us@127.0.0.1")],
        registration_outbound_auth: vec![option("username", "us"), option("password", "secret")],
        ..Endpoint::default()
    });
    let way = Way::Sip(name);
    model.trunks.push(Trunk { id, caller_id_format: "+E164".to_owned(), way, ..Trunk::default() });
}

fn registrations(lab: &Lab) -> Vec<String> {
    let shown = lab.command("pjsip show registrations");
    let names = shown.lines().filter_map(|line| line.trim().split_once("/sip:127.0.0.1:9"));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// When a module was reloaded last, in seconds after the start.
fn last_reload(lab: &Lab) -> i64 {
    let shown = lab.command("core show uptime seconds");
    let seconds = |name: &str| -> Option<i64> {
        shown.lines().find(|line| line.contains(name))?.rsplit(' ').next()?.parse().ok()
    };
    seconds("System uptime").unwrap() - seconds("Last reload").unwrap()
}

async fn office() -> (Lab, Arc<Office>, Handle) {
    let lab = Lab::new([]);
    let office = Office::new(&lab);
    office.add(1);
    let revision = office.change(|model| add_trunk(model, 1));
    let handle = start(&lab, &office);
    let status = handle.wait_for(revision, BOUND).await;
    assert_eq!((status.applied_revision, status.error), (revision, None), "{}", lab.log());
    (lab, office, handle)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_comes_and_goes_with_its_trunk() {
    let (lab, office, handle) = office().await;
    assert_eq!(registrations(&lab), ["provider1"]);
    let added = office.change(|model| {
        add_trunk(model, 2);
        let hosts = ["192.0.2.2", "no-such-host.invalid"];
        let hosts = hosts.map(|host| ("match".to_owned(), host.to_owned()));
        model.endpoints.last_mut().unwrap().identify = hosts.into();
    });
    let status = apply(&handle, added).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    assert_eq!(registrations(&lab), ["provider1", "provider2"]);
    assert!(lab.command("pjsip show identifies").contains("192.0.2.2/32"));
    let gone = office.change(|model| {
        model.endpoints.retain(|endpoint| endpoint.trunk.is_none());
        model.trunks.clear();
    });
    let status = apply(&handle, gone).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    assert_eq!(registrations(&lab), Vec::<String>::new());
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_asterisk_refuses_is_noticed_and_all_goes_back() {
    let (lab, office, handle) = office().await;
    let good = handle.status().applied_revision;
    *office.below.lock().unwrap() = ("pjsip.conf", "[provider2](+)\nno_such_option = 1\n");
    let status = apply(&handle, office.change(|model| add_trunk(model, 2))).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Restored, good), "{status:?}");
    let error = status.error.unwrap();
    assert!(error.contains("registration provider2 is missing"), "{error}");
    assert_eq!(registrations(&lab), ["provider1"]);
    assert_eq!(lab.endpoints().await, ["cordboard-canary", "line1", "provider1"]);
    *office.below.lock().unwrap() = Default::default();
    let status = apply(&handle, office.change(|_| {})).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None));
    assert_eq!(registrations(&lab), ["provider1", "provider2"]);
    handle.stop().await;
}

const TWICE: &str = "
[twice]\ntype=identify\nendpoint=provider1\nmatch=192.0.2.9
[twice]\ntype=identify\nendpoint=provider1\nmatch=192.0.2.9
";

/// What the trunk of an address is recognised by.
fn add_address(model: &mut Model, address: &str) {
    let options = &mut model.endpoints.last_mut().unwrap().identify;
    options.push(("match".to_owned(), address.to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_asterisk_refuses_is_noticed_and_all_goes_back() {
    let (lab, office, handle) = office().await;
    let good = office.change(|model| add_address(model, "192.0.2.1"));
    let status = apply(&handle, good).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    // A second one of the same name: Asterisk keeps all the old ones.
    *office.below.lock().unwrap() = ("pjsip.conf", TWICE);
    let revision = office.change(|model| add_address(model, "192.0.2.2"));
    let status = apply(&handle, revision).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Restored, good), "{status:?}");
    let error = status.error.unwrap();
    assert!(error.contains("identify address-") && error.contains("-provider1 is missing"), "{error}");
    let shown = lab.command("pjsip show identifies");
    assert!(shown.contains("192.0.2.1/32") && !shown.contains("192.0.2.2/32"), "{shown}");
    assert_eq!(registrations(&lab), ["provider1"]);
    *office.below.lock().unwrap() = Default::default();
    let without = office.change(|model| model.endpoints.last_mut().unwrap().identify.clear());
    let status = apply(&handle, without).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None));
    assert!(lab.command("pjsip show identifies").contains("No objects found"));
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trunks_with_the_longest_names_stand_beside_each_other() {
    let (lab, office, handle) = office().await;
    let revision = office.change(|model| {
        for id in [2, 3] {
            add_trunk(model, id);
            let endpoint = model.endpoints.last_mut().unwrap();
            endpoint.name = format!("{}{id}", "a".repeat(78));
            endpoint.auth = vec![("username".to_owned(), format!("us{id}"))];
            endpoint.outbound_auth = endpoint.registration_outbound_auth.clone();
            add_address(model, &format!("192.0.2.{id}"));
        }
    });
    let status = apply(&handle, revision).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    let shown = lab.command("pjsip show identifies");
    for expected in ["192.0.2.2/32", "192.0.2.3/32", "From: /<sips?:us2@/", "From: /<sips?:us3@/"] {
        assert!(shown.contains(expected), "{shown}");
    }
    assert_eq!(registrations(&lab).len(), 3);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_outcalls_and_permissions_reloads_nothing() {
    let (lab, office, handle) = office().await;
    let outcall = Outcall { id: 1, enabled: true, trunks: vec![1], ..Outcall::default() };
    let status = apply(&handle, office.change(|model| model.outcalls = vec![outcall])).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    let before = last_reload(&lab);
    let revision = office.change(|model| {
        model.outcalls[0].ring_time = Some(5);
        model.outcalls[0].permissions = vec![1];
        let patterns = vec!["_0.".to_owned()];
        model.permissions = vec![Permission { id: 1, patterns, ..Permission::default() }];
        model.users[0].permissions = vec![1];
    });
    let status = apply(&handle, revision).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    assert!(last_reload(&lab) <= before + 1);
    // A reload would be seen: it is told in whole seconds, rounded twice.
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(3200));
    ticks.tick().await;
    ticks.tick().await;
    assert_eq!(apply(&handle, office.add(2)).await.outcome, Outcome::Applied);
    assert!(last_reload(&lab) > before + 1);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_a_call_could_not_read_are_brought_back() {
    let (lab, office, handle) = office().await;
    let with_password = |password: &str| {
        let password = Some(password.to_owned());
        move |model: &mut Model| {
            model.permissions = vec![Permission { id: 1, password, ..Permission::default() }];
        }
    };
    let row = "AST_CONFIG(cordboard_permissions.conf,permission-1,password)";
    let good = office.change(with_password("2580"));
    assert_eq!(apply(&handle, good).await.outcome, Outcome::Applied);
    assert_eq!(lab.variable(row).await, "2580");
    *office.below.lock().unwrap() = ("cordboard_permissions.conf", "[broken\n");
    let status = apply(&handle, office.change(with_password("7531"))).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Restored, good), "{status:?}");
    let error = status.error.unwrap();
    assert!(error.contains("cordboard_permissions.conf was not read"), "{error}");
    assert_eq!(lab.variable(row).await, "2580");
    *office.below.lock().unwrap() = Default::default();
    let status = apply(&handle, office.change(|_| {})).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None));
    assert_eq!(lab.variable(row).await, "7531");
    handle.stop().await;
}
