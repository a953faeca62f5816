//! What has no person behind it: queues, switchboards, parking lots, conferences, menus, pagings.

use super::live::{QueueMember, Wanted};
use super::{Draft, State, number, places, user};
use crate::model::{Destination, Extension, Model, Paging, Queue, Reached};
use crate::render::lot_name;

/// The word and the id of what a number leads to, also when it is called from outside.
pub fn resource(model: &Model, extension: &Extension) -> Option<(String, i64)> {
    match &extension.reached {
        Reached::Slot { lot } => Some(("parking".to_owned(), *lot)),
        Reached::Resource { word, id } if word == "incall" => {
            let to = places::fallback(model, "incall", *id, "answer")?;
            Some((to.kind.clone(), target(model, to)?))
        }
        Reached::Resource { word, id } => Some((word.clone(), *id)),
        Reached::Lines { .. } | Reached::Outcall { .. } => None,
    }
}

/// The id of what a destination names; a switchboard is named by its uuid.
pub fn target(model: &Model, to: &Destination) -> Option<i64> {
    let target = to.target.as_deref()?;
    if to.kind == "switchboard" {
        return model.switchboards.iter().find(|board| board.uuid == target).map(|board| board.id);
    }
    target.parse().ok()
}

/// What Asterisk knows of it, beside phones.
pub fn wanted(model: &Model, extension: &Extension) -> Wanted {
    let Some((word, id)) = resource(model, extension) else { return Wanted::default() };
    let queue = model.queues.iter().find(|queue| word == "queue" && queue.id == id);
    let lot = match word.as_str() {
        "parking" => Some(format!("parking-{id}")),
        "switchboard" => Some(lot_name(id, "queue")),
        _ => None,
    };
    let room = (word == "conference").then(|| format!("wazo-conference-{id}"));
    Wanted { queue: queue.map(|queue| queue.name.clone()), lot, room, ..Wanted::default() }
}

/// Follows a call to a resource; nothing for one that is not of this floor.
pub fn follow(draft: &mut Draft, word: &str, id: i64) -> Option<String> {
    match word {
        "queue" => queue(draft, id),
        "switchboard" => switchboard(draft, id),
        "parking" => parking(draft, id),
        "conference" => conference(draft, id),
        "ivr" => menu(draft, id),
        _ => None,
    }
}

fn queue(draft: &mut Draft, id: i64) -> Option<String> {
    let model = draft.model;
    let queue = model.queues.iter().find(|queue| queue.id == id)?;
    let label = queue.label.as_deref().unwrap_or(&queue.name);
    draft.find("number", State::Ok, format!("It is the queue {label} ({id})."));
    if !queue.enabled {
        draft.find("enabled", State::Stops, "The queue is disabled.");
        return Some("A prompt says that nobody is reached.".to_owned());
    }
    if let Some(shut) = number::shut(draft, queue.schedule) {
        return Some(shut);
    }
    waiting(draft, queue);
    let ringing = match draft.live.members.clone() {
        Some(members) => members.iter().filter(|member| live_member(draft, member)).count(),
        None => configured_members(draft, queue),
    };
    let after = places::after(model, "queue", id, "noanswer");
    let option = |name: &str| queue.options.iter().find(|(key, _)| key == name).map(|(_, value)| &**value);
    if ringing == 0 && option("joinempty").is_some_and(|value| value != "yes") {
        let after = places::after(model, "queue", id, "fail");
        return Some(format!("Nobody can take the call: when the queue counts that as empty, {after}."));
    }
    let whom = if ringing == 0 { "Nobody can ring now" } else { "The call waits for a member who is free" };
    let time = match queue.timeout {
        Some(seconds) if seconds > 0 => format!("after {seconds} seconds {after}"),
        _ => "the caller waits for as long as they like".to_owned(),
    };
    Some(format!("{whom} ({}): {time}.", option("strategy").unwrap_or("ringall")))
}

/// Who waits already, and whom that turns away.
fn waiting(draft: &mut Draft, queue: &Queue) {
    if let Some(waiting) = draft.live.inside {
        let full = queue.options.iter().find(|(key, _)| key == "maxlen");
        let most = full.and_then(|(_, value)| value.parse::<usize>().ok()).filter(|most| *most > 0);
        match most.filter(|most| waiting >= *most) {
            Some(most) => {
                let after = places::after(draft.model, "queue", queue.id, "congestion");
                draft.find("waiting", State::Stops, format!("It is full ({most} callers): {after}."));
            }
            None => draft.find("waiting", State::Ok, format!("{waiting} callers wait.")),
        }
    }
    for (limit, event, what) in [
        (queue.wait_time.map(|seconds| format!("{seconds} seconds of waiting")), "wait_time", "on average"),
        (queue.wait_ratio.clone().map(|ratio| format!("{ratio} callers")), "wait_ratio", "a member"),
    ] {
        if let Some(limit) = limit {
            let after = places::after(draft.model, "queue", queue.id, event);
            draft.find(
                "threshold",
                State::Note,
                format!("Above {limit} {what}, while somebody waits, {after}."),
            );
        }
    }
}

/// One finding a member whom app_queue has; whether they may ring.
fn live_member(draft: &mut Draft, member: &QueueMember) -> bool {
    let who = &member.name;
    let model = draft.model;
    let id = member.interface.strip_prefix("Local/").and_then(|rest| rest.split('@').next());
    let user =
        id.and_then(|id| id.parse().ok()).and_then(|id: i64| model.users.iter().find(|one| one.id == id));
    if member.paused {
        let why = if member.reason.is_empty() { String::new() } else { format!(" ({})", member.reason) };
        draft.find("members", State::Stops, format!("{who} pauses{why}."));
        return false;
    }
    // A user's phones are asked when they are called: app_queue knows nothing of them.
    if let Some(user) = user {
        let (state, says) = user::as_member(user, &draft.live.contacts);
        draft.find("members", state, says);
        return state != State::Stops;
    }
    let (state, says) = match member.state {
        1 => (State::Ok, "is free"),
        2 | 3 | 7 => (State::Note, "is on the phone"),
        6 => (State::Note, "rings"),
        8 => (State::Note, "has a call on hold"),
        _ => (State::Stops, "has no reachable phone"),
    };
    draft.find("members", state, format!("{who} is logged in and {says}."));
    state != State::Stops
}

/// Without an Asterisk: who could be a member.
fn configured_members(draft: &mut Draft, queue: &Queue) -> usize {
    let model = draft.model;
    let mut ringing = 0;
    for member in &queue.users {
        let Some(user) = model.users.iter().find(|user| user.id == member.user) else { continue };
        let (state, says) = user::as_member(user, &None);
        ringing += usize::from(state != State::Stops);
        draft.find("members", state, says);
    }
    let answers = |name: &String| *name == queue.name;
    for agent in &model.agents {
        if agent.queues.iter().any(|(name, _)| answers(name)) {
            ringing += 1;
            draft.find("members", State::Unknown, format!("Agent {} answers when logged in.", agent.number));
        }
    }
    if queue.users.is_empty() && ringing == 0 {
        draft.find("members", State::Stops, "The queue has no members.");
    }
    ringing
}

fn switchboard(draft: &mut Draft, id: i64) -> Option<String> {
    let model = draft.model;
    let board = model.switchboards.iter().find(|board| board.id == id)?;
    draft.find("number", State::Ok, format!("It is the switchboard {}.", board.name));
    match draft.live.inside {
        Some(waiting) => draft.find("waiting", State::Ok, format!("{waiting} callers wait.")),
        None => draft.find("waiting", State::Unknown, "Asterisk can't be asked who waits."),
    }
    if board.members.is_empty() {
        draft.find("members", State::Stops, "It has no operators: nobody can take its calls by phone.");
    }
    for user in model.users.iter().filter(|user| board.members.contains(&user.id)) {
        draft.find(
            "members",
            State::Ok,
            format!("{} may take its calls; their phone does not ring.", user.name),
        );
    }
    let fallback = places::fallback(model, "switchboard", id, "noanswer");
    Some(match board.timeout.zip(fallback) {
        Some((seconds, to)) => {
            let to = places::words(model, to);
            format!(
                "The call waits with music until an operator takes it; after {seconds} seconds it goes to {to}."
            )
        }
        None => "The call waits with music until an operator takes it, for as long as it takes.".to_owned(),
    })
}

fn parking(draft: &mut Draft, id: i64) -> Option<String> {
    let lot = draft.model.parking_lots.iter().find(|lot| lot.id == id)?;
    let (first, last) = (&lot.slots.0, &lot.slots.1);
    draft.find(
        "number",
        State::Ok,
        format!("It belongs to the parking lot {id} with the slots {first} to {last}."),
    );
    match draft.live.inside {
        Some(parked) => draft.find("parked", State::Ok, format!("{parked} calls are parked there.")),
        None => draft.find("parked", State::Unknown, "Asterisk can't be asked who is parked."),
    }
    if draft.report.kind == "slot" {
        return Some("Whoever is parked there is taken up; nobody rings.".to_owned());
    }
    Some("A call that is transferred here is parked, and its slot is said; nobody rings.".to_owned())
}

fn conference(draft: &mut Draft, id: i64) -> Option<String> {
    let room = draft.model.conferences.iter().find(|room| room.id == id)?;
    draft.find("number", State::Ok, format!("It is the conference {id}."));
    let asks = room.pin.is_some() || room.admin_pin.is_some();
    if asks {
        draft.find("pin", State::Note, "Callers are asked for a PIN.");
    }
    let full = match draft.live.inside {
        None => {
            draft.find("inside", State::Unknown, "Asterisk can't be asked who is in.");
            false
        }
        Some(inside) => {
            let full =
                room.max_users > 0 && i64::try_from(inside).is_ok_and(|inside| inside >= room.max_users);
            let state = if full { State::Stops } else { State::Ok };
            draft.find(
                "inside",
                state,
                format!("{inside} people are in (at most {}, 0 is no limit).", room.max_users),
            );
            full
        }
    };
    let way = if asks { "After the PIN the caller" } else { "The caller" };
    Some(match full {
        true => format!("{way} is told that the conference is full, unless they are an administrator."),
        false => format!("{way} enters the conference; nobody rings."),
    })
}

fn menu(draft: &mut Draft, id: i64) -> Option<String> {
    let model = draft.model;
    let menu = model.ivrs.iter().find(|menu| menu.id == id)?;
    draft.find("number", State::Ok, format!("It is the menu {id}: {} is heard.", menu.menu));
    for (at, choice) in menu.choices.iter().enumerate() {
        let to = places::fallback(model, "ivr", id, &format!("choice-{at}"));
        let to = to.map_or_else(|| "nowhere".to_owned(), |to| places::words(model, to));
        draft.find("choice", State::Ok, format!("{choice} leads to {to}."));
    }
    if menu.choices.is_empty() {
        draft.find("choice", State::Stops, "There is nothing to choose.");
    }
    let after = places::after(model, "ivr", id, "abort");
    Some(format!("The caller chooses; after {} times without a choice {after}.", menu.max_tries))
}

/// The paging that a code dials, in the tenant of the context where it is dialled.
pub fn paging<'a>(model: &'a Model, context: &str, number: &str) -> Option<&'a Paging> {
    let tenant = model.contexts.iter().find(|one| one.name == context).map(|one| &one.tenant_uuid)?;
    model.pagings.iter().find(|paging| paging.number == number && paging.tenant_uuid == *tenant)
}

/// Follows a call to a paging.
pub fn page(draft: &mut Draft, number: &str) -> String {
    let model = draft.model;
    let Some(paging) = paging(model, &draft.question.context, number) else {
        draft.find("paging", State::Stops, format!("There is no paging {number}, or it is disabled."));
        return "A prompt refuses the call.".to_owned();
    };
    let named = |ids: &[i64]| {
        let users = model.users.iter().filter(|user| ids.contains(&user.id));
        users.map(|user| user.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (members, callers) = (named(&paging.members), named(&paging.callers));
    let found = |names: &str| if names.is_empty() { State::Stops } else { State::Ok };
    draft.find("members", found(&members), format!("It speaks to: {members}."));
    draft.find("callers", found(&callers), format!("Who may speak: {callers}."));
    let ways = if paging.duplex { "both ways" } else { "one way" };
    format!("The members' phones that are idle are called and asked to answer by themselves, {ways}.")
}
