//! cordboard: a PBX configuration service in front of a stock Asterisk.

pub mod app;
pub mod apply;
pub mod asterisk;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod connect;
pub mod db;
pub mod diagnose;
pub mod domain;
pub mod error;
pub mod http;
pub mod load;
pub mod model;
pub mod render;
pub mod resources;
pub mod settings;
pub mod storage;
pub mod tls;

pub use error::{Error, Result};
