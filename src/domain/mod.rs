//! Values and their rules. No IO here: neither HTTP, SQL, files nor the clock.

pub mod exten;
pub mod problems;
pub mod programmable;
pub mod py;
pub mod schema;
pub mod sip;
pub mod text;
