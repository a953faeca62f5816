//! A report as a page of plain words.

use super::{Report, State};

pub fn write(report: &Report) -> String {
    let mut page = format!("{} in {}: {}\n", report.exten, report.context, report.kind);
    for finding in &report.findings {
        let mark = match finding.state {
            State::Ok => "ok",
            State::Note => "note",
            State::Stops => "STOPS",
            State::Unknown => "?",
        };
        page.push_str(&format!("  {mark:<6} {:<12} {}\n", finding.what, finding.says));
    }
    page + "Now: " + &report.now + "\n"
}
