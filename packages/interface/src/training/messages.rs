//! Messages and queries of training.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, HexBinary, Timestamp, Uint128};
use cw20::Cw20ReceiveMsg;
use modelbond_signature::Scheme;

use super::{
    Answer, ClaimableResponse, ConfigResponse, DutiesResponse, FeedbackResponse, GroupResponse,
    GroupsResponse, Hash32, PinnedResponse, RoundResponse, RoundsResponse, RunParams, RunResponse,
    RunsResponse, SeatId, SeatsResponse, SecurityResponse, TraceProof, UserResponse,
};

/// Makes training and, with it, its nodes contract. Nothing of this can be changed.
#[cw_serde]
pub struct InstantiateMsg {
    /// The beacon.
    pub beacon: String,
    /// Code of the nodes contract, which this one instantiates.
    pub nodes_code_id: u64,
    /// Length of an epoch, see the nodes contract.
    pub epoch_secs: u64,
    /// How long unstaked tokens stay, see the nodes contract. At least twice as long as any run's
    /// longest round.
    pub unbonding_secs: u64,
    /// chainId of the EIP-712 domain of attestations.
    pub evm_chain_id: u64,
    /// Mints contributions, and says who pays for using a model.
    pub provenance: String,
    /// Pays operators for accepted work.
    pub rewards: String,
}

/// What signs a reveal.
#[cw_serde]
pub struct Attested {
    /// Scheme of the signature.
    pub scheme: Scheme,
    /// Signature of the seat's attestation key over the `Attestation`, in the scheme's own format.
    pub signature: Binary,
    /// 0 self-reported, 1 key in fTPM, 2 endorsed chain. Self-reported, too.
    pub level: u8,
    /// When the work began, in seconds since 1970.
    pub started_at: u64,
    /// When it ended, in seconds since 1970.
    pub ended_at: u64,
    /// The last second in which the signature is valid.
    pub expires_at: u64,
}

/// Feedback that somebody else sends.
#[cw_serde]
pub struct SignedFeedback {
    /// The user's key, 33 bytes: its Cosmos address is the user.
    pub pubkey: Binary,
    /// Scheme of the signature.
    pub scheme: Scheme,
    /// Signature over a `Feedback`, with nonce 0.
    pub signature: Binary,
    /// Until when it is valid.
    pub expires_at: Timestamp,
}

/// What is owed for what.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Due {
    /// The trainer of a group, by equation 1.
    Contribution {
        /// The group.
        group: u8,
    },
    /// A witness, auditor, juror or member of a committee.
    Seat(SeatId),
    /// The leader whose result was confirmed.
    Lead {},
    /// Calls of `advance` by the sender.
    Advances {},
    /// The challenger of a group.
    Challenge {
        /// The group.
        group: u8,
    },
}

/// Messages. No coins may be attached to any of them.
#[cw_serde]
pub enum ExecuteMsg {
    /// Opens a run. By the creator of the market, which must have this contract as its
    /// `metrics_source`. A model has one open run at a time.
    OpenRun {
        /// The market.
        model: String,
        /// What the run is.
        params: RunParams,
    },
    /// cw20's way to pay: `send` model tokens with a [`ReceiveMsg`].
    Receive(Cw20ReceiveMsg),
    /// Adds slices of the holdout, at most 32 unused ones at a time. By the run's owner.
    AddSlices {
        /// The run.
        run_id: u64,
        /// sha256(salt ‖ root ‖ samples as 4 bytes, big-endian).
        slices: Vec<Hash32>,
    },
    /// Replaces the algorithm between rounds, and ends a hold. By the run's owner.
    SetAlgorithm {
        /// The run.
        run_id: u64,
        /// The new algorithm.
        algorithm_hash: Hash32,
        /// Its known answer.
        known_answer: Hash32,
    },
    /// Closes a run between rounds, for ever, and pays its budget, bond and roll-over back. What is
    /// owed can still be claimed. By the run's owner.
    CloseRun {
        /// The run.
        run_id: u64,
    },
    /// Opens a round, or moves the open one on as far as one message may. Anyone may send it; whoever
    /// does is paid for it.
    Advance {
        /// The run.
        run_id: u64,
    },
    /// Proves a ticket. Anyone may send it: the proof says whose it is.
    ProveLead {
        /// The run.
        run_id: u64,
        /// Number of the open round.
        round_id: u64,
        /// The node.
        node_id: u64,
        /// Its place in the roster, from 0.
        index: u32,
        /// Proof over α, 80 bytes.
        proof: HexBinary,
        /// Which of its units has the lowest ticket, from 0.
        ticket: u32,
    },
    /// Commits to an answer. By the seat's owner or the node's own account, once.
    Commit {
        /// The run.
        run_id: u64,
        /// Number of the open round.
        round_id: u64,
        /// The seat.
        seat: SeatId,
        /// D("commit", ctx, A, stage, group, slot, node, owner, work, salt).
        commit: Hash32,
    },
    /// Shows the answer. Anyone may send it: it is signed.
    Reveal {
        /// The run.
        run_id: u64,
        /// Number of the open round.
        round_id: u64,
        /// The seat.
        seat: SeatId,
        /// The answer.
        answer: Answer,
        /// The salt of the commit.
        salt: Hash32,
        /// The attestation.
        attested: Attested,
        /// Except in the work itself, and without a result: a leaf of the trace at the step
        /// D("trace", C, stage, node) mod steps.
        trace: Option<TraceProof>,
    },
    /// Posts the leader's second output, before reveals end. Anyone may send it.
    PostOutput {
        /// The run.
        run_id: u64,
        /// Number of the open round.
        round_id: u64,
        /// The best leader's proof over D("leader2", ctx, A), 80 bytes.
        proof: HexBinary,
    },
    /// Opens the round's slice of the holdout, after the commits and before the leader's turn. Anyone who
    /// knows it may send it.
    OpenSlice {
        /// The run.
        run_id: u64,
        /// Number of the open round.
        round_id: u64,
        /// Which of the run's slices: the first unused one, as `run` shows it.
        slice: Hash32,
        /// Its salt.
        salt: Hash32,
        /// Root of its rows.
        root: Hash32,
        /// Rows.
        samples: u32,
    },
    /// Posts the new model. By the owner or the node's own account of the leader whose turn it is.
    PostAggregate {
        /// The run.
        run_id: u64,
        /// Number of the open round.
        round_id: u64,
        /// The model, scored on the round's slice; zero samples where none was opened.
        answer: Answer,
        /// The groups in it, which must be those that were accepted: bit g for group g.
        accepted: u16,
    },
    /// Makes the round final: the new model is the base, metrics go to the market. Anyone may send it.
    Settle {
        /// The run.
        run_id: u64,
    },
    /// Pays what is owed, once, to whom it is owed. A contribution becomes an NFT, also where its part of
    /// the pay is zero; accepted work is booked for block rewards. Anyone may send it.
    Claim {
        /// The run.
        run_id: u64,
        /// A settled round.
        round_id: u64,
        /// For what.
        due: Due,
    },
    /// Burns what is to be burned, or as much of it as the market lets through now. Anyone may send it.
    Burn {
        /// The run.
        run_id: u64,
        /// Tokens, at most what is burnable.
        amount: Uint128,
    },
    /// Says that somebody paid for using the model. By the run's usage source.
    Credit {
        /// The run.
        run_id: u64,
        /// Who paid.
        user: String,
        /// What of it cannot return to the payer, in the reserve's base units.
        amount: Uint128,
    },
    /// Says how likely it is that the user recommends the model. By a user who paid in this epoch, once
    /// in each epoch; or by anybody with the user's signature.
    SubmitFeedback {
        /// The run.
        run_id: u64,
        /// 0 to 10.
        score: u8,
        /// The epoch, of the nodes contract, in which the user paid: this one or the last.
        epoch: u64,
        /// Where the sender is not the user.
        signed: Option<SignedFeedback>,
    },
}

/// Message inside cw20's `send`.
#[cw_serde]
pub enum ReceiveMsg {
    /// Pays for rounds to come. Anyone may.
    Fund {
        /// The run.
        run_id: u64,
    },
    /// Adds to the run's bond. Anyone may.
    Bond {
        /// The run.
        run_id: u64,
    },
    /// Challenges a group that agrees, with exactly the run's `challenge_bond`: a jury decides. By the
    /// owner of a node in the round's roster, while checks go on; once for each group.
    Challenge {
        /// The run.
        run_id: u64,
        /// Number of the open round.
        round_id: u64,
        /// The group.
        group: u8,
        /// A node of the sender.
        node_id: u64,
        /// Its place in the roster, from 0.
        index: u32,
    },
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What was fixed at instantiation.
    #[returns(ConfigResponse)]
    Config {},
    /// A run.
    #[returns(RunResponse)]
    Run {
        /// Its number.
        run_id: u64,
    },
    /// Runs by number, ascending; all, or those of one model.
    #[returns(RunsResponse)]
    Runs {
        /// Only this model's.
        model: Option<String>,
        /// Number after which to start.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// A round; the last one by default.
    #[returns(RoundResponse)]
    Round {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: Option<u64>,
    },
    /// Rounds of a run by number, ascending.
    #[returns(RoundsResponse)]
    Rounds {
        /// The run.
        run_id: u64,
        /// Number after which to start.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// A group.
    #[returns(GroupResponse)]
    Group {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// The group.
        group: u8,
    },
    /// All groups of a round, at most 16.
    #[returns(GroupsResponse)]
    Groups {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
    },
    /// Seats of a stage, of one group, by slot: at most 21.
    #[returns(SeatsResponse)]
    Seats {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// The stage.
        stage: super::Stage,
        /// The group; 0 for committees.
        group: u8,
    },
    /// Seats of a node in a round, with what was done.
    #[returns(DutiesResponse)]
    Duties {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// The node.
        node_id: u64,
    },
    /// What `claim` would pay, and to whom.
    #[returns(ClaimableResponse)]
    Claimable {
        /// The run.
        run_id: u64,
        /// A settled round.
        round_id: u64,
        /// For what.
        due: Due,
        /// Who sends it; only `advances` asks.
        sender: Option<String>,
    },
    /// How safe a run's rounds are in an epoch; this one by default.
    #[returns(SecurityResponse)]
    Security {
        /// The run.
        run_id: u64,
        /// The epoch.
        epoch: Option<u64>,
    },
    /// What users say, in an epoch; the last one that is over by default.
    #[returns(FeedbackResponse)]
    Feedback {
        /// The run.
        run_id: u64,
        /// The epoch.
        epoch: Option<u64>,
    },
    /// What a user paid and said in an epoch.
    #[returns(UserResponse)]
    User {
        /// The run.
        run_id: u64,
        /// The user.
        user: String,
        /// This one by default.
        epoch: Option<u64>,
    },
    /// The oldest roster that a round of this model which is not final may still draw from.
    #[returns(PinnedResponse)]
    Pinned {
        /// The model.
        model: String,
    },
}
