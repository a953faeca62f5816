//! A call to a person, in the order of the dialplan (`templates/asterisk/dialplan/user.conf`).

use super::caller::{self, Caller, Needed};
use super::{Contact, Contacts, Draft, Line, Person, State, number, places};
use crate::domain::exten::dialable;
use crate::model::{Filter, Forward, User};

/// A call to a number of lines; without a user nothing but the phones decides.
pub fn follow_lines(
    draft: &mut Draft,
    user: Option<i64>,
    phones: (&[String], &[String]),
    caller: Caller<'_>,
) -> String {
    let model = draft.model;
    match model.users.iter().find(|one| Some(one.id) == user) {
        Some(user) => follow(draft, user, phones, caller),
        None => {
            draft.find(
                "user",
                State::Note,
                "The number's line has no user: it has neither forwards nor a mailbox.",
            );
            lines(draft, phones);
            if can_ring(draft) { "The phones ring.".to_owned() } else { "No phone rings.".to_owned() }
        }
    }
}

/// A call to a user over these lines: SIP endpoints, and what custom ones dial.
pub fn follow(draft: &mut Draft, user: &User, phones: (&[String], &[String]), caller: Caller<'_>) -> String {
    draft.report.user = Some(Person { id: user.id, uuid: user.uuid.clone(), name: user.name.clone() });
    draft.find("user", State::Ok, format!("It is {} (user {}).", user.name, user.id));
    lines(draft, phones);
    let stopped = switches(draft, user, caller);
    voicemail(draft, user);
    permissions(draft, user);
    stopped.unwrap_or_else(|| ringing(draft, user))
}

/// What a call filter of the user does with the call.
fn filtered(draft: &mut Draft, user: &User, caller: Caller<'_>) -> Option<String> {
    let model = draft.model;
    let of_user = |filter: &&Filter| filter.boss.as_ref().is_some_and(|boss| boss.user == user.id);
    for filter in model.filters.iter().filter(of_user) {
        let taking: Vec<&str> = filter
            .secretaries
            .iter()
            .filter(|one| one.active)
            .filter_map(|one| model.users.iter().find(|user| user.id == one.user))
            .map(|user| user.name.as_str())
            .collect();
        let spared = |caller: &User| filter.secretaries.iter().any(|one| one.user == caller.id);
        let why = match caller {
            _ if !filter.enabled => Some("is disabled"),
            _ if taking.is_empty() => Some("does nothing: no secretary has switched it on"),
            Caller::User(caller) if spared(caller) => Some("spares its own secretaries"),
            Caller::Outside if filter.source == "internal" => Some("is for calls from inside"),
            Caller::User(_) | Caller::Somebody if filter.source == "external" => {
                Some("is for calls from outside")
            }
            _ => None,
        };
        if let Some(why) = why {
            draft.find("filter", State::Note, format!("Call filter {} {why}.", filter.id));
            continue;
        }
        let names = taking.join(", ");
        let never = filter.strategy.ends_with("then-all-recipients");
        let text = format!("Call filter {} ({}) has the call: {names} take it.", filter.id, filter.strategy);
        draft.find("filter", if never { State::Stops } else { State::Note }, text);
        let after = places::after(model, "callfilter", filter.id, "noanswer");
        let boss = if never { "" } else { ", and the user's phone" };
        return Some(format!("The secretaries' phones ring ({names}){boss}; when nobody answers, {after}."));
    }
    None
}

/// What keeps the call from the phones; gives what happens instead, the first that counts.
fn switches(draft: &mut Draft, user: &User, caller: Caller<'_>) -> Option<String> {
    let mut stopped = caller::permission(draft, caller, &[], Needed::NotDenied);
    if user.enabled {
        draft.find("enabled", State::Ok, "The user is enabled.");
    } else {
        draft.find("enabled", State::Stops, "The user is disabled: calls to and from them are refused.");
        stopped.get_or_insert("The caller hears that there is no such number.".to_owned());
    }
    if let Some(filtered) = filtered(draft, user, caller) {
        stopped.get_or_insert(filtered);
    }
    if let Some(shut) = number::shut(draft, user.schedule) {
        stopped.get_or_insert(shut);
    }
    if user.switches.dnd {
        draft.find("dnd", State::Stops, "Do not disturb is on.");
        stopped.get_or_insert(format!("Nothing rings: {}.", end(user)));
    } else {
        draft.find("dnd", State::Ok, "Do not disturb is off.");
    }
    if let Some(number) = leads(&user.switches.unconditional) {
        draft.find("forward", State::Stops, format!("All calls are forwarded to {number}."));
        stopped.get_or_insert(format!("The call goes to {number}."));
    }
    for (event, forward) in [("nobody answers", &user.switches.noanswer), ("it is busy", &user.switches.busy)]
    {
        if let Some(number) = leads(forward) {
            draft.find("forward", State::Note, format!("When {event}, calls are forwarded to {number}."));
        }
    }
    if user.switches.incallfilter {
        draft.find("filter", State::Note, "Callers say their name first, and the user may refuse the call.");
    }
    stopped
}

/// The number of a forward that is on.
fn leads(forward: &Forward) -> Option<String> {
    let number = dialable(forward.number.as_deref().filter(|_| forward.enabled)?);
    (!number.is_empty()).then_some(number)
}

fn voicemail(draft: &mut Draft, user: &User) {
    match &user.mailbox {
        Some(mailbox) if user.switches.mailbox_off => {
            draft.find(
                "voicemail",
                State::Note,
                format!("The mailbox {mailbox} takes no calls (switched off)."),
            );
        }
        Some(mailbox) => draft.find("voicemail", State::Ok, format!("The mailbox is {mailbox}.")),
        None => draft.find("voicemail", State::Note, "There is no mailbox, or it is disabled."),
    }
}

fn permissions(draft: &mut Draft, user: &User) {
    let count = user.permissions.len() + user.group_permissions.len();
    if count > 0 {
        draft.find(
            "permission",
            State::Note,
            format!("{count} call permissions decide whom the user may call."),
        );
    }
}

/// The lines with their phones.
fn lines(draft: &mut Draft, (endpoints, interfaces): (&[String], &[String])) {
    if endpoints.is_empty() && interfaces.is_empty() {
        let text =
            "No line with a phone has this number: give the line an endpoint (SCCP phones don't ring).";
        draft.find("lines", State::Stops, text);
    }
    for name in endpoints {
        let contacts = draft.live.contacts.as_ref().map(|all| all.get(name).cloned().unwrap_or_default());
        let registered = contacts.as_ref().map(|contacts| contacts.iter().any(is_there));
        let (state, says) = match (&contacts, registered) {
            (None, _) => {
                (State::Unknown, format!("{name}: Asterisk can't be asked which phones are registered."))
            }
            (Some(contacts), _) if contacts.is_empty() => (
                State::Stops,
                format!("{name}: no phone is registered. Check its user name, its password and its network."),
            ),
            (Some(contacts), Some(false)) => (
                State::Stops,
                format!("{name}: {} phones are registered, none is reachable.", contacts.len()),
            ),
            (Some(contacts), _) => (State::Ok, format!("{name}: {}.", phones(contacts))),
        };
        draft.find("contacts", state, says);
        let contacts = contacts.unwrap_or_default();
        draft.report.lines.push(Line { name: name.clone(), protocol: "sip", registered, contacts });
    }
    for interface in interfaces {
        draft.find("lines", State::Ok, format!("A custom line dials {interface}."));
        let name = interface.clone();
        draft.report.lines.push(Line { name, protocol: "custom", registered: None, contacts: Vec::new() });
    }
}

fn phones(contacts: &[Contact]) -> String {
    let one = |contact: &Contact| {
        let agent = contact.user_agent.as_ref().map(|agent| format!(", {agent}")).unwrap_or_default();
        format!("{} ({}{agent})", contact.uri, contact.status)
    };
    contacts.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Asterisk rings every contact but those that it knows to be away.
fn is_there(contact: &Contact) -> bool {
    contact.status != "Unreachable" && contact.status != "Removed"
}

/// Is there a phone, as far as can be told?
fn can_ring(draft: &Draft) -> bool {
    draft.report.lines.iter().any(|line| line.registered != Some(false))
}

fn ringing(draft: &Draft, user: &User) -> String {
    let model = draft.model;
    if !can_ring(draft) {
        let after = places::fallback(model, "user", user.id, "fail").map(|to| places::words(model, to));
        let after = after.map_or_else(|| end(user), |to| format!("the call goes to {to}"));
        return format!("No phone rings: {after}.");
    }
    let then = leads(&user.switches.noanswer).map(|number| format!("the call goes to {number}"));
    let then = then.or_else(|| {
        let to = places::fallback(model, "user", user.id, "noanswer")?;
        Some(format!("the call goes to {}", places::words(model, to)))
    });
    let then = then.unwrap_or_else(|| end(user));
    let sure = if draft.live.contacts.is_some() { "rings" } else { "rings, if it is registered" };
    match user.ring_seconds {
        0 => format!("The phone {sure}, for as long as the caller waits."),
        seconds => format!("The phone {sure}; when nobody answers within {seconds} seconds, {then}."),
    }
}

/// How a call ends that nothing else takes.
fn end(user: &User) -> String {
    match &user.mailbox {
        Some(mailbox) if !user.switches.mailbox_off => format!("the call goes to the mailbox {mailbox}"),
        _ => "a prompt says that the person can't be reached".to_owned(),
    }
}

/// Whether a group rings a user: members have neither forwards nor a mailbox there.
pub fn as_member(user: &User, contacts: &Contacts) -> (State, String) {
    let name = &user.name;
    if !user.enabled {
        return (State::Stops, format!("{name} is disabled."));
    }
    if user.switches.dnd {
        return (State::Stops, format!("{name} is not disturbed."));
    }
    let there = |endpoint: &String| {
        let all = contacts.as_ref()?;
        Some(all.get(endpoint).is_some_and(|contacts| contacts.iter().any(is_there)))
    };
    let known: Vec<Option<bool>> = user.endpoints.iter().map(there).collect();
    if !user.interfaces.is_empty() || known.contains(&Some(true)) {
        return (State::Ok, format!("{name} rings."));
    }
    if known.contains(&None) {
        return (State::Unknown, format!("{name} rings, if a phone is registered."));
    }
    (State::Stops, format!("{name} has no registered phone."))
}
