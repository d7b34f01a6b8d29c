//! `modelbond simulate`: what the protocol does when people do what they should not.

use std::time::Instant;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use modelbond_interface::training::Sizes;

use crate::failure::Failure;
use crate::output::Output;
use crate::simulate::chance::{captured, captured_jury, drawn, Sides};
use crate::simulate::play::Play;
use crate::simulate::report::{Chance, Collusion, Drawn, Tally};
use crate::simulate::world::InMemory;
use crate::simulate::{Scenario, Strategy};

/// Play the protocol against an adversary, without a chain
#[derive(Subcommand, Debug)]
pub enum Simulate {
    /// Rounds of training in which the adversary's nodes lie together
    #[command(after_help = "\
Runs the contract's own round machine over nodes, stakes and a beacon in memory. The adversary's nodes
know each other's seats and tell the same lie as members of groups, auditors, jurors, leaders and members
of committees. Exits 1 if an honest node was slashed for a wrong answer, or if the adversary's share of
all stake grew, what silence cost apart (by more than one percentage point where pay is staked: it is
drawn by lot). The same options give the same numbers.

Examples:
  modelbond simulate collusion
  modelbond simulate collusion --strategy majority --adversary 33 --seed 7
  modelbond simulate collusion --strategy always --own-build --restake --json")]
    Collusion(Box<Options>),
}

/// Options of `simulate collusion`.
#[derive(Args, Debug)]
pub struct Options {
    /// Nodes, each of its own owner
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4_096))]
    pub nodes: u16,
    /// Groups of a round
    #[arg(long, value_name = "K", default_value_t = 12)]
    pub groups: u8,
    /// Witnesses of a group
    #[arg(long, value_name = "W", default_value_t = 4)]
    pub witnesses: u8,
    /// One accepted group in so many is audited
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub audit_one_in: u8,
    /// Members of a jury, and of the committee
    #[arg(long, value_name = "N", default_value_t = 21)]
    pub jury: u8,
    /// Rounds
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rounds: u32,
    /// The adversary's parts of all units to play with, in percent
    #[arg(long, value_name = "PERCENT", value_delimiter = ',', default_value = "20,30,40", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub adversary: Vec<u8>,
    /// When the adversary lies
    #[arg(long, value_enum, default_value_t = Strategy::Trainer)]
    pub strategy: Strategy,
    /// How often a node does nothing in a seat, in 1/10,000
    #[arg(long, value_name = "BPS", default_value_t = 200, value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub offline_bps: u16,
    /// The same of the adversary's nodes [default: as the others]
    #[arg(long, value_name = "BPS", value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub adversary_offline_bps: Option<u16>,
    /// Stake what is earned
    #[arg(long)]
    pub restake: bool,
    /// The adversary declares a build of its own
    #[arg(long)]
    pub own_build: bool,
    /// What everything random is made from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Assignments drawn to count captured groups
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub draws: u32,
}

impl Options {
    fn scenario(&self, adversary_percent: u8) -> Scenario {
        Scenario {
            nodes: self.nodes,
            sizes: Sizes {
                groups: self.groups,
                witnesses: self.witnesses,
                audit_one_in: self.audit_one_in,
                jury: self.jury,
            },
            rounds: self.rounds,
            adversary_percent,
            strategy: self.strategy,
            offline_bps: self.offline_bps,
            adversary_offline_bps: self.adversary_offline_bps.unwrap_or(self.offline_bps),
            restake: self.restake,
            own_build: self.own_build,
            seed: self.seed,
        }
    }
}

/// Runs the command.
pub fn run(output: &Output, command: Simulate) -> Result<()> {
    let Simulate::Collusion(options) = command;
    let began = Instant::now();
    let report = collusion(output, &options)?;
    output.print(&report)?;
    output.note(&format!("Took {:.1} seconds.", began.elapsed().as_secs_f64()));
    match report.faults().as_slice() {
        [] => Ok(()),
        faults => Err(Failure::new(faults.join("; ")).into()),
    }
}

fn collusion(output: &Output, options: &Options) -> Result<Collusion> {
    let scenarios: Vec<Scenario> =
        options.adversary.iter().map(|percent| options.scenario(*percent)).collect();
    for scenario in &scenarios {
        scenario.checked_params().map_err(|error| Failure::usage(error.to_string()))?;
    }
    let steps = u64::from(options.rounds).saturating_mul(scenarios.len() as u64);
    let bar = output.bar("playing rounds", steps);
    let tallies: Result<Vec<Tally>> = scenarios
        .iter()
        .map(|scenario| {
            let mut play = Play::open(scenario.clone())?;
            for round in 1..=options.rounds {
                play.round().with_context(|| format!("round {round}"))?;
                bar.step();
            }
            Ok(play.tally().clone())
        })
        .collect();
    let tallies = tallies?;
    drop(bar);
    let progress = output.progress("drawing groups");
    let worlds: Vec<InMemory> =
        scenarios.iter().map(|scenario| InMemory::new(scenario, Default::default())).collect();
    let report = Collusion {
        nodes: options.nodes,
        sizes: options.scenario(0).sizes,
        strategy: options.strategy,
        offline_bps: options.offline_bps,
        adversary_offline_bps: options.adversary_offline_bps.unwrap_or(options.offline_bps),
        restake: options.restake,
        own_build: options.own_build,
        seed: options.seed,
        tallies,
        chances: chances(options, &worlds),
        drawn: by_experiment(options, &worlds)?,
        jury_chances: jury_chances(options, &worlds),
    };
    drop(progress);
    Ok(report)
}

/// Of groups as they are played, and of other sizes.
fn chances(options: &Options, worlds: &[InMemory]) -> Vec<Chance> {
    let mut sizes = vec![(4, 2), (12, 4), (16, 4), (11, 6), (8, 8)];
    sizes.retain(|size| *size != (options.groups, options.witnesses));
    sizes.insert(0, (options.groups, options.witnesses));
    let of = |(groups, witnesses): (u8, u8)| {
        let chances = worlds.iter().map(|world| {
            let own = world.members().iter().filter(|one| world.is_adversary(one.node_id));
            let units: Vec<u32> = own.map(|one| one.units).collect();
            let total = world.members().iter().map(|one| u64::from(one.units)).sum();
            captured(&units, total, witnesses.saturating_add(1))
        });
        Chance { groups, witnesses, chances: chances.collect() }
    };
    sizes.into_iter().map(of).collect()
}

/// About a group in which one seat is the adversary's, at the start.
fn jury_chances(options: &Options, worlds: &[InMemory]) -> Vec<Option<f64>> {
    let of = |world: &InMemory| {
        let side = |adversary, gone: u16| {
            let of_side = world.nodes().iter().filter(|node| node.adversary == adversary);
            let count = u16::try_from(of_side.clone().count()).unwrap_or(u16::MAX);
            let stake: u128 = of_side.map(|node| node.stake.u128()).sum();
            (count.saturating_sub(gone), stake as f64 / f64::from(count.max(1)))
        };
        let honest = side(false, options.witnesses.into());
        captured_jury(Sides { adversary: side(true, 1), honest }, options.jury)
    };
    worlds.iter().map(of).collect()
}

fn by_experiment(options: &Options, worlds: &[InMemory]) -> Result<Drawn> {
    let sizes = options.scenario(0).sizes;
    let mut result = Drawn { draws: options.draws, groups: 0, captured: Vec::new() };
    for world in worlds {
        let (captured, groups) = drawn(world, &sizes, (options.draws, options.seed))?;
        result.groups = groups;
        result.captured.push(captured);
    }
    Ok(result)
}
