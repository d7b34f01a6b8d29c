//! Gas of every message of a training round on a real chain: 256 nodes of 16 owners, 16 groups of a
//! trainer and 4 witnesses, a jury of 21. One machine lies, so that there is something to judge; the
//! dearest message of each kind counts. `scripts/bench.sh rounds` calls this.
#![allow(clippy::print_stdout)] // a report is what it is for

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{ensure, Result};
use clap::Parser;
use cosmwasm_std::coin;
use modelbond_interface::training::{Due, Phase, SeatId, Stage};
use modelbond_tests::training::{Conduct, Setup};
use modelbond_tests::{Devnet, Training};

/// What a message may use at the most, whatever it is (I12).
const MOST: u64 = 2_500_000;
/// What these may use.
const TARGETS: [(&str, u64); 3] = [("commit", 110_000), ("reveal", 150_000), ("settle", 300_000)];
const OWNERS: [&str; 16] = [
    "training",
    "rewards",
    "alice",
    "bob",
    "carol",
    "dan",
    "eve",
    "mallory",
    "washer",
    "stakeholder",
    "spender",
    "holder",
    "user",
    "creator",
    "provenance",
    "stranger",
];

/// Measures a round.
#[derive(Parser)]
struct Options {
    /// Nodes of each of the 16 owners.
    #[arg(long, default_value_t = 16)]
    nodes: usize,
    /// Groups.
    #[arg(long, default_value_t = 16)]
    groups: u8,
    /// Witnesses of each group.
    #[arg(long, default_value_t = 4)]
    witnesses: u8,
    /// Write the figures here.
    #[arg(long)]
    output: Option<PathBuf>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    eprintln!("a chain, a market, {} nodes", 16 * options.nodes);
    let mut devnet = Devnet::start_with(&["market", "beacon", "nodes", "training"]);
    let mut names = OWNERS.to_vec();
    names.push("keeper");
    devnet.fund_all(&names, &[coin(1_000_000_000_000, "stake")]);
    let mut setup = Setup::default().with_epochs(90).with_beacon_every(3).with_params(|params| {
        params.sizes.groups = options.groups;
        params.sizes.witnesses = options.witnesses;
        params.sizes.audit_one_in = 1;
        params.lengths.commit_secs = 120;
        params.lengths.reveal_secs = 60;
        params.lengths.check_secs = 60;
        params.lengths.aggregate_secs = 60;
        params.lengths.elect_secs = 20;
    });
    for owner in OWNERS {
        for _ in 0..options.nodes {
            setup = setup.node(owner, 2);
        }
    }
    let mut training = setup.with_unbonding(8_000).build_on(devnet)?;
    eprintln!("a round of {} groups", options.groups);
    training.play_until(Phase::Commit);
    let liar = training.seats(Stage::Work, 0)[0].seat.node_id;
    training.conduct.insert(liar, Conduct::LiarAtWork(1));
    training.play_to(Phase::Final);
    let round = training.round();
    ensure!(round.model.confirmed, "the round was not confirmed: {round:?}");
    claim(&mut training)?;
    report(&training.gas, options.output)
}

/// One claim of each kind.
fn claim(training: &mut Training<Devnet>) -> Result<()> {
    let round = training.round();
    let group = (0..round.groups).find(|group| round.accepted & (1 << group) != 0).unwrap_or(0);
    let witness = Due::Seat(SeatId { stage: Stage::Work, group, slot: 1 });
    for due in [Due::Contribution { group }, witness, Due::Lead {}] {
        training.claim("stranger", due)?;
    }
    training.claim("keeper", Due::Advances {})?;
    Ok(())
}

fn report(gas: &BTreeMap<String, u64>, output: Option<PathBuf>) -> Result<()> {
    let mut missed = vec![];
    for (message, used) in gas {
        let target =
            TARGETS.iter().find(|(name, _)| name == message).map_or(MOST, |(_, most)| *most);
        println!("{message:<28} {used:>10}   at most {target:>9}");
        if *used > target {
            missed.push(format!("{message} uses {used} gas, more than {target}"));
        }
    }
    if let Some(path) = output {
        std::fs::write(path, serde_json::to_string_pretty(gas)? + "\n")?;
    }
    ensure!(missed.is_empty(), "{}", missed.join("\n"));
    println!("every message is within its limit, unpinned");
    Ok(())
}
