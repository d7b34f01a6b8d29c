//! A round on the command line: as drand serves it, or its number and signature.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::read_small;
use crate::beacon::Round;
use crate::failure::Failure;

/// Which round.
#[derive(Args, Debug)]
pub(super) struct RoundOptions {
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

impl RoundOptions {
    /// The round, unverified.
    pub(super) fn read(&self) -> Result<Round> {
        if let Some(file) = &self.file {
            return serde_json::from_str(&read_small(file)?).map_err(|error| {
                Failure::usage(format!("{} is no round: {error}", file.display()))
                    .hint("it is the JSON of a drand node's /public/N")
                    .into()
            });
        }
        match (self.round, &self.signature) {
            (Some(round), Some(signature)) => {
                Ok(Round { round, randomness: None, signature: signature.clone() })
            }
            _ => Err(Failure::usage("which round?")
                .hint("give --round and --signature, or --file")
                .into()),
        }
    }
}
