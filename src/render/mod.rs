//! The renderer: a pure function from the model to a set of files. No clock, environment, randomness or hash order.

mod fileset;

pub use fileset::{File, FileSet, Kind, Object};
