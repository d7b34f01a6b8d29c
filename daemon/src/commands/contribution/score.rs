//! `modelbond contribution score`: what a witness finds.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::Uint128;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::OfferResponse;
use modelbond_interface::training::{Round, Slice};
use modelbond_learn::model::Model;
use serde::{Deserialize, Serialize};

use super::offer_of;
use super::show::found;
use crate::contract::{Contract, Provenance};
use crate::contribution::scored::{score, Measure, Scored};
use crate::decimal;
use crate::failure::Failure;
use crate::file_hash;
use crate::output::{Page, Report};
use crate::session::Session;
use crate::training::play::history::{before, Models};
use crate::training::play::wine::Wine;
use crate::training::Training;

/// The largest file, 1 GiB.
const MOST_BYTES: u64 = 1 << 30;

/// Options of `contribution score`.
#[derive(Args, Debug)]
#[command(after_help = "\
All witnesses of an offer find the same: they score with the model that the round began with which
they were drawn by, and on its slice of the holdout, if one was opened.

The data are comma-separated wines, as they were measured: the first line names the columns, one of
them quality, 0 to 10, the other eleven in the order of the run's dataset. A row counts if it can be
read, and is neither in that dataset nor earlier in the file. Quality is the part of the rows that
count; improvement is the part of the loss that is gone once the model has learned from them.

Example:
  modelbond contribution score wines.csv --offer 1 --json > score.json")]
pub struct Score {
    /// The data
    file: PathBuf,
    /// Number of the offer
    #[arg(long, value_name = "N")]
    offer: u64,
    /// Where models are kept that were computed [default: the home directory]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

/// A score, and what it was found with.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Found {
    /// The offer.
    pub(super) offer_id: u64,
    /// The model's run.
    run_id: u64,
    /// The round by which witnesses were drawn.
    round_id: u64,
    /// Hash of the model that it began with.
    base_hash: Hash32,
    /// Its slice of the holdout, if one was opened.
    slice: Option<Slice>,
    /// What was found.
    #[serde(flatten)]
    pub(super) scored: Scored,
}

impl Report for Found {
    fn page(&self) -> Page {
        let Scored { rows, well_formed, new, loss_before, loss_after, .. } = self.scored;
        let loss = |loss: u64| decimal::format(Uint128::from(loss), 6);
        let before = loss_before.map_or_else(|| "no slice was opened".to_owned(), loss);
        Page::new(format!("The data of offer {}", self.offer_id))
            .field("sha-256", self.scored.data_hash)
            .field("rows", rows)
            .field("of them can be read", well_formed)
            .field("of them are new", new)
            .field("with the model", self.base_hash)
            .field("of run and round", format!("{}, {}", self.run_id, self.round_id))
            .field("its loss on the slice", before)
            .field_if("after learning from them", loss_after.map(loss))
            .field("score", found(self.scored.score))
            .note("add --json and give the file to modelbond contribution commit --score")
    }
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: &Score) -> Result<()> {
    let bytes = read(&command.file)?;
    let provenance = Contract::<Provenance>::find(session).await?;
    let offer = offer_of(&provenance, command.offer).await?;
    let data_hash = file_hash::of(&command.file, &session.output)?;
    ensure_offered(data_hash, &offer)?;
    let round_id = offer.round_id.ok_or_else(|| {
        Failure::new(format!("witnesses of offer {} are not drawn", offer.offer_id))
            .hint("modelbond contribution draw draws them, once there is a round for it")
    })?;
    let training = Training::of(provenance.network.clone(), provenance.client.clone()).await?;
    let round = training.round(offer.run_id, Some(round_id)).await?;
    let (wine, base) = base(session, command, &training, &round).await?;
    let measure = Measure { wine: &wine, base: &base, slice: round.model.slice };
    let scored = {
        let _progress = session.output.progress("learning from the data");
        score(&measure, &bytes, data_hash)?
    };
    session.output.print(&Found {
        offer_id: offer.offer_id,
        run_id: offer.run_id,
        round_id,
        base_hash: Hash32(base.hash()),
        slice: round.model.slice,
        scored,
    })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let unreadable = || Failure::usage(format!("cannot read {}", path.display()));
    let size = fs::metadata(path).with_context(unreadable)?.len();
    if size > MOST_BYTES {
        let what = format!("{} has {size} bytes, at most {MOST_BYTES}", path.display());
        return Err(Failure::usage(what).into());
    }
    fs::read(path).with_context(unreadable)
}

/// Refuses other data than was offered.
pub(super) fn ensure_offered(data_hash: Hash32, offer: &OfferResponse) -> Result<(), Failure> {
    let offered = offer.offered.data_hash;
    if data_hash == offered {
        return Ok(());
    }
    Err(Failure::usage(format!("{data_hash} was scored, {offered} was offered"))
        .hint("score the very file that the contributor offers"))
}

/// The dataset, and the model that the round began with.
async fn base(
    session: &Session,
    command: &Score,
    training: &Training,
    round: &Round,
) -> Result<(Wine, Model)> {
    let run = training.run(round.run_id).await?;
    let wine = Wine::new(run.params.dataset.shards)?;
    wine.ensure_plays(&run.params)?;
    let models = Models::of(command.state.as_deref().unwrap_or(&session.home));
    let base = {
        let _progress = session.output.progress("computing the model again");
        before(training, (&wine, &models), &run, round.round_id).await?
    };
    let base = base.ok_or_else(|| {
        Failure::new(format!("the model of run {} cannot be computed again", run.run_id))
            .hint("its rounds lead to another model than the chain has; is the endpoint honest?")
    })?;
    Ok((wine, base))
}
