//! The renderer: the files of whole models, and that no value changes a file's meaning.

#[path = "render/cases.rs"]
mod cases;
#[path = "render/office.rs"]
mod office;
