//! Reads from Asterisk what runs, and waits, with a bound, until it is what was promised.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::ami::{AmiError, Client, Message};
use super::canary::Probe;
use super::expect::{Expected, Mismatch, Running, mismatches};
use super::plan::Class;
use super::shown;
use crate::render::CANARY;

/// Reads until every promise holds or `bound` has passed; gives what does not hold then.
pub async fn verify(
    client: &mut Client,
    expected: &Expected,
    bound: Duration,
) -> Result<Vec<Mismatch>, AmiError> {
    let end = Instant::now() + bound;
    let mut pause = Duration::from_millis(5);
    loop {
        let found = mismatches(expected, &running(client, expected).await?);
        if found.is_empty() || Instant::now() + pause > end {
            return Ok(found);
        }
        sleep(pause).await;
        pause *= 2;
    }
}

/// Reads the lists that `expected` speaks of.
async fn running(client: &mut Client, expected: &Expected) -> Result<Running, AmiError> {
    let mut running = Running::default();
    let classes = expected.classes();
    let probes: BTreeSet<Probe> = expected.canaries.iter().map(|canary| canary.probe).collect();
    if classes.contains(&Class::Endpoint) || probes.contains(&Probe::Endpoint) {
        names(client, &mut running, "PJSIPShowEndpoints", Class::Endpoint, object_name).await?;
    }
    if classes.contains(&Class::Auth) || probes.contains(&Probe::Auth) {
        pjsip(client, &mut running, "PJSIPShowAuths", (Class::Auth, Probe::Auth), &["Realm"]).await?;
    }
    if classes.contains(&Class::Aor) || probes.contains(&Probe::Aor) {
        let fields = ["VoicemailExtension", "Mailboxes"];
        pjsip(client, &mut running, "PJSIPShowAors", (Class::Aor, Probe::Aor), &fields).await?;
    }
    if classes.contains(&Class::Registration) {
        let action = "PJSIPShowRegistrationsOutbound";
        // An Asterisk of somebody else's may lack the module: then there are none.
        absent_is_empty(names(client, &mut running, action, Class::Registration, object_name).await)?;
    }
    if classes.contains(&Class::Exten) {
        names(client, &mut running, "ShowDialPlan", Class::Exten, extension).await?;
    }
    if classes.contains(&Class::Mailbox) || probes.contains(&Probe::Mailbox) {
        mailboxes(client, &mut running).await?;
    }
    if classes.contains(&Class::Queue) {
        let listed = names(client, &mut running, "QueueSummary", Class::Queue, queue_name).await;
        absent_is_empty(listed)?;
    }
    if classes.contains(&Class::Music) {
        shown::music(client, &mut running).await?;
    }
    if classes.contains(&Class::Identify) {
        shown::identifies(client, &mut running).await?;
    }
    if classes.contains(&Class::ParkingLot) || probes.contains(&Probe::Parking) {
        absent_is_empty(parking_lots(client, &mut running).await)?;
    }
    single_reads(client, expected, &mut running).await?;
    Ok(running)
}

async fn names(
    client: &mut Client,
    running: &mut Running,
    action: &str,
    class: Class,
    name: fn(&Message) -> Option<String>,
) -> Result<(), AmiError> {
    let names = running.names.entry(class).or_default();
    client.list(action, &[], |message| names.extend(name(message))).await
}

fn object_name(message: &Message) -> Option<String> {
    message.get("ObjectName").map(str::to_owned)
}

fn queue_name(message: &Message) -> Option<String> {
    message.get("Queue").map(str::to_owned)
}

/// `number@context` of a dialplan line; an include has no extension.
fn extension(message: &Message) -> Option<String> {
    Some(format!("{}@{}", message.get("Extension")?, message.get("Context")?))
}

async fn pjsip(
    client: &mut Client,
    running: &mut Running,
    action: &str,
    (class, probe): (Class, Probe),
    fields: &[&str],
) -> Result<(), AmiError> {
    let Running { names, canaries } = running;
    let names = names.entry(class).or_default();
    let each = |message: &Message| {
        let Some(name) = object_name(message) else { return };
        let values = fields.iter().filter_map(|field| message.get(field)).filter(|value| !value.is_empty());
        let values: Vec<_> = values.map(str::to_owned).collect();
        if !values.is_empty() {
            canaries.insert((probe, name.clone()), values);
        }
        names.insert(name);
    };
    client.list(action, &[], each).await
}

async fn mailboxes(client: &mut Client, running: &mut Running) -> Result<(), AmiError> {
    let Running { names, canaries } = running;
    let names = names.entry(Class::Mailbox).or_default();
    let each = |message: &Message| {
        let (Some(number), Some(context)) = (message.get("VoiceMailbox"), message.get("VMContext")) else {
            return;
        };
        let name = format!("{number}@{context}");
        if let Some(full_name) = message.get("Fullname") {
            canaries.insert((Probe::Mailbox, name.clone()), vec![full_name.to_owned()]);
        }
        names.insert(name);
    };
    client.list("VoicemailUsersList", &[], each).await
}

/// Lots as objects are named after them: `parking-5 701-710 45`.
async fn parking_lots(client: &mut Client, running: &mut Running) -> Result<(), AmiError> {
    let Running { names, canaries } = running;
    let names = names.entry(Class::ParkingLot).or_default();
    let each = |message: &Message| {
        let field = |name| message.get(name).unwrap_or_default();
        let (name, timeout) = (field("Name"), field("Timeout"));
        names.insert(format!("{name} {}-{} {timeout}", field("StartSpace"), field("StopSpace")));
        canaries.insert((Probe::Parking, name.to_owned()), vec![timeout.to_owned()]);
    };
    client.list("Parkinglots", &[], each).await
}

/// Canaries that are no member of a list which shows their value.
async fn single_reads(
    client: &mut Client,
    expected: &Expected,
    running: &mut Running,
) -> Result<(), AmiError> {
    for canary in &expected.canaries {
        let mut values = Vec::new();
        match canary.probe {
            Probe::Endpoint => {
                let each = |message: &Message| values.extend(message.get("Accountcode").map(str::to_owned));
                absent_is_empty(client.list("PJSIPShowEndpoint", &[("Endpoint", &canary.name)], each).await)?;
            }
            Probe::Global => {
                let answer = client.action("Getvar", &[("Variable", &canary.name)]).await?;
                values.extend(answer.get("Value").map(str::to_owned));
            }
            Probe::CallData => {
                // The next call finds the file read already.
                let variable = format!("AST_CONFIG({},{CANARY},digest)", canary.name);
                match client.action("Getvar", &[("Variable", &variable)]).await {
                    Ok(answer) => values.extend(answer.get("Value").map(str::to_owned)),
                    Err(AmiError::Refused { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            Probe::Queue => {
                let each = |message: &Message| values.extend(message.get("Name").map(str::to_owned));
                absent_is_empty(client.list("QueueStatus", &[("Queue", &canary.name)], each).await)?;
            }
            Probe::Music => values.extend(shown::music_entry(client, &canary.name).await?),
            Probe::Features => values.extend(shown::feature_keys(client).await?),
            Probe::Bridge => values.extend(shown::bridge_context(client, &canary.name).await?),
            Probe::Auth | Probe::Aor | Probe::Mailbox | Probe::Parking => continue,
        }
        running.canaries.insert((canary.probe, canary.name.clone()), values);
    }
    Ok(())
}

/// What is not there has nothing in it: an endpoint, or app_queue, which does not load before it has a file.
fn absent_is_empty(answer: Result<(), AmiError>) -> Result<(), AmiError> {
    match answer {
        Err(AmiError::Refused { .. }) => Ok(()),
        other => other,
    }
}
