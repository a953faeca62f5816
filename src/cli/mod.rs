//! The command line. Every command reads the same settings; what a person must do is said in plain words.

mod admin;
mod diagnose;
mod healthcheck;
mod import;
mod render;
mod serve;
mod welcome;

use crate::http::openapi;
use crate::resources;
use crate::resources::diagnose::Asked;
use crate::settings::Settings;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use uuid::Uuid;

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
    Serve {
        /// Say what to do next, as soon as phones can ring.
        #[arg(long)]
        welcome: bool,
    },
    /// Read the settings, say what is wrong with them, and stop.
    Check,
    /// Write the files that the database would become into a new folder.
    Render { dir: PathBuf },
    /// Print the OpenAPI document.
    Openapi {
        /// Of which API.
        #[arg(value_enum, default_value = "confd")]
        api: Api,
    },
    /// Ask a running cordboard whether it is well; exit code 0 when it is.
    Healthcheck,
    /// Say what a number is, whose it is, and why it rings or not.
    Diagnose {
        /// As it is dialled.
        exten: String,
        /// Where it is dialled; the first context that has it when not given.
        #[arg(long)]
        context: Option<String>,
        /// The number of whoever dials it: their rights are looked at too.
        #[arg(long)]
        caller: Option<String>,
    },
    /// Create the users of a CSV file, all or none. Works while cordboard runs.
    Import {
        /// Its columns are those of `POST /users/import`; `-` is the standard input.
        file: PathBuf,
        /// The master tenant when not given.
        #[arg(long)]
        tenant: Option<Uuid>,
    },
    /// Tenants: they own what the API makes.
    #[command(subcommand)]
    Tenant(Tenant),
    /// Tokens: what a client sends as X-Auth-Token.
    #[command(subcommand)]
    Token(Token),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Api {
    /// Configuration, below `/1.1`.
    Confd,
    /// Logins and rights, below `/0.1`.
    Auth,
    /// Agents at work, below `/api/agentd/1.0`.
    Agentd,
    /// Calls of switchboards, below `/api/calld/1.0`.
    Calld,
}

#[derive(Subcommand)]
enum Tenant {
    /// Make a tenant and print its uuid. Works while cordboard runs.
    Add {
        /// A short name: letters, digits, `-` and `_`.
        slug: String,
        /// Random when not given.
        #[arg(long)]
        uuid: Option<Uuid>,
        /// The tenant above it; the master tenant when not given.
        #[arg(long)]
        parent: Option<Uuid>,
    },
    /// Say in which country a tenant is: its emergency numbers then always go out.
    Country {
        /// Two letters: FR, DE, US.
        code: String,
        /// The master tenant when not given.
        #[arg(long)]
        tenant: Option<Uuid>,
    },
}

#[derive(Subcommand)]
enum Token {
    /// Let a token in, with all rights in its tenant, and print it. Works while cordboard runs.
    Add {
        /// The master tenant when not given.
        #[arg(long)]
        tenant: Option<Uuid>,
        /// Random when not given.
        #[arg(long)]
        value: Option<String>,
    },
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
    match execute(cli.command, &settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cordboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command, settings: &Settings) -> anyhow::Result<()> {
    match command {
        Command::Serve { welcome } => serve::serve(settings, welcome),
        Command::Check => {
            println!("The settings are fine.");
            Ok(())
        }
        Command::Render { dir } => render::render(settings, &dir),
        Command::Openapi { api } => {
            let document = resources::document(match api {
                Api::Confd => openapi::Api::Confd,
                Api::Auth => openapi::Api::Auth,
                Api::Agentd => openapi::Api::Agentd,
                Api::Calld => openapi::Api::Calld,
            });
            println!("{}", serde_json::to_string_pretty(&document)?);
            Ok(())
        }
        Command::Healthcheck => healthcheck::healthcheck(settings),
        Command::Diagnose { exten, context, caller } => {
            let (context, caller) = (context.as_deref(), caller.as_deref());
            diagnose::diagnose(settings, &Asked { exten: &exten, context, caller })
        }
        Command::Import { file, tenant } => import::import(settings, &file, tenant),
        Command::Tenant(Tenant::Add { slug, uuid, parent }) => {
            admin::add_tenant(settings, slug, uuid, parent)
        }
        Command::Tenant(Tenant::Country { code, tenant }) => admin::set_country(settings, &code, tenant),
        Command::Token(Token::Add { tenant, value }) => admin::add_token(settings, tenant, value),
    }
}
