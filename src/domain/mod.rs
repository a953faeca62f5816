//! Values and their rules. No IO here: neither HTTP, SQL, files nor the clock.

pub mod abroad;
pub mod acl;
pub mod ceiling;
pub mod country;
pub mod entry;
pub mod exten;
pub mod general;
pub mod hours;
pub mod mask;
pub mod network;
pub mod number_pattern;
pub mod problems;
pub mod programmable;
pub mod py;
pub mod queue_options;
pub mod refusal;
pub mod schema;
pub mod secret;
pub mod section;
pub mod sip;
pub mod switchboard_codes;
pub mod text;
pub mod wav;
