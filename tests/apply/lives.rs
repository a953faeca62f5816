//! Processes that come and go: Asterisk killed, restarted by hand, left behind by a killed cordboard.

use std::sync::Arc;

use cordboard::apply::{self, Outcome, Source};

use crate::lab::{BOUND, Lab, kill, until, until_running};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_asterisk_comes_back_with_what_was_written_meanwhile() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    let first = lab.pid();
    kill(first);
    let status = lab.change(&handle, |office| office.phones.push(("1002".into(), "p1002".into()))).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Applied, 2), "{status:?}");
    assert_ne!(lab.pid(), first);
    assert_eq!(lab.endpoints().await.len(), 3);
    assert_eq!(handle.status().asterisk_crashes, 1);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_cordboard_goes_on_with_the_running_asterisk() {
    let lab = Lab::new([1001]);
    // A runtime of its own that ends without any order to stop: as much of kill -9 as fits into one process.
    let database = Arc::clone(&lab.database);
    let settings = lab.settings();
    let died = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let status = runtime.block_on(async {
            let handle = apply::spawn(settings, database as Arc<dyn Source>);
            handle.wait_for(1, BOUND).await
        });
        runtime.shutdown_background();
        status
    });
    assert_eq!(died.join().unwrap().applied_revision, 1);
    let pid = lab.pid();
    let generation = std::fs::read_link(lab.path("generations/current")).unwrap();
    let handle = lab.start().await;
    assert_eq!(handle.status().outcome, Outcome::Unchanged);
    assert_eq!(lab.pid(), pid);
    assert_eq!(std::fs::read_link(lab.path("generations/current")).unwrap(), generation);
    assert!(!handle.status().restart_needed);
    let status = lab.change(&handle, |office| office.phones.clear()).await;
    assert_eq!(status.outcome, Outcome::Applied);
    assert_eq!(lab.pid(), pid);
    handle.stop().await;
    assert_eq!(lab.launch.running(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_read_at_start_only_restart_a_quiet_asterisk() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    let first = lab.pid();
    let status = lab
        .change(&handle, |office| office.asterisk_conf_extra = "[options]\nsystemname = changed\n".into())
        .await;
    assert_eq!(status.applied_revision, 2);
    until("another process", async || lab.launch.running().is_some_and(|pid| pid != first)).await;
    until("verified again", async || !handle.status().restart_needed).await;
    until_running(&handle).await;
    let answer = lab.client().await.action("CoreSettings", &[]).await.unwrap();
    assert_eq!(answer.get("SystemName"), Some("changed"));
    assert_eq!(handle.status().asterisk_crashes, 0);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_binary_is_said_and_the_files_are_there() {
    let mut lab = Lab::new([1001]);
    lab.launch.binary = lab.path("no-such-asterisk");
    let handle = apply::spawn(lab.settings(), Arc::clone(&lab.database) as Arc<dyn Source>);
    until("the error", async || {
        handle.status().error.is_some_and(|error| error.contains("no-such-asterisk"))
    })
    .await;
    assert_eq!(handle.status().outcome, Outcome::Pending);
    assert!(lab.path("etc/pjsip.conf").exists());
    handle.stop().await;
}
