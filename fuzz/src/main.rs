//! One program for all targets: `CORDBOARD_FUZZ_TARGET` names the one that gets the bytes. `tools/fuzz` builds and runs
//! it. A target panics when something does not hold.
#![no_main]

mod generate;
mod office;
#[path = "../../tests/render/parser.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod parser;
mod parsers;
mod wire;

use std::sync::LazyLock;

/// What a target does with bytes.
type Target = fn(&[u8]);

const TARGETS: &[(&str, Target)] = &[
    ("access", parsers::access),
    ("ami", parsers::ami),
    ("body", parsers::body),
    ("csv", parsers::csv),
    ("login", parsers::login),
    ("phone", parsers::phone),
    ("wav", parsers::wav),
    ("query", office::query),
    ("office", office::requests),
];

static CHOSEN: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("CORDBOARD_FUZZ_TARGET").unwrap_or_default();
    let chosen = TARGETS.iter().find(|(one, _)| *one == name);
    let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
    chosen.unwrap_or_else(|| panic!("CORDBOARD_FUZZ_TARGET is one of {}", names.join(" "))).1
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| CHOSEN(data));
