//! What a round needs to know of the beacon and of the nodes contract, and what it wants done.

use cosmwasm_std::{Addr, Event, Timestamp, Uint128};
use modelbond_interface::beacon::{FirstRoundResponse, RandomnessResponse};
use modelbond_interface::market::Metrics;
use modelbond_interface::nodes::{Directory, Member, NodeKeys, Slash};
use modelbond_interface::provenance::Mint;
use modelbond_interface::training::Stage;

use crate::RoundError;

/// Everything outside of the machine's storage. Answers are believed.
pub trait World {
    /// Which beacon round answers for a time.
    ///
    /// # Errors
    /// When the beacon cannot say.
    fn first_round(&self, at: Timestamp) -> Result<FirstRoundResponse, RoundError>;

    /// The same with its randomness, if it is there.
    ///
    /// # Errors
    /// When the beacon cannot say.
    fn randomness(&self, at: Timestamp) -> Result<RandomnessResponse, RoundError>;

    /// The epoch at a time.
    fn epoch(&self, at: Timestamp) -> u64;

    /// A roster's directory.
    ///
    /// # Errors
    /// When it cannot be read.
    fn directory(&self, run_id: u64, epoch: u64) -> Result<Directory, RoundError>;

    /// A page of a roster; an empty one where there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    fn page(&self, run_id: u64, epoch: u64, page: u32) -> Result<Vec<Member>, RoundError>;

    /// Keys of nodes that count in an epoch, in the order asked for.
    ///
    /// # Errors
    /// When one of them has none.
    fn keys(&self, epoch: u64, node_ids: &[u64]) -> Result<Vec<NodeKeys>, RoundError>;
}

/// What the machine wants done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Tell the world.
    Event(Event),
    /// Take stakes; then tell the machine by [`crate::Machine::slashed`].
    Slash(SlashOrder),
    /// Report metrics to the market. May fail.
    Report {
        /// The market.
        model: Addr,
        /// The metrics.
        metrics: Metrics,
    },
    /// Pay tokens out.
    Pay {
        /// The token.
        model: Addr,
        /// To whom.
        to: Addr,
        /// How much.
        amount: Uint128,
    },
    /// Make an NFT of a contribution.
    Mint(Box<Mint>),
    /// Book accepted work for block rewards.
    Credit {
        /// The model.
        model: Addr,
        /// The owner of the node.
        operator: Addr,
        /// Work of the model before its round.
        offset: u64,
        /// Seats.
        work: u32,
    },
    /// Burn tokens.
    Burn {
        /// The token.
        model: Addr,
        /// How much.
        amount: Uint128,
    },
}

/// Stakes to take.
#[derive(Debug, Clone, PartialEq)]
pub struct SlashOrder {
    /// The token.
    pub model: Addr,
    /// The run.
    pub run_id: u64,
    /// The round.
    pub round_id: u64,
    /// In which stage they failed.
    pub stage: Stage,
    /// In which group.
    pub group: u8,
    /// From whom.
    pub items: Vec<Slash>,
    /// How many of the items, the first ones, gave wrong answers.
    pub wrong: usize,
}
