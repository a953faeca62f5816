//! `make bench`: every figure beside its target and this machine's floor. Medians unless said otherwise.
//! `cargo bench --bench figures writes` runs one part: `writes`, `reads`, `calls` or `import`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that can't go on says where")]

mod calls;
mod client;
mod floor;
mod identity;
mod import;
mod office;
mod outgoing;
mod report;
mod sip;

use report::Report;

fn main() {
    // `cargo test --benches` only asks whether this starts.
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let only = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let mut report = Report::start();
    if wanted("writes") {
        office::writes(&mut report);
    }
    if wanted("reads") {
        office::reads_and_renders(&mut report);
    }
    if wanted("logins") {
        identity::logins(&mut report);
    }
    if wanted("calls") {
        calls::ringing(&mut report);
    }
    if wanted("import") {
        import::import(&mut report);
    }
    report.print();
}
