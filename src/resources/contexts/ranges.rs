//! `GET /contexts/{id}/ranges/{kind}`: which numbers of a context are configured, which are still free.

use super::range::{Range, RangeKind, number};
use super::{api, store};
use crate::domain::problems::{Problems, field_message};
use crate::error::Result;
use crate::http::{Answer, Call, Route, list};
use crate::resources::extensions;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeSet;

/// Most numbers that are looked through by one search.
const SEARCHED: u64 = 1_000_000;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/contexts/{context:int}/ranges/user", "List ranges of users", |call, connection| {
            list_ranges(call, connection, RangeKind::User)
        })
        .lists::<View>(),
        Route::read("/contexts/{context:int}/ranges/group", "List ranges of groups", |call, connection| {
            list_ranges(call, connection, RangeKind::Group)
        })
        .lists::<View>(),
        Route::read("/contexts/{context:int}/ranges/queue", "List ranges of queues", |call, connection| {
            list_ranges(call, connection, RangeKind::Queue)
        })
        .lists::<View>(),
        Route::read(
            "/contexts/{context:int}/ranges/conference",
            "List ranges of conferences",
            |call, connection| list_ranges(call, connection, RangeKind::Conference),
        )
        .lists::<View>(),
        Route::read("/contexts/{context:int}/ranges/incall", "List ranges of incalls", |call, connection| {
            list_ranges(call, connection, RangeKind::Incall)
        })
        .lists::<View>(),
    ]
}

/// Numbers without a gap, all of `width` digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    width: usize,
    start: u64,
    end: u64,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct View {
    start: String,
    end: String,
}

impl Block {
    /// Nothing for a range that is no pair of numbers, which the schema refuses.
    fn of(range: &Range) -> Option<Block> {
        let (start, end) = range.bounds()?;
        Some(Block { width: range.start.len(), start, end })
    }

    fn view(self) -> View {
        let Block { width, start, end } = self;
        View { start: format!("{start:0width$}"), end: format!("{end:0width$}") }
    }

    fn len(self) -> u64 {
        self.end.saturating_sub(self.start).saturating_add(1)
    }
}

fn list_ranges(call: &Call, connection: &Connection, kind: RangeKind) -> Result<Answer> {
    let context = api::found(call, connection)?;
    let window = list::Window::read(call);
    let availability = match call.query("availability") {
        None | Some("available") => Ok(true),
        Some("all") => Ok(false),
        Some(_) => Err(field_message("availability", "Must be one of: available, all.")),
    };
    let (window, only_free) = list::both(window, availability)?;
    let ranges = store::ranges(connection, context.id, kind)?;
    let mut blocks: Vec<Block> = if only_free {
        let taken = extensions::store::numbers_in(connection, &context.name)?;
        merged(ranges.iter().flat_map(|range| free(range, &taken)).collect())
    } else {
        ranges.iter().filter_map(Block::of).collect()
    };
    if let Some(text) = call.query("search").filter(|text| !text.is_empty()) {
        blocks = search(&blocks, text)?;
    }
    let page = window.page(blocks)?;
    Answer::json(&page.map(|blocks| Ok(blocks.into_iter().map(Block::view).collect()))?)
}

/// The numbers of a range that no extension has.
fn free(range: &Range, taken: &[String]) -> Vec<Block> {
    let Some(whole) = Block::of(range) else { return Vec::new() };
    let taken: BTreeSet<u64> = taken
        .iter()
        .map(|exten| range.significant(exten))
        .filter(|digits| digits.len() == whole.width)
        .filter_map(number)
        .filter(|taken| (whole.start..=whole.end).contains(taken))
        .collect();
    let mut blocks = Vec::with_capacity(taken.len() + 1);
    let mut next = whole.start;
    for number in taken {
        if next < number {
            blocks.push(Block { start: next, end: number - 1, ..whole });
        }
        next = number + 1;
    }
    if next <= whole.end {
        blocks.push(Block { start: next, ..whole });
    }
    blocks
}

/// In order, blocks that touch or overlap made one.
fn merged(mut blocks: Vec<Block>) -> Vec<Block> {
    blocks.sort_unstable();
    let mut merged: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match merged.last_mut() {
            Some(last) if last.width == block.width && block.start <= last.end.saturating_add(1) => {
                last.end = last.end.max(block.end);
            }
            _ => merged.push(block),
        }
    }
    merged
}

/// The numbers in which `text` is found.
fn search(blocks: &[Block], text: &str) -> Result<Vec<Block>, Problems> {
    if blocks.iter().fold(0_u64, |sum, block| sum.saturating_add(block.len())) > SEARCHED {
        let message = format!("Cannot search in more than {SEARCHED} numbers.");
        return Err(field_message("search", &message));
    }
    let mut found = Vec::new();
    for block in blocks {
        let width = block.width;
        let matching = (block.start..=block.end).filter(|n| format!("{n:0width$}").contains(text));
        found.extend(matching.map(|n| Block { start: n, end: n, width }));
    }
    Ok(merged(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: &str, end: &str) -> Range {
        Range { start: start.to_owned(), end: end.to_owned(), did_length: None }
    }

    fn shown(blocks: Vec<Block>) -> Vec<String> {
        blocks.into_iter().map(Block::view).map(|view| format!("{}-{}", view.start, view.end)).collect()
    }

    fn taken(numbers: &[&str]) -> Vec<String> {
        numbers.iter().map(|number| (*number).to_owned()).collect()
    }

    #[test]
    fn free_numbers_are_the_range_without_the_extensions() {
        let extensions = taken(&["0100", "0102", "0103", "0110", "103", "0999"]);
        assert_eq!(shown(free(&range("0100", "0110"), &extensions)), ["0101-0101", "0104-0109"]);
        assert_eq!(shown(free(&range("5", "5"), &taken(&["5"]))), Vec::<String>::new());
    }

    #[test]
    fn ranges_that_touch_are_one() {
        let ranges = [range("200", "299"), range("100", "199"), range("150", "160"), range("0300", "0301")];
        assert_eq!(shown(merged(ranges.iter().filter_map(Block::of).collect())), ["100-299", "0300-0301"]);
    }

    #[test]
    fn a_search_finds_every_number_that_holds_the_text() {
        let blocks: Vec<_> = Block::of(&range("1000", "1199")).into_iter().collect();
        assert_eq!(shown(search(&blocks, "100").unwrap()), ["1000-1009", "1100-1100"]);
        let wide: Vec<_> = Block::of(&range("0000000000", "9999999999")).into_iter().collect();
        assert!(search(&wide, "1").is_err());
    }
}
