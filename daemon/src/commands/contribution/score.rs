//! `modelbond contribution score`: what a witness finds.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::Uint128;

use super::show::found;
use crate::contribution::scored::{score, Scored};
use crate::decimal;
use crate::failure::Failure;
use crate::file_hash;
use crate::output::{Page, Report};
use crate::session::Session;
use crate::training::play::wine::Wine;
use crate::training::Training;

/// The largest file, 1 GiB.
const MOST_BYTES: u64 = 1 << 30;

/// Options of `contribution score`.
#[derive(Args, Debug)]
#[command(after_help = "\
All who score the same file for the same run find the same. The data are comma-separated wines, as they
were measured: the first line names the columns, one of them quality, 0 to 10, the other eleven in the
order of the run's dataset. A row counts if it can be read, and is neither in the run's dataset nor
earlier in the file. Quality is the part of the rows that count; improvement is the part of the loss on
the run's holdout that is gone once a model that knows nothing has learned from them.

Example:
  modelbond contribution score wines.csv --run 1 --json > score.json")]
pub struct Score {
    /// The data
    file: PathBuf,
    /// Number of a run of the model, as modelbond run wine writes it
    #[arg(long, value_name = "RUN")]
    run: u64,
}

impl Report for Scored {
    fn page(&self) -> Page {
        let loss = |loss: u64| decimal::format(Uint128::from(loss), 6);
        let after = match (self.loss_after, self.new) {
            (Some(after), _) => loss(after),
            (None, 0) => "the same: nothing to learn from".to_owned(),
            (None, _) => "learning diverged".to_owned(),
        };
        Page::new("Scored")
            .field("sha-256", self.data_hash)
            .field("rows", self.rows)
            .field("of them can be read", self.well_formed)
            .field("of them are new", self.new)
            .field("loss on the holdout before", loss(self.loss_before))
            .field("after learning from them", after)
            .field("score", found(self.score))
            .note("add --json and give the file to modelbond contribution commit --score")
    }
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: &Score) -> Result<()> {
    let unreadable = || Failure::usage(format!("cannot read {}", command.file.display()));
    let size = fs::metadata(&command.file).with_context(unreadable)?.len();
    if size > MOST_BYTES {
        let what = format!("{} has {size} bytes, at most {MOST_BYTES}", command.file.display());
        return Err(Failure::usage(what).into());
    }
    let training = Training::find(session).await?;
    let params = training.run(command.run).await?.params;
    let wine = Wine::new(params.dataset.shards)?;
    wine.ensure_plays(&params)?;
    let data_hash = file_hash::of(&command.file, &session.output)?;
    let bytes = fs::read(&command.file).with_context(unreadable)?;
    let scored = {
        let _progress = session.output.progress("learning from the data");
        score(&wine, &bytes, data_hash)?
    };
    session.output.print(&scored)
}
