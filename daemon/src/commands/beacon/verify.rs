//! `modelbond beacon verify`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::read_info;
use super::round::RoundOptions;
use crate::beacon::InfoError;
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
    #[command(flatten)]
    round: RoundOptions,
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

pub(super) fn run(output: &Output, command: &Verify) -> Result<()> {
    let info = read_info(&command.info)?;
    let round = command.round.read()?;
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
