//! The feature codes' context in `extensions.conf`: a line a code, with its own number. What they do stands in
//! `templates/asterisk/dialplan/features.conf`.

use askama::Template;

use super::RenderError;
use super::builder::Builder;
use super::extensions::is_sound;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use crate::domain::programmable;
use crate::model::Feature;

/// The context that every internal one includes.
pub const CONTEXT: &str = "cordboard-features";

/// What follows the code, as the called context gets it; `{rest}` is all that was dialled behind it.
const NUMBER: &str = "${FILTER(+*#0-9,{rest})}";
const DIGITS: &str = "${FILTER(0-9,{rest})}";
/// The code itself, as it was dialled.
const CODE: &str = "${FILTER(*#0-9,{code})}";

/// A feature that this version has: its name, the context that does it, and its arguments.
const CODES: &[(&str, &str, &[&str])] = &[
    ("agentstaticlogin", "cordboard-agent", &["login", NUMBER, "${CONTEXT}"]),
    ("agentstaticlogoff", "cordboard-agent", &["logout", NUMBER, "${CONTEXT}"]),
    ("agentstaticlogtoggle", "cordboard-agent", &["toggle", NUMBER, "${CONTEXT}"]),
    ("bsfilter", "cordboard-toggle-secretary", &[DIGITS, CODE]),
    ("callrecord", "cordboard-toggle", &["callrecord", "record-call"]),
    ("directoryaccess", "cordboard-names", &["${CONTEXT}"]),
    ("enablednd", "cordboard-toggle", &["dnd", "dnd"]),
    ("enablevm", "cordboard-toggle-mailbox", &[]),
    ("enablevmslt", "cordboard-toggle-mailbox-of", &[NUMBER, "${CONTEXT}"]),
    ("fwdbusy", "cordboard-toggle-forward", &["busy", NUMBER]),
    ("fwdrna", "cordboard-toggle-forward", &["noanswer", NUMBER]),
    ("fwdunc", "cordboard-toggle-forward", &["unconditional", NUMBER]),
    ("fwdundoall", "cordboard-forwards-off", &[]),
    ("groupmemberjoin", "cordboard-membership", &["join", DIGITS]),
    ("groupmemberleave", "cordboard-membership", &["leave", DIGITS]),
    ("groupmembertoggle", "cordboard-membership", &["toggle", DIGITS]),
    ("incallfilter", "cordboard-toggle", &["incallfilter", "screening"]),
    ("paging", "cordboard-paging", &[DIGITS]),
    ("phoneprogfunckey", "cordboard-key", &[NUMBER, "${CONTEXT}"]),
    ("phonestatus", "cordboard-status", &[]),
    ("pickup", "cordboard-pickup", &[NUMBER, "${CONTEXT}"]),
    ("recsnd", "cordboard-record-sound", &[]),
    ("vmboxmsgslt", "cordboard-consult-mailbox", &[DIGITS, "${CONTEXT}"]),
    ("vmboxslt", "cordboard-message-in-mailbox", &[DIGITS, "${CONTEXT}"]),
    ("vmusermsg", "cordboard-own-mailbox", &[]),
    ("vmboxpurgeslt", "cordboard-purge-box", &[DIGITS, "${CONTEXT}"]),
    ("vmuserpurge", "cordboard-purge-own", &[]),
    ("vmuserpurgeslt", "cordboard-purge-user", &[NUMBER, "${CONTEXT}"]),
    ("vmuserslt", "cordboard-message-for-number", &[NUMBER, "${CONTEXT}"]),
];

/// Features that can be dialled without what else follows them.
const BARE_TOO: [&str; 3] = ["fwdbusy", "fwdrna", "fwdunc"];

#[derive(Template)]
#[template(path = "asterisk/feature_context.conf")]
struct Head;

#[derive(Template)]
#[template(path = "asterisk/feature.conf")]
struct Line<'a> {
    exten: &'a str,
    context: &'static str,
    arguments: &'a str,
}

/// Adds the context with the codes that are switched on.
pub fn context(builder: &mut Builder, index: &Index<'_>) -> Result<(), RenderError> {
    builder.object(Kind::Plain, CONTEXT.to_owned(), &Head)?;
    let taken: Vec<_> = index.model.features.iter().map(|feature| feature.exten.as_str()).collect();
    for feature in &index.model.features {
        let Some((name, context, arguments)) = CODES.iter().find(|(name, ..)| *name == feature.name) else {
            continue;
        };
        let done = lines(builder, feature, context, arguments, BARE_TOO.contains(name), &taken);
        builder.note(done, || Part::Feature(feature.name.clone()));
    }
    Ok(())
}

/// `cordboard_features.conf`: a row for each programmable key with a lamp, what stands in its number before the user's
/// id and what behind it.
pub fn lamps(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    if let Some(before) = code(index, programmable::FEATURE) {
        for (row, feature) in programmable::LAMPS {
            let Some(code) = code(index, feature) else { continue };
            let values = [("before", before.to_owned()), ("after", programmable::after_user(code))];
            let done = builder.section(Kind::CallData, row, &[], &values);
            builder.note(done, || Part::Feature(feature.to_owned()));
        }
    }
    builder.finish_data()
}

/// The patterns of the numbers whose lamps are device states of the same name: programmable keys, and the secretaries
/// of call filters.
pub fn lamp_patterns(index: &Index<'_>) -> Vec<String> {
    let pattern = |feature: &str, end: &str| {
        let feature = index.model.features.iter().find(|one| one.name == feature)?;
        Some(format!("_{}{end}", programmable::code(&feature.exten)?))
    };
    [pattern(programmable::FEATURE, "X."), pattern("bsfilter", "X!")].into_iter().flatten().collect()
}

/// What is dialled for a feature that is switched on.
pub fn code<'a>(index: &'a Index<'_>, feature: &str) -> Option<&'a str> {
    let found = index.model.features.iter().find(|one| one.name == feature);
    found.and_then(|one| programmable::code(&one.exten))
}

fn lines(
    builder: &mut Builder,
    feature: &Feature,
    context: &'static str,
    arguments: &[&str],
    bare_too: bool,
    taken: &[&str],
) -> Result<(), RenderError> {
    let exten = feature.exten.as_str();
    let allowed = |b: u8| b.is_ascii_digit() || b"*#_XxZzNn[].!-".contains(&b);
    if exten.is_empty() || !exten.bytes().all(allowed) || !is_sound(exten) {
        return Err(RenderError::Name { what: "feature code", name: exten.to_owned() });
    }
    let length = length_of_code(exten);
    let (rest, code) = (format!("${{EXTEN:{length}}}"), format!("${{EXTEN:0:{length}}}"));
    let arguments = match arguments {
        [] => String::new(),
        some => format!("({})", some.join(",").replace("{rest}", &rest).replace("{code}", &code)),
    };
    let mut line = |exten: &str| {
        let template = Line { exten, context, arguments: &arguments };
        builder.object(Kind::Exten, format!("{exten}@{CONTEXT}"), &template)
    };
    if bare_too && let Some(bare) = without_rest(exten).filter(|bare| !taken.contains(&bare.as_str())) {
        line(&bare)?;
    }
    line(exten)
}

/// How many characters are dialled before what a pattern leaves open.
fn length_of_code(exten: &str) -> usize {
    let Some(pattern) = exten.strip_prefix('_') else { return exten.len() };
    let code = pattern.trim_end_matches(['.', '!']);
    let mut in_set = false;
    let mut length = 0;
    for c in code.chars() {
        match c {
            '[' => in_set = true,
            ']' => (in_set, length) = (false, length + 1),
            '-' => {}
            _ if in_set => {}
            _ => length += 1,
        }
    }
    length
}

/// The code alone, when the pattern asks for something behind it.
fn without_rest(exten: &str) -> Option<String> {
    let code = exten.strip_prefix('_')?.strip_suffix('.')?;
    let literal = !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#');
    Some(if literal { code.to_owned() } else { format!("_{code}") }).filter(|code| code.len() > 1 || literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_code_begins_behind_it() {
        for (exten, length) in
            [("*98", 3), ("_*21.", 3), ("_*735!", 4), ("_*[2-4]X.", 3), ("_#7-7.", 3), ("_.", 0)]
        {
            assert_eq!(length_of_code(exten), length, "{exten}");
        }
    }

    #[test]
    fn a_code_alone_is_a_number_or_a_shorter_pattern() {
        assert_eq!(without_rest("_*21.").as_deref(), Some("*21"));
        assert_eq!(without_rest("_*2X.").as_deref(), Some("_*2X"));
        assert_eq!(without_rest("_*21!"), None);
        assert_eq!(without_rest("_."), None);
        assert_eq!(without_rest("*21"), None);
    }
}
