//! Programmable keys: the number that a key of one user dials, `*735` and then who may press it, which feature code it
//! stands for, and what follows that (behaviour.md 9). The parts are joined by stars; in part i a star is `**i`.

/// The features whose keys have a lamp, by what the dialplan calls them: a switch, or how a group is joined and left.
pub const LAMPS: [(&str, &str); 10] = [
    ("busy", "fwdbusy"),
    ("callrecord", "callrecord"),
    ("dnd", "enablednd"),
    ("incallfilter", "incallfilter"),
    ("mailbox", "enablevm"),
    ("member-join", "groupmemberjoin"),
    ("member-leave", "groupmemberleave"),
    ("member-toggle", "groupmembertoggle"),
    ("noanswer", "fwdrna"),
    ("unconditional", "fwdunc"),
];

/// The features of keys that log an agent in and out, by what the API calls that.
pub const AGENT_KEYS: [(&str, &str); 3] =
    [("login", "agentstaticlogin"), ("logout", "agentstaticlogoff"), ("toggle", "agentstaticlogtoggle")];

/// What follows the code of such a key: the agent's id behind a star.
pub fn agent(id: i64) -> String {
    format!("*{id}")
}

/// The feature that programmable keys are dialled through.
pub const FEATURE: &str = "phoneprogfunckey";

/// Takes a call that rings at one's colleagues: Asterisk itself knows it (`pickupexten` of features.conf), be the
/// feature `pickup`, which takes the call of a given number, on or off.
pub const PICKUP: &str = "*8";

/// What is dialled of a feature's exten before anything else: `*21` of `_*21.`. Nothing for a pattern that leaves a
/// part of that open.
pub fn code(exten: &str) -> Option<&str> {
    let code = exten.strip_prefix('_').map_or(exten, |pattern| pattern.trim_end_matches(['.', '!']));
    let literal = !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#');
    literal.then_some(code)
}

/// What stands behind the user's id in the number of a key for this code.
pub fn after_user(code: &str) -> String {
    format!("*{}", encoded(code, 2))
}

/// The number of a user's key: `*73512***221*1234`.
pub fn number(prefix: &str, user: i64, code: &str, argument: Option<&str>) -> String {
    let argument = argument.map(|argument| format!("*{}", encoded(argument, 3))).unwrap_or_default();
    format!("{prefix}{user}{}{argument}", after_user(code))
}

fn encoded(part: &str, index: u8) -> String {
    part.replace('*', &format!("**{index}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_original() {
        assert_eq!(number("*735", 12, "*25", None), "*73512***225");
        assert_eq!(number("*735", 12, "*21", Some("1234")), "*73512***221*1234");
        assert_eq!(number("*735", 12, "*30", Some("*7")), "*73512***230***37");
        assert_eq!(number("*735", 12, "*50", Some("5")), "*73512***250*5");
    }

    #[test]
    fn a_code_is_what_is_dialled_first() {
        assert_eq!(code("_*21."), Some("*21"));
        assert_eq!(code("*25"), Some("*25"));
        assert_eq!(code("_*735!"), Some("*735"));
        assert_eq!(code("_*2X."), None);
        assert_eq!(code("_."), None);
    }
}
