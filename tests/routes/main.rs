//! The REST API over real HTTP against the built binary and a real SQLite file. A test's path is its URL.
#![expect(clippy::unwrap_used, reason = "a panic is the report of a test")]

mod contexts;
mod harness;
