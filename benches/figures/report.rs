//! The table.

use std::time::Duration;

/// Rows of name, figure, target and floor.
pub struct Report {
    rows: Vec<[String; 4]>,
}

/// Sorted samples.
pub struct Samples(Vec<Duration>);

impl Samples {
    pub fn new(mut samples: Vec<Duration>) -> Samples {
        samples.sort();
        Samples(samples)
    }

    /// The sample that `share` (0 to 1) of all are not above.
    pub fn at(&self, share: f64) -> Duration {
        let last = self.0.len() - 1;
        *self.0.get(((last as f64) * share).round() as usize).unwrap()
    }

    pub fn median(&self) -> Duration {
        self.at(0.5)
    }
}

/// A time as `0.123 ms`.
pub fn ms(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1000.0)
}

impl Report {
    pub fn start() -> Report {
        let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        println!(
            "machine: {} cores,{}",
            cores,
            model.trim_start_matches(['\t', ' ', ':']).replacen("", " ", 1)
        );
        Report { rows: Vec::new() }
    }

    pub fn row(&mut self, name: &str, figure: String, target: &str, floor: String) {
        println!("  {name}: {figure}");
        self.rows.push([name.to_owned(), figure, target.to_owned(), floor]);
    }

    pub fn print(&self) {
        let head = ["figure", "measured", "target", "floor"].map(str::to_owned);
        let rows: Vec<_> = std::iter::once(&head).chain(&self.rows).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap();
        let widths = [width(0), width(1), width(2), width(3)];
        println!();
        for (index, row) in rows.iter().enumerate() {
            let cells: Vec<_> =
                row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            println!("| {} |", cells.join(" | "));
            if index == 0 {
                println!("|{}|", widths.map(|width| "-".repeat(width + 2)).join("|"));
            }
        }
    }
}
