//! Registrations of removed phones.

use cordboard::apply::Outcome;
use cordboard::apply::ami::Message;

use crate::lab::Lab;

#[tokio::test(flavor = "multi_thread")]
async fn the_registration_of_a_removed_phone_is_removed_and_no_other() {
    let lab = Lab::new([1001, 1002]);
    let handle = lab.start().await;
    let mut client = lab.client().await;
    for key in ["p1001;@0123", "p1001;@4567", "p1002;@89ab"] {
        client
            .action("DBPut", &[("Family", "registrar/contact"), ("Key", key), ("Val", "{}")])
            .await
            .unwrap();
    }
    let status = lab.change(&handle, |office| office.phones.retain(|(_, name)| name != "p1001")).await;
    assert_eq!(status.outcome, Outcome::Applied, "{status:?}");
    let mut keys = Vec::new();
    let each = |message: &Message| keys.extend(message.get("Key").map(str::to_owned));
    client.list("DBGetTree", &[("Family", "registrar")], each).await.unwrap();
    assert_eq!(keys, ["/registrar/contact/p1002;@89ab"]);
    handle.stop().await;
}
