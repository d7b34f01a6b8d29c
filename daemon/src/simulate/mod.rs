//! Rounds of training under an adversary whose nodes collude, on the round machine that the contract
//! runs: [`modelbond_rounds::Machine`], over storage in memory.
//!
//! Nothing of the protocol is modelled a second time. What is made up is around it: a beacon, rosters
//! and stakes in memory ([`world`]), what people do ([`play`]), answers that are hashes ([`answers`]).
//! Nobody signs: who is believed, slashed and paid is the question. The same scenario gives the same
//! numbers.

pub mod answers;
pub mod chance;
pub mod people;
pub mod play;
pub mod report;
pub mod world;

use clap::ValueEnum;
use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    Aggregation, AlgorithmTerms, DatasetTerms, Hash32, Lengths, Mode, MoneyTerms, Penalties,
    RunParams, Scoring, Sizes,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Tokens of one unit of stake: one whole token.
pub const UNIT: u128 = 1_000_000;
/// Units that a node has at the start, on average.
pub const UNITS_PER_NODE: u32 = 100;
/// How long unstaked tokens stay: three weeks.
const UNBONDING_SECS: u64 = 21 * 86_400;

/// When the adversary's nodes in a group lie, all of them the same lie.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Where the trainer is one of them
    Trainer,
    /// Wherever they have a seat, and in every check and committee
    Always,
    /// Where they have more than half of a group's seats
    Majority,
    /// Where they have all of a group's seats
    Captured,
}

impl Strategy {
    /// Whether a lie is told about a group, given which of its seats are the adversary's.
    #[must_use]
    pub fn lies(self, seats: &[bool]) -> bool {
        let count = seats.iter().filter(|own| **own).count();
        match self {
            Self::Always => true,
            Self::Trainer => seats.first().is_some_and(|own| *own),
            Self::Majority => count * 2 > seats.len(),
            Self::Captured => count > 0 && count == seats.len(),
        }
    }
}

/// What is played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scenario {
    /// Nodes, each of its own owner.
    pub nodes: u16,
    /// Sizes of groups, audits and juries.
    pub sizes: Sizes,
    /// Rounds.
    pub rounds: u32,
    /// The adversary's part of all units, in 1/100.
    pub adversary_percent: u8,
    /// When it lies.
    pub strategy: Strategy,
    /// How often an honest node does nothing in a seat, in 1/10,000.
    pub offline_bps: u16,
    /// The same of the adversary's nodes.
    pub adversary_offline_bps: u16,
    /// Whether what is earned is staked.
    pub restake: bool,
    /// Whether the adversary's nodes declare a build of their own.
    pub own_build: bool,
    /// What everything random is made from.
    pub seed: u64,
}

impl Scenario {
    /// Nodes of the adversary: as many as its part of the units, rounded; one at least.
    #[must_use]
    pub fn adversaries(&self) -> u16 {
        let (nodes, percent) = (u32::from(self.nodes), u32::from(self.adversary_percent));
        let rounded = (nodes * percent + 50) / 100;
        let least = u32::from(percent > 0);
        let most = nodes - u32::from(percent < 100 && nodes > 0);
        u16::try_from(rounded.clamp(least.min(most), most)).unwrap_or(self.nodes)
    }

    /// The run: what is recommended for a public network, times that make rounds short.
    #[must_use]
    pub fn params(&self) -> RunParams {
        let budget = u128::from(self.nodes) * UNIT;
        RunParams {
            dataset: DatasetTerms { root: digest(&[b"dataset"]), shards: 64, slices: Vec::new() },
            algorithm: AlgorithmTerms {
                hash: digest(&[b"algorithm"]),
                known_answer: digest(&[b"known answer"]),
                mode: Mode::Exact,
                aggregation: Aggregation::Mean,
                eta_millionths: 1_000_000,
            },
            base_hash: digest(&[b"base"]),
            sizes: self.sizes,
            lengths: Lengths {
                elect_secs: 60,
                commit_secs: 600,
                reveal_secs: 300,
                check_secs: 900,
                aggregate_secs: 600,
                blocks: 20,
                grid_secs: 60,
                margin_secs: 30,
            },
            penalties: Penalties { wrong_bps: 1_000, late_bps: 100, absent_bps: 10 },
            scoring: Scoring {
                accuracy_bps: 5_000,
                improvement_bps: 3_000,
                nps_bps: 2_000,
                users_target: 100,
                units_target: 1_000,
                min_units: 1,
                small_network: false,
            },
            money: MoneyTerms {
                unit_stake: Uint128::new(UNIT),
                round_budget: Uint128::new(budget),
                min_bond: Uint128::new(budget / 2),
                challenge_bond: Uint128::new(UNIT),
            },
            usage_source: String::from("usage"),
        }
    }

    /// The run, if a contract would open it.
    ///
    /// # Errors
    /// What is out of bounds.
    pub fn checked_params(&self) -> Result<RunParams, modelbond_rounds::RoundError> {
        let params = self.params();
        modelbond_rounds::machine::checked_params(&params, UNBONDING_SECS)?;
        Ok(params)
    }
}

/// sha256 of the parts, each after its length: nothing of it means anything to the protocol.
pub(crate) fn digest(parts: &[&[u8]]) -> Hash32 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    Hash32(hash.finalize().into())
}

/// The first eight bytes as a number.
pub(crate) fn word(hash: Hash32) -> u64 {
    hash.0.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::trainer(Strategy::Trainer, [true, false, false], true)]
    #[case::only_witnesses(Strategy::Trainer, [false, true, true], false)]
    #[case::always(Strategy::Always, [false, false, false], true)]
    #[case::two_of_three(Strategy::Majority, [false, true, true], true)]
    #[case::one_of_three(Strategy::Majority, [true, false, false], false)]
    #[case::all(Strategy::Captured, [true, true, true], true)]
    #[case::not_all(Strategy::Captured, [true, true, false], false)]
    fn a_strategy_says_where_a_lie_is_told(
        #[case] strategy: Strategy,
        #[case] seats: [bool; 3],
        #[case] lies: bool,
    ) {
        assert_eq!(strategy.lies(&seats), lies);
    }
}
