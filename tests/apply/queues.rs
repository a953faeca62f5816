//! The queues of groups in a real Asterisk: reloaded, verified, and brought back.

use std::sync::Arc;

use cordboard::apply::{Handle, Outcome, Status};
use cordboard::domain::queue_options::running_name;
use cordboard::model::{Group, Member, Model, Queue, QueueUser};

use crate::lab::{BOUND, Lab};
use crate::rendered::{Office, start};

const QUEUE: &str = "grp-master-one";

async fn apply(handle: &Handle, revision: i64) -> Status {
    handle.wake();
    handle.wait_for(revision, BOUND).await
}

/// One group of these users.
fn one_group(strategy: &str, users: &[i64]) -> impl FnOnce(&mut Model) {
    let group = Group {
        id: 1,
        name: QUEUE.to_owned(),
        enabled: true,
        strategy: strategy.to_owned(),
        members: users.iter().map(|id| Member::User(*id)).collect(),
        ..Group::default()
    };
    move |model| model.groups = vec![group]
}

fn members(lab: &Lab) -> Vec<String> {
    let shown = lab.command(&format!("queue show {QUEUE}"));
    let legs = shown.lines().filter_map(|line| line.trim().split_once("@cordboard-member"));
    legs.map(|(leg, _)| leg.to_owned()).collect()
}

async fn office() -> (Lab, Arc<Office>, Handle) {
    let lab = Lab::new([]);
    let office = Office::new(&lab);
    office.add(1);
    let revision = office.add(2);
    let handle = start(&lab, &office);
    let status = handle.wait_for(revision, BOUND).await;
    assert_eq!((status.applied_revision, status.error), (revision, None), "{}", lab.log());
    (lab, office, handle)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_comes_changes_and_goes() {
    let (lab, office, handle) = office().await;
    for (strategy, users, expected) in [
        ("all", &[1, 2][..], &["Local/1", "Local/2"][..]),
        ("random", &[2], &["Local/2"]),
        ("linear", &[1, 2], &[]),
        ("all", &[1], &["Local/1"]),
    ] {
        let status = apply(&handle, office.change(one_group(strategy, users))).await;
        assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
        assert_eq!(members(&lab), expected, "{strategy}");
        assert_eq!(lab.endpoints().await.len(), 3);
    }
    let status = apply(&handle, office.change(|model| model.groups.clear())).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None));
    assert!(lab.command(&format!("queue show {QUEUE}")).contains("No such queue"));
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queues_that_asterisk_does_not_read_are_brought_back() {
    let (lab, office, handle) = office().await;
    let good = office.change(one_group("all", &[1, 2]));
    assert_eq!(apply(&handle, good).await.outcome, Outcome::Applied);
    *office.below.lock().unwrap() = ("queues.conf", "[broken\n");
    let status = apply(&handle, office.change(one_group("all", &[1]))).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Restored, good), "{status:?}");
    let error = status.error.unwrap();
    assert!(
        error.contains("the file of the queues was not accepted") || error.contains("queues.conf"),
        "{error}"
    );
    assert_eq!(members(&lab), ["Local/1", "Local/2"]);
    *office.below.lock().unwrap() = Default::default();
    let status = apply(&handle, office.change(one_group("all", &[2]))).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None));
    assert_eq!(members(&lab), ["Local/2"]);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queues_with_long_names_stand_beside_each_other() {
    let (lab, office, handle) = office().await;
    let names = ["linear", "rrordered", "ringall"]
        .map(|strategy| running_name(&"a".repeat(128), &[("strategy".to_owned(), strategy.to_owned())]));
    let queue = |name: &String| Queue { name: name.clone(), enabled: true, ..Queue::default() };
    let revision = office.change(|model| model.queues = names.iter().skip(1).map(queue).collect());
    let status = apply(&handle, revision).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    for name in &names {
        assert!(lab.command(&format!("queue show {name}")).contains("strategy"), "{name}");
    }
    let too_long = office.change(|model| model.queues.push(queue(&"b".repeat(80))));
    let status = apply(&handle, too_long).await;
    assert_eq!((status.applied_revision, status.left_out.len()), (too_long, 1), "{status:?}");
    handle.stop().await;
}

/// One queue of the administrator with two users.
fn one_queue(strategy: &str) -> impl FnOnce(&mut Model) {
    let options = vec![("strategy".to_owned(), strategy.to_owned())];
    let queue = Queue {
        id: 1,
        name: running_name("sales", &options),
        enabled: true,
        options,
        users: [2, 1].map(|user| QueueUser { user, penalty: 0 }).to_vec(),
        ..Queue::default()
    };
    move |model| model.queues = vec![queue]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_becomes_linear_is_made_anew_and_keeps_the_order_of_its_members() {
    const ORDERED: &str = "cordboard-ordered-sales";
    let (lab, office, handle) = office().await;
    for (strategy, now, gone) in
        [("ringall", "sales", ORDERED), ("linear", ORDERED, "sales"), ("ringall", "sales", ORDERED)]
    {
        let status = apply(&handle, office.change(one_queue(strategy))).await;
        assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
        let shown = lab.command(&format!("queue show {now}"));
        assert!(shown.contains(&format!("in '{strategy}' strategy")), "{shown}");
        let places = ["Local/2@", "Local/1@"].map(|member| shown.find(member));
        assert!(
            places.iter().all(Option::is_some) && (strategy != "linear" || places.is_sorted()),
            "{shown}"
        );
        assert!(lab.command(&format!("queue show {gone}")).contains("No such queue"), "{strategy}");
    }
    let broken = office.change(one_queue("linear"));
    *office.below.lock().unwrap() = ("queues.conf", "[broken\n");
    let status = apply(&handle, broken).await;
    assert_eq!(status.outcome, Outcome::Restored, "{status:?}");
    assert!(lab.command("queue show sales").contains("in 'ringall' strategy"));
    assert!(lab.command(&format!("queue show {ORDERED}")).contains("No such queue"));
    handle.stop().await;
}
