//! A CSV file: a header, then one row a user. An empty cell is the same as none.

use crate::clock;
use csv::{ReaderBuilder, StringRecord};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Bytes of a file.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Rows of a file: nothing else is written while they are.
pub const MOST_ROWS: usize = 10_000;

/// What is wrong, for one row or the whole file.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Problem {
    pub message: String,
    /// Seconds since 1970.
    pub timestamp: i64,
    pub details: Details,
}

#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Details {
    /// The cells by their columns.
    pub row: Map<String, Value>,
    /// From 1; 0 is the header, or the file as a whole.
    pub row_number: usize,
}

impl Problem {
    /// What is wrong with the file as a whole.
    pub fn of_file(message: impl Into<String>) -> Problem {
        let details = Details { row: Map::new(), row_number: 0 };
        Problem { message: message.into(), timestamp: clock::seconds(), details }
    }
}

/// A file that has been read.
#[derive(Debug)]
pub struct Sheet {
    header: Vec<String>,
    places: HashMap<String, usize>,
    rows: Vec<StringRecord>,
}

/// One row of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    record: &'a StringRecord,
    /// From 1.
    pub number: usize,
}

impl Sheet {
    /// Reads a file. `content_type` may name its encoding: UTF-8 (when it names none) or Latin-1.
    ///
    /// # Errors
    /// An encoding that is not known or not kept to, an unclosed quote, a column twice, too many rows.
    pub fn read(bytes: &[u8], content_type: &str) -> Result<Sheet, Problem> {
        let text = decoded(bytes, content_type)?;
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let wrong = |error: csv::Error| Problem::of_file(format!("The file is no CSV: {error}"));
        let header: Vec<String> =
            reader.headers().map_err(wrong)?.iter().map(|name| name.trim().to_owned()).collect();
        let mut places = HashMap::new();
        for (index, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if places.insert(name.clone(), index).is_some() {
                return Err(Problem::of_file(format!("The column {name:?} is there twice")));
            }
        }
        let rows = reader.records().take(MOST_ROWS + 1).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        if rows.len() > MOST_ROWS {
            return Err(Problem::of_file(format!(
                "The file has more than {MOST_ROWS} rows: import it in parts"
            )));
        }
        Ok(Sheet { header, places, rows })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().enumerate().map(|(index, record)| Row { sheet: self, record, number: index + 1 })
    }
}

impl<'a> Row<'a> {
    /// What stands in a column, unless that is nothing.
    pub fn get(self, column: &str) -> Option<&'a str> {
        let cell = self.record.get(*self.sheet.places.get(column)?)?;
        (!cell.is_empty()).then_some(cell)
    }

    /// Are there more cells than columns?
    pub fn is_too_long(self) -> bool {
        self.record.len() > self.sheet.header.len()
    }

    /// What is wrong with this row.
    pub fn problem(self, message: String) -> Problem {
        let cells = self.sheet.header.iter().zip(self.record.iter());
        let row = cells.map(|(name, cell)| (name.clone(), Value::from(cell))).collect();
        Problem { message, timestamp: clock::seconds(), details: Details { row, row_number: self.number } }
    }
}

/// The file's text, without a byte order mark.
fn decoded<'a>(bytes: &'a [u8], content_type: &str) -> Result<std::borrow::Cow<'a, str>, Problem> {
    let charset = content_type.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_lowercase())
    });
    match charset.as_deref().unwrap_or("utf-8") {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let text = std::str::from_utf8(bytes).map_err(|error| {
                Problem::of_file(format!("The file is not UTF-8 (at byte {})", error.valid_up_to()))
            })?;
            Ok(text.into())
        }
        "iso-8859-1" | "latin-1" | "latin1" => {
            Ok(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into())
        }
        other => {
            Err(Problem::of_file(format!("The encoding {other:?} is not known: send UTF-8 or iso-8859-1")))
        }
    }
}
