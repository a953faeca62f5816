//! `extensions.conf`: the logic, the same everywhere; then every context with its numbers.

use askama::Template;

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::{RenderError, calldata, emergency, escape, features, switchboards};
use crate::domain::switchboard_codes;
use crate::model::{Context, ContextKind, Extension, Reached};

/// Asterisk cuts off longer names of contexts.
const LONGEST_CONTEXT: usize = 79;

/// The global variable that proves that this very file was accepted.
const CANARY: &str = "CORDBOARD_CANARY";

#[derive(Template)]
#[template(path = "asterisk/extensions_general.conf")]
struct General;

#[derive(Template)]
#[template(path = "asterisk/extensions_logic.conf")]
struct Logic;

#[derive(Template)]
#[template(path = "asterisk/context.conf")]
struct ContextHead<'a> {
    label: &'a str,
    name: &'a str,
    includes: Vec<&'a str>,
    /// True in a context for calls from outside.
    incall: bool,
}

#[derive(Template)]
#[template(path = "asterisk/lamps.conf")]
struct Lamps<'a> {
    name: &'a str,
    hint: String,
    /// The patterns of numbers with lamps of their own.
    patterns: Vec<String>,
    /// What the codes of switchboards watch; empty when there are none.
    boards: String,
}

#[derive(Template)]
#[template(path = "asterisk/extension.conf")]
struct ExtensionLine<'a> {
    comment: &'a str,
    exten: &'a str,
    /// What is called: the dialplan has a context of that name.
    word: &'a str,
    argument: &'a str,
}

/// Park has to come first: so a transfer knows that the call is to be parked.
#[derive(Template)]
#[template(path = "asterisk/extension_park.conf")]
struct ParkLine<'a> {
    comment: &'a str,
    exten: &'a str,
    id: i64,
}

#[derive(Template)]
#[template(path = "asterisk/extension_left_out.conf")]
struct LeftOut<'a> {
    exten: &'a str,
}

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    builder.object(Kind::Plain, "general".to_owned(), &General)?;
    builder.object(Kind::Plain, "logic".to_owned(), &Logic)?;
    features::context(&mut builder, index)?;
    emergency::contexts(&mut builder, index)?;
    switchboards::contexts(&mut builder, index)?;
    for context in &index.contexts {
        let done = head(&mut builder, index, context);
        builder.note(done, || Part::Context(context.name.clone()));
        for extension in index.extensions(&context.name) {
            let done = line(&mut builder, index, extension);
            builder.note(done, || calldata::extension_part(extension));
        }
    }
    builder.finish_with_canary(1, "globals", CANARY, |digest| {
        let announce = if index.model.site.announce_forwards { "yes" } else { "no" };
        let sounds = index.model.site.sounds.as_deref().filter(|path| is_path(path)).unwrap_or_default();
        vec![
            ("CORDBOARD_ANNOUNCE_FORWARDS", announce.to_owned()),
            ("CORDBOARD_SOUNDS", sounds.to_owned()),
            (CANARY, digest),
        ]
    })
}

fn head(builder: &mut Builder, index: &Index<'_>, context: &Context) -> Result<(), RenderError> {
    let name = escape::name("context", &context.name)?;
    if name.starts_with("cordboard-") || matches!(name, "general" | "globals") {
        return Err(RenderError::Name { what: "context", name: name.to_owned() });
    }
    let mut includes: Vec<_> =
        context.includes.iter().map(String::as_str).filter(|name| index.context(name).is_some()).collect();
    let internal = context.kind == ContextKind::Internal;
    let with_boards = switchboards::reached(index, &context.tenant_uuid);
    let boards = if with_boards { switchboards::context_name(&context.tenant_uuid) } else { String::new() };
    let emergency = emergency::name(&context.tenant_uuid);
    if internal {
        includes.push(features::CONTEXT);
        if emergency::reached(index, &context.tenant_uuid) {
            includes.push(&emergency);
        }
        if !boards.is_empty() {
            includes.push(&boards);
        }
    }
    let incall = context.kind == ContextKind::Incall;
    let label = escape::comment(&context.label);
    if let Some(lamps) = lamps_of(context) {
        let shown = Lamps {
            name,
            hint: hint(index, context),
            patterns: features::lamp_patterns(index),
            boards: board_lamps(context, with_boards),
        };
        builder.object(Kind::Plain, lamps, &shown)?;
    }
    let head = ContextHead { label: &label, name, includes, incall };
    builder.object(Kind::Plain, name.to_owned(), &head)
}

/// What the lamp of a switchboard's code reads.
fn board_lamps(context: &Context, reached: bool) -> String {
    let row = switchboards::lamps_row(&context.tenant_uuid);
    let read = format!("${{AST_CONFIG(cordboard_switchboards.conf,{row},${{FILTER(*0-9,${{EXTEN}})}})}}");
    if reached { format!("{},hint,{read}", switchboard_codes::LAMPS) } else { String::new() }
}

/// The context in which a phone of this context finds its lamps; none for calls that come in or go out, and for a name
/// that leaves no room for another.
pub fn lamps_of(context: &Context) -> Option<String> {
    let named = format!("cordboard-lamps-{}", context.name);
    (context.kind == ContextKind::Internal && named.len() < LONGEST_CONTEXT).then_some(named)
}

/// What the one pattern hint of a context reads: the row of the number in this context, else in the first
/// included one that has it.
fn hint(index: &Index<'_>, context: &Context) -> String {
    let read = |context: &Context| {
        format!("${{AST_CONFIG(cordboard_extensions.conf,${{EXTEN}}@{},hint)}}", context.name)
    };
    // What is included beyond the length of a line has no lamps here.
    let mut room = 7000_usize;
    let mut searched: Vec<_> = index
        .search(context)
        .into_iter()
        .filter(|context| !index.extensions(&context.name).is_empty())
        .map(read)
        .take_while(|one| {
            // Every one is written twice, with some words around it.
            room = room.saturating_sub(2 * one.len() + 20);
            room > 0
        })
        .collect();
    let last = searched.pop().unwrap_or_else(|| read(context));
    searched
        .into_iter()
        .rev()
        .fold(last, |rest, first| format!("${{IF($[\"{first}\" = \"\"]?{rest}:{first})}}"))
}

fn line(builder: &mut Builder, index: &Index<'_>, extension: &Extension) -> Result<(), RenderError> {
    let exten = extension.exten.as_str();
    let allowed = |b: u8| b.is_ascii_digit() || b"*#+_XxZzNn[].!-".contains(&b);
    if exten.is_empty() || !exten.bytes().all(allowed) {
        return Err(RenderError::Name { what: "extension", name: exten.to_owned() });
    }
    let name = format!("{exten}@{}", extension.context);
    if !is_sound(exten) {
        return builder.object(Kind::Plain, name, &LeftOut { exten });
    }
    let comment = comment(index, extension);
    let (word, argument) = match &extension.reached {
        Reached::Lines { .. } => ("user", calldata::extension_row(exten, &extension.context)),
        Reached::Outcall { .. } => ("outcall", calldata::extension_row(exten, &extension.context)),
        Reached::Slot { lot } => ("slot", lot.to_string()),
        Reached::Resource { word, id } if word == "parking" => {
            let line = ParkLine { comment: &escape::comment(&comment), exten, id: *id };
            return builder.object(Kind::Exten, name, &line);
        }
        Reached::Resource { word, id } => (escape::name("resource", word)?, id.to_string()),
    };
    let line = ExtensionLine { comment: &escape::comment(&comment), exten, word, argument: &argument };
    builder.object(Kind::Exten, name, &line)
}

/// Who is called, and what the lamp depends on: when that changes so does this file, and the reload that follows
/// makes subscribed lamps show the new lines.
fn comment(index: &Index<'_>, extension: &Extension) -> String {
    match &extension.reached {
        Reached::Resource { word, id } => return format!("{word} {id}"),
        Reached::Outcall { id, .. } => return format!("outcall {id}"),
        Reached::Slot { lot } => return format!("slot of parking {lot}"),
        Reached::Lines { .. } => {}
    }
    let shown = calldata::hint(index, extension).unwrap_or_else(|| "no lamp".to_owned());
    let who = index.user(extension.user()).map_or("", |user| user.name.as_str());
    if who.is_empty() { shown } else { format!("{who}: {shown}") }
}

/// True for a path that is one argument of an application.
fn is_path(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+@ ".contains(&b))
}

/// False for a pattern with a character set that Asterisk cannot read: unclosed, empty, or a range to nowhere.
pub fn is_sound(exten: &str) -> bool {
    let mut sets = exten.split('[');
    let before = sets.next().unwrap_or_default();
    !before.contains(']')
        && sets.all(|rest| {
            rest.split_once(']').is_some_and(|(set, after)| {
                !set.is_empty() && !set.starts_with('-') && !set.ends_with('-') && !after.contains(']')
            })
        })
}

#[cfg(test)]
mod tests {
    use super::is_sound;

    #[test]
    fn only_patterns_that_asterisk_reads_are_sound() {
        for exten in ["1001", "*98", "_1XXX", "_1[2-4]X", "_[1-3][57]X.", "_1!"] {
            assert!(is_sound(exten), "{exten}");
        }
        for exten in ["_1[2", "_1]2", "_1[]", "_1[2-]3", "_1[-2]", "_1[[2]]"] {
            assert!(!is_sound(exten), "{exten}");
        }
    }
}
