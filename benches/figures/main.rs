//! `make bench`: every figure beside its target and this machine's floor. Medians unless said otherwise.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that can't go on says where")]

mod calls;
mod client;
mod floor;
mod office;
mod report;
mod sip;

use report::Report;

fn main() {
    // `cargo test --benches` only asks whether this starts.
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let mut report = Report::start();
    office::writes(&mut report);
    office::reads_and_renders(&mut report);
    calls::ringing(&mut report);
    report.print();
}
