//! What goes right: apply, only what changed, going on with a running Asterisk.

use cordboard::apply::Outcome;

use crate::lab::{BOUND, Lab, mtime};

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_and_a_new_phone_run_in_asterisk() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    assert_eq!(lab.endpoints().await, ["cordboard-canary", "p1001"]);
    let status = lab.change(&handle, |office| office.phones.push(("1002".into(), "p1002".into()))).await;
    assert_eq!(status.outcome, Outcome::Applied, "{status:?}");
    assert_eq!((status.applied_revision, status.error), (2, None));
    assert_eq!(lab.endpoints().await, ["cordboard-canary", "p1001", "p1002"]);
    let status = lab.change(&handle, |office| office.phones.clear()).await;
    assert_eq!(status.outcome, Outcome::Applied, "{status:?}");
    assert_eq!(lab.endpoints().await, ["cordboard-canary"]);
    handle.stop().await;
    assert_eq!(lab.launch.running(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_that_renders_to_the_same_is_unchanged() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    let before = std::fs::read_link(lab.path("generations/current")).unwrap();
    let status = lab.change(&handle, |_| {}).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Unchanged, 2));
    assert_eq!(std::fs::read_link(lab.path("generations/current")).unwrap(), before);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_modules_of_changed_files_are_reloaded() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    let mut client = lab.client().await;
    let endpoint_time = mtime(&lab.path("etc/pjsip_endpoint.conf"));
    let extra = ("voicemail.conf", "2000 => 1,Two Thousand,,,\n".to_owned());
    lab.change(&handle, |office| office.extra.push(extra)).await;
    assert_eq!(mtime(&lab.path("etc/pjsip_endpoint.conf")), endpoint_time);
    client.action("Reload", &[("Module", "pbx_config")]).await.unwrap();
    let mut reloaded = Vec::new();
    while reloaded.last().map(String::as_str) != Some("pbx_config") {
        let event = tokio::time::timeout(BOUND, client.event()).await.unwrap().unwrap();
        if event.is("Event", "Reload") {
            reloaded.extend(event.get("Module").map(str::to_owned));
        }
    }
    assert_eq!(reloaded, ["app_voicemail", "pbx_config"]);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn call_data_of_equal_length_is_seen_without_a_reload() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    for ring in 1..20 {
        let status = lab.change(&handle, |office| office.ring_seconds = ring).await;
        assert_eq!(status.outcome, Outcome::Applied, "{status:?}");
        assert_eq!(lab.variable("AST_CONFIG(calls.conf,1001,ring)").await, format!("{ring:03}"));
    }
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_arrive_together_share_one_generation() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    {
        let mut office = lab.database.office();
        for number in 2000..2020 {
            office.phones.push((number.to_string(), format!("p{number}")));
            office.revision += 1;
            handle.wake();
        }
    }
    let status = handle.wait_for(21, BOUND).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Applied, 21));
    assert_eq!(lab.endpoints().await.len(), 22);
    let generations = std::fs::read_dir(lab.path("generations")).unwrap().flatten();
    assert_eq!(
        generations.filter(|entry| entry.file_name().to_string_lossy().starts_with("gen-")).count(),
        2
    );
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_command_line_writes_is_noticed_without_a_wake() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    lab.database.office().revision = 2;
    let status = handle.wait_for(2, BOUND).await;
    assert_eq!(status.applied_revision, 2);
    handle.stop().await;
}
