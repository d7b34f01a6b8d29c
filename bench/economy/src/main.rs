//! Gas of the economy around a model on a real chain: opening models, connecting them, minting (over the cost of
//! its caller), transferring, paying for use, claiming, block rewards. Claiming is measured with one holder and with
//! ten thousand, connecting in an empty graph and in a large one: what is flat must stay within 2 %. Codes are not
//! pinned, until at the end they are: paying for use loads two contracts, and has its limit there.
//! `scripts/bench.sh economy` calls this.
#![allow(clippy::print_stdout)] // a report is what it is for

mod chain;
mod measures;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{ensure, Result};
use clap::Parser;

use chain::Stage;

/// What a message may use at the most, whatever it is (I12).
const MOST: u64 = 2_500_000;
/// What these may use.
const TARGETS: [(&str, u64); 8] = [
    ("open_model", 450_000),
    ("mint_contribution, no parents", 160_000),
    ("mint_contribution, 2 parents", 160_000),
    ("transfer_nft", 130_000),
    ("claim, 1 holder", 150_000),
    ("claim, many holders", 150_000),
    ("pay_usage pinned, first payment of a user, 4 parents", 200_000),
    ("pay_usage pinned, 4 parents", 200_000),
];
/// Pairs that may differ by 2 %.
const FLAT: [(&str, &str); 2] =
    [("claim, 1 holder", "claim, many holders"), ("connect, empty graph", "connect, large graph")];

/// Measures the economy.
#[derive(Parser)]
struct Options {
    /// Holders of one model's NFTs in the end.
    #[arg(long, default_value_t = 10_000)]
    holders: u64,
    /// Models in the graph in the end.
    #[arg(long, default_value_t = 40)]
    models: usize,
    /// Write the figures here.
    #[arg(long)]
    output: Option<PathBuf>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let mut gas = BTreeMap::new();
    let mut stage = Stage::set()?;
    measures::models(&mut stage, &mut gas, options.models)?;
    measures::payments(&mut stage, &mut gas)?;
    measures::tokens(&mut stage, &mut gas, options.holders)?;
    measures::pinned(&mut stage, &mut gas)?;
    report(&gas, options.output)
}

fn report(gas: &BTreeMap<String, u64>, output: Option<PathBuf>) -> Result<()> {
    let mut missed = vec![];
    for (message, used) in gas {
        let target =
            TARGETS.iter().find(|(name, _)| name == message).map_or(MOST, |(_, most)| *most);
        println!("{message:<54} {used:>10}   at most {target:>9}");
        if *used > target {
            missed.push(format!("{message} uses {used} gas, more than {target}"));
        }
    }
    for (few, many) in FLAT {
        let (Some(few_gas), Some(many_gas)) = (gas.get(few), gas.get(many)) else { continue };
        let apart = few_gas.abs_diff(*many_gas);
        if apart * 50 > *few_gas {
            missed
                .push(format!("{few} uses {few_gas} gas, {many} {many_gas}: more than 2 % apart"));
        }
    }
    if let Some(path) = output {
        std::fs::write(path, serde_json::to_string_pretty(gas)? + "\n")?;
    }
    ensure!(missed.is_empty(), "{}", missed.join("\n"));
    println!("every message is within its limit");
    Ok(())
}
