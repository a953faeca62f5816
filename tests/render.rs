//! The renderer: the files of whole models, and that no value changes a file's meaning.
#![expect(clippy::unwrap_used, reason = "a panic in a test is the report")]

#[path = "render/cases.rs"]
mod cases;
#[path = "render/office.rs"]
mod office;
