//! The REST API over real HTTP against the built binary and a real SQLite file. A test's path is its URL.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is the report of a test")]

mod bad_days;
mod call_permissions;
mod command_line;
mod conferences;
mod contexts;
mod conventions;
mod endpoints;
mod every_route;
mod extensions;
mod features;
mod funckeys;
mod groups;
mod harness;
mod identity;
mod incalls;
mod ivr;
mod limits;
mod lines;
mod lists;
mod moh;
mod outcalls;
mod phone_numbers;
mod queues;
mod registers;
mod schedules;
mod sip;
mod sounds;
mod tenants;
mod trunks;
mod users;
mod voicemail_folders;
mod voicemails;
mod zonemessages;
