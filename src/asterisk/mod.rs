//! The managed Asterisk: find it, start it, watch it, stop it. Knows nothing of what is configured in it.

mod locate;
mod process;
mod state;

pub use locate::{Installation, LocateError, locate, sounds};
pub use process::{Launch, Process, ProcessState};
pub use state::{AMI_USER, ManagedState, StateError};
