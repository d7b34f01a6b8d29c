//! Answers of provenance.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Empty, Timestamp, Uint128};

use super::{Offered, Score};
use crate::hash::Hash32;
pub use crate::registry::ModelHIndexResponse;

/// What was fixed at instantiation.
#[cw_serde]
#[derive(Eq)]
pub struct ConfigResponse {
    /// The registry.
    pub registry: Addr,
    /// Training.
    pub training: Addr,
    /// The beacon.
    pub beacon: Addr,
    /// chainId of the EIP-712 domain of signed contributions.
    pub evm_chain_id: u64,
    /// How long witnesses have to commit, and again to reveal.
    pub witness_secs: u64,
}

/// What a contribution is: equation 2, and what it belongs to. Never changes.
#[cw_serde]
#[derive(Eq)]
pub struct Contribution {
    /// The model's market.
    pub model: Addr,
    /// Who contributed.
    pub contributor: Addr,
    /// H(D_i).
    pub data_hash: Hash32,
    /// α_i, in millionths.
    pub quality: u32,
    /// ΔM_i, in millionths.
    pub improvement: i32,
    /// t_i.
    pub at: Timestamp,
    /// What was attested.
    pub attestation: Hash32,
    /// Training run; 0 for an offered contribution.
    pub run_id: u64,
    /// Its round; the offer's number for an offered one.
    pub round_id: u64,
    /// Ids of contributions that it is built on.
    pub parents: Vec<String>,
}

/// A contribution and its NFT.
#[cw_serde]
#[derive(Eq)]
pub struct ContributionResponse {
    /// What it is.
    pub contribution: Contribution,
    /// Its weight: quality · max(improvement, 0).
    pub weight: Uint128,
    /// Who holds it; nobody after it was burned.
    pub owner: Option<Addr>,
    /// How many contributions of other people are built on it.
    pub uses: u32,
}

/// One in a lineage.
#[cw_serde]
#[derive(Eq)]
pub struct Relative {
    /// Its id.
    pub token_id: String,
    /// Steps to it.
    pub depth: u8,
    /// Its model, once it is minted.
    pub model: Option<Addr>,
}

/// A lineage.
#[cw_serde]
#[derive(Eq)]
pub struct LineageResponse {
    /// Nearest first.
    pub relatives: Vec<Relative>,
    /// Whether there may be more than a query visits.
    pub truncated: bool,
}

/// What an NFT has earned.
#[cw_serde]
#[derive(Eq)]
pub struct Earned {
    /// Which.
    pub token_id: String,
    /// What, not yet paid. Royalties that wait to be shared out are in it.
    pub amount: Coin,
}

/// What NFTs have earned.
#[cw_serde]
#[derive(Eq)]
pub struct ClaimableResponse {
    /// In the order asked for.
    pub earned: Vec<Earned>,
}

/// What a model has earned since it was opened, and what of it is still here. All of one denom.
#[cw_serde]
#[derive(Eq)]
pub struct RevenueResponse {
    /// Denom.
    pub denom: String,
    /// Weight of all its NFTs.
    pub weight: Uint128,
    /// Paid by users.
    pub usage: Uint128,
    /// Got from models built on it.
    pub royalties: Uint128,
    /// Got of trade fees.
    pub fees: Uint128,
    /// Of the royalties, not yet shared out.
    pub undistributed: Uint128,
    /// Waits for the reserve.
    pub reserve: Uint128,
    /// Waits for the owner.
    pub owner: Uint128,
    /// Earned by NFTs and not yet claimed, what is smaller than a unit included.
    pub holders: Uint128,
}

/// Where an offer stands.
#[cw_serde]
#[derive(Eq)]
pub enum OfferStatus {
    /// Its witnesses are not drawn.
    Waiting {},
    /// They commit.
    Commit {
        /// Until when.
        until: Timestamp,
    },
    /// They reveal.
    Reveal {
        /// Until when.
        until: Timestamp,
    },
    /// It is an NFT.
    Accepted {
        /// What they found.
        score: Score,
    },
    /// They did not agree, or too few answered.
    Rejected {},
}

/// A witness of an offer.
#[cw_serde]
#[derive(Eq)]
pub struct Witness {
    /// Its seat.
    pub slot: u8,
    /// The node.
    pub node_id: u64,
    /// Its owner, who is paid.
    pub owner: Addr,
    /// The node's own account.
    pub account: Addr,
    /// What it committed to.
    pub commit: Option<Hash32>,
    /// What it showed.
    pub score: Option<Score>,
}

/// An offer.
#[cw_serde]
#[derive(Eq)]
pub struct OfferResponse {
    /// Its number.
    pub offer_id: u64,
    /// What.
    pub offered: Offered,
    /// Who sent it, and gets back what witnesses do not earn.
    pub sender: Addr,
    /// What all witnesses together get.
    pub fee: Coin,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// Its beacon round is the first one at or after this.
    pub draws_at: Timestamp,
    /// The model's run.
    pub run_id: u64,
    /// The round of it by whose seed, and from whose roster, witnesses were drawn, once they are. They score
    /// against the model that this round began with, on its slice of the holdout: the same for all of them.
    pub round_id: Option<u64>,
    /// Where it stands.
    pub status: OfferStatus,
    /// Who scores it.
    pub witnesses: Vec<Witness>,
}

/// Offers.
#[cw_serde]
#[derive(Eq)]
pub struct OffersResponse {
    /// By number.
    pub offers: Vec<OfferResponse>,
}

/// cw2981: what a sale owes.
#[cw_serde]
#[derive(Eq)]
pub struct RoyaltyInfoResponse {
    /// To whom.
    pub address: String,
    /// How much of the sale's price.
    pub royalty_amount: Uint128,
}

/// cw2981: whether there are royalties.
#[cw_serde]
#[derive(Eq)]
pub struct RoyaltiesCheck {
    /// Yes.
    pub royalty_payments: bool,
}

/// cw721: the collection.
#[cw_serde]
#[derive(Eq)]
pub struct CollectionResponse {
    /// Its name.
    pub name: String,
    /// Its symbol.
    pub symbol: String,
    /// None.
    pub extension: Option<Empty>,
    /// When this contract was made.
    pub updated_at: Timestamp,
}
