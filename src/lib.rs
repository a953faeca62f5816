//! cordboard: a PBX configuration service in front of a stock Asterisk.

pub mod model;
pub mod render;
