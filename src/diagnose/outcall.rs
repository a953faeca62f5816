//! A call that goes out.

use super::{Draft, State, number};
use crate::domain::abroad::Abroad;
use crate::domain::{country, number_pattern};
use crate::model::{Outcall, Permission, Treatment, User};
use regex_lite::Regex;

/// Follows a call through an outcall; `line` is the pattern that took the number.
pub fn follow(draft: &mut Draft, id: i64, treatment: &Treatment, line: &str) -> String {
    let model = draft.model;
    draft.find("number", State::Ok, format!("It goes out, by outcall {id}."));
    let Some(outcall) = model.outcalls.iter().find(|outcall| outcall.id == id) else {
        return "The outcall is not there: the call ends.".to_owned();
    };
    if !outcall.enabled {
        draft.find("outcall", State::Stops, "The outcall is disabled.");
        return "A prompt says that the number can't be called (emergency numbers still go out).".to_owned();
    }
    if outcall.trunks.is_empty() {
        draft.find("trunks", State::Stops, "The outcall has no trunk that something can be dialled over.");
        return "A prompt says that the number can't be called.".to_owned();
    }
    if !outcall.permissions.is_empty() {
        let text = format!("{} call permissions decide who may call.", outcall.permissions.len());
        draft.find("permission", State::Note, text);
    }
    let trunks: Vec<String> = outcall.trunks.iter().map(i64::to_string).collect();
    if let Some(shut) =
        refused(draft, outcall, treatment, line).or_else(|| number::shut(draft, outcall.schedule))
    {
        return shut;
    }
    format!("The call goes out over the first trunk that takes it of: {}.", trunks.join(", "))
}

/// What becomes of a call whose number needs a permission, or means something to the network; nothing for others.
fn refused(draft: &mut Draft, outcall: &Outcall, treatment: &Treatment, line: &str) -> Option<String> {
    let (model, dialled) = (draft.model, draft.question.exten.as_str());
    let tenant = model.tenants.iter().find(|tenant| tenant.uuid == outcall.tenant_uuid);
    let country = country::of(tenant.and_then(|tenant| tenant.country.as_deref()));
    if country.emergency.contains(&dialled) {
        return None;
    }
    if dialled.contains(['*', '#']) && !line.contains(['*', '#']) {
        draft.find(
            "number",
            State::Stops,
            "The pattern of the outcall has no star and no hash, the number has.",
        );
        return Some("A prompt says that the number can't be called.".to_owned());
    }
    let strip = usize::try_from(treatment.strip_digits).unwrap_or_default();
    let prefix = treatment.external_prefix.as_deref().unwrap_or_default();
    if model.site.abroad_is_open || !Abroad::from(&country).leads_there(dialled, strip, prefix) {
        return None;
    }
    let fits_it =
        |permission: &&Permission| permission.patterns.iter().any(|pattern| covers(pattern, dialled));
    let allowing = |permission: &&Permission| permission.allows && fits_it(permission);
    let given: Vec<&Permission> = model.permissions.iter().filter(allowing).collect();
    if given.iter().any(|permission| outcall.permissions.contains(&permission.id)) {
        draft.find(
            "abroad",
            State::Ok,
            "The number is abroad, and the outcall has a call permission that allows it.",
        );
        return None;
    }
    let may = |user: &&User| {
        let mut all = user.permissions.iter().chain(&user.group_permissions);
        user.tenant_uuid == outcall.tenant_uuid && all.any(|id| given.iter().any(|one| one.id == *id))
    };
    let count = model.users.iter().filter(may).count();
    let text = format!(
        "The number is abroad: it takes a call permission of mode allow that has it, given to the caller, a group of \
         theirs or the outcall. {count} users have one."
    );
    draft.find("abroad", if count == 0 { State::Stops } else { State::Note }, text);
    (count == 0).then(|| {
        "Nobody has a call permission for the number abroad: a prompt says that it is not allowed.".to_owned()
    })
}

/// Does a permission's pattern have the number? X, Z and N are digits there also without the underscore.
fn covers(pattern: &str, dialled: &str) -> bool {
    let regex = number_pattern::regex(pattern).and_then(|regex| Regex::new(&regex).ok());
    regex.is_some_and(|regex| regex.is_match(dialled))
}
