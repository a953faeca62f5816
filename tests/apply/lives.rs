//! Processes that come and go: Asterisk killed, restarted by hand, left behind by a killed cordboard.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use cordboard::apply::{self, AsteriskState, Outcome, Source, Status};
use rustix::process::Signal;

use crate::lab::{BOUND, Lab, kill, signal, until, until_running};

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

#[tokio::test(flavor = "multi_thread")]
async fn an_asterisk_that_ends_at_its_start_is_quoted() {
    let mut lab = Lab::new([1001]);
    lab.launch.binary = lab.path("asterisk-that-ends");
    let script = "#!/bin/sh\necho first\necho 'Asterisk already running' >&2\nexit 3\n";
    std::fs::write(&lab.launch.binary, script).unwrap();
    std::fs::set_permissions(&lab.launch.binary, PermissionsExt::from_mode(0o755)).unwrap();
    let handle = apply::spawn(lab.settings(), Arc::clone(&lab.database) as Arc<dyn Source>);
    let said = "Asterisk ended: exit status: 3; it said: Asterisk already running";
    until("the quote", async || handle.status().error.is_some_and(|error| error.contains(said))).await;
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_waits_until_the_last_call_has_ended() {
    let lab = Lab::new([1001]);
    lab.database
        .office()
        .extra
        .push(("extensions.conf", "exten => 9,1,Answer()\nsame => n,Wait(600)\n".into()));
    let handle = lab.start().await;
    let pid = lab.pid();
    lab.command("channel originate Local/9@default application Wait 600");
    until("a call", async || lab.command("core show calls").starts_with("1 active call")).await;
    let other = "[options]\nsystemname = changed\n";
    let status = lab.change(&handle, |office| office.asterisk_conf_extra = other.into()).await;
    assert_eq!(status.applied_revision, 2);
    until("said", async || handle.status().restart_needed).await;
    let status = lab.change(&handle, |office| office.phones.push(("1002".into(), "p1002".into()))).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Applied, 3));
    assert_eq!(lab.pid(), pid);
    lab.command("channel request hangup all");
    until("done", async || {
        !handle.status().restart_needed && handle.status().asterisk == AsteriskState::Running
    })
    .await;
    assert_ne!(lab.pid(), pid);
    assert_eq!(lab.endpoints().await.len(), 3);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn start_up_files_that_asterisk_cannot_start_with_are_taken_back() {
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    // The last line of a section wins: no module is found there.
    let revision = 2;
    lab.database.office().asterisk_conf_extra = "astmoddir => /nonexistent".into();
    lab.database.office().revision = revision;
    handle.wake();
    until("taken back", async || handle.status().outcome == Outcome::Restored).await;
    let status = handle.status();
    assert!(status.error.is_some(), "{status:?}");
    assert_eq!(status.settled_revision, revision);
    until_running(&handle).await;
    assert_eq!(lab.endpoints().await, ["cordboard-canary", "p1001"]);
    let status = lab.change(&handle, |office| office.asterisk_conf_extra.clear()).await;
    assert_eq!((status.applied_revision, status.error), (3, None));
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_asterisk_that_hangs_is_reported_and_taken_up_again() {
    let lab = Lab::new([1001]);
    let mut settings = lab.settings();
    settings.bounds.action = std::time::Duration::from_secs(1);
    let handle = apply::spawn(settings, Arc::clone(&lab.database) as Arc<dyn Source>);
    handle.wait_for(1, BOUND).await;
    let pid = lab.pid();
    signal(pid, Signal::STOP);
    {
        let mut office = lab.database.office();
        office.phones.push(("1002".into(), "p1002".into()));
        office.revision = 2;
    }
    handle.wake();
    let hangs = |status: Status| status.error.is_some_and(|error| error.contains("no answer in 1 s"));
    until("the report", async || hangs(handle.status())).await;
    assert_eq!(handle.status().outcome, Outcome::Pending);
    signal(pid, Signal::CONT);
    let status = handle.wait_for(2, BOUND).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Applied, 2), "{status:?}");
    assert_eq!(lab.pid(), pid);
    handle.stop().await;
}

/// Not a test by itself: the cordboard that the next test kills, in a process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_to_be_killed() {
    let Ok(binary) = std::env::var("CORDBOARD_TEST_VICTIM") else { return };
    let lab = Lab::new([1001]);
    let handle = lab.start().await;
    std::fs::write(binary, format!("{}\n{}", lab.pid(), lab.folder.path().display())).unwrap();
    std::future::pending::<()>().await;
    drop(handle);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_cordboard_leaves_asterisk_running() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("note");
    let mut victim = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "lives::a_process_to_be_killed"])
        .env("CORDBOARD_TEST_VICTIM", &note)
        .spawn()
        .unwrap();
    until("the note", async || note.exists()).await;
    let text = std::fs::read_to_string(&note).unwrap();
    let (pid, left) = text.split_once('\n').unwrap();
    let pid: i32 = pid.parse().unwrap();
    victim.kill().unwrap();
    victim.wait().unwrap();
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(100));
    for _ in 0..5 {
        ticks.tick().await;
        let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap();
        assert!(line.contains("asterisk.conf"));
    }
    kill(pid);
    std::fs::remove_dir_all(left).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sip_port_that_somebody_else_has_is_said() {
    let lab = Lab::new([1001]);
    let _taken = std::net::UdpSocket::bind(("127.0.0.1", lab.sip)).unwrap();
    let handle = apply::spawn(lab.settings(), Arc::clone(&lab.database) as Arc<dyn Source>);
    let status = handle.wait_for(1, BOUND).await;
    let error = status.error.unwrap_or_default();
    assert!(error.contains("transport-udp"), "{error}\n{}", lab.log());
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_a_power_failure_has_torn_are_rendered_anew() {
    let lab = Lab::new([1001]);
    lab.start().await.stop().await;
    for torn in ["pjsip_endpoint.conf", "extensions.conf"] {
        let path = lab.path("generations/current").join(torn);
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, "").unwrap();
        let handle = lab.start().await;
        assert_eq!(handle.status().outcome, Outcome::Applied);
        assert_eq!(lab.endpoints().await.len(), 2);
        handle.stop().await;
        let now = std::fs::read_to_string(lab.path("generations/current").join(torn)).unwrap();
        assert_eq!(now, whole, "{torn}");
    }
}
