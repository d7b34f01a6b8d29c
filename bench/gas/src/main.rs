//! Gas of every message on a real chain, unpinned and pinned, beside a bank send and cw20-base
//! in the same run. `scripts/bench.sh gas` starts the node and calls this.
#![allow(clippy::print_stdout)] // a report is what it is for

mod beacon;
mod bridge;
mod election;
mod report;
mod stage;

use std::path::PathBuf;

use anyhow::{ensure, Result};
use clap::Parser;

use report::Report;
use stage::Stage;

/// Measures gas on a running devnet.
#[derive(Parser)]
struct Options {
    /// The node, as `scripts/devnet.sh up` described it.
    #[arg(long)]
    devnet: PathBuf,
    /// Folder of the wasm artefacts.
    #[arg(long)]
    artifacts: PathBuf,
    /// `scripts/devnet.sh`, for pinning.
    #[arg(long)]
    devnet_script: PathBuf,
    /// Fail when a message costs more than 2 % above this file.
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// Write the figures here.
    #[arg(long)]
    output: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let mut stage = Stage::set(&options.devnet, &options.artifacts).await?;
    let mut report = Report::default();
    eprintln!("measuring unpinned");
    stage.measure(&mut report, "unpinned").await?;
    eprintln!("pinning the codes by governance");
    stage.pin(&options.devnet_script).await?;
    eprintln!("measuring pinned");
    stage.measure(&mut report, "pinned").await?;
    eprintln!("measuring the mathematics");
    stage.measure_quotes(&mut report).await?;
    eprintln!("measuring signature checks");
    stage.bridge().measure_checks(stage.trader(), &mut report).await?;
    eprintln!("measuring proofs of verifiable random functions");
    election::measure_proofs(stage.trader(), stage.probe(), &mut report).await?;

    println!("{}", report.table());
    if let Some(path) = &options.output {
        std::fs::write(path, report.json()?)?;
    }
    if let Some(path) = &options.baseline {
        let worse = report.worse_than(&std::fs::read_to_string(path)?)?;
        ensure!(
            worse.is_empty(),
            "{}\nif this is wanted: scripts/bench.sh gas --accept, and commit bench/gas.json",
            worse.join("\n")
        );
        println!("no message costs more than 2 % above the baseline");
    }
    Ok(())
}
