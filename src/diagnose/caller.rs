//! Who calls: what they may, and what that changes.

use super::{Draft, State, number};
use crate::domain::number_pattern;
use crate::model::{Permission, Reached, User};
use regex_lite::Regex;

/// Whoever calls.
#[derive(Debug, Clone, Copy)]
pub enum Caller<'a> {
    /// It was not asked for anybody in particular.
    Somebody,
    /// A person of the house.
    User(&'a User),
    /// Somebody outside of the house.
    Outside,
}

/// What a call needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// No permission denies it.
    NotDenied,
    /// One allows it: it goes abroad.
    Allowed,
}

/// What permissions say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    Allowed,
    Asked,
    Denied,
}

/// Finds the caller by the number, and says what keeps them from calling anybody.
pub fn known<'a>(draft: &mut Draft<'a>) -> Caller<'a> {
    let model = draft.model;
    let Some(asked) = draft.question.caller.clone() else { return Caller::Somebody };
    let found = number::find(model, &asked, &draft.question.context);
    let user = match found {
        number::Found::Number { extension, .. } => match &extension.reached {
            Reached::Lines { user: Some(id), .. } => model.users.iter().find(|user| user.id == *id),
            _ => None,
        },
        number::Found::Feature { .. } | number::Found::Nobody => None,
    };
    let Some(user) = user else {
        draft.find(
            "caller",
            State::Unknown,
            format!("{asked} is nobody's number here: rights are not known."),
        );
        return Caller::Somebody;
    };
    draft.find("caller", State::Ok, format!("{} (user {}) calls.", user.name, user.id));
    if !user.enabled {
        draft.find("caller", State::Stops, "The caller is disabled: their calls are refused.");
    }
    Caller::User(user)
}

/// What permissions say of the number that was dialled; gives what happens when they keep the caller from it.
pub fn permission(
    draft: &mut Draft,
    caller: Caller<'_>,
    of_outcall: &[i64],
    needed: Needed,
) -> Option<String> {
    let Caller::User(user) = caller else { return None };
    if !user.enabled {
        return Some("The call is refused.".to_owned());
    }
    let model = draft.model;
    let exten = &draft.question.exten;
    let levels = [
        ("the caller", &*user.permissions, user.permission_password.is_some()),
        ("the caller's groups", &*user.group_permissions, false),
        ("the outcall", of_outcall, false),
    ];
    for (whose, ids, _) in levels {
        let fitting = model.permissions.iter().filter(|one| ids.contains(&one.id) && fits(one, exten));
        let Some((right, id)) = decide(fitting) else { continue };
        let says = format!("Permission {id} of {whose}");
        return match right {
            Right::Allowed => {
                draft.find("permission", State::Ok, format!("{says} allows it."));
                None
            }
            Right::Asked => {
                draft.find("permission", State::Note, format!("{says} asks for its password."));
                None
            }
            Right::Denied => {
                draft.find("permission", State::Stops, format!("{says} denies it."));
                Some("A prompt says that the caller may not call this number.".to_owned())
            }
        };
    }
    if needed == Needed::Allowed {
        let text = "The number is abroad, and no permission of the caller, a group of theirs or the outcall allows it.";
        draft.find("abroad", State::Stops, text);
        return Some("A prompt says that the caller may not call this number.".to_owned());
    }
    draft.find("permission", State::Ok, "No permission speaks of this number: the caller may call it.");
    None
}

/// One that allows wins; of those that deny the last one's password counts.
fn decide<'a>(fitting: impl Iterator<Item = &'a Permission>) -> Option<(Right, i64)> {
    let mut decided = None;
    for one in fitting {
        if one.allows {
            return Some((Right::Allowed, one.id));
        }
        let right = if one.password.is_some() { Right::Asked } else { Right::Denied };
        decided = Some((right, one.id));
    }
    decided
}

/// Does a permission speak of a number?
pub fn fits(permission: &Permission, exten: &str) -> bool {
    let patterns = permission.patterns.iter().filter_map(|pattern| number_pattern::regex(pattern));
    let mut regexes = patterns.filter_map(|pattern| Regex::new(&pattern).ok());
    regexes.any(|regex| regex.is_match(exten))
}
