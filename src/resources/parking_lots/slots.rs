//! Slots are numbers of the contexts in which a lot has its extension: nothing else may have them.

use super::{ParkingLot, store};
use crate::domain::problems::{Problems, already_exists};
use crate::domain::py::Py;
use crate::error::Result;
use crate::resources::extensions::store as extensions;
use rusqlite::Connection;

/// A slot's number; nothing for one that Asterisk can't count.
pub fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number <= i64::from(i32::MAX)).then_some(number)
}

/// The slots of a lot, as they are dialled: as long as the first one is written.
pub fn numbers(start: &str, end: &str) -> impl Iterator<Item = String> {
    let width = start.len();
    let range = number(start).zip(number(end));
    range.into_iter().flat_map(|(start, end)| start..=end).map(move |slot| format!("{slot:0width$}"))
}

fn holds(lot: &ParkingLot, exten: &str) -> bool {
    let range = number(&lot.slots_start).zip(number(&lot.slots_end));
    let inside = range.zip(number(exten)).is_some_and(|((start, end), slot)| (start..=end).contains(&slot));
    // `007` is not the slot 7.
    inside
        && number(exten).is_some_and(|slot| format!("{slot:0width$}", width = lot.slots_start.len()) == exten)
}

/// Refuses a lot in a context where one of its slots is an extension, or a slot of another lot.
///
/// # Errors
/// 400.
pub fn refuse_taken(connection: &Connection, lot: &ParkingLot, context: &str) -> Result<()> {
    for (id, exten) in extensions::literals_in(connection, context)? {
        if holds(lot, &exten) {
            return Err(conflict(&[("id", id.into()), ("exten", exten.into()), ("context", context.into())]));
        }
    }
    for other in store::in_context(connection, context)?.iter().filter(|other| other.id != lot.id) {
        if numbers(&other.slots_start, &other.slots_end).any(|slot| holds(lot, &slot)) {
            let slots =
                [("slots_start", other.slots_start.as_str()), ("slots_end", other.slots_end.as_str())];
            let mut meta: Vec<(&str, Py)> = vec![("id", other.id.into())];
            meta.extend(slots.map(|(name, value)| (name, value.into())));
            return Err(conflict(&meta));
        }
    }
    Ok(())
}

/// Refuses an extension for a lot that would be one of its own slots.
///
/// # Errors
/// 400.
pub fn refuse_own(lot: &ParkingLot, exten: &str) -> Result<()> {
    if holds(lot, exten) { Err(conflict(&[("exten", exten.into())])) } else { Ok(()) }
}

fn conflict(meta: &[(&str, Py)]) -> crate::Error {
    let meta =
        Py::Dict(meta.iter().map(|(name, value)| ((*name).into(), value.clone())).collect()).to_string();
    let meta = meta.trim_start_matches('{').trim_end_matches('}');
    let sentence = "Extension is already used for a destination or parking slot";
    Problems::one(format!("Resource Error - {sentence} ({meta})")).into()
}

/// Refuses a number that is a slot of a lot in its context.
///
/// # Errors
/// 400.
pub fn refuse_slot(connection: &Connection, context: &str, exten: &str) -> Result<()> {
    match store::in_context(connection, context)?.into_iter().find(|lot| holds(lot, exten)) {
        Some(lot) => {
            let meta = [
                ("id", lot.id.into()),
                ("slots_start", lot.slots_start.as_str().into()),
                ("slots_end", lot.slots_end.as_str().into()),
            ];
            Err(already_exists("ParkingLot", &meta).into())
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn slots_are_as_long_as_the_first() {
        assert_eq!(numbers("0098", "101").collect::<Vec<_>>(), ["0098", "0099", "0100", "0101"]);
        assert_eq!(numbers("9", "10").collect::<Vec<_>>(), ["9", "10"]);
    }
}
