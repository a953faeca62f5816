//! Requests that ask the running Asterisk, past the applier.

use std::time::Instant;

use cordboard::apply::{ApplySettings, Live, LiveError, Mode};
use rustix::process::Signal;

use crate::lab::{BOUND, Lab, kill, signal, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_asks_asterisk_and_hears_soon_when_there_is_none() {
    let lab = Lab::new([1001]);
    let live = Live::new(&lab.settings());
    assert!(matches!(live.open().await, Err(LiveError::Away(_))));
    let handle = lab.start().await;
    let mut talk = live.open().await.unwrap();
    let endpoints = talk.list("PJSIPShowEndpoints", &[]).await.unwrap();
    assert!(endpoints.iter().any(|event| event.is("ObjectName", "p1001")));
    talk.action("DBPut", &[("Family", "test"), ("Key", "a"), ("Val", "1")]).await.unwrap();
    let refused = talk.action("DBGet", &[("Family", "test"), ("Key", "b")]).await;
    assert!(matches!(refused, Err(LiveError::Refused(_))), "{refused:?}");
    let broken =
        talk.action("DBPut", &[("Family", "test"), ("Key", "a\r\nAction: Ping"), ("Val", "1")]).await;
    assert!(matches!(broken, Err(LiveError::Refused(_))), "{broken:?}");
    // After a refusal the conversation goes on.
    talk.action("Ping", &[]).await.unwrap();
    // One that hangs costs a request some seconds, no more.
    let pid = lab.pid();
    signal(pid, Signal::STOP);
    // Its threads stop one by one.
    until("it hangs", async || talk.action("Ping", &[]).await.is_err()).await;
    let asked = Instant::now();
    assert!(matches!(live.open().await, Err(LiveError::Away(_))));
    assert!(asked.elapsed() < BOUND / 2);
    signal(pid, Signal::CONT);
    kill(pid);
    until("a request reaches the next Asterisk", async || live.open().await.is_ok()).await;
    handle.stop().await;
}

#[tokio::test]
async fn without_an_asterisk_in_the_settings_a_request_is_told_so() {
    let live = Live::new(&ApplySettings::new(Mode::None, "etc".into(), "generations".into()));
    let said = live.open().await.err().unwrap().to_string();
    assert!(said.contains("asterisk.mode"), "{said}");
}
