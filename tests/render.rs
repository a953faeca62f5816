//! The renderer: the files of whole models, and that no value changes a file's meaning.

#[cfg(test)]
#[path = "render/cases.rs"]
mod cases;
#[cfg(test)]
#[path = "render/encrypted.rs"]
mod encrypted;
#[cfg(test)]
#[path = "render/floor.rs"]
mod floor;
#[cfg(test)]
#[path = "render/left_out.rs"]
mod left_out;
#[cfg(test)]
#[path = "render/network.rs"]
mod network;
#[cfg(test)]
#[path = "render/office.rs"]
mod office;
#[cfg(test)]
#[path = "render/parser.rs"]
mod parser;
#[cfg(test)]
#[path = "render/property.rs"]
mod property;
#[cfg(test)]
#[path = "render/whole_office.rs"]
mod whole_office;
