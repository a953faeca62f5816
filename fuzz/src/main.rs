//! One program for all fuzz targets: `CORDBOARD_FUZZ_TARGET` names the one that gets the bytes. A target panics when
//! something does not hold. `tools/fuzz` builds and runs them.
#![no_main]

mod asterisk;
mod generate;
mod office;
mod parsers;
#[path = "../../tests/render/parser.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod reader;
mod server;

use std::sync::LazyLock;

/// What a target does with bytes.
type Target = fn(&[u8]);

/// In the order of docs/ARCHITECTURE.md.
const TARGETS: &[(&str, Target)] = &[
    ("body", parsers::body),
    ("csv", parsers::csv),
    ("ami", parsers::ami),
    ("told", asterisk::told),
    ("left", parsers::left),
    ("head", parsers::head),
    ("access", parsers::access),
    ("wav", parsers::wav),
    ("request", office::request),
    ("office", office::files),
];

static CHOSEN: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("CORDBOARD_FUZZ_TARGET").unwrap_or_default();
    let chosen = TARGETS.iter().find(|(one, _)| *one == name);
    let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
    chosen.unwrap_or_else(|| panic!("CORDBOARD_FUZZ_TARGET is one of {}", names.join(" "))).1
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| CHOSEN(data));
