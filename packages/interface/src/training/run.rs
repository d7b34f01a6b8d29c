//! What a run is.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Timestamp, Uint128};

use super::Hash32;

/// What the attestations of a run can be checked against.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Mode {
    /// Witnesses repeat the training and compare bit for bit.
    Exact,
    /// Witnesses score the trainer's update, bit for bit; training itself cannot be repeated. An
    /// update that does not lower the loss is not accepted.
    Scored,
}

impl Mode {
    /// Its name, as attestations carry it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Scored => "scored",
        }
    }
}

/// How accepted updates become one, in the order of groups.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Aggregation {
    /// Σ Q(Dₖ)·updateₖ.
    Mean,
    /// Without the extremes of each coordinate.
    TrimmedMean,
    /// The median of each coordinate.
    Median,
}

/// How many machines do what.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Sizes {
    /// Groups of a round, k: 1 to 16.
    pub groups: u8,
    /// Witnesses of a group, w: 0 to 8, k·(1 + w) ≤ 80.
    pub witnesses: u8,
    /// One accepted group in so many is audited, 1 to 64; twice as many under a central beacon.
    pub audit_one_in: u8,
    /// Members of a jury, and of the committee: 3 to 21.
    pub jury: u8,
}

/// How long the parts of a round are. Each but the last may be 1 second to 7 days.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Lengths {
    /// For proofs of leadership.
    pub elect_secs: u64,
    /// For the work.
    pub commit_secs: u64,
    /// For reveals, of any kind.
    pub reveal_secs: u64,
    /// For the work of auditors and jurors, and of witnesses who score.
    pub check_secs: u64,
    /// For the leader's result, and for the committee's work.
    pub aggregate_secs: u64,
    /// Blocks that each of them takes at least, 1 to 1,000: when the chain halts, nobody is late.
    pub blocks: u32,
    /// Beacon rounds are those after the next multiple of so many seconds since the run was opened,
    /// 1 to 86,400, so that no single block chooses them; plus the margin.
    pub grid_secs: u64,
    /// How long before a beacon round its inputs are fixed, 1 to 3,600 seconds.
    pub margin_secs: u64,
}

/// What it costs to fail, in 1/10,000 of the stake.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Penalties {
    /// A wrong answer, found by a jury: at most 5,000.
    pub wrong_bps: u16,
    /// A commit without a reveal in time: at most 500.
    pub late_bps: u16,
    /// Nothing in time: at most 100.
    pub absent_bps: u16,
}

/// How the four success metrics are made.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Scoring {
    /// Weight of holdout accuracy in P_model, 1/10,000.
    pub accuracy_bps: u16,
    /// Weight of the improvement of the holdout loss. The three add up to 10,000.
    pub improvement_bps: u16,
    /// Weight of (NPS + 100)/200.
    pub nps_bps: u16,
    /// Paying users of 30 days that count as full adoption (m₂ = 1), not 0.
    pub users_target: u32,
    /// Units with accepted work in a round that count as full growth (m₄ = 1), not 0.
    pub units_target: u32,
    /// Metrics move the market only from so many units in the roster on.
    pub min_units: u64,
    /// Report metrics although fewer than 4 owners take part, or one has a third or more. For test
    /// networks; every answer and event says so.
    pub small_network: bool,
}

/// What is learned from.
#[cw_serde]
#[derive(Eq)]
pub struct DatasetTerms {
    /// Root of the dataset's Merkle tree.
    pub root: Hash32,
    /// Parts of the dataset, one for each group and round: 1 to 65,536.
    pub shards: u32,
    /// sha256(salt ‖ root ‖ samples as 4 bytes, big-endian) of parts of the holdout, at most 32. One is
    /// opened in each round, after the commits, and never reported on again.
    pub slices: Vec<Hash32>,
}

/// How it is learned.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct AlgorithmTerms {
    /// The algorithm, with everything that fixes its result.
    pub hash: Hash32,
    /// What a node that computes right answers to the algorithm's known question.
    pub known_answer: Hash32,
    /// How work is checked.
    pub mode: Mode,
    /// How accepted updates become one.
    pub aggregation: Aggregation,
    /// η, in millionths: 1 to 10,000,000.
    pub eta_millionths: u32,
}

/// What it costs, in model tokens.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct MoneyTerms {
    /// Tokens of one unit of stake.
    pub unit_stake: Uint128,
    /// Tokens that a round pays. S_max of all its contributions is 60 % of it.
    pub round_budget: Uint128,
    /// Rounds open only while the run's bond is at least this. It pays those who found the data
    /// unavailable.
    pub min_bond: Uint128,
    /// What a challenge costs until it is decided.
    pub challenge_bond: Uint128,
}

/// What a run is, as its owner opens it.
#[cw_serde]
pub struct RunParams {
    /// What is learned from. `slices` gets shorter with every round.
    pub dataset: DatasetTerms,
    /// How.
    pub algorithm: AlgorithmTerms,
    /// The model to begin with; moves with every confirmed round.
    pub base_hash: Hash32,
    /// Machines.
    pub sizes: Sizes,
    /// Times.
    pub lengths: Lengths,
    /// Penalties.
    pub penalties: Penalties,
    /// Metrics.
    pub scoring: Scoring,
    /// Money.
    pub money: MoneyTerms,
    /// Says who pays for using the model, and how much of it cannot return to the payer.
    pub usage_source: String,
}

/// Where a run stands.
#[cw_serde]
#[derive(Eq)]
pub enum RunStatus {
    /// Rounds can open.
    Open {},
    /// Two builds disagreed: no round opens before that, or before the algorithm is replaced.
    Held {
        /// Until when.
        until: Timestamp,
    },
    /// For ever.
    Closed {},
}

/// A run's money, in model tokens. Each token sent to training is in exactly one of these, or was
/// paid out.
#[cw_serde]
#[derive(Default, Eq)]
pub struct Ledger {
    /// Pays rounds to come.
    pub budget: Uint128,
    /// The bond.
    pub bond: Uint128,
    /// Rolled over: what trainers did not draw, and the half of slashed stakes that is not burned. Doubles
    /// what later rounds pay trainers, as far as it goes.
    pub rolled_over: Uint128,
    /// In a round that is not final, or owed and not yet claimed.
    pub reserved: Uint128,
    /// Will be burned.
    pub burnable: Uint128,
}

/// A run.
#[cw_serde]
pub struct Run {
    /// Its number.
    pub run_id: u64,
    /// Market (and cw20) of the model.
    pub model: Addr,
    /// Who opened it: the model's creator.
    pub owner: Addr,
    /// When: time grids begin here.
    pub opened_at: Timestamp,
    /// What it is.
    pub params: RunParams,
    /// Where it stands.
    pub status: RunStatus,
    /// Number of the open round, if there is one.
    pub open_round: Option<u64>,
    /// Rounds so far, the open one included.
    pub rounds: u64,
    /// The seed of the last round, σ₋₁; zeros at first.
    pub last_seed: Hash32,
    /// Rounds draw from rosters of this epoch and later ones: who was ready before the algorithm was
    /// replaced, was ready for another one.
    pub first_epoch: u64,
    /// The best composite performance so far, in millionths.
    pub best_score: u64,
    /// Holds so far; each one doubles the fee for the next.
    pub holds: u32,
    /// Its money.
    pub ledger: Ledger,
    /// The last round that changed the model.
    pub built_on: Option<super::BuiltOn>,
}
