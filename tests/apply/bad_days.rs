//! What Asterisk refuses, and what it loses without saying so.

use cordboard::apply::Outcome;

use crate::lab::{BOUND, Lab, Office, until};

async fn refused(change: impl FnOnce(&mut Office)) -> (Lab, cordboard::apply::Handle, String) {
    let lab = Lab::new([1001, 1002]);
    let handle = lab.start().await;
    let status = lab.change(&handle, change).await;
    assert_eq!(status.outcome, Outcome::Restored, "{status:?}\n{}", lab.log());
    assert_eq!((status.applied_revision, status.settled_revision), (1, 2));
    assert_eq!(lab.endpoints().await, ["cordboard-canary", "p1001", "p1002"]);
    (lab, handle, status.error.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_endpoint_is_refused_and_every_phone_kept() {
    let bad = "[p9]\ntype=endpoint\nno_such_option=1\n".to_owned();
    let (lab, handle, error) = refused(|office| {
        office.extra.push(("pjsip_endpoint.conf", bad));
        office.phones.push(("1003".into(), "p1003".into()));
    })
    .await;
    assert!(error.contains("endpoint p1003 is missing"), "{error}");
    assert!(error.contains("no_such_option"), "{error}");
    // The next good revision is applied at once.
    let status = lab.change(&handle, |office| office.extra.clear()).await;
    assert_eq!((status.outcome, status.applied_revision, status.error), (Outcome::Applied, 3, None));
    assert_eq!(lab.endpoints().await.len(), 4);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_one_endpoint_in_a_refused_file_is_noticed() {
    let bad = "[p1001](+)\nno_such_option=1\n".to_owned();
    let (_lab, handle, error) = refused(|office| office.extra.push(("pjsip_endpoint.conf", bad))).await;
    assert!(error.contains("the file of the endpoints was not accepted"), "{error}");
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_extension_is_refused() {
    let (lab, handle, error) = refused(|office| {
        office.phones.push(("10 03,1".into(), "p1003".into()));
    })
    .await;
    assert!(error.contains("extension 10 03,1@default is missing"), "{error}");
    assert_eq!(lab.variable("CORDBOARD_CANARY").await.len(), 16);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialplan_that_does_not_parse_is_refused() {
    let (_lab, handle, error) =
        refused(|office| office.extra.push(("extensions.conf", "[broken\nexten => 1,1,NoOp()\n".into())))
            .await;
    assert!(error.contains("the reload of pbx_config") && error.contains("no closing ']'"), "{error}");
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_voicemail_conf_is_refused_and_the_mailboxes_come_back() {
    let (lab, handle, error) =
        refused(|office| office.extra.push(("voicemail.conf", "[broken\n".into()))).await;
    assert!(error.contains("mailbox"), "{error}");
    let mut boxes = Vec::new();
    let each = |message: &cordboard::apply::ami::Message| {
        boxes.extend(message.get("VoiceMailbox").map(str::to_owned))
    };
    lab.client().await.list("VoicemailUsersList", &[], each).await.unwrap();
    boxes.sort();
    assert_eq!(boxes, ["0", "1001", "1002"]);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_revision_is_not_tried_again_until_something_changes() {
    let (lab, handle, _) = refused(|office| office.extra.push(("voicemail.conf", "[broken\n".into()))).await;
    let generations = || std::fs::read_dir(lab.path("generations")).unwrap().count();
    let before = generations();
    // Three looks at the database have passed when it has been asked by the tick: still the same folders.
    lab.database.office().phones.clear();
    let mut ticks = tokio::time::interval(std::time::Duration::from_secs(1));
    for _ in 0..3 {
        ticks.tick().await;
    }
    assert_eq!(generations(), before);
    // A wake is a reason.
    lab.database.office().extra.clear();
    handle.wake();
    until("applied", async || handle.status().applied_revision == 2).await;
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_file_is_read_when_it_changes_and_reported_when_it_is_broken() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    let custom = lab.path("etc/custom/pjsip_endpoint.conf");
    std::fs::write(&custom, "[theirs]\ntype=endpoint\ndisallow=all\nallow=ulaw\n").unwrap();
    until("their endpoint", async || lab.endpoints().await.contains(&"theirs".to_owned())).await;
    std::fs::write(&custom, "[theirs]\ntype=endpoint\nno_such_option=1\n").unwrap();
    let mentions = |text: &Option<String>| {
        text.as_deref().is_some_and(|text| text.contains("custom/pjsip_endpoint.conf"))
    };
    until("the report", async || mentions(&handle.status().error)).await;
    assert!(handle.status().error.unwrap().contains("no_such_option"));
    assert!(lab.endpoints().await.contains(&"p1001".to_owned()));
    std::fs::remove_file(&custom).unwrap();
    until("the all-clear", async || handle.status().error.is_none()).await;
    until("their endpoint gone", async || !lab.endpoints().await.contains(&"theirs".to_owned())).await;
    assert_eq!(handle.wait_for(1, BOUND).await.applied_revision, 1);
    handle.stop().await;
}
