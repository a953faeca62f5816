//! Policies: named access lists, given to accounts and groups (auth.md 6).

mod rights;
mod seed;
mod store;

pub use rights::rights_of;
pub use seed::{ADMIN, seed};
