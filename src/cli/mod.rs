//! The command line. Every command reads the same settings; what a person must do is said in plain words.

mod serve;

use crate::settings::Settings;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "cordboard",
    version,
    about = "A PBX configuration service: one REST call, and the phone rings"
)]
struct Cli {
    /// The settings file (TOML). Every key can also be set as CORDBOARD__SECTION__KEY.
    #[arg(long, global = true, env = "CORDBOARD_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and keep Asterisk in step with it.
    Serve,
}

/// Runs the command line; exit code 2 for wrong settings, 1 for everything else that fails.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let settings = match Settings::load(cli.config.as_deref(), std::env::vars()) {
        Ok(settings) => settings,
        Err(problem) => {
            eprintln!("cordboard: {problem}");
            return ExitCode::from(2);
        }
    };
    let done = match cli.command {
        Command::Serve => serve::serve(&settings),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cordboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}
