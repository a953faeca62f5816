//! The house rules that a machine can see, read off the sources.
#![expect(clippy::unwrap_used, reason = "a panic is the report of a test")]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(place: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut places = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(place)];
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()));
        } else if place.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&place).unwrap();
            found.push((place, text));
        }
    }
    assert!(!found.is_empty(), "{place} is gone");
    found
}

/// No source below `place` names one of `words`.
fn free_of(place: &str, words: &[&str]) {
    for (file, text) in sources(place) {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in words {
            assert!(!code.contains(word), "{} must not use {word}", file.display());
        }
    }
}

#[test]
fn the_inner_rooms_know_no_http_sql_runtime_or_files() {
    let outside =
        ["actix_web", "rusqlite", "tokio::", "std::fs", "std::net", "std::env", "crate::http", "crate::db"];
    for place in ["src/domain", "src/render", "src/model", "src/apply/plan.rs"] {
        free_of(place, &outside);
    }
}

#[test]
fn rendering_knows_no_clock_randomness_or_hash_order() {
    let changing = ["SystemTime", "Instant", "crate::clock", "getrandom", "new_v4", "HashMap<", "HashSet<"];
    free_of("src/render", &changing);
}

#[test]
fn only_the_applier_touches_asterisk() {
    for place in ["src/resources", "src/http", "src/db", "src/load"] {
        free_of(place, &["crate::apply::ami", "crate::asterisk", "std::process"]);
    }
    free_of("src/apply", &["actix_web", "rusqlite"]);
    free_of("src/asterisk", &["actix_web", "rusqlite"]);
}

#[test]
fn only_the_clock_reads_the_time_of_day() {
    for place in ["src/resources", "src/http", "src/db", "src/load", "src/domain"] {
        free_of(place, &["Timestamp::now", "SystemTime::now", "Zoned::now"]);
    }
}

#[test]
fn files_are_small() {
    for (file, text) in sources("src") {
        let lines = text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines", file.display());
    }
}

/// The fields of every struct that derives `Debug`: file, struct, field, type.
fn shown_fields() -> Vec<(PathBuf, String, String, String)> {
    let mut found = Vec::new();
    for (file, text) in sources("src") {
        let (mut derives, mut name) = (false, None::<String>);
        for line in text.split("#[cfg(test)]").next().unwrap().lines() {
            let code = line.trim();
            let head = code.strip_prefix("pub ").or(code.strip_prefix("pub(super) ")).unwrap_or(code);
            if code.starts_with("#[derive(") {
                derives = code.contains("Debug");
            } else if let Some(rest) = head.strip_prefix("struct ") {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                name = (derives && rest.ends_with('{')).then(|| rest[..end].to_owned());
                derives = false;
            } else if line.starts_with('}') {
                name = None;
            } else if let (Some(name), Some((field, kind))) = (&name, head.split_once(": "))
                && !code.starts_with("//")
            {
                let kind = kind.trim_end_matches(',');
                found.push((file.clone(), name.clone(), field.to_owned(), kind.to_owned()));
            }
        }
    }
    assert!(found.len() > 500, "only {} fields", found.len());
    found
}

#[test]
fn no_debug_output_holds_a_secret() {
    let words = ["password", "secret", "pin", "token", "md5_cred"];
    // Options of queues and transports are no secrets, of endpoints and mailboxes they are.
    let harmless = ["Queue", "Transport", "CallerIdRow"];
    let shown = shown_fields().into_iter().filter(|(_, name, field, kind)| {
        let word = field.trim_end_matches("_hash");
        let secret = words.iter().any(|one| word == *one || word.ends_with(&format!("_{one}")));
        let text = ["String", "str", "Option<String>"].contains(&kind.trim_start_matches("&'a "));
        let pairs = kind == "Options" || kind == "Vec<(String, String)>";
        let options = pairs && (field.ends_with("options") || field.ends_with("auth"));
        secret && text || options && !harmless.contains(&name.as_str())
    });
    let shown: Vec<_> = shown.filter(|(file, ..)| !file.ends_with("queues/view.rs")).collect();
    assert!(shown.is_empty(), "use Secret, or unseen!(…): {shown:#?}");
}
