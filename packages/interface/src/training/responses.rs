//! Answers of training.

use cosmwasm_schema::cw_serde;

/// Answer to `pinned`.
#[cw_serde]
pub struct PinnedResponse {
    /// The roster's epoch; none where no round is open.
    pub epoch: Option<u64>,
}
