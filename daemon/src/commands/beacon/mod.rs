//! `modelbond beacon`: a drand-compatible beacon, ours or drand's own.

mod keygen;
mod round;
mod show;
mod submit;
mod verify;

use std::path::Path;

use anyhow::{Context, Result};
use clap::Subcommand;

use crate::beacon::ChainInfo;
use crate::failure::Failure;
use crate::output::Output;
use crate::session::Session;

/// Emit, verify and look at a public random beacon
#[derive(Subcommand, Debug)]
#[command(after_help = "\
A beacon is described by drand's chain information, the JSON of its /info. Every round's signature
can be verified with it, here and by the contract. A single emitter can foresee and withhold
rounds; no draw of Modelbond depends on the beacon alone.

Examples:
  modelbond beacon keygen emitter --period 3 > info.json     a beacon of our own
  modelbond deploy --beacon info.json                        the contract that verifies its rounds
  modelbond beacon run --emit emitter --from payer           emit, serve /info and /public/latest
  modelbond beacon verify --info info.json --round 7 --signature 8a…")]
pub enum Beacon {
    /// Make a beacon's key and print its chain information
    Keygen(keygen::Keygen),
    /// Emit a beacon: the HTTP service with the emitter
    Run(Box<super::serve::Serve>),
    /// Show the contract's sources and its last round
    Show,
    /// Verify a round's signature, without a chain
    Verify(verify::Verify),
    /// Hand a round in, from drand's JSON or by its signature
    Submit(submit::Submit),
}

/// Runs the command.
pub async fn run(session: &Session, command: Beacon) -> Result<()> {
    match command {
        Beacon::Keygen(command) => keygen::run(session, &command),
        Beacon::Run(command) => {
            if command.emits() || session.config.serve.emit.is_some() {
                return super::serve::run(session, *command).await;
            }
            Err(Failure::usage("which key emits?")
                .hint("give --emit NAME, or set serve.emit in config.toml")
                .into())
        }
        Beacon::Show => show::run(session).await,
        Beacon::Verify(command) => verify::run(&session.output, &command),
        Beacon::Submit(command) => submit::run(session, &command).await,
    }
}

/// Runs what needs neither home nor settings; gives back what does.
pub fn run_offline(output: &Output, command: Beacon) -> Result<Option<Beacon>> {
    match command {
        Beacon::Verify(command) => verify::run(output, &command).map(|()| None),
        other => Ok(Some(other)),
    }
}

/// Most bytes of a file of chain information or a round.
const MOST_BYTES: u64 = 64 << 10;

/// Reads and checks chain information.
pub(super) fn read_info(path: &Path) -> Result<ChainInfo> {
    let info: ChainInfo = serde_json::from_str(&read_small(path)?).map_err(|error| {
        Failure::usage(format!("{} is not chain information: {error}", path.display()))
            .hint("it is the JSON of a drand node's /info, or of modelbond beacon keygen")
    })?;
    let broken =
        |error: crate::beacon::InfoError| Failure::usage(format!("{}: {error}", path.display()));
    info.check().map_err(broken)?;
    Ok(info)
}

fn read_small(path: &Path) -> Result<String> {
    let unreadable = || Failure::usage(format!("cannot read {}", path.display()));
    let bytes = std::fs::metadata(path).with_context(unreadable)?.len();
    if bytes > MOST_BYTES {
        let what = format!("{} has {bytes} bytes, at most {MOST_BYTES}", path.display());
        return Err(Failure::usage(what).into());
    }
    std::fs::read_to_string(path).with_context(unreadable)
}
