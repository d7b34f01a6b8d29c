//! `modelbond run wine`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use super::parameters::{Hashes, Preset};
use crate::failure::Failure;
use crate::keystore::create_private;
use crate::output::{Page, Report};
use crate::session::Session;
use crate::training::play::slices::{Opening, Salts, MAX_SERIES};
use crate::training::play::wine::{Wine, SHARDS};

/// Options of `run wine`.
#[derive(Args, Debug)]
#[command(after_help = "\
The file names the wines that are compiled in, the first model, and slices of the holdout whose salts
follow from --from's key: node play --owner KEY opens them, one in each round.

Example:
  modelbond run wine --from creator > run.toml
  modelbond run open VIS --file run.toml --from creator
  modelbond node play --run 1 --node jetson1 --owner creator")]
pub struct RunWine {
    /// For which network
    #[arg(long, value_enum, default_value = "devnet")]
    preset: Preset,
    /// Parts of the rows, one for each group and round
    #[arg(long, value_name = "N", default_value_t = SHARDS, value_parser = clap::value_parser!(u32).range(1..=512))]
    shards: u32,
    /// Which slices: another run of the same key takes another number
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..i64::from(MAX_SERIES)))]
    series: u32,
    /// Who says who paid for using the model: an address, or a key [default: the network's provenance
    /// contract, else --from's]
    #[arg(long, value_name = "ADDRESS")]
    usage_source: Option<String>,
    /// Another number of the preset, such as lengths.check_secs=15; repeatable
    #[arg(long = "set", value_name = "TABLE.FIELD=VALUE")]
    set: Vec<String>,
    /// Also write the slices with their salts to this file, for you only
    #[arg(long, value_name = "FILE")]
    slices: Option<PathBuf>,
}

#[derive(Serialize)]
struct WineRun {
    preset: Preset,
    toml: String,
    dataset_root: String,
    algorithm: String,
    base_hash: String,
}

impl Report for WineRun {
    /// The file itself.
    fn page(&self) -> Page {
        Page::default().note(self.toml.trim_end())
    }
}

/// The provenance contract, where the network file has one.
fn provenance(session: &Session) -> Option<String> {
    session.network().ok()?.contracts.get("provenance").cloned()
}

/// Runs the command.
pub(super) fn run(session: &Session, command: &RunWine) -> Result<()> {
    let preset = command.preset;
    let identity = session.identity()?;
    let wine = Wine::new(command.shards)?;
    let terms = wine.terms();
    let openings = Salts::of(&identity).series(&wine, command.series);
    let prefix = session.prefix()?;
    let usage_source = match &command.usage_source {
        None => provenance(session),
        given => given.clone(),
    };
    let usage_source = session.address_or_own(usage_source.as_deref(), &prefix)?;
    let hashes = Hashes {
        dataset_root: terms.dataset_root,
        algorithm_hash: terms.algorithm,
        known_answer: terms.known_answer,
        base_hash: terms.base,
    };
    let slices = openings.iter().map(|opening| opening.slice).collect();
    let toml = preset.filled(hashes, ((command.shards, slices), usage_source), &command.set)?;
    if let Some(path) = &command.slices {
        keep(path, &openings)?;
        session.output.note(&format!("salts of the slices are in {}", path.display()));
    }
    session.output.print(&WineRun {
        preset,
        toml,
        dataset_root: terms.dataset_root.to_string(),
        algorithm: terms.algorithm.to_string(),
        base_hash: terms.base.to_string(),
    })
}

fn keep(path: &std::path::Path, openings: &[Opening]) -> Result<()> {
    let mut text = serde_json::to_string_pretty(openings).context("slices")?;
    text.push('\n');
    if !create_private(path, &text)? {
        return Err(Failure::usage(format!("{} is there already", path.display())).into());
    }
    Ok(())
}
