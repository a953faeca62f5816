//! A call that goes out.

use super::caller::{self, Caller, Needed};
use super::{Draft, State, number};
use crate::domain::abroad::Abroad;
use crate::domain::country::{self, Country};
use crate::model::{Outcall, Permission, Treatment, User};

/// Follows a call through an outcall; `line` is the pattern that took the number.
pub fn follow(draft: &mut Draft, id: i64, treatment: &Treatment, line: &str, caller: Caller<'_>) -> String {
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
    let country = country_of(draft, outcall);
    let strip = usize::try_from(treatment.strip_digits).unwrap_or_default();
    if !is_emergency(&country, &draft.question.exten, strip) {
        let refused =
            service_codes(draft, line).or_else(|| right(draft, outcall, treatment, &country, caller));
        if let Some(refused) = refused.or_else(|| number::shut(draft, outcall.schedule)) {
            return refused;
        }
    }
    let trunks: Vec<String> = outcall.trunks.iter().map(i64::to_string).collect();
    format!("The call goes out over the first trunk that takes it of: {}.", trunks.join(", "))
}

fn country_of(draft: &Draft, outcall: &Outcall) -> Country {
    let tenant = draft.model.tenants.iter().find(|tenant| tenant.uuid == outcall.tenant_uuid);
    country::of(tenant.and_then(|tenant| tenant.country.as_deref()))
}

/// As it was dialled, or behind the digits that are dropped.
fn is_emergency(country: &Country, dialled: &str, strip: usize) -> bool {
    let behind = dialled.get(strip..).unwrap_or_default();
    [dialled, behind].iter().any(|number| country.emergency.contains(number))
}

fn service_codes(draft: &mut Draft, line: &str) -> Option<String> {
    let codes = ['*', '#'];
    if !draft.question.exten.contains(codes) || line.contains(codes) {
        return None;
    }
    draft.find(
        "number",
        State::Stops,
        "The number has a star or a hash, the pattern of the outcall has none.",
    );
    Some("A prompt says that the number can't be called.".to_owned())
}

/// What permissions say; gives what happens when they keep the call in.
fn right(
    draft: &mut Draft,
    outcall: &Outcall,
    treatment: &Treatment,
    country: &Country,
    caller: Caller<'_>,
) -> Option<String> {
    let strip = usize::try_from(treatment.strip_digits).unwrap_or_default();
    let prefix = treatment.external_prefix.as_deref().unwrap_or_default();
    let dialled = &draft.question.exten;
    let locked = !draft.model.site.abroad_is_open;
    let abroad = locked && Abroad::from(country).leads_there(dialled, strip, prefix);
    let needed = if abroad { Needed::Allowed } else { Needed::NotDenied };
    if matches!(caller, Caller::User(_)) {
        return caller::permission(draft, caller, &outcall.permissions, needed);
    }
    if !outcall.permissions.is_empty() {
        let text = format!("{} call permissions decide who may call.", outcall.permissions.len());
        draft.find("permission", State::Note, text);
    }
    if abroad { anybody(draft, outcall) } else { None }
}

/// Who may call a number abroad, when nobody in particular is asked for?
fn anybody(draft: &mut Draft, outcall: &Outcall) -> Option<String> {
    let model = draft.model;
    let exten = &draft.question.exten;
    let allowing = |permission: &&Permission| permission.allows && caller::fits(permission, exten);
    let given: Vec<i64> = model.permissions.iter().filter(allowing).map(|permission| permission.id).collect();
    if outcall.permissions.iter().any(|id| given.contains(id)) {
        let text = "The number is abroad, and the outcall has a call permission that allows it.";
        draft.find("abroad", State::Ok, text);
        return None;
    }
    let may = |user: &&User| {
        let mut all = user.permissions.iter().chain(&user.group_permissions);
        user.tenant_uuid == outcall.tenant_uuid && all.any(|id| given.contains(id))
    };
    let count = model.users.iter().filter(may).count();
    let text = format!(
        "The number is abroad: it takes a call permission of mode allow that has it, given to the caller, a group of \
         theirs or the outcall. {count} users have one."
    );
    draft.find("abroad", if count == 0 { State::Stops } else { State::Note }, text);
    (count == 0)
        .then(|| "Nobody may call that number abroad: a prompt says that it is not allowed.".to_owned())
}
