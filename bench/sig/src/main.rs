//! Two measurements that print a table and write JSON: the signature library beside libsecp256k1
//! (`native`), and a running bridge service under load (`service`). `scripts/bench.sh sig` runs
//! both and fails when a target is missed; here only a wrong answer is a failure.
#![allow(clippy::print_stdout)] // a report is what it is for

mod native;
mod report;
mod samples;
mod service;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use report::Report;

/// Measures signatures.
#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    command: Command,
    /// Write the figures here, as JSON.
    #[arg(long, global = true)]
    output: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// The library beside libsecp256k1, in the same run, on one core.
    Native(native::Options),
    /// Load on a `modelbond serve` of this machine, which is ended in the middle of it.
    Service(service::Options),
}

fn main() -> Result<()> {
    let Options { command, output } = Options::parse();
    let report = match command {
        Command::Native(options) => native::measure(&options)?,
        Command::Service(options) => service::measure(&options)?,
    };
    println!("{}", report.text());
    output.as_deref().map_or(Ok(()), |path| write(path, &report))
}

fn write(path: &Path, report: &Report) -> Result<()> {
    let json = report.json()?;
    std::fs::write(path, json).with_context(|| format!("could not write {}", path.display()))
}
