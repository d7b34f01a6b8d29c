//! Messages and queries of training.

use cosmwasm_schema::{cw_serde, QueryResponses};

use super::PinnedResponse;

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The oldest roster that a round of this model which is not final may still draw from.
    #[returns(PinnedResponse)]
    Pinned {
        /// The model.
        model: String,
    },
}
