//! What a number is.

use super::caller::Caller;
use super::{Draft, State, floor, hours, outcall, places, user};
use crate::domain::number_pattern;
use crate::model::{ContextKind, Extension, Group, Member, Model, Reached};
use crate::render::Index;
use regex_lite::Regex;

/// What a number reaches.
#[derive(Debug)]
pub enum Found<'a> {
    /// The number's line, in the context where it was found.
    Number {
        extension: &'a Extension,
        line: &'a str,
    },
    Feature {
        name: &'a str,
        exten: &'a str,
    },
    Nobody,
}

impl Found<'_> {
    /// The word for what was found.
    pub fn kind(&self) -> &str {
        match self {
            Found::Nobody => "nobody",
            Found::Feature { .. } => "feature",
            Found::Number { extension, .. } => match &extension.reached {
                Reached::Lines { user: Some(_), .. } => "user",
                Reached::Lines { user: None, .. } => "line",
                Reached::Outcall { .. } => "outcall",
                Reached::Slot { .. } => "slot",
                Reached::Resource { word, .. } => word,
            },
        }
    }
}

/// Looks as the dialplan does: in the context and those that it includes, in each the number itself before patterns;
/// codes come last.
pub fn find<'a>(model: &'a Model, exten: &str, context: &str) -> Found<'a> {
    let index = Index::new(model);
    let Some(context) = index.context(context) else { return Found::Nobody };
    for place in index.search(context) {
        let mut best: Option<&'a Extension> = None;
        for extension in model.extensions.iter().filter(|extension| extension.context == place.name) {
            if fits(&extension.exten, exten) && best.is_none_or(|best| tighter(&extension.exten, &best.exten))
            {
                best = Some(extension);
            }
        }
        if let Some(extension) = best {
            return Found::Number { extension, line: &extension.context };
        }
    }
    let feature = model.features.iter().find(|feature| fits(&feature.exten, exten));
    match feature.filter(|_| context.kind == ContextKind::Internal) {
        Some(feature) => Found::Feature { name: &feature.name, exten: &feature.exten },
        None => Found::Nobody,
    }
}

/// Does a line with this number or pattern take what was dialled?
fn fits(line: &str, dialled: &str) -> bool {
    if !line.starts_with('_') {
        return line == dialled;
    }
    let regex = number_pattern::regex(line).and_then(|regex| Regex::new(&regex).ok());
    regex.is_some_and(|regex| regex.is_match(dialled))
}

/// A number goes before a pattern, a pattern of fixed length before an open one, a longer one before a shorter.
fn tighter(one: &str, other: &str) -> bool {
    let rank = |exten: &str| (exten.starts_with('_'), exten.ends_with(['.', '!']), usize::MAX - exten.len());
    rank(one) < rank(other)
}

/// The SIP endpoints that a call to the number may ring.
pub fn endpoints(model: &Model, extension: &Extension) -> Vec<String> {
    match &extension.reached {
        Reached::Lines { endpoints, .. } => endpoints.clone(),
        Reached::Resource { .. } => {
            let ids = floor::resource(model, extension).map(|(word, id)| people(model, &word, id));
            let ids = ids.unwrap_or_default();
            let users = ids.iter().filter_map(|id| model.users.iter().find(|user| user.id == *id));
            users.flat_map(|user| user.endpoints.clone()).collect()
        }
        Reached::Outcall { .. } | Reached::Slot { .. } => Vec::new(),
    }
}

/// The ids of the users whose phones a resource may ring.
fn people(model: &Model, word: &str, id: i64) -> Vec<i64> {
    match word {
        "user" => vec![id],
        "group" => {
            let group = model.groups.iter().find(|group| group.id == id);
            let members = group.into_iter().flat_map(|group| &group.members);
            let user = |member: &Member| match member {
                Member::User(id) => Some(*id),
                Member::Number { .. } => None,
            };
            members.filter_map(user).collect()
        }
        "queue" => {
            let queue = model.queues.iter().find(|queue| queue.id == id);
            queue.into_iter().flat_map(|queue| &queue.users).map(|member| member.user).collect()
        }
        _ => Vec::new(),
    }
}

/// Follows a call to what the number reaches.
pub fn reached(draft: &mut Draft, extension: &Extension, caller: Caller<'_>) -> String {
    match &extension.reached {
        Reached::Lines { user, endpoints, interfaces } => {
            user::follow_lines(draft, *user, (endpoints, interfaces), caller)
        }
        Reached::Outcall { id, treatment } => {
            outcall::follow(draft, *id, treatment, &extension.exten, caller)
        }
        Reached::Slot { lot } => resource(draft, "parking", *lot),
        Reached::Resource { word, id } if word == "incall" => incall(draft, *id),
        Reached::Resource { word, id } => resource(draft, word, *id),
    }
}

/// Follows a call to a resource by its word.
fn resource(draft: &mut Draft, word: &str, id: i64) -> String {
    if word == "group" {
        return group(draft, id);
    }
    floor::follow(draft, word, id).unwrap_or_else(|| {
        draft.find("number", State::Ok, format!("It is the number of {word} {id}."));
        format!("The call goes to {word} {id}.")
    })
}

fn group(draft: &mut Draft, id: i64) -> String {
    let model = draft.model;
    let Some(group) = model.groups.iter().find(|group| group.id == id) else {
        return "The group is not there: the call ends.".to_owned();
    };
    draft.find("number", State::Ok, format!("It is the number of the group {} ({id}).", group.label));
    if !group.enabled {
        draft.find("enabled", State::Stops, "The group is disabled.");
        return "A prompt says that nobody is reached.".to_owned();
    }
    if let Some(shut) = shut(draft, group.schedule) {
        return shut;
    }
    let ringing = members(draft, group);
    let after = places::after(model, "group", id, "noanswer");
    if ringing == 0 {
        return format!("No member's phone rings: {after}.");
    }
    let time = match group.timeout {
        Some(seconds) if seconds > 0 => format!("after {seconds} seconds without an answer {after}"),
        _ => "for as long as the caller waits".to_owned(),
    };
    format!("{ringing} members ring ({}), {time}.", group.strategy)
}

/// One finding a member; gives how many may ring.
fn members(draft: &mut Draft, group: &Group) -> usize {
    let model = draft.model;
    if group.members.is_empty() {
        draft.find("members", State::Stops, "The group has no members.");
    }
    let mut ringing = 0;
    for member in &group.members {
        match member {
            Member::Number { exten, context } => {
                ringing += 1;
                draft.find("members", State::Ok, format!("The number {exten} in {context} is called."));
            }
            Member::User(id) => {
                let Some(user) = model.users.iter().find(|user| user.id == *id) else { continue };
                let (state, says) = user::as_member(user, &draft.live.contacts);
                ringing += usize::from(state != State::Stops);
                draft.find("members", state, says);
            }
        }
    }
    ringing
}

fn incall(draft: &mut Draft, id: i64) -> String {
    let model = draft.model;
    draft.find("number", State::Ok, format!("It is called from outside: incall {id}."));
    let incall = model.incalls.iter().find(|incall| incall.id == id);
    if let Some(shut) = shut(draft, incall.and_then(|incall| incall.schedule)) {
        return shut;
    }
    let Some(to) = model.destinations.iter().find(|to| to.owner == "incall" && to.owner_id == id) else {
        draft.find("destination", State::Stops, "The incall leads nowhere.");
        return "A prompt says that the number is not in service.".to_owned();
    };
    draft.find("destination", State::Ok, format!("It leads to {}.", places::words(model, to)));
    let target = floor::target(model, to);
    let user = model.users.iter().find(|user| to.kind == "user" && Some(user.id) == target);
    match (user, target) {
        (Some(user), _) => user::follow(draft, user, (&user.endpoints, &user.interfaces), Caller::Outside),
        (None, Some(id)) if places::is_followed(&to.kind) => resource(draft, &to.kind, id),
        (None, _) => format!("The call goes to {}.", places::words(model, to)),
    }
}

/// What a closed schedule does with the call; nothing while it is open or there is none.
pub fn shut(draft: &mut Draft, schedule: Option<i64>) -> Option<String> {
    let model = draft.model;
    let schedule = model.schedules.iter().find(|one| Some(one.id) == schedule)?;
    let zone = schedule.timezone.as_deref().unwrap_or("the machine's time zone");
    let Some(event) = hours::closed(schedule, draft.question.now) else {
        draft.find("schedule", State::Ok, format!("Schedule {} is open now ({zone}).", schedule.id));
        return None;
    };
    draft.find("schedule", State::Stops, format!("Schedule {} is closed now ({zone}).", schedule.id));
    Some(format!("It is closed: {}.", places::after(model, "schedule", schedule.id, &event)))
}
