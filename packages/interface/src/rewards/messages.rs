//! Messages and queries of rewards.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Addr;

use super::{
    ConfigResponse, ModelRewardsResponse, OperatorResponse, SegmentResponse, SegmentsResponse,
};

/// Makes rewards. Nothing of this can be changed.
#[cw_serde]
pub struct InstantiateMsg {
    /// The registry: a model's rate.
    pub registry: String,
    /// Training: work and P_model.
    pub training: String,
}

/// Messages. No coins may be attached.
#[cw_serde]
pub enum ExecuteMsg {
    /// Turns the volume of the market's last epoch into block rewards. The first call of an epoch fixes
    /// the budget, later ones spend the rest of it, a slice per 10 minutes: sooner the market refuses, and
    /// nothing happens. Without work that no segment has, or an open one without tokens, nothing is bought.
    /// Anyone may.
    Settle {
        /// The market.
        model: String,
        /// The market's epoch that is over, the current one − 1: names what the caller means.
        epoch: u32,
    },
    /// Books accepted work of an operator, and pays what is due to it. By training, once for each seat.
    Credit {
        /// The market.
        model: Addr,
        /// The owner of the node.
        operator: Addr,
        /// Work of the model before its round.
        offset: u64,
        /// Seats.
        work: u32,
    },
    /// Pays an operator the tokens of closed segments, at most 8 pieces of work in a message, the oldest
    /// first. Anyone may; the operator is paid.
    Claim {
        /// The market.
        model: String,
        /// The sender by default.
        operator: Option<String>,
    },
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What was fixed at instantiation.
    #[returns(ConfigResponse)]
    Config {},
    /// Where a model's rewards stand.
    #[returns(ModelRewardsResponse)]
    Model {
        /// The market.
        model: String,
    },
    /// The segment that a place on the line of work lies in.
    #[returns(SegmentResponse)]
    Segment {
        /// The market.
        model: String,
        /// Work before that place.
        offset: u64,
    },
    /// Segments in order.
    #[returns(SegmentsResponse)]
    Segments {
        /// The market.
        model: String,
        /// End of the segment after which to start.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// Work of an operator that is not paid yet, and what is due for it.
    #[returns(OperatorResponse)]
    Operator {
        /// The market.
        model: String,
        /// Who.
        operator: String,
        /// Place after which to start.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
}
