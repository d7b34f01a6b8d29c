//! `modelbond beacon verify`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::{read_info, read_small};
use crate::beacon::{InfoError, Round};
use crate::failure::Failure;
use crate::output::{Output, Page, Report};

/// Options of `beacon verify`.
#[derive(Args, Debug)]
#[command(after_help = "\
Exit code 0: valid; 1: not valid, and why; 2: an option or a file cannot be read.

Examples:
  modelbond beacon verify --info info.json --round 1000 --signature b446…
  curl -s https://…/public/1000 > round.json && modelbond beacon verify --info info.json --file round.json")]
pub struct Verify {
    /// Chain information: the JSON of a drand node's /info
    #[arg(long, value_name = "FILE")]
    info: PathBuf,
    /// The round's number
    #[arg(
        long,
        value_name = "N",
        required_unless_present = "file",
        conflicts_with = "file",
        requires = "signature"
    )]
    round: Option<u64>,
    /// Its signature, 48 bytes
    #[arg(long, value_name = "HEX", conflicts_with = "file", requires = "round")]
    signature: Option<String>,
    /// The round as drand serves it, /public/N
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Verdict {
    valid: bool,
    round: u64,
    chain_hash: String,
    randomness: Option<String>,
    due_at: u64,
    reason: Option<String>,
}

impl Report for Verdict {
    fn page(&self) -> Page {
        Page::new(if self.valid { "Valid" } else { "NOT valid" })
            .field_if("why", self.reason.as_ref())
            .field("round", self.round)
            .field("chain hash", &self.chain_hash)
            .field("due at", self.due_at)
            .field_if("randomness", self.randomness.as_ref())
    }
}

/// A round of a file, or of options.
pub(super) fn read_round(
    file: Option<&PathBuf>,
    round: Option<u64>,
    signature: Option<&String>,
) -> Result<Round> {
    match (file, round, signature) {
        (Some(file), ..) => serde_json::from_str(&read_small(file)?).map_err(|error| {
            Failure::usage(format!("{} is no round: {error}", file.display()))
                .hint("it is the JSON of a drand node's /public/N")
                .into()
        }),
        (None, Some(round), Some(signature)) => {
            Ok(Round { round, randomness: None, signature: signature.clone() })
        }
        _ => Err(Failure::usage("which round?")
            .hint("give --round and --signature, or --file")
            .into()),
    }
}

pub(super) fn run(output: &Output, command: &Verify) -> Result<()> {
    let info = read_info(&command.info)?;
    let round = read_round(command.file.as_ref(), command.round, command.signature.as_ref())?;
    let checked = info.verify_round(&round);
    let reason = checked.as_ref().err().map(InfoError::to_string);
    output.print(&Verdict {
        valid: checked.is_ok(),
        round: round.round,
        chain_hash: info.hash.clone(),
        randomness: checked.ok().map(hex::encode),
        due_at: info.round_at(round.round),
        reason: reason.clone(),
    })?;
    match reason {
        None => Ok(()),
        Some(reason) => Err(Failure::new(format!("not valid: {reason}")).into()),
    }
}
