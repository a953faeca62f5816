//! Who calls, and may they? Tokens and what they stand for, passwords, and the patience with wrong ones. No HTTP here,
//! and no REST resource.

mod grant;
mod keyring;
pub mod passwords;
mod refresh;
mod throttle;

pub use grant::{Grant, INTERNAL, Tree, hash_token};
pub use keyring::Keyring;
pub use passwords::Passwords;
pub use refresh::{RefreshKey, new_token};
pub use throttle::{Attempt, Throttle, network};
