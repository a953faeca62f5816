//! The applier against a real Asterisk, found by `CORDBOARD_TEST_ASTERISK` or as `cordboard serve` finds it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a panic in a test is the report")]

mod bad_days;

mod contacts;
mod files;
mod general;
mod good_days;
mod lab;
mod live;
mod lives;
mod queues;
mod rendered;
mod trunks;
