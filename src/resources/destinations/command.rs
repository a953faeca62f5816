//! The command of a `custom` destination: one application of the dialplan, in the contract's form, but none that
//! runs a program or reads and writes files.

use serde_json::Value;

/// Names that run a program of the machine or touch its files, and those whose arguments are names of others.
const REFUSED: [&str; 14] = [
    "system",
    "trysystem",
    "shell",
    "file",
    "externalivr",
    "mixmonitor",
    "record",
    "exec",
    "tryexec",
    "execif",
    "eval",
    "originate",
    "agi",
    "eagi",
];

/// What may follow `AGI(`: a script of another machine's or program's, not a file of this one.
const REMOTE_AGI: [&str; 2] = ["agi://", "hagi://"];

/// The message for a command that is not accepted.
pub fn refuse(value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    let fits = has_form(text) && names_are_written_out(text) && !calls_refused(text);
    (!fits).then(|| "String does not match expected pattern.".to_owned())
}

/// `Application(arguments)`, at least three letters.
fn has_form(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    letters >= 3 && text.get(letters..).is_some_and(|rest| rest.starts_with('(') && rest.ends_with(')'))
}

/// No name of a variable or function is made from another: `${S${X}(…)}` could become anything.
fn names_are_written_out(text: &str) -> bool {
    text.split("${").skip(1).all(|after| {
        let end = after.find(['(', '}', ':', '$', '[']).and_then(|end| after.get(end..));
        end.is_some_and(|end| !end.starts_with('$'))
    })
}

fn calls_refused(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.match_indices('(').any(|(at, _)| {
        let (before, after) = text.split_at(at);
        let before = before.trim_end();
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        let remote = matches!(name, "agi" | "eagi")
            && REMOTE_AGI.iter().any(|scheme| after.trim_start_matches('(').starts_with(scheme));
        REFUSED.contains(&name) && !remote
    })
}

#[cfg(test)]
mod tests {
    use super::refuse;
    use serde_json::json;

    #[test]
    fn one_application_with_arguments_is_accepted() {
        for command in [
            "Playback(file)",
            "NoOp()",
            "Playback(system-status)",
            "Dial(PJSIP/${EXTEN},30)",
            "Goto(a;1;1)",
            "AGI(agi://127.0.0.1:4573/script)",
            "Set(x=${CUT(${CALLERID(num)},-,1)})",
            "NoOp(a(b)c)",
            "Playback(profile(1))",
        ] {
            assert_eq!(refuse(&json!(command)), None, "{command}");
        }
    }

    #[test]
    fn what_runs_a_program_is_refused_however_it_is_written() {
        for command in [
            "system(rm)",
            "System(rm)",
            "TRYSYSTEM(rm)",
            "trysystem(rm)",
            "NoOp(${SHELL(id)})",
            "NoOp(${shell (id)})",
            "NoOp(${S${EMPTY}HELL(id)})",
            "NoOp(${${CALLERID(name)}})",
            "Exec(${X}(id))",
            "ExecIf(1?System(id))",
            "Set(FILE(/tmp/x)=y)",
            "AGI(/bin/sh)",
            "EAGI(/bin/sh)",
            "MixMonitor(x.wav;;id)",
            "Originate(PJSIP/a;app;System;id)",
            "NoOp(${",
        ] {
            assert!(refuse(&json!(command)).is_some(), "{command}");
        }
    }

    #[test]
    fn anything_but_an_application_is_refused() {
        for command in ["", "No()", "NoOp", "NoOp(", "NoOp() ", "1NoOp()", "No-Op(x)", "()"] {
            assert!(refuse(&json!(command)).is_some(), "{command}");
        }
    }
}
