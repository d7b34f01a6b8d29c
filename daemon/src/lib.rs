//! The Modelbond command line.
//!
//! A run is: read the command line ([`cli`]), read the settings ([`config`]), make a [`session`],
//! and hand it to the command ([`commands`], one module per group). Commands return errors that say
//! what to do next ([`failure`]); only [`output`] prints.

pub mod amount;
pub mod audit;
pub mod beacon;
pub mod bridge;
pub mod cli;
pub mod commands;
pub mod config;
pub mod contract;
pub mod contribution;
pub mod decimal;
pub mod failure;
pub mod file_hash;
pub mod format;
pub mod keystore;
pub mod market;
pub mod network;
pub mod output;
pub mod passphrase;
pub mod serve;
pub mod session;
pub mod signatures;
pub mod simulate;
pub mod training;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::error::ErrorKind;
use clap::FromArgMatches;

use cli::{Cli, Command, Global};
use config::Overrides;
use failure::Failure;
use output::Output;
use session::Session;

/// Runs one command line and returns its exit code: 0 done, 1 failed, 2 not understood.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match cli::command()
        .try_get_matches_from(&arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches))
    {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error, &arguments),
    };
    let output = Output::new(cli.global.json);
    match run(cli, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.error(&error);
            ExitCode::from(failure::exit_code(&error))
        }
    }
}

fn run(cli: Cli, output: Output) -> Result<()> {
    let Cli { global, command } = cli;
    // What needs neither home nor settings works also where these are broken.
    let command = match command {
        Command::Beacon(command) => match commands::beacon::run_offline(&output, *command)? {
            None => return Ok(()),
            Some(command) => Command::Beacon(Box::new(command)),
        },
        command => command,
    };
    match command {
        Command::Simulate(command) => return commands::simulate::run(&output, command),
        Command::Curve(command) => return commands::curve::run(&output, command),
        Command::Sig(command) => {
            let open = || session(&global, &global.overrides(), output);
            return commands::sig::run(&output, &open, *command);
        }
        Command::Completions { shell } => return commands::completions(&output, shell),
        Command::Man => return commands::manual(&output),
        _ => {}
    }
    let mut overrides = global.overrides();
    match &command {
        Command::Serve(serve) => overrides.serve = Some(serve.overrides()),
        Command::Beacon(beacon) => {
            if let commands::beacon::Beacon::Run(serve) = &**beacon {
                overrides.serve = Some(serve.overrides());
            }
        }
        _ => {}
    }
    let session = session(&global, &overrides, output)?;
    runtime()?.block_on(commands::run(&session, command))
}

/// What waits for the chain, and serves.
fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
}

fn session(global: &Global, overrides: &Overrides, output: Output) -> Result<Session> {
    let home = home(global)?;
    let layers = config::load(&home, overrides)?;
    Ok(Session::new(output, home, layers, global.yes, global.from_env))
}

fn home(global: &Global) -> Result<PathBuf> {
    let home =
        global.home.clone().or_else(|| std::env::home_dir().map(|home| home.join(".modelbond")));
    home.ok_or_else(|| {
        Failure::usage("there is no home directory")
            .hint("give --home DIR or set MODELBOND_HOME")
            .into()
    })
}

/// Prints what clap has to say: help and version are no errors.
fn not_understood(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let json = arguments.iter().any(|argument| argument == "--json");
    if asked_for || !json {
        let _ = error.print();
        return ExitCode::from(if asked_for { 0 } else { failure::EXIT_USAGE });
    }
    let what = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            "a command is missing".to_owned()
        }
        _ => first_paragraph(&error.to_string()),
    };
    Output::new(true).error_text(&what, Some("add --help to see what is possible"));
    ExitCode::from(failure::EXIT_USAGE)
}

/// Clap's message on one line, without usage and advice.
fn first_paragraph(text: &str) -> String {
    let lines: Vec<&str> = text
        .strip_prefix("error: ")
        .unwrap_or(text)
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}
