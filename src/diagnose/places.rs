//! Where calls go on, in words.

use crate::model::{Destination, Model};

/// What happens with a call after an event, as the end of a sentence.
pub fn after(model: &Model, owner: &str, id: i64, event: &str) -> String {
    match fallback(model, owner, id, event) {
        Some(to) => format!("the call goes to {}", words(model, to)),
        None => "the call ends with a prompt".to_owned(),
    }
}

/// The destination of an event, unless it leads nowhere.
pub fn fallback<'a>(model: &'a Model, owner: &str, id: i64, event: &str) -> Option<&'a Destination> {
    let mine = |to: &&Destination| to.owner == owner && to.owner_id == id && to.event == event;
    model.destinations.iter().find(mine).filter(|to| to.kind != "none")
}

/// Is a destination of this type followed, and not only named?
pub fn is_followed(kind: &str) -> bool {
    matches!(kind, "conference" | "group" | "ivr" | "queue" | "switchboard")
}

/// A destination by its name.
pub fn words(model: &Model, to: &Destination) -> String {
    let target = to.target.as_deref().unwrap_or_default();
    let id = target.parse::<i64>().ok();
    let of = |name: &str| to.argument(name).unwrap_or_default().to_owned();
    match to.kind.as_str() {
        "none" => "nowhere".to_owned(),
        "user" => {
            let user = model.users.iter().find(|user| Some(user.id) == id);
            user.map_or_else(|| format!("user {target}"), |user| format!("{} (user {target})", user.name))
        }
        "group" => {
            let group = model.groups.iter().find(|group| Some(group.id) == id);
            group.map_or_else(|| format!("group {target}"), |group| format!("the group {}", group.label))
        }
        "queue" => {
            let queue = model.queues.iter().find(|queue| Some(queue.id) == id);
            let label = queue.map(|queue| queue.label.as_deref().unwrap_or(&queue.name));
            label.map_or_else(|| format!("queue {target}"), |label| format!("the queue {label}"))
        }
        "switchboard" => {
            let board = model.switchboards.iter().find(|board| board.uuid == target);
            board
                .map_or_else(|| "a switchboard".to_owned(), |board| format!("the switchboard {}", board.name))
        }
        "voicemail" => match &to.mailbox {
            Some(mailbox) => format!("the mailbox {mailbox}"),
            None => format!("the mailbox {target}, which is disabled"),
        },
        "extension" => format!("the number {} in {}", of("exten"), of("context")),
        "outcall" => format!("the number {} outside (outcall {target})", of("exten")),
        "sound" => format!("the sound {}", of("filename")),
        "hangup" => format!("its end ({})", of("cause")),
        "custom" => format!("the command {}", of("command")),
        "application" => format!("the application {}", of("application")),
        other => format!("{other} {target}"),
    }
}
