//! `modelbond run open`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use modelbond_interface::training::{ExecuteMsg, RunOpened, RunParams};

use super::parameters::Preset;
use super::show::parameters;
use crate::market::Market;
use crate::output::Page;
use crate::session::{Session, Unattended};
use crate::training::{Told, Training};

/// Options of `run open`.
#[derive(Args, Debug)]
pub struct Open {
    /// Market, by symbol or address
    market: String,
    /// The run, as modelbond run template prints it
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// What the file leaves out
    #[arg(long, value_enum, default_value = "devnet")]
    preset: Preset,
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: &Open) -> Result<()> {
    let params = command.preset.read(&command.file)?;
    let training = Training::find(session).await?;
    let usage_source = session.resolve_address(&params.usage_source, &training.network.prefix)?;
    let params = RunParams { usage_source, ..params };
    if let Some(provenance) = training.network.contracts.get("provenance") {
        if *provenance != params.usage_source {
            session.output.warn(&format!(
                "the usage source is {}, not provenance, {provenance}: who pays for using the model will not \
                 count as a user",
                params.usage_source
            ));
        }
    }
    let market = Market::find(session, &command.market).await?;
    if market.config.metrics_source.as_str() != training.address {
        session.output.warn(&format!(
            "the metrics source of {} is {}, not training: training will refuse",
            market.name.symbol, market.config.metrics_source
        ));
    }
    let signer = session.signer(&training.client).await?;
    let heading = format!("A run of {}", market.name.symbol);
    session.output.preview(&parameters(Page::new(heading), &params, &market.name.symbol));
    session.confirm("Open this run?", Unattended::Proceed)?;
    let message = ExecuteMsg::OpenRun { model: market.name.address.clone(), params };
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell(&signer, &message).await?
    };
    let told = Told::new(&training, &receipt, format!("A run of {} is open", market.name.symbol))
        .events((&training, &training.address), &receipt, |event: &RunOpened| {
        ("number of the run", event.run_id.to_string())
    })?;
    session.output.print(&told)
}
